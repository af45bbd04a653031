"""Arrange the steps of `calc.report.explaining`, of a quote or a year, as rows that templates write out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from calc.report.explaining.labels import words
from calc.report.explaining.step import Passage, Step
from calc.report.explaining.text import exact_text

_SAID: Final = {
    "applied_date", "as_of_date", "computed_ppm", "effective_from_date", "efforts_made", "end_date",
    "existing_from_date", "existing_source", "first_date", "highest_ppm", "last_date", "lowest_ppm",
    "order_payable_date", "rate_source", "received_date", "service_ended_date", "test",
}  # fmt: skip
"""Figures that the text of a step's working already shows."""


class Figure(NamedTuple):
    """Hold a figure and the key of its name."""

    name: str
    value: Any


class Line(NamedTuple):
    """Hold a step as a row.

    Attributes:
        label: The step's label.
        working: Lines of the working.
        results: What comes out.
        part: Whether a later step sums this one up.
    """

    label: str
    working: tuple[str, ...]
    results: tuple[Figure, ...]
    part: bool


class Source(NamedTuple):
    """Hold what a step is based on: a paragraph's text or a rule's value.

    Attributes:
        name: Name of the rule's value; "" for a paragraph alone.
        value: The value used.
        how_set: What set it, such as a switch.
        rule: Citation of the paragraph.
        quote: Its words.
        reading: How the value reads them.
        note: Remark on the reading.
        since: Dates of application and text.
    """

    name: str
    value: Any
    how_set: str
    rule: str
    quote: str
    reading: str
    note: str
    since: str


def lines(steps: Iterable[Step]) -> tuple[Line, ...]:
    """Return each step as a row."""
    return tuple(map(_line, steps))


def sources(steps: Iterable[Step]) -> tuple[Source, ...]:
    """Return the values and paragraphs that the steps use, each once."""
    return tuple(_sources(steps))


def _line(step: Step) -> Line:
    """Return a step as a row; a part shows its exact cents, any other step its result."""
    figures, working = step.figures, []
    if step.part:
        working.append(f"{figures['first_date']} through {figures['last_date']}, {figures['days']} days")
        if "rate_source" in figures:
            working.append(f"{figures['rate_source']} rate: {figures['rate_provenance']}")
    exact = "" if step.exact_cents is None else f"{exact_text(step.exact_cents)} cents"
    working.append(step.formula)
    if step.rounding:
        working.append(f"{exact}, rounded {words(step.rounding)}".removeprefix(", "))
    if step.note:
        working.append(step.note)
    results = (Figure("", exact),) if step.part else tuple(_results(figures))
    return Line(step.label, tuple(filter(None, working)), results, step.part)


def _results(figures: Mapping[str, Any]) -> Iterator[Figure]:
    """Yield a step's results; dates, bands and limits that its working already shows are left out."""
    said = _SAID | ({"limit_cents"} if "test" in figures else set())
    for name, value in figures.items():
        if name not in said and value is not None and value != "":
            yield Figure(name, value)


def _sources(steps: Iterable[Step]) -> Iterator[Source]:
    steps = tuple(steps)
    values = {(each.name, each.value): each for step in steps for each in step.parameters}
    for each in values.values():
        cited = each.citation
        yield Source(
            each.name, each.value, each.how_set, cited.rule, cited.quote, cited.reading, cited.note.strip(),
            cited.standing,
        )  # fmt: skip
    passages: dict[Passage, None] = dict.fromkeys(passage for step in steps for passage in step.passages)
    for passage in passages:
        since = f"text of {passage.effective_from}" if passage.effective_from else ""
        yield Source("", None, "", passage.rule, passage.quote, "", "", since)
