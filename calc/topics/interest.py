"""Interest on a deposit between two days, rule (o)."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from calc.columns import interest
from calc.columns.contract import INTEREST
from calc.columns.evaluation import Evaluation, Int64
from calc.report.explaining import interest as report
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Step
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Question, QuoteField, Topic


def _outcomes(rows: Sequence[Row], asked: Question) -> list[Outcome]:
    return quote.interest(rows, law=asked.law, rates=asked.table)


def _steps(outcome: Outcome, asked: Question) -> tuple[Step, ...]:
    return report.steps(outcome.row, outcome.result or {}, law=asked.law, rates=asked.table)


def _is_provisional(outcome: Outcome, asked: Question) -> bool:
    return quote.interest_is_provisional(outcome.row, law=asked.law, rates=asked.table)


def _evaluate(frame: pl.DataFrame, asked: Question, threads: int, flagged: Int64 | None) -> Evaluation:
    law = asked.law
    return interest.evaluate(
        frame, rules=law.rules, rates=asked.table, service=law.service, threads=threads, flagged=flagged
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
    ),
    day="through_date",
    day_of_each_row=True,
    headline=("interest_cents", "days"),
    rules=("deposit_interest", "annual_rate"),
    not_together="rates",
    outcomes=_outcomes,
    steps=_steps,
    evaluate=_evaluate,
    is_provisional=_is_provisional,
    example=Example(
        "200 dollars through the year 2024",
        {"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"},
    ),
)  # fmt: skip
