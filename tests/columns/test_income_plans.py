"""Random households of other jurisdictions' plans, yearly and bill by bill, against the exact twin.

python -m tests.columns.test_income_plans ROWS SEED   compares so many of each; exits 1 at the first difference
"""

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any, Final

import polars as pl
import pytest

from calc.columns import fixed_credit, participant_year
from calc.rules.resolve import load_rules
from tests.portfolio import PARTICIPANT_SCHEMA
from tests.reference import income_plans as twin
from tests.reference.calendar import add_months

ON: Final = date(2026, 12, 31)
Row = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """A jurisdiction, the twin's program, and the services whose accounts take part."""

    jurisdiction: str
    program: twin.Program
    services: tuple[str, ...] = ("electric", "gas")


PLANS: Final = (
    Plan("us-oh", twin.OHIO),
    Plan("us-va", twin.VIRGINIA, ("electric",)),
    Plan("us-nj", twin.NEW_JERSEY),
)


def household(random: Random, number: int, services: tuple[str, ...]) -> Row:
    """A household: incomes and bills about the bounds of floors and caps, a few without any, old debt."""
    service = random.choice(services)
    income = random.choice((0, random.randint(0, 60_000), random.randint(0, 3_000_000), random.randint(0, 10**12)))
    bill = random.choice((0, random.randint(0, 12_000), random.randint(0, 600_000), random.randint(0, 10**12)))
    return {
        **dict.fromkeys(PARTICIPANT_SCHEMA),
        "participant_id": f"P{number}",
        "account_id": f"A{number}",
        "service": service,
        "primary_heating": random.choice(("electric", "gas", "other")),
        "regulated_gas": random.random() < 0.5,
        "household_income_cents": income,
        "household_size": 3,
        "leap_qualified": False,
        "full_annual_bill_cents": bill,
        "arrearage_cents": random.choice((0, random.randint(0, 200_000), random.randint(0, 30))),
    }


def frame_of(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PARTICIPANT_SCHEMA | {"first_bill_date": pl.Date}, orient="row")


def all_electric(row: Row, plan: Plan) -> bool:
    """Whether the twin's share with electric heat applies: in Ohio only where no gas service is on the home."""
    heats = row["service"] == "electric" and row["primary_heating"] == "electric"
    return heats and not (plan.jurisdiction == "us-oh" and row["regulated_gas"])


