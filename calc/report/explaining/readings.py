"""Compute a result again under other readings of the rules, one switch at a time.

Input: the rules of a result, the topics whose switches count, and a function that computes. Output: the figures for
each other value of each switch. `calc.rules.readings` lists the values; callers decide which figures to show, and how.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from calc.report.explaining.step import Law
from calc.rules.fields import Value
from calc.rules.readings import others

Figures = TypeVar("Figures")


class OtherReading(NamedTuple, Generic[Figures]):
    """Hold a result's figures under another value of a switch.

    Attributes:
        switch: The switch's name.
        value: The other value.
        is_open: Whether the rules' text leaves the reading open.
        figures: The figures under this value.
        differs: Whether they differ from the result's.
    """

    switch: str
    value: Value
    is_open: bool
    figures: Figures
    differs: bool


def other_readings(
    law: Law, topics: Iterable[str], usual: Figures, ask: Callable[[Mapping[str, str]], Figures | None]
) -> list[OtherReading[Figures]]:
    """Compute every other reading of the topics' switches.

    Args:
        law: The rules of the service.
        topics: Keys of `schema.TOPICS`.
        usual: The result's figures.
        ask: Computes the figures under other switches; returns None if these do not go together, or leave out what the
            calculation needs. Such a reading is left out.

    Returns:
        One entry for each value, in the schema's order.
    """
    found = []
    for each in others(law.rules, law.service, topics):
        figures = ask(each.switches(law.rules))
        if figures is not None:
            found.append(OtherReading(each.switch, each.value, each.is_open, figures, figures != usual))
    return found
