"""List the other values that a switch may take, and which of them are readings that the text leaves open.

Input: the rules in force. Output: one `Another` for each value that a switch does not have. The caller computes its
result again under each and decides what to compare.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from calc.rules.citation import Citation
from calc.rules.fields import Field, Value, fields, topic_fields
from calc.rules.resolve import Rules
from calc.rules.schema import SERVICES, SWITCHES


class Another(NamedTuple):
    """Describe a switch at a value other than the one in force.

    Attributes:
        topic: The topic of the switch.
        switch: The switch's name.
        value: The other value.
        in_force: The value in force.
        is_open: Whether the text leaves the reading open.
    """

    topic: str
    switch: str
    value: Value
    in_force: Value
    is_open: bool

    @property
    def name(self) -> str:
        """Return the setting as `--set` takes it: switch=value."""
        return f"{self.switch}={as_text(self.value)}"

    def switches(self, rules: Rules) -> dict[str, str]:
        """Return the rules' switches with this one set to its other value."""
        return {**rules.switches, self.switch: as_text(self.value)}


def as_text(value: Value) -> str:
    """Format a switch's value as `--set` takes it."""
    return str(value).lower()


def values_to_try(field: Field, citation: Citation) -> tuple[Value, ...]:
    """List the values that a switch can be tried at.

    Args:
        field: The switch's field.
        citation: Its citation, which says whether the text leaves it open.

    Returns:
        All words of a word switch, both booleans, or, only if the text leaves it open, every number within bounds.
    """
    if field.words:
        return field.words
    if field.bounds is None:
        return (True, False)
    return tuple(range(field.bounds[0], field.bounds[1] + 1)) if citation.reading == "open" else ()


def others(rules: Rules, service: str, topics: Iterable[str]) -> Iterator[Another]:
    """Yield every other value of the topics' switches for a service.

    Args:
        rules: The rules in force.
        service: "electric" or "gas".
        topics: Keys of `schema.TOPICS`.

    Yields:
        One entry for each value that is not in force, in the schema's order.
    """
    own = rules.service(service)
    for field in (field for topic in topics for field in topic_fields(topic, service).values()):
        if field.name in SWITCHES and field.name in own.citations:
            citation, in_force = own.citations[field.name], getattr(getattr(own, field.topic), field.name)
            for value in values_to_try(field, citation):
                if value != in_force:
                    yield Another(field.topic, field.name, value, in_force, citation.reading == "open")


def open_readings(rules: Rules) -> list[Another]:
    """List the other values of every switch whose reading the text of either service leaves open.

    Args:
        rules: The rules in force. Where a switch is set, its default counts as another value.

    Returns:
        One entry for each switch and value, electric first.
    """
    topics = dict.fromkeys(field.topic for field in fields().values())
    found: dict[tuple[str, Value], Another] = {}
    for service in SERVICES:
        for each in others(rules, service, topics):
            if each.is_open:
                found.setdefault((each.switch, each.value), each)
    return list(found.values())


def open_defaults(rules: Rules) -> Mapping[str, Value]:
    """Return the switches whose reading is open, with the value in force of each."""
    return {each.switch: each.in_force for each in open_readings(rules)}
