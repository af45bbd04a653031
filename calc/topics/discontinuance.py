"""Discontinuance: whether service may be discontinued for nonpayment at a time, rules 3407(b), (e) and 4407."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from calc.columns import collection, docstring_examples
from calc.columns.contract import DISCONTINUANCES
from calc.columns.declared_columns import day
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.kernels import discontinuance as kernels
from calc.kernels.arrays import Int64
from calc.report.explaining import collection as report
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Step
from calc.topics.outcomes import outcomes_of
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Question, QuoteField, Topic

if TYPE_CHECKING:
    import polars as pl


def _compute(gated: Gated, question: Question) -> Outputs:
    return collection.discontinuances(gated, rules=question.law.rules)


def _outcomes(rows: Sequence[Row], question: Question) -> list[Outcome]:
    found = outcomes_of(DISCONTINUANCES, _compute)(rows, question)
    return [quote.with_grounds(each, question.law, report.ground_passage, "barred", "warnings") for each in found]


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    result = outcome.result or {}
    words = {name: [each["ground"] for each in result[name]] for name in ("barred", "warnings")}
    return report.discontinuance_steps(outcome.row, {**result, **words}, law=question.law)


def _evaluate(frame: "pl.DataFrame", question: Question, _: int, flagged: Int64 | None) -> Evaluation:
    return collection.evaluate_discontinuances(frame, rules=question.law.rules, flagged=flagged)


TOPIC: Final = Topic(
    name="discontinuance",
    title="Discontinuance of service",
    asks="May service be discontinued for nonpayment at a time, and what bars it?",
    paragraphs="3407(b), (e), 4407, 3412(e)(VII)(E)",
    meaning="Discontinuance for nonpayment, rule 3407(b), (e)",
    row_meaning="An account and the time at which its service would be discontinued.",
    dataset=DISCONTINUANCES,
    groups=(
        Group(
            "When, and what is past due",
            (
                QuoteField(
                    DISCONTINUANCES.column("discontinue_at"), "Discontinued at", "On a clock in Colorado", needed=True,
                    option="at"
                ),
                QuoteField(
                    DISCONTINUANCES.column("past_due_cents"), "Past due", "For regulated charges of the service",
                    needed=True,
                ),
                QuoteField(DISCONTINUANCES.column("due_date"), "Was due on", needed=True),
                SERVICE,
            ),
        ),
        Group(
            "What may protect the customer",
            (
                QuoteField(DISCONTINUANCES.column("residential"), "The customer is not residential", denied=True),
                QuoteField(DISCONTINUANCES.column("participant"), "Takes part in the affordability program"),
                QuoteField(
                    DISCONTINUANCES.column("preexisting_arrearage_cents"), "Of it, arrearage from before the program"
                ),
                QuoteField(DISCONTINUANCES.column("certificate_date"), "Medical certificate of"),
                QuoteField(
                    DISCONTINUANCES.column("other_certificate_date"), "Another medical certificate of",
                    "One counts in twelve months",
                ),
                QuoteField(DISCONTINUANCES.column("leap_applied_date"), "Applied to LEAP on"),
                QuoteField(DISCONTINUANCES.column("forecast_low_f"), "Lowest forecast, °F", "In the next 24 hours"),
                QuoteField(DISCONTINUANCES.column("forecast_high_f"), "Highest forecast, °F", "In the next 24 hours"),
                QuoteField(DISCONTINUANCES.column("emergency"), "An emergency affects the area"),
                QuoteField(
                    DISCONTINUANCES.column("office_closed_date"), "Local office closed on", "The nearest such day"
                ),
                QuoteField(day("as_of_date", "Day of the rules; by default today.", optional=True), "Rules as of"),
            ),
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("may_discontinue",),
    rules=("discontinuance",),
    outcomes=_outcomes,
    steps=_steps,
    evaluate=_evaluate,
    kernels=(kernels.discontinuance,),
    more_results={"barred": "grounds", "warnings": "grounds"},
    frame_example=docstring_examples.DISCONTINUANCE,
    example=Example(
        "80 dollars past due, on the Tuesday before a holiday at one in the afternoon",
        {
            "discontinue_at": "2026-11-10T13:00",
            "past_due_cents": 8_000,
            "due_date": "2026-09-01",
            "as_of_date": "2026-11-10",
        },
    ),
)  # fmt: skip
