"""Fixed credit by hand; random rows are compared with the twin in tests/columns."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from calc.columns.fixed_credit import evaluate
from calc.kernels.fixed_credit import recalculation_due
from calc.rules.resolve import load_rules
from tests.portfolio import PARTICIPANT_SCHEMA

BASE: dict[str, Any] = {
    "participant_id": "P1",
    "account_id": "A1",
    "service": "electric",
    "primary_heating": "electric",
    "regulated_gas": False,
    "household_income_cents": 1_800_000,
    "household_size": 3,
    "county_fips": "08031",
    "leap_qualified": False,
    "full_annual_bill_cents": 180_000,
}


def credit(**changes: object) -> dict[str, Any]:
    row = dict.fromkeys(PARTICIPANT_SCHEMA) | BASE | changes
    frame = pl.DataFrame([row], schema=PARTICIPANT_SCHEMA, orient="row")
    found = evaluate(frame, rules=load_rules(date(2026, 9, 30)), as_of=date(2026, 9, 30))
    assert not found.reasons.any()
    return found.results.row(0, named=True)


def test_unaffordable_portion() -> None:
    """6 % of 18,000.00 is 1,080.00; of an 1,800.00 bill 720.00 is not affordable: 60.00 a month."""
    result = credit()
    assert result["affordable_annual_cents"] == 108_000
    assert result["fixed_credit_annual_cents"] == 72_000
    assert result["monthly_credit_cents"] == [6_000] * 12
    assert (result["eligible"], result["eligible_basis"], result["guideline_year"]) == (True, "fpl_200", 2026)
    assert result["arrearage_credit_cents"] == []


@pytest.mark.parametrize(
    ("service", "heating", "gas", "share_ppm"),
    [
        ("electric", "electric", False, 60_000),
        ("electric", "electric", True, 50_000),
        ("electric", "gas", True, 30_000),
        ("electric", "other", False, 30_000),
        ("gas", "gas", True, 30_000),
        ("gas", "electric", True, 10_000),
    ],
)
def test_highest_share_of_each_band(service: str, heating: str, gas: bool, share_ppm: int) -> None:
    assert credit(service=service, primary_heating=heating, regulated_gas=gas)["share_ppm"] == share_ppm


def test_grant_goes_to_the_bill_then_the_arrearage_then_the_account() -> None:
    result = credit(leap_grant_cents=100_000, arrearage_cents=20_000)
    assert result["leap_to_unaffordable_cents"] == 72_000
    assert result["leap_to_arrearage_cents"] == 20_000
    assert result["leap_to_account_cents"] == 8_000
    assert result["program_credit_annual_cents"] == 0
    assert result["arrearage_credit_cents"] == []


def test_year_of_change() -> None:
    """Basis 1,440.00: credit 30.00 a month; the new 1,800.00 differs by a quarter: 60.00 for the last 5 months."""
    result = credit(basis_bill_cents=144_000, months_remaining=5)
    assert result["recalculation_due"] is True
    assert result["monthly_credit_cents"] == [3_000] * 7 + [6_000] * 5
    assert result["fixed_credit_annual_cents"] == 72_000


def test_below_a_quarter_everything_stays_on_the_basis() -> None:
    result = credit(basis_bill_cents=144_001, months_remaining=5)
    assert result["recalculation_due"] is False
    assert result["fixed_credit_annual_cents"] == 36_001
    assert result["monthly_credit_cents"] == [3_001] + [3_000] * 11


@pytest.mark.parametrize(
    ("new", "basis", "due"),
    [(125, 100, True), (124, 100, False), (75, 100, True), (76, 100, False), (0, 0, False), (1, 0, True), (5, 4, True)],
)
def test_a_quarter_or_more(new: int, basis: int, due: bool) -> None:
    assert recalculation_due(new, basis, 250_000) is due


def test_income_outside_every_guideline() -> None:
    result = credit(household_income_cents=50_000_000, county_fips="99999")
    assert (result["eligible"], result["eligible_basis"], result["tests_dropped"]) == (False, "none", "ami_80")


def test_median_income_and_leap() -> None:
    # Denver FY2026, three persons: above twice the poverty guideline (54,640), within the 80 % limit.
    assert credit(household_income_cents=6_000_000)["eligible_basis"] == "ami_80"
    # 2025-26 LEAP, three persons: 5,827 a month is 69,924 a year; the test of the median is dropped without a county.
    assert credit(household_income_cents=6_992_400, county_fips=None)["eligible_basis"] == "leap"
    assert credit(household_income_cents=6_992_401, county_fips=None)["eligible_basis"] == "none"
    assert credit(household_income_cents=50_000_000, leap_qualified=True)["eligible_basis"] == "leap"
