"""Which other values a switch may take, and which of them are readings that the text leaves open.

Comes in: the rules in force. Goes out: one `Another` for each value that a switch does not have. Whoever has a result
asks for it again under each; what is then compared is the asker's business.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from calc.rules.citation import Citation
from calc.rules.fields import Field, Value, fields, topic_fields
from calc.rules.resolve import SERVICES, Rules
from calc.rules.schema import SWITCHES


class Another(NamedTuple):
    """A switch at another value than `in_force`; `is_open` where the text leaves the reading open."""

    topic: str
    switch: str
    value: Value
    in_force: Value
    is_open: bool

    @property
    def name(self) -> str:
        """As `--set` takes it: switch=value."""
        return f"{self.switch}={as_text(self.value)}"

    def switches(self, rules: Rules) -> dict[str, str]:
        """The switches of the rules with this one set anew."""
        return {**rules.switches, self.switch: as_text(self.value)}


def as_text(value: Value) -> str:
    """A switch's value as `--set` takes it."""
    return str(value).lower()


def values_to_try(field: Field, citation: Citation) -> tuple[Value, ...]:
    """All words, both truth values, and the numbers of a switch that the text leaves open."""
    if field.words:
        return field.words
    if field.bounds is None:
        return (True, False)
    return tuple(range(field.bounds[0], field.bounds[1] + 1)) if citation.reading == "open" else ()


def others(rules: Rules, service: str, topics: Iterable[str]) -> Iterator[Another]:
    """Every other value of the topics' switches for a service, in the schema's order."""
    own = rules.service(service)
    for field in (field for topic in topics for field in topic_fields(topic, service).values()):
        if field.name in SWITCHES:
            citation, in_force = own.citations[field.name], getattr(getattr(own, field.topic), field.name)
            for value in values_to_try(field, citation):
                if value != in_force:
                    yield Another(field.topic, field.name, value, in_force, citation.reading == "open")


def open_readings(rules: Rules) -> list[Another]:
    """Every other value of every switch whose reading the text of either service leaves open; the default among them.

    The default is another value where a switch is set.
    """
    topics = dict.fromkeys(field.topic for field in fields().values())
    found: dict[tuple[str, Value], Another] = {}
    for service in SERVICES:
        for each in others(rules, service, topics):
            if each.is_open:
                found.setdefault((each.switch, each.value), each)
    return list(found.values())


def open_defaults(rules: Rules) -> Mapping[str, Value]:
    """The switches whose reading is open, and what is in force of each."""
    return {each.switch: each.in_force for each in open_readings(rules)}
