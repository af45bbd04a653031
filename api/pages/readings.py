"""What another reading of the rules would make of a quote: it is asked again, with one switch at a time set anew.

Comes in: an answered submission. Goes out: for each other value of each switch that the topic rests on, the figures
that answer the form's question. Which values are tried is `calc.report.readings`' business.
"""

from collections.abc import Mapping

from api.pages.calculators import Calculator
from api.pages.submission import Submission
from api.pages.working import Figure
from api.problems import Problem
from api.topics import Answer
from calc.errors import Reason
from calc.report import readings

OtherReading = readings.OtherReading[tuple[Figure, ...]]
"""A switch at another value, with the form's figures: None where the rules then refuse the quote."""


def other_readings(calculator: Calculator, submission: Submission) -> list[OtherReading]:
    """Every other reading of the switches that count: those of the annual rate only where its rates are used."""
    answer, asked, row = submission.answer, submission.asked, submission.row
    if answer is None or asked is None:
        raise ValueError("the submission has no answer")

    def ask(switches: Mapping[str, str]) -> tuple[Figure, ...] | None:
        try:
            (other,) = calculator.topic.ask([row], asked._replace(switches=tuple(sorted(switches.items()))))
        except Problem:
            return None
        if other.outcome.reasons == Reason.missing_value:  # this reading takes what was not given
            return None
        return _figures(calculator, other)

    topics = [topic for topic in calculator.rules if topic != "annual_rate" or asked.rates is None]
    return readings.other_readings(answer.law, topics, _figures(calculator, answer), ask)


def _figures(calculator: Calculator, answer: Answer) -> tuple[Figure, ...]:
    result = answer.outcome.result or {}
    return tuple(Figure(name, result.get(name)) for name in calculator.topic.declared.told_of_readings)
