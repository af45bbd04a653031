"""Arrange a quote's answer for a page and a worksheet: figures by name, steps, sources. Nothing is calculated here.

Input: an answered submission. Output: an `Answered`, which templates and the text worksheet write out.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.pages.calculators import Calculator
from api.pages.fields import DAY, MONEY, Field
from api.pages.readings import OtherReading, other_readings
from api.pages.rendering import day, dollars
from api.pages.submission import Submission
from api.pages.working import Figure, Line, Source, lines, sources
from calc.report.explaining.labels import labeled_as
from calc.report.explaining.provenance import provenance
from calc.report.explaining.step import Step
from calc.report.explaining.text import is_records, provenance_table, record_tables, result_table, step_tables, telling

_TEXT_COLUMNS: Final = 100
_LEFT_OUT: Final = " (not counted: see Estimate by)"


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold an answer, ready to be written out.

    Attributes:
        calculator: The calculator that was asked.
        inputs: Labels and formatted texts of the fields that were filled in.
        headline: Figures shown first: those that answer a caller, then the topic's own.
        figures: All other figures but lists.
        schedules: Names and monthly amounts, in cents, of results that are lists.
        records: Names of results that are lists of records, what each record says, and the records.
        grounds: Names and grounds of results that are grounds, each ground with its citation and quote.
        result: All figures by name.
        steps: The steps of the working.
        others: The headline figures under other readings of the rules.
        rests_on: Provenance: versions and checksums of rules, rates and software.
    """

    calculator: Calculator
    inputs: tuple[tuple[str, str], ...]
    headline: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    schedules: tuple[tuple[str, tuple[int, ...]], ...]
    records: tuple[tuple[str, list[str], list[Mapping[str, Any]]], ...]
    grounds: tuple[tuple[str, tuple[Mapping[str, str], ...]], ...]
    result: Mapping[str, Any]
    steps: tuple[Step, ...]
    others: tuple[OtherReading, ...]
    rests_on: Mapping[str, Any]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the working, one row per step."""
        return lines(self.steps)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the rules and values that the working uses."""
        return sources(self.steps)

    @property
    def text(self) -> str:
        """Return the worksheet as text, as the command line prints it, below the input."""
        asked = Table(title="Given", show_header=False)
        for name, typed in self.inputs:
            asked.add_row(name, Text(typed))
        file = io.StringIO()
        console = Console(file=file, width=_TEXT_COLUMNS, color_system=None, force_terminal=False, highlight=False)
        console.print(self.calculator.title)
        result = result_table("Result", self.result)
        for table in (
            asked,
            result,
            *record_tables(self.result),
            *step_tables(self.steps),
            provenance_table(self.rests_on),
        ):
            console.print(table)
        return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def answered(calculator: Calculator, submission: Submission) -> Answered:
    """Arrange the answer to a submission.

    Args:
        calculator: The calculator that was asked.
        submission: A submission with an answer that has a result.

    Returns:
        The answer, ready to be written out.

    Raises:
        ValueError: The submission has no answer, or the rules refused it.
    """
    answer, options = submission.answer, submission.options
    if answer is None or options is None or answer.outcome.result is None:
        raise ValueError("the submission has no answer")
    result = {**answer.outcome.result, **answer.more}
    rests_on = provenance(
        answer.law.rules, answer.rates, options.rates_name if answer.rates else "", provisional=answer.provisional
    )
    declared = calculator.topic.declared
    for_callers = declared.caller_figures(answer.outcome.row, result)
    left_out = declared.uncounted(answer.law)
    inputs = tuple(
        (field.label, format_input(field, submission.texts[field.id]) + (_LEFT_OUT if field.name in left_out else ""))
        for field in _filled_in(calculator, submission)
    )
    return Answered(
        calculator=calculator,
        inputs=inputs,
        headline=(
            *(Figure(name, cents) for name, cents in for_callers.items()),
            *(Figure(labeled_as(name, result), result[name]) for name in calculator.headline),
        ),
        figures=tuple(
            Figure(name, value)
            for name, value in result.items()
            if not isinstance(value, list) and name not in calculator.headline and name != "as_of_source"
        ),
        schedules=tuple(
            (name, tuple(value))
            for name, value in result.items()
            if name.endswith("_cents") and isinstance(value, list)
        ),
        records=tuple((name, telling(value), value) for name, value in result.items() if is_records(value)),
        grounds=tuple((name, tuple(result[name])) for name, kind in declared.more_results.items() if kind == "grounds"),
        result={**for_callers, **result},
        steps=answer.steps(),
        others=tuple(other_readings(calculator, submission)),
        rests_on=rests_on,
    )


def format_input(field: Field, typed: str) -> str:
    """Format a field's input for a page: amounts and dates written out, a choice by its label, a checkbox as "yes".

    Args:
        field: The field.
        typed: Its text as typed, which `field.kind` can read.

    Returns:
        The text to show.
    """
    kind = field.kind
    if kind is MONEY:
        return dollars(kind.read(typed))
    if kind is DAY:
        return day(kind.read(typed))
    if kind.control == "checkbox":
        return "yes"
    return dict(field.choices).get(typed, f"{typed.removesuffix(kind.after).strip()}{kind.after and f' {kind.after}'}")


def _filled_in(calculator: Calculator, submission: Submission) -> Iterator[Field]:
    for field in calculator.every_field():
        if submission.texts.get(field.id):
            yield field