def spread(total: int, months: int) -> list[int]:
    return [total // months + (month < total % months) for month in range(months)]


def compare_yearly(plan: Plan, rows: int, random: Random) -> int:
    """Rows compared of the yearly figures; grants too where the plan reckons after them."""
    given = [household(random, number, plan.services) for number in range(rows)]
    for row in given:
        if random.random() < 0.3:
            row["leap_grant_cents"] = 12 * random.choice(
                (random.randint(0, 9_000), row["full_annual_bill_cents"] // 13)
            )
        if plan.program.after_liheap and row["leap_grant_cents"]:
            row["full_annual_bill_cents"] -= row["full_annual_bill_cents"] % 12  # grant and bill alike in each month
    found = fixed_credit.evaluate(frame_of(given), rules=load_rules(ON, jurisdiction=plan.jurisdiction), as_of=ON)
    assert not found.reasons.any()
    for row, result in zip(given, found.results.rows(named=True), strict=True):
        grant = row["leap_grant_cents"] or 0
        income = Fraction(row["household_income_cents"], 12)
        months = [
            {"bill_cents": bill, "income_cents": income, "liheap_cents": liheap}
            for bill, liheap in zip(spread(row["full_annual_bill_cents"], 12), spread(grant, 12), strict=True)
        ]
        expected = twin.months_of(
            plan.program, months, debt_cents=row["arrearage_cents"], electric_heat=all_electric(row, plan)
        )
        credits_due = [month["credit_cents"] for month in expected]
        assert result["monthly_credit_cents"] == credits_due, row
        assert result["program_credit_annual_cents"] == sum(credits_due), row
        used = result["leap_to_unaffordable_cents"]
        assert result["fixed_credit_annual_cents"] == used + sum(credits_due), row
        assert (used, result["leap_to_arrearage_cents"]) == (used if plan.program.after_liheap else 0, 0), row
        assert used + result["leap_to_account_cents"] == grant, row
        parts = plan.program.debt_parts
        debt = spread(row["arrearage_cents"], parts) if parts and row["arrearage_cents"] else []
        assert result["arrearage_credit_cents"] == debt, row
        assert (result["eligible"], result["eligible_basis"]) == (False, "none")
    return rows


def compare_nevada(rows: int, random: Random) -> int:
    """Rows compared of Nevada's credit of a year, each household with the share that is set for it."""
    given = [household(random, number, ("electric", "gas")) for number in range(rows)]
    for row in given:
        row["share_ppm"] = random.randint(0, 100_000)
    found = fixed_credit.evaluate(frame_of(given), rules=load_rules(ON, jurisdiction="us-nv"), as_of=ON)
    assert not found.reasons.any()
    for row, result in zip(given, found.results.rows(named=True), strict=True):
        program = twin.nevada(row["share_ppm"])
        _, credit = twin.payment_and_credit(program, row["full_annual_bill_cents"], row["household_income_cents"])
        assert result["program_credit_annual_cents"] == credit, row
        assert result["monthly_credit_cents"] == spread(credit, 12), row
    return rows


def events_of(random: Random, row: Row) -> list[Row]:
    """Changes of income and rates, and payments that were not made whole, one of a kind on a day."""
    kinds = ("income", "rate_change", "missed_payment", "partial_payment", "payment")
    amounts = {"income": 3_000_000, "rate_change": 600_000, "partial_payment": 5_000, "payment": 5_000}
    events: dict[tuple[date, str], Row] = {}
    for _ in range(random.randint(0, 6)):
        day, kind = row["first_bill_date"] + timedelta(days=random.randint(-10, 340)), random.choice(kinds)
        amount = random.randint(0, amounts[kind]) if kind in amounts else None
        events[day, kind] = {
            "participant_id": row["participant_id"], "service": row["service"], "date": day, "kind": kind,
            "amount_cents": amount, "word": None,
        }  # fmt: skip
    return [events[key] for key in sorted(events)]


def compare_bills(plan: Plan, rows: int, random: Random) -> int:
    """Years compared, bill by bill."""
    given = [household(random, number, plan.services) for number in range(rows)]
    for row in given:
        row["first_bill_date"] = date(2025, 1, 1) + timedelta(days=random.randint(0, 360))
    events = [events_of(random, row) for row in given]
    schema = {"participant_id": pl.String, "service": pl.String, "date": pl.Date, "kind": pl.String,
              "amount_cents": pl.Int64, "word": pl.String}  # fmt: skip
    shuffled = [event for own in events for event in own]
    random.shuffle(shuffled)
    found = participant_year.evaluate(
        frame_of(given),
        pl.DataFrame(shuffled, schema=schema, orient="row"),
        rules=load_rules(ON, jurisdiction=plan.jurisdiction),
        as_of=ON,
    )
    assert not found.participants.reasons.any()
    months = found.months.rows(named=True)
    for place, (row, own) in enumerate(zip(given, events, strict=True)):
        bills = months[12 * place : 12 * place + 12]
        expected = twin.months_of(
            plan.program, _months(row, own, bills), debt_cents=row["arrearage_cents"],
            electric_heat=all_electric(row, plan),
        )  # fmt: skip
        for bill, month in zip(bills, expected, strict=True):
            where = (row, own, bill)
            assert bill["program_credit_cents"] == month["credit_cents"], where
            assert bill["planned_payment_cents"] == month["need_cents"] - month["credit_cents"], where
            assert bill["arrearage_credit_cents"] == month["debt_credit_cents"], where
            assert bill["arrearage_outstanding_cents"] == month["debt_left_cents"], where
    return rows


def _months(row: Row, events: list[Row], bills: list[Row]) -> list[Row]:
    """The twin's months: the bill of each, the income known by then, and whether the payment before was made whole."""
    income, bill, before, since = row["household_income_cents"], row["full_annual_bill_cents"], date.min, 0
    found = []
    for number in range(12):
        day = add_months(row["first_bill_date"], number)
        own = [event for event in events if before <= event["date"] < day]
        for event in own:
            if event["kind"] == "income":
                income, since = event["amount_cents"], number
            elif event["kind"] == "rate_change" and event["amount_cents"] != bill:
                bill, since = event["amount_cents"], number
        due = spread(bill, 12)[number - since]
        assert bills[number]["expected_bill_cents"] == due
        missed = any(event["kind"] in {"missed_payment", "partial_payment"} for event in own)
        month = {"bill_cents": due, "income_cents": Fraction(income, 12)}
        found.append(month | ({"paid_cents": -1} if missed else {}))
        before = day
    return found


ROWS: Final = 1_000
"""Rows of each comparison in the tests; the command takes more."""


@pytest.mark.parametrize("plan", PLANS, ids=[plan.jurisdiction for plan in PLANS])
def test_yearly_figures_are_the_twins(plan: Plan) -> None:
    assert compare_yearly(plan, ROWS, Random(plan.jurisdiction)) == ROWS  # noqa: S311 - rows, not secrets


def test_the_credit_of_nevadas_year_is_the_twins() -> None:
    assert compare_nevada(ROWS, Random(7)) == ROWS  # noqa: S311 - as above


@pytest.mark.parametrize("plan", PLANS, ids=[plan.jurisdiction for plan in PLANS])
def test_bills_are_the_twins(plan: Plan) -> None:
    assert compare_bills(plan, ROWS, Random(plan.jurisdiction)) == ROWS  # noqa: S311 - as above


@pytest.mark.parametrize("plan", PLANS, ids=[plan.jurisdiction for plan in PLANS])
def test_a_year_without_events_has_the_yearly_figures(plan: Plan) -> None:
    """Grants at its start among them: month by month the credits are those of the year."""
    random = Random(plan.jurisdiction)  # noqa: S311 - as above
    given = [household(random, number, plan.services) for number in range(ROWS)]
    for row in given:
        row |= {
            "leap_grant_cents": random.choice((0, random.randint(0, 300_000))),
            "first_bill_date": date(2026, 1, 31),
        }
    found = participant_year.evaluate(
        frame_of(given), rules=load_rules(ON, jurisdiction=plan.jurisdiction), as_of=ON
    )  # fmt: skip
    yearly = found.participants.results
    months = found.months.group_by("participant_id", maintain_order=True).agg(
        pl.col("program_credit_cents"), pl.col("leap_to_unaffordable_cents", "leap_to_account_cents").sum()
    )
    assert months["participant_id"].to_list() == yearly["participant_id"].to_list()
    assert months["program_credit_cents"].to_list() == yearly["monthly_credit_cents"].to_list()
    for name in ("leap_to_unaffordable_cents", "leap_to_account_cents"):
        assert months[name].to_list() == yearly[name].to_list()


def main(rows: int, seed: int) -> int:
    """Rows compared in all."""
    random = Random(seed)  # noqa: S311 - as above
    done = compare_nevada(rows, random)
    for plan in PLANS:
        done += compare_yearly(plan, rows, random) + compare_bills(plan, rows, random)
    return done


if __name__ == "__main__":
    print(f"{main(int(sys.argv[1]), int(sys.argv[2]))} rows: no difference")  # noqa: T201 - the command's answer
