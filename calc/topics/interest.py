"""Declare the topic `interest`: simple interest on a deposit between two dates, rule (o)."""

from typing import TYPE_CHECKING, Final

from calc.columns import docstring_examples, interest
from calc.columns.contract import INTEREST
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.errors import Reason
from calc.kernels.arrays import Int64
from calc.report.explaining import accrual
from calc.report.explaining import interest as report
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Step
from calc.topics import caller_figures
from calc.topics.clauses import ELSEWHERE
from calc.topics.outcomes import outcomes_of
from calc.topics.rates import no_rate
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Names, Question, QuoteField, Topic

if TYPE_CHECKING:
    import polars as pl


def _compute(gated: Gated, question: Question) -> Outputs:
    return interest.compute(gated, rules=question.law.rules, rates=question.table, service=question.law.service)


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    return report.steps(outcome.row, outcome.result or {}, law=question.law, rates=question.table)


def _is_provisional(outcome: Outcome, question: Question) -> bool:
    """Return whether a day that earns has a provisional rate."""
    day_ends = question.law.own.deposit_interest.day_ends
    span = accrual.earning_days(outcome.row["received_date"], outcome.row["through_date"], day_ends)
    return question.table.is_provisional(*span)


def _refusals(_: Outcome, question: Question, named: Names) -> dict[Reason, str]:
    received, through = named("received_date"), named("through_date")
    return {
        Reason.date_order: f"{through} lies before {received}: give the day of receipt or a later one",
        Reason.no_rate_in_force: no_rate(question.table, f"{received} to {through}", named),
    }


def _evaluate(frame: "pl.DataFrame", question: Question, threads: int, flagged: Int64 | None) -> Evaluation:
    law = question.law
    return interest.evaluate(
        frame, rules=law.rules, rates=question.table, service=law.service, threads=threads, flagged=flagged
    )


TOPIC: Final = Topic(
    name="interest",
    title="Interest on a deposit",
    asks="What does a deposit earn between two days?",
    paragraphs="3403(o), 4403(o)",
    meaning="Interest on a deposit, rule (o)",
    row_meaning="A deposit and the days for which it earns.",
    dataset=INTEREST,
    groups=(
        Group(
            "The deposit",
            (
                QuoteField(
                    INTEREST.column("principal_cents"), "Deposit", "Dollars and cents, e.g. 200.00", needed=True
                ),
                QuoteField(INTEREST.column("received_date"), "Received on", "The first day that earns", needed=True),
                QuoteField(
                    INTEREST.column("through_date"), "Through", "Paid or counted on this day; it does not earn",
                    needed=True,
                ),
                SERVICE,
            ),
        ),
        ELSEWHERE,
    ),
    day="through_date",
    day_of_each_row=True,
    headline=("interest_cents", "days"),
    rules=("deposit_interest", "annual_rate"),
    not_together="rates",
    outcomes=outcomes_of(INTEREST, _compute),
    steps=_steps,
    evaluate=_evaluate,
    is_provisional=_is_provisional,
    caller_figures=caller_figures.deposit_with_interest,
    refusals=_refusals,
    frame_example=docstring_examples.INTEREST,
    example=Example(
        "200 dollars through the year 2024",
        {"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"},
    ),
)  # fmt: skip
