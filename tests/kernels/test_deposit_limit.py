"""Deposit limits, estimates and grounds against the twin and by hand."""

from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest

import calc
from calc.columns.bills import of_rows
from calc.columns.contract import ACCOUNTS
from calc.columns.deposit_limit import evaluate
from calc.columns.limit_estimates import limits_from_months
from calc.errors import Reason
from calc.rules.resolve import load_rules
from tests import portfolio
from tests.columns.frames import as_frame
from tests.reference import deposit_limit as twin

AS_OF = date(2026, 9, 30)
SCHEMA = {
    "account_id": pl.String,
    "service": pl.String,
    "billed_cents": pl.Int64,
    "billed_days": pl.Int64,
    "bills_in_advance": pl.Boolean,
    "late_payments_12m": pl.Int64,
    "premises_billed_cents": pl.Int64,
    "premises_billed_days": pl.Int64,
    "class_billed_cents": pl.Int64,
    "class_billed_days": pl.Int64,
    "held_cents": pl.Int64,
}


def account(random: Random, number: int) -> portfolio.Row:
    row: portfolio.Row = {"account_id": f"A{number}", "service": random.choice(("electric", "gas"))}
    for name in ("billed", "premises_billed", "class_billed"):
        given = random.random() < 0.7 or name == "class_billed"
        row[f"{name}_cents"] = portfolio.amount(random) if given else None
        row[f"{name}_days"] = random.choice((1, 30, 365, 366, random.randint(1, 800))) if given else None
    row["bills_in_advance"] = random.choice((True, False, None))
    row["late_payments_12m"] = random.choice((None, 0, 1, 2, 3, 12))
    row["held_cents"] = random.choice((0, portfolio.amount(random)))
    return row


def test_rows_against_the_twin() -> None:
    random = Random(3)  # noqa: S311 - test data
    given = [account(random, number) for number in range(20_000)]
    found = evaluate(pl.DataFrame(given, schema=SCHEMA, orient="row"), rules=load_rules(AS_OF), as_of=AS_OF)
    assert not found.reasons.any()
    for row, result in zip(given, found.results.rows(named=True), strict=True):
        expected = twin.deposit_limit(row, row["held_cents"])
        assert {name: result[name] for name in expected} == expected, row


def test_limit_by_hand() -> None:
    """1,460.00 in 365 days is 4.00 a day: 360.00 for 90 days, 240.00 for 60; 300.00 held is 60.00 less, or more."""
    rows = [{"account_id": "A", "service": "gas", "billed_cents": 146_000, "billed_days": 365, "held_cents": 30_000}]
    frame = pl.DataFrame(rows).with_columns(late_payments_12m=pl.lit(2), bills_in_advance=pl.lit(value=False))
    both = pl.concat([frame, frame.with_columns(bills_in_advance=pl.lit(value=True), late_payments_12m=pl.lit(3))])
    results = evaluate(both, rules=load_rules(AS_OF), as_of=AS_OF).results
    assert results["limit_cents"].to_list() == [36_000, 24_000]
    assert results["available_cents"].to_list() == [6_000, 0]
    assert results["excess_cents"].to_list() == [0, 6_000]
    assert results["return_due"].to_list() == [True, False]


@pytest.mark.parametrize("estimate", ["monthly_average", "peak_consecutive"])
def test_monthly_estimates_against_the_twin(estimate: str) -> None:
    random = Random(estimate)  # noqa: S311 - test data
    bills = [[random.randint(0, 50_000) for _ in range(random.randint(3, 14))] for _ in range(500)]
    advance = np.array([random.random() < 0.5 for _ in bills])
    rule = load_rules(date(2026, 9, 30), switches={"estimate": estimate}).electric.deposit_limit
    found = limits_from_months(of_rows(bills), advance, rule)
    expected = [
        twin.limit_from_months(each, estimate, 2 if two else 3) for each, two in zip(bills, advance, strict=True)
    ]
    assert found.tolist() == expected


def test_monthly_estimates_by_hand() -> None:
    # 100, 200, 300, 100: 3 average months are 700 / 4 x 3 = 525; the 3 highest in a row are 600. Two are too few.
    bills = [[10_000, 20_000, 30_000, 10_000], [10_000, 20_000]]
    advance = np.array([False, False])
    for estimate, expected in (("monthly_average", 52_500), ("peak_consecutive", 60_000)):
        rule = load_rules(date(2026, 9, 30), switches={"estimate": estimate}).electric.deposit_limit
        assert limits_from_months(of_rows(bills), advance, rule).tolist() == [expected, -1]


