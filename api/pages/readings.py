"""What another reading of the rules would make of a quote: it is asked again, with one switch at a time set otherwise.

Comes in: an answered submission. Goes out: for each other value of each switch that the topic rests on, the figures
that answer the form's question. Which readings the text leaves open stands in `data/rules/`.
"""

from typing import Any, NamedTuple

from api.pages.calculators import Calculator
from api.pages.submission import Submission
from api.pages.working import Figure
from api.problems import Problem
from api.topics import Answer, Reading
from calc.rates.sensitivity import values_to_try
from calc.rules.fields import Field
from calc.rules.fields import fields as rule_fields
from calc.rules.schema import SWITCHES


class OtherReading(NamedTuple):
    """A switch at another value: the figures, none where the rules then refuse; `differs` from what was answered."""

    switch: str
    value: Any
    is_open: bool
    figures: tuple[Figure, ...]
    differs: bool


def other_readings(calculator: Calculator, submission: Submission) -> list[OtherReading]:
    """Every other reading of the switches that count."""
    answer, asked = submission.answer, submission.asked
    if answer is None or asked is None:
        raise ValueError("the submission has no answer")
    usual = _figures(calculator, answer)
    found = []
    for field in _switches(calculator, asked):
        citation = answer.law.own.citations[field.name]
        in_force = getattr(getattr(answer.law.own, field.topic), field.name)
        for value in values_to_try(field, citation):
            if value == in_force:
                continue
            figures = _ask(calculator, submission, asked, field.name, str(value).lower())
            if figures is not None:
                found.append(OtherReading(field.name, value, citation.reading == "open", figures, figures != usual))
    return found


def _switches(calculator: Calculator, asked: Reading) -> list[Field]:
    """Switches of the calculator's rules; of the annual rate only where its rates are used."""
    rules = [rule for rule in calculator.rules if rule != "annual_rate" or asked.rates is None]
    return [
        field for rule in rules for field in rule_fields().values() if field.topic == rule and field.name in SWITCHES
    ]


def _ask(
    calculator: Calculator, submission: Submission, asked: Reading, switch: str, value: str
) -> tuple[Figure, ...] | None:
    """Figures under another value; None where two switches do not go together."""
    switches = tuple(sorted({**dict(asked.switches), switch: value}.items()))
    row = submission.row
    try:
        (answer,) = calculator.topic.ask([row], asked._replace(switches=switches))
    except Problem:
        return None
    return _figures(calculator, answer)


def _figures(calculator: Calculator, answer: Answer) -> tuple[Figure, ...]:
    result = answer.outcome.result or {}
    return tuple(Figure(name, result.get(name)) for name in calculator.headline)
