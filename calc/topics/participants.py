"""What the topics of the affordability program share: a household's income is measured by the published guidelines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from calc.columns import eligibility
from calc.columns.evaluation import Evaluation
from calc.kernels.arrays import Int64
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Law, Step
from calc.rules.guidelines import Guidelines
from calc.rules.resolve import Rules
from calc.topics.topic import Question

if TYPE_CHECKING:
    import polars as pl


class Calculator(Protocol):
    """A module of `calc.columns`."""

    def evaluate(
        self,
        frame: "pl.DataFrame",
        /,
        *,
        rules: Rules,
        as_of: date,
        guidelines: Guidelines,
        threads: int,
        flagged: Int64 | None,
    ) -> Evaluation:
        """Calculate rows under the rules and guidelines of a day."""


class Explanation(Protocol):
    """A module of `calc.report.explaining`."""

    def steps(
        self, row: Row, result: Mapping[str, Any], /, *, law: Law, as_of: date, guidelines: Guidelines
    ) -> tuple[Step, ...]:
        """Work out one row."""


def county_and_limits(rows: Sequence[Row], question: Question) -> tuple[Int64, eligibility.Limits]:
    """Return the place of each row's county, and the income limits of the question's day."""
    limits = eligibility.limits_in_force(question.law.rules, question.on, question.guidelines())
    return eligibility.places([row["county_fips"] for row in rows], limits), limits


def explained_by(module: Explanation) -> Callable[[Outcome, Question], tuple[Step, ...]]:
    """Make a topic's `steps`; the module is loaded when a row is explained."""

    def steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
        result = outcome.result or {}
        return module.steps(outcome.row, result, law=question.law, as_of=question.on, guidelines=question.guidelines())

    return steps


def evaluated_by(module: Calculator) -> Callable[["pl.DataFrame", Question, int, Int64 | None], Evaluation]:
    """Make a topic's `evaluate`; the module is loaded when rows are calculated."""

    def evaluate(frame: "pl.DataFrame", question: Question, threads: int, flagged: Int64 | None) -> Evaluation:
        rules, guidelines = question.law.rules, question.guidelines()
        return module.evaluate(
            frame, rules=rules, as_of=question.on, guidelines=guidelines, threads=threads, flagged=flagged
        )

    return evaluate