def test_rows_against_the_twin_with_grounds() -> None:
    """Grounds, what may be asked, both windows and every estimate, of accounts on a night."""
    random = Random(9)  # noqa: S311 - test data
    rows, held = [], []
    for number in range(4_000):
        row = {**account(random, number), "billed_cents": 1_000, "billed_days": random.randint(1, 400)}
        applied = portfolio.edge_day(random, date(2024, 1, 1))
        row["monthly_bill_cents"] = [random.randint(0, 50_000) for _ in range(random.randint(3, 14))]
        row["applied_date"] = random.choice((None, applied))
        for name, first in (("good_payment_ended_date", 2025), ("assistance_last_date", 2024)):
            day = portfolio.edge_day(random, date(first, 1, 1), date(2027, 12, 1))
            row[name] = random.choice((None, day, AS_OF + timedelta(days=random.randint(-400, 10))))
        row["return_qualified_date"] = random.choice((None, portfolio.edge_day(random, date(2025, 1, 1))))
        for name in ("clean_past_service", "assistance_now"):
            row[name] = random.choice((None, None, False, True))
        held.append(row.pop("held_cents"))
        rows.append(row)
    frame = as_frame(ACCOUNTS, *rows).with_columns(held_cents=pl.Series(held))
    barred = [random.random() < 0.2 for _ in rows]
    for estimate, window in product(("average_daily", "monthly_average", "peak_consecutive"), ("last_12", "any_12")):
        rules = load_rules(AS_OF, switches={"estimate": estimate, "return_window": window})
        found = evaluate(frame, rules=rules, as_of=AS_OF, participants=frame["account_id"].filter(pl.Series(barred)))
        assert not found.reasons.any()
        for row, cents, takes_part, result in zip(rows, held, barred, found.results.rows(named=True), strict=True):
            participants = [(row["account_id"], row["service"])] * takes_part
            expected = twin.account(row, cents, AS_OF, participants, estimate_method=estimate, return_window=window)
            assert {name: result[name] for name in expected} == expected, row


def results_of(columns: dict[str, Any], switches: dict[str, str] | None = None) -> dict[str, Any]:
    """Results of one account that is billed 1,460.00 in 365 days: at most 360.00 may be held."""
    row = {"account_id": "A", "service": "gas", "billed_cents": 146_000, "billed_days": 365, **columns}
    frame = as_frame(ACCOUNTS, row).with_columns(held_cents=pl.lit(columns.get("held_cents", 10_000)))
    found = evaluate(frame, rules=load_rules(AS_OF, switches=switches), as_of=AS_OF)
    assert not found.reasons.any()
    return found.results.row(0, named=True)


PAST, GOOD, HELP = "past_service", "good_payment_history", "energy_assistance"


@pytest.mark.parametrize(
    ("columns", "barred"),
    [
        # (d): the twelve months ended no earlier than 60 days before the application: 1 May less 60 days is 2 March.
        ({"good_payment_ended_date": date(2026, 3, 2)}, [GOOD]),
        ({"good_payment_ended_date": date(2026, 3, 1)}, []),
        ({"good_payment_ended_date": date(2026, 5, 1)}, [GOOD]),
        # (e): within the last 12 months, or help that goes on; a last day after the application is help now.
        ({"assistance_last_date": date(2025, 5, 1)}, [HELP]),
        ({"assistance_last_date": date(2025, 4, 30)}, []),
        ({"assistance_last_date": date(2026, 5, 1)}, [HELP]),
        ({"assistance_last_date": date(2026, 5, 2)}, [HELP]),
        ({"assistance_last_date": date(2027, 1, 1)}, [HELP]),
        ({"assistance_now": True}, [HELP]),
        ({"assistance_now": False}, []),
        ({"assistance_now": False, "assistance_last_date": date(2026, 1, 1)}, [HELP]),
        ({"clean_past_service": True}, [PAST]),
        ({"clean_past_service": False}, []),
        (
            {
                "clean_past_service": True,
                "good_payment_ended_date": date(2026, 4, 1),
                "assistance_now": True,
            },
            [PAST, GOOD, HELP],
        ),
    ],
)
def test_grounds_by_hand(columns: dict[str, Any], barred: list[str]) -> None:
    """All grounds that apply, in the rule's order; a barred customer may be asked for nothing."""
    found = results_of({"applied_date": date(2026, 5, 1), **columns})
    assert found["barred"] == barred
    assert (found["may_ask"], found["available_cents"]) == (("no", 0) if barred else ("yes", 26_000))
    assert (found["limit_cents"], found["held_cents"], found["excess_cents"]) == (36_000, 10_000, 0)


