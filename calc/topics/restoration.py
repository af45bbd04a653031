"""Restoration: when service that was discontinued must be back, rules 3409(c), (d) and 4409."""

from typing import TYPE_CHECKING, Final

from calc.columns import collection, docstring_examples
from calc.columns.contract import RESTORATIONS
from calc.columns.declared_columns import day
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.kernels import discontinuance as kernels
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
    return collection.restorations(gated, rules=question.law.rules)


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    return report.restoration_steps(outcome.row, outcome.result or {}, law=question.law)


def _evaluate(frame: "pl.DataFrame", question: Question, _: int, flagged: Int64 | None) -> Evaluation:
    return collection.evaluate_restorations(frame, rules=question.law.rules, flagged=flagged)


TOPIC: Final = Topic(
    name="restoration",
    title="Restoration of service",
    asks="When must service be back?",
    paragraphs="3409(c), (d), 4409, proposed 3409(e)",
    meaning="Restoration of service, rule 3409(c), (d)",
    row_meaning="A customer's request for service that was discontinued, and what was done for it.",
    dataset=RESTORATIONS,
    groups=(
        Group(
            "The request",
            (
                QuoteField(RESTORATIONS.column("requested_at"), "Asked at", "On a clock in Colorado", needed=True),
                QuoteField(
                    RESTORATIONS.column("acted_at"), "Paid at", "Or did what else brings it back; when asked, if empty"
                ),
                QuoteField(RESTORATIONS.column("advanced_meter"), "The customer has an advanced meter"),
                QuoteField(
                    RESTORATIONS.column("closes_at"), "Customer service closes at",
                    "On the day of the request; 17:00, if empty",
                ),
                QuoteField(RESTORATIONS.column("after_hours_paid"), "After-hours charges are paid"),
                QuoteField(RESTORATIONS.column("restored_at"), "Back at", "Leave empty while service is off"),
                SERVICE,
                QuoteField(day("as_of_date", "Day of the rules; by default today.", optional=True), "Rules as of"),
            ),
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("restore_by", "same_day"),
    rules=("restoration",),
    outcomes=outcomes_of(RESTORATIONS, _compute),
    steps=_steps,
    evaluate=_evaluate,
    kernels=(kernels.restoration,),
    frame_example=docstring_examples.RESTORATION,
    example=Example(
        "Asked on a Friday afternoon without an advanced meter, back on Tuesday",
        {
            "requested_at": "2026-03-06T15:00",
            "restored_at": "2026-03-10T09:00",
            "as_of_date": "2026-03-10",
        },
    ),
)  # fmt: skip
