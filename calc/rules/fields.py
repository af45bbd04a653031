"""Check values against the schema's types: the gate for values in rule files and for `--set NAME=VALUE`.

Input: a value parsed from TOML, or the text of a switch. Output: a whole number, a boolean or a word that the schema
allows. `load` and `resolve` decide which value is in force and where it is cited.
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
    """Describe one field of a rule topic: a word, a whole number, free text, or (with none of these) a boolean.

    Attributes:
        name: The field's name, with its unit as suffix; unique over all topics.
        topic: The topic (rule file) that holds it.
        optional: Whether only one service's rule holds it.
        words: The words it may hold; empty for numbers and booleans.
        bounds: Least and greatest whole number, both allowed; None for words and booleans.
        is_text: Whether it may hold any text but an empty one, such as a name.
    """

    name: str
    topic: str
    optional: bool
    words: tuple[str, ...]
    bounds: tuple[int, int] | None
    is_text: bool = False

    @property
    def expected(self) -> str:
        """Describe what the field may hold, for a message."""
        if self.words:
            return "one of " + ", ".join(self.words)
        if self.bounds:
            return f"a whole number from {self.bounds[0]} through {self.bounds[1]}"
        return "text in quotes" if self.is_text else "true or false"

    def accepts(self, value: object) -> bool:
        """Tell whether a value has the field's type and is within its bounds; a boolean is not a number."""
        if self.words:
            return value in self.words
        if self.bounds:
            return type(value) is int and self.bounds[0] <= value <= self.bounds[1]
        return type(value) is str and value != "" if self.is_text else type(value) is bool

    def parse(self, text: str) -> Value | None:
        """Parse the text of a switch.

        Args:
            text: The text after `--set NAME=`.

        Returns:
            The value, or None if `accepts` would refuse it.
        """
        value: Value | None = text
        if self.bounds:
            value = int(text) if _WHOLE.fullmatch(text) else None
        elif not self.words:
            value = _TRUTH.get(text)
        return value if self.accepts(value) else None

    def belongs_to(self, service: str) -> bool:
        """Tell whether a service's rule must hold the field.

        Args:
            service: "electric" or "gas".

        Returns:
            True, except for an optional field that is not named for this service.
        """
        return not self.optional or self.name.startswith(f"{service}_")


def describe(topic: str, name: str, hint: object) -> Field:
    """Describe a field by its type in a schema.

    Args:
        topic: The topic that holds it.
        name: Its name.
        hint: Its type: words, bounded whole numbers, a boolean or text; optional if it may be None.
    """
    optional = NoneType in get_args(hint)
    kind = get_args(hint)[0] if optional else hint
    words = get_args(kind) if get_origin(kind) is Literal else ()
    bounds = get_args(kind)[1] if get_origin(kind) is Annotated else None
    return Field(name, topic, optional, words, bounds, is_text=kind is str)


@cache
def fields() -> dict[str, Field]:
    """Return every field of every topic by its name, in the schema's order."""
    return {
        name: describe(topic, name, hint)
        for topic, schema in TOPICS.items()
        for name, hint in get_type_hints(schema, include_extras=True).items()
    }


def topic_fields(topic: str, service: str) -> dict[str, Field]:
    """Return the fields that a service's rule file must hold, no more and no fewer.

    Args:
        topic: A key of `schema.TOPICS`.
        service: "electric" or "gas".

    Returns:
        The fields by name, in the schema's order.
    """
    return {name: field for name, field in fields().items() if field.topic == topic and field.belongs_to(service)}