def test_nothing_said_of_the_grounds() -> None:
    found = results_of({"applied_date": date(2026, 5, 1)})
    assert (found["may_ask"], found["barred"], found["available_cents"]) == ("not_checked", [], 26_000)


def test_the_day_of_the_run_counts_where_there_is_no_application_by_then() -> None:
    """Help until 2025-09-30 is within the twelve months before 2026-09-30, until 2025-09-29 it is not."""
    for applied in (None, date(2026, 10, 1)):
        for last, may_ask in ((date(2025, 9, 30), "no"), (date(2025, 9, 29), "yes")):
            assert results_of({"applied_date": applied, "assistance_last_date": last})["may_ask"] == may_ask


@pytest.mark.parametrize(
    ("window", "columns", "due"),
    [
        ("last_12", {"late_payments_12m": 2}, True),
        ("last_12", {"late_payments_12m": 3}, False),
        ("last_12", {"late_payments_12m": None}, False),
        ("last_12", {"late_payments_12m": 3, "return_qualified_date": date(2026, 9, 30)}, False),
        ("any_12", {"late_payments_12m": 2}, True),
        ("any_12", {"late_payments_12m": 3}, False),
        ("any_12", {"late_payments_12m": None}, False),
        ("any_12", {"late_payments_12m": 3, "return_qualified_date": date(2026, 9, 30)}, True),
        ("any_12", {"late_payments_12m": None, "return_qualified_date": date(2026, 9, 30)}, True),
        ("any_12", {"late_payments_12m": 3, "return_qualified_date": date(2026, 10, 1)}, False),
        ("any_12", {"late_payments_12m": 0, "return_qualified_date": date(2026, 9, 30), "held_cents": 0}, False),
    ],
)
def test_due_back_under_both_windows(window: str, columns: dict[str, Any], due: bool) -> None:
    assert results_of(columns, {"return_window": window})["return_due"] is due


@pytest.mark.parametrize(
    ("estimate", "in_advance", "limit"),
    [
        # 100, 200, 300, 100: three average months are 700 / 4 x 3 = 525, two 350; the highest in a row 600, 500.
        ("monthly_average", False, 52_500),
        ("monthly_average", True, 35_000),
        ("peak_consecutive", False, 60_000),
        ("peak_consecutive", True, 50_000),
        ("average_daily", False, 36_000),
        ("average_daily", True, 24_000),
    ],
)
def test_every_estimate_acts_on_columns(estimate: str, in_advance: bool, limit: int) -> None:
    bills = [10_000, 20_000, 30_000, 10_000]
    found = results_of({"bills_in_advance": in_advance, "monthly_bill_cents": bills}, {"estimate": estimate})
    assert (found["limit_cents"], found["available_cents"]) == (limit, limit - 10_000)


@pytest.mark.parametrize("bills", [None, [], [1, 2], [1, None, 2, 3], [None, 1, 2]])
def test_an_estimate_over_months_takes_enough_of_them_in_a_row(bills: list[int | None] | None) -> None:
    row = {"account_id": "A", "service": "gas", "billed_cents": 1, "billed_days": 1, "monthly_bill_cents": bills}
    rules = load_rules(AS_OF, switches={"estimate": "peak_consecutive"})
    assert evaluate(as_frame(ACCOUNTS, row), rules=rules, as_of=AS_OF).reasons.tolist() == [int(Reason.missing_value)]
    refused = calc.deposit_limit(as_frame(ACCOUNTS, row), as_of=AS_OF, switches={"estimate": "peak_consecutive"})
    assert refused.quarantine["reason_columns"].to_list() == [["monthly_bill_cents"]]
    usual = evaluate(as_frame(ACCOUNTS, row), rules=load_rules(AS_OF), as_of=AS_OF)
    assert usual.reasons.tolist() == [0]
