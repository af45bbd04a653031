"""What other readings of the rules would make of a result: it is asked for again, with one switch at a time set anew.

Comes in: the law of a result, the topics whose switches count, and how to ask. Goes out: the figures for each other
value of each of these switches. Which values there are says `calc.rules.readings`; which figures are told, and how, is
the callers' business.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from calc.report.step import Law
from calc.rules.fields import Value
from calc.rules.readings import others

Figures = TypeVar("Figures")


class OtherReading(NamedTuple, Generic[Figures]):
    """A switch at another value: whether the text leaves it open, the figures, whether they differ from the result."""

    switch: str
    value: Value
    is_open: bool
    figures: Figures
    differs: bool


def other_readings(
    law: Law, topics: Iterable[str], usual: Figures, ask: Callable[[Mapping[str, str]], Figures | None]
) -> list[OtherReading[Figures]]:
    """Every other reading of the topics' switches, in the schema's order.

    `usual` are the result's figures, `ask` those under other switches: None where these do not go together, or leave
    the question without what it takes; such a reading is left out.
    """
    found = []
    for each in others(law.rules, law.service, topics):
        figures = ask(each.switches(law.rules))
        if figures is not None:
            found.append(OtherReading(each.switch, each.value, each.is_open, figures, figures != usual))
    return found
