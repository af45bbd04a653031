"""Deposit limits, estimates and grounds against the twin and by hand."""

from datetime import date
from random import Random

import numpy as np
import polars as pl
import pytest

from calc.columns.deposit_limit import barred_bits, evaluate, limits_from_months
from calc.kernels.deposit_limit import GROUNDS
from calc.rules.resolve import load_rules
from calc.units import NO_DAY, to_day
from tests import portfolio
from tests.reference import deposit_limit as twin

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
    found = evaluate(pl.DataFrame(given, schema=SCHEMA, orient="row"), rules=load_rules(date(2026, 9, 30)))
    assert not found.reasons.any()
    for row, result in zip(given, found.results.rows(named=True), strict=True):
        expected = twin.deposit_limit(row, row["held_cents"])
        assert {name: result[name] for name in expected} == expected, row


def test_limit_by_hand() -> None:
    """1,460.00 in 365 days is 4.00 a day: 360.00 for 90 days, 240.00 for 60; 300.00 held is 60.00 less, or more."""
    rows = [{"account_id": "A", "service": "gas", "billed_cents": 146_000, "billed_days": 365, "held_cents": 30_000}]
    frame = pl.DataFrame(rows).with_columns(late_payments_12m=pl.lit(2), bills_in_advance=pl.lit(value=False))
    both = pl.concat([frame, frame.with_columns(bills_in_advance=pl.lit(value=True), late_payments_12m=pl.lit(3))])
    results = evaluate(both, rules=load_rules(date(2026, 9, 30))).results
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
    found = limits_from_months(bills, advance, rule)
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
        assert limits_from_months(bills, advance, rule).tolist() == [expected, -1]


def test_grounds_against_the_twin() -> None:
    random = Random(9)  # noqa: S311 - test data
    rule = load_rules(date(2026, 9, 30)).electric.deposit_limit
    for _ in range(2000):
        applied = portfolio.edge_day(random, date(2023, 1, 1))
        ended = random.choice(
            (None, portfolio.any_day(random, date(applied.year - 1, 6, 1), date(applied.year + 1, 3, 1)))
        )
        helped = random.choice((None, portfolio.edge_day(random, date(applied.year - 2, 1, 1), applied)))
        clean = random.random() < 0.5
        days = [np.array([NO_DAY if day is None else to_day(day)], dtype=np.int32) for day in (applied, ended, helped)]
        bits = barred_bits(days[0], np.array([clean]), days[1], days[2], rule)[0]
        found = [name for place, name in enumerate(GROUNDS) if bits >> place & 1]
        assert found == twin.grounds(applied, clean, ended, helped), (applied, ended, helped)


def test_sixty_days_inclusive() -> None:
    rule = load_rules(date(2026, 9, 30)).electric.deposit_limit
    applied = np.array([to_day(date(2026, 5, 1))] * 2, dtype=np.int32)
    ended = applied - np.array([60, 61], dtype=np.int32)
    none = np.full(2, NO_DAY, dtype=np.int32)
    assert barred_bits(applied, np.zeros(2, dtype=np.bool_), ended, none, rule).tolist() == [2, 0]
