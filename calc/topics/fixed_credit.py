"""Bill and arrearage credits of the percentage-of-income program, rules 3412 and 4412."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from calc.columns import fixed_credit
from calc.columns.contract import PARTICIPANTS
from calc.columns.dataset import day
from calc.columns.evaluation import Evaluation, Int64
from calc.report.explaining import fixed_credit as report
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Step
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Question, QuoteField, Topic
from calc.units import PPM


def _outcomes(rows: Sequence[Row], asked: Question) -> list[Outcome]:
    return quote.fixed_credit(rows, law=asked.law, as_of=asked.on, guidelines=asked.guidelines())


def _steps(outcome: Outcome, asked: Question) -> tuple[Step, ...]:
    result = outcome.result or {}
    return report.steps(outcome.row, result, law=asked.law, as_of=asked.on, guidelines=asked.guidelines())


def _evaluate(frame: pl.DataFrame, asked: Question, threads: int, flagged: Int64 | None) -> Evaluation:
    return fixed_credit.evaluate(
        frame, rules=asked.law.rules, as_of=asked.on, guidelines=asked.guidelines(), threads=threads, flagged=flagged
    )


TOPIC: Final = Topic(
    name="fixed-credit",
    title="Bill affordability credit",
    asks="What does a household of the percentage-of-income program pay, and what is credited?",
    paragraphs="3412, 4412",
    meaning="Bill and arrearage credits, rules 3412 and 4412",
    row_meaning="A household of a percentage-of-income program, by the guidelines of as_of_date (by default today).",
    dataset=PARTICIPANTS,
    groups=(
        Group(
            "The household",
            (
                SERVICE,
                QuoteField(
                    PARTICIPANTS.column("primary_heating"), "Primary heat", "As LEAP has found it", needed=True,
                    choices=("Electricity", "Gas", "Other"),
                ),
                QuoteField(PARTICIPANTS.column("regulated_gas"), "Also has gas service of a regulated utility"),
                QuoteField(
                    PARTICIPANTS.column("household_income_cents"), "Household income", "Gross, a year", needed=True
                ),
                QuoteField(PARTICIPANTS.column("household_size"), "Persons", "1 through 30", needed=True),
                QuoteField(PARTICIPANTS.column("county_fips"), "County", "For the area median income"),
                QuoteField(PARTICIPANTS.column("leap_qualified"), "LEAP has found it qualified"),
            ),
        ),
        Group(
            "The bill",
            (
                QuoteField(
                    PARTICIPANTS.column("full_annual_bill_cents"), "Full annual bill", "At present standard rates",
                    needed=True,
                ),
                QuoteField(
                    replace(PARTICIPANTS.column("share_ppm"), highest=PPM), "Share of income",
                    "Within the rule's band; empty: the tariff's",
                ),
                QuoteField(
                    day("as_of_date", "Day of the guidelines and rules; by default today.", optional=True), "As of",
                    "Whose guidelines and rules apply; today, if left empty",
                ),
            ),
        ),
        Group(
            "A change during the year, LEAP grant, arrearage",
            (
                QuoteField(
                    PARTICIPANTS.column("basis_bill_cents"), "Annual bill before", "That the present credits rest on"
                ),
                QuoteField(
                    PARTICIPANTS.column("months_remaining"), "Months left", "In the program year, 0 through 12"
                ),
                QuoteField(PARTICIPANTS.column("leap_grant_cents"), "LEAP grant"),
                QuoteField(PARTICIPANTS.column("arrearage_cents"), "Arrearage", "From before the program"),
                QuoteField(
                    PARTICIPANTS.column("arrearage_months"), "Months of arrearage credits", "1-24; empty: the tariff's"
                ),
                QuoteField(
                    PARTICIPANTS.column("arrearage_copay_cents"), "Arrearage copayments", "In all; empty: the tariff's"
                ),
            ),
            folded=True,
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("affordable_annual_cents", "fixed_credit_annual_cents", "eligible_basis"),
    rules=("fixed_credit", "arrearage"),
    outcomes=_outcomes,
    steps=_steps,
    evaluate=_evaluate,
    example=Example(
        "A household of three with electric heat",
        {
            "service": "electric",
            "primary_heating": "electric",
            "household_income_cents": 1_800_000,
            "household_size": 3,
            "full_annual_bill_cents": 180_000,
            "as_of_date": "2026-09-30",
        },
    ),
)  # fmt: skip
