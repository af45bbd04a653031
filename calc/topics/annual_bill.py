"""Declare the topic `annual-bill`: the full annual bill from use by month and a rate schedule, rule (e)(V)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from calc.columns import annual_bill, docstring_examples
from calc.columns.contract import ANNUAL_BILLS
from calc.columns.declared_columns import day
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.errors import Reason
from calc.kernels import annual_bill as kernels
from calc.kernels.arrays import Int64
from calc.report.explaining import annual_bill as report
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.row import filled
from calc.report.explaining.step import Step
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Names, Question, QuoteField, Topic

if TYPE_CHECKING:
    import polars as pl

_ROWS: Final = Rows(ANNUAL_BILLS)


def _outcomes(rows: Sequence[Row], asked: Question) -> list[Outcome]:
    complete = [filled(ANNUAL_BILLS, row) for row in rows]
    in_force = annual_bill.schedules_in_force(asked.law.rules, asked.on)
    place = np.array([in_force.place_of(row.get("rate_schedule")) for row in complete], dtype=np.int64)

    def compute(gated: Gated) -> Outputs:
        return annual_bill.compute(gated, place, in_force, rules=asked.law.rules)

    return quote.outcomes(_ROWS, complete, compute)


def _steps(outcome: Outcome, asked: Question) -> tuple[Step, ...]:
    in_force = annual_bill.schedules_in_force(asked.law.rules, asked.on)
    schedule = in_force.schedules[in_force.place_of(outcome.row["rate_schedule"])]
    return report.steps(outcome.row, outcome.result or {}, schedule, law=asked.law)


def _evaluate(frame: "pl.DataFrame", asked: Question, threads: int, flagged: Int64 | None) -> Evaluation:
    return annual_bill.evaluate(frame, rules=asked.law.rules, as_of=asked.on, threads=threads, flagged=flagged)


def _refusals(outcome: Outcome, asked: Question, named: Names) -> dict[Reason, str]:
    """Word refusals: no such schedule in force for the service, other than twelve months, a bill out of bounds."""
    rules, code, use = asked.law.rules, named("rate_schedule"), named("monthly_use_thousandths")
    in_force = annual_bill.schedules_in_force(rules, asked.on).schedules
    own = [each.code for each in in_force if each.service == outcome.row["service"]]
    if not rules.tariff.rate_schedules:
        known = f"the tariff {rules.tariff.name} names no file of rate schedules: name a tariff that does"
    elif not own:
        known = f"no rate schedule for {outcome.row['service']} is in force on {asked.on}: give a later day"
    else:
        known = f"none in force for {outcome.row['service']} on {asked.on}; expected one of {', '.join(own)}"
    return {
        Reason.unknown_value: f"{code}: {known}",
        Reason.missing_value: f"{use} has fewer than twelve months: give the use of twelve",
        Reason.out_of_range: f"{use} has more than twelve months, or a month or the year's bill is too large",
        Reason.negative_amount: f"{use} at the prices of {code} comes to a bill below zero: see the riders",
    }


TOPIC: Final = Topic(
    name="annual-bill",
    title="Full annual bill",
    asks="What does a year's use cost at the standard prices in force, and is a recalculation due?",
    paragraphs="3412(e)(V), 4412(e)(V)",
    meaning="Full annual bill from use by month, rule (e)(V)",
    row_meaning="Use of twelve months, billed at the prices in force on as_of_date (by default today).",
    dataset=ANNUAL_BILLS,
    groups=(
        Group(
            "The use",
            (
                SERVICE,
                QuoteField(
                    ANNUAL_BILLS.column("rate_schedule"), "Rate schedule", "Its code in the tariff's file", needed=True
                ),
                QuoteField(
                    ANNUAL_BILLS.column("monthly_use_thousandths"), "Use by month",
                    "kWh or therms of twelve months, oldest first, with a blank or a comma between", needed=True,
                ),
                QuoteField(ANNUAL_BILLS.column("first_month"), "First month", "1 for January, if left empty"),
                QuoteField(
                    day("as_of_date", "Day whose prices are in force; by default today.", optional=True), "As of",
                    "Today, if left empty",
                ),
            ),
        ),
        Group(
            "A change of rates",
            (
                QuoteField(
                    ANNUAL_BILLS.column("basis_bill_cents"), "Annual bill before", "That the present credits rest on"
                ),
            ),
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("full_annual_bill_cents", "bill_change"),
    compared_results=("monthly_bill_cents",),
    outcomes=_outcomes,
    steps=_steps,
    evaluate=_evaluate,
    refusals=_refusals,
    kernels=(kernels.annual_bill,),
    frame_example=docstring_examples.ANNUAL_BILL,
    example=Example(
        "A year's electricity under the made-up example tariff",
        {
            "tariff": "example",
            "service": "electric",
            "rate_schedule": "R",
            "monthly_use_thousandths": [
                650_000, 600_000, 550_000, 500_000, 480_000, 700_000, 900_000, 880_000, 620_000, 500_000, 560_000,
                640_500,
            ],
            "basis_bill_cents": 90_000,
            "as_of_date": "2026-09-30",
        },
    ),
)  # fmt: skip
