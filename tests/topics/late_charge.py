"""A topic made up for a test, declared as those of calc/topics are: a charge on what is past due."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from calc.columns.dataset import NONE, Dataset, Result
from calc.columns.declared_columns import count, day, money, records, text, word
from calc.columns.evaluation import Evaluation, Outputs, assemble
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.result_type import INT64, TEXT, one_of
from calc.columns.rows import Rows
from calc.kernels.arrays import Int64
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.row import filled
from calc.report.explaining.step import Step
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Question, QuoteField, Topic
from tests.topics import late_charge_kernel

BALANCES: Final = Dataset(
    "balances",
    ("account_id",),
    (
        text("account_id", "The utility's own number of the account."),
        word("service", "The utility service, whose rule applies.", ("electric", "gas")),
        money("past_due_cents", "What is past due, in cents."),
        count("share_ppm", "Share that is charged, in parts per million.", 0, 50_000, optional=True, default=15_000),
    ),
    (
        Result("account_id", TEXT, "The utility's own number of the account."),
        Result("service", one_of(("electric", "gas")), "The utility service, as given."),
        Result("size", one_of(("small", "large")), "Whether a dollar or more is charged."),
        Result("charge_cents", INT64, "The charge, rounded down, in cents."),
    ),
    "One row per account that is past due.",
    total_by="size",
    totals=("charge_cents",),
)
ROWS: Final = Rows(BALANCES)


def compute(gated: Gated) -> Outputs:
    charge_cents = np.empty(gated.reasons.size, dtype=np.int64)
    late_charge_kernel.late_charge(gated.values["past_due_cents"], gated.values["share_ppm"], charge_cents)
    return {"charge_cents": charge_cents, "size": (charge_cents >= 100).astype(np.int8)}


PAYMENTS: Final = records(
    "payments",
    "Payments since, which come off the balance.",
    (
        day("date", "Day of the payment."),
        money("amount_cents", "What was paid, in cents; by default all of it.", optional=True, default=NONE),
        word("way", "How it was paid.", ("cash", "check"), default=0),
    ),
)


def left(row: Row, on: date) -> Row:
    """A row whose payments through a day have come off its balance."""
    paid = (each["amount_cents"] for each in row["payments"] if each["date"] <= on)
    owed = row["past_due_cents"]
    return {**row, "past_due_cents": owed - sum(owed if cents is None else cents for cents in paid)}


def outcomes(rows: Sequence[Row], question: Question) -> list[Outcome]:
    return quote.outcomes(ROWS, [filled(BALANCES, left(row, question.on)) for row in rows], compute)


def steps(outcome: Outcome, _: Question) -> tuple[Step, ...]:
    figures = {"charge_cents": (outcome.result or {})["charge_cents"]}
    return (Step("late charge", figures, "past due x share, rounded down"),)


def evaluate(frame: pl.DataFrame, _: Question, __: int, flagged: Int64 | None) -> Evaluation:
    gated = gate(BALANCES, frame, flagged)
    return assemble(BALANCES, frame, compute(gated), gated, {})


TOPIC: Final = Topic(
    name="late-charge",
    title="Late charge",
    asks="What is charged on a balance that is past due?",
    paragraphs="made up",
    meaning="Late charge, a rule made up",
    row_meaning="A balance that is past due.",
    dataset=BALANCES,
    groups=(
        Group(
            "The balance",
            (
                QuoteField(BALANCES.column("past_due_cents"), "Past due", needed=True),
                QuoteField(BALANCES.column("share_ppm"), "Share"),
                QuoteField(PAYMENTS, "Paid since", option="payment"),
                QuoteField(day("as_of_date", "Day of the rules; by default today.", optional=True), "As of"),
                SERVICE,
            ),
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("charge_cents",),
    outcomes=outcomes,
    steps=steps,
    evaluate=evaluate,
    kernels=(late_charge_kernel.late_charge,),
    example=Example("123.45 dollars past due", {"past_due_cents": 12_345, "as_of_date": "2026-09-30"}),
)
