"""Answer a quote under other readings of the rules: ask it again with one switch at a time set to another value.

Input: an answered submission. Output: for each other value of each switch that the topic depends on, the form's
headline figures. `calc.report.explaining.readings` decides which values are tried.
"""

from collections.abc import Mapping

from api.answering.topics import Answer
from api.http.problems import Problem
from api.pages.calculators import Calculator
from api.pages.submission import Submission
from api.pages.working import Figure
from calc.errors import Reason
from calc.report.explaining import readings

OtherReading = readings.OtherReading[tuple[Figure, ...]]
"""A switch at another value, with the form's figures; their values are None where the rules then refuse the quote."""


def other_readings(calculator: Calculator, submission: Submission) -> list[OtherReading]:
    """Answer a submission under every other reading that matters.

    Switches of the annual rate count only where its rates are used, not where the form gave rates.

    Args:
        calculator: The calculator that was asked.
        submission: A submission with an answer.

    Returns:
        One entry per other value of a switch; its figures are None where the rules then refuse the quote. Left out are
        switches that do not go together, and readings that need input that was not given.

    Raises:
        ValueError: The submission has no answer.
    """
    answer, options, row = submission.answer, submission.options, submission.row
    if answer is None or options is None:
        raise ValueError("the submission has no answer")

    def ask(switches: Mapping[str, str]) -> tuple[Figure, ...] | None:
        try:
            (other,) = calculator.topic.ask([row], options._replace(switches=tuple(sorted(switches.items()))))
        except Problem:
            return None
        if other.outcome.reasons == Reason.missing_value:  # this reading needs input that was not given
            return None
        return _figures(calculator, other)

    topics = [topic for topic in calculator.rules if topic != "annual_rate" or options.rates is None]
    return readings.other_readings(answer.law, topics, _figures(calculator, answer), ask)


def _figures(calculator: Calculator, answer: Answer) -> tuple[Figure, ...]:
    result = answer.outcome.result or {}
    return tuple(Figure(name, result.get(name)) for name in calculator.topic.declared.reading_results)
