"""Contributions to energy assistance: when they are transferred and reported, rules 3411(d) and 4411(d)."""

from typing import TYPE_CHECKING, Final

from calc.columns import collection, docstring_examples
from calc.columns.contract import CONTRIBUTIONS
from calc.columns.declared_columns import day
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.kernels.arrays import Int64
from calc.report.explaining import collection as report
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Step
from calc.topics.outcomes import outcomes_of
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Question, QuoteField, Topic

if TYPE_CHECKING:
    import polars as pl


def _compute(gated: Gated, question: Question) -> Outputs:
    return collection.contributions(gated, rules=question.law.rules)


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    return report.contribution_steps(outcome.row, outcome.result or {}, law=question.law)


def _evaluate(frame: "pl.DataFrame", question: Question, _: int, flagged: Int64 | None) -> Evaluation:
    return collection.evaluate_contributions(frame, rules=question.law.rules, flagged=flagged)


TOPIC: Final = Topic(
    name="contributions",
    title="Contributions to energy assistance",
    asks="When is money collected for energy assistance transferred, and when reported?",
    paragraphs="3411(d), 4411(d)",
    meaning="Contributions to energy assistance, rule 3411(d)",
    row_meaning="A day on which contributions were collected.",
    dataset=CONTRIBUTIONS,
    groups=(
        Group(
            "The money",
            (
                QuoteField(CONTRIBUTIONS.column("collected_date"), "Collected on", needed=True),
                SERVICE,
                QuoteField(day("as_of_date", "Day of the rules; by default today.", optional=True), "Rules as of"),
            ),
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("transfer_before_date", "report_date"),
    rules=("contributions",),
    outcomes=outcomes_of(CONTRIBUTIONS, _compute),
    steps=_steps,
    evaluate=_evaluate,
    frame_example=docstring_examples.CONTRIBUTIONS,
    example=Example(
        "Collected at the end of a year", {"collected_date": "2026-12-31", "as_of_date": "2026-12-31"}
    ),
)  # fmt: skip
