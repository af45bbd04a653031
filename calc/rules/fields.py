"""What each field of the schema may hold, read off its type: the gate for values in files and for `--set NAME=VALUE`.

Comes in: a value parsed from TOML, or the text of a switch. Goes out: a whole number, a truth value or a word that the
schema allows. Which value is in force, and where it is cited, is the business of `load` and `resolve`.
"""

import re
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Final, Literal, get_args, get_origin, get_type_hints

from calc.rules.schema import TOPICS

Value = int | bool | str

_TRUTH: Final = {"true": True, "false": False}
_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a topic: a word out of `words`; or a whole number within `bounds`; or, without both, true or false."""

    name: str
    topic: str
    optional: bool
    words: tuple[str, ...]
    bounds: tuple[int, int] | None

    @property
    def expected(self) -> str:
        """What the field may hold, in words for a message."""
        if self.words:
            return "one of " + ", ".join(self.words)
        if self.bounds:
            return f"a whole number from {self.bounds[0]} through {self.bounds[1]}"
        return "true or false"

    def accepts(self, value: object) -> bool:
        """Whether a value has the type and lies within the bounds; a truth value is no number."""
        if self.words:
            return value in self.words
        if self.bounds:
            return type(value) is int and self.bounds[0] <= value <= self.bounds[1]
        return type(value) is bool

    def parse(self, text: str) -> Value | None:
        """Value of a switch's text; None where `accepts` would refuse it."""
        value: Value | None = text
        if self.bounds:
            value = int(text) if _WHOLE.fullmatch(text) else None
        elif not self.words:
            value = _TRUTH.get(text)
        return value if self.accepts(value) else None

    def belongs_to(self, service: str) -> bool:
        """Whether the service's rule must hold the field: always, unless optional and named for the other service."""
        return not self.optional or self.name.startswith(f"{service}_")


def _field(topic: str, name: str, hint: object) -> Field:
    optional = NoneType in get_args(hint)
    kind = get_args(hint)[0] if optional else hint
    words = get_args(kind) if get_origin(kind) is Literal else ()
    bounds = get_args(kind)[1] if get_origin(kind) is Annotated else None
    return Field(name, topic, optional, words, bounds)


@cache
def fields() -> dict[str, Field]:
    """Every field of every topic by its name, in the schema's order."""
    return {
        name: _field(topic, name, hint)
        for topic, schema in TOPICS.items()
        for name, hint in get_type_hints(schema, include_extras=True).items()
    }


def topic_fields(topic: str, service: str) -> dict[str, Field]:
    """Fields that a service's rule file of the topic must hold, no more and no fewer."""
    return {name: field for name, field in fields().items() if field.topic == topic and field.belongs_to(service)}
