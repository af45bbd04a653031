"""Fixed credit by hand; random rows are compared with the twin in tests/columns."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from calc.columns.fixed_credit import evaluate
from calc.kernels.fixed_credit import recalculation_due
from calc.rules.fields import fields
from calc.rules.resolve import Rules, load_rules
from calc.units import CENTS_MAX
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


ON = date(2026, 9, 30)


def credit(**changes: object) -> dict[str, Any]:
    return credits_of([changes], load_rules(ON))[0]


def credits_of(rows: list[dict[str, Any]], rules: Rules) -> list[dict[str, Any]]:
    """Results of changes of BASE under rules."""
    given = [dict.fromkeys(PARTICIPANT_SCHEMA) | BASE | changes for changes in rows]
    found = evaluate(pl.DataFrame(given, schema=PARTICIPANT_SCHEMA, orient="row"), rules=rules, as_of=ON)
    assert not found.reasons.any()
    return found.results.rows(named=True)


BOTH = [{"service": service, "primary_heating": "gas", "regulated_gas": True} for service in ("electric", "gas")]
"""A household's two accounts, in one file."""


def with_gas_rule(topic: str, **values: Any) -> Rules:  # noqa: ANN401 - fields of the rule
    """The rules of the day, gas with other values: 3412 and 4412 may part in any."""
    rules = load_rules(ON)
    return replace(rules, gas=replace(rules.gas, **{topic: replace(getattr(rules.gas, topic), **values)}))


def with_both_rules(**values: Any) -> Rules:  # noqa: ANN401 - fields of the rule
    rules = load_rules(ON)
    electric, gas = (
        replace(own, fixed_credit=replace(own.fixed_credit, **values)) for own in (rules.electric, rules.gas)
    )
    return replace(rules, electric=electric, gas=gas)


def test_each_service_has_its_own_test_of_recalculation() -> None:
    """1,800.00 against 1,600.00: an eighth. Gas recalculates from a tenth on: 1,800 - 540 = 1,260.00, else 1,060.00."""
    rows = [{**row, "basis_bill_cents": 160_000} for row in BOTH]
    found = credits_of(rows, with_gas_rule("fixed_credit", recalculation_ppm=100_000))
    assert [row["recalculation_due"] for row in found] == [False, True]
    assert [row["fixed_credit_annual_cents"] for row in found] == [106_000, 126_000]


def test_each_service_has_its_own_guidelines() -> None:
    """Three persons, 30,000.00: within 200 % of 27,320 and not within 100 %; within 80 % of Denver's median."""
    rows = [{**row, "household_income_cents": 3_000_000} for row in BOTH]
    found = credits_of(rows, with_gas_rule("fixed_credit", poverty_guideline_ppm=1_000_000))
    assert [row["eligible_basis"] for row in found] == ["fpl_200", "ami_80"]
    # 100,000.00: above HUD's limit of 96,150 for three, within 80 % of the median of 144,000: 115,200.
    rows = [{**row, "household_income_cents": 10_000_000} for row in BOTH]
    found = credits_of(rows, with_gas_rule("fixed_credit", ami_basis="share_of_median"))
    assert [row["eligible_basis"] for row in found] == ["none", "ami_80"]


def test_each_service_has_its_own_bound_of_copayments() -> None:
    """18,000.00: at most 1 %, 180.00; for gas half a percent, 90.00, over 2 months of 200.00."""
    tariff = load_rules(ON).tariff
    asked = replace(tariff.gas, copayment_ppm=10_000)
    rules = with_gas_rule("arrearage", copayment_max_ppm=5_000)
    rules = replace(rules, tariff=replace(tariff, electric=asked, gas=asked))
    found = credits_of([{**row, "arrearage_cents": 20_000, "arrearage_months": 2} for row in BOTH], rules)
    assert [row["arrearage_credit_cents"] for row in found] == [[1_000, 1_000], [5_500, 5_500]]


def test_each_service_has_its_own_terms_of_the_tariff() -> None:
    """A grant of 100.00 offsets gas alone; the arrearage goes over 12 months, of gas over 24."""
    found = credits_of(
        [{**row, "leap_grant_cents": 10_000, "arrearage_cents": 24_000} for row in BOTH],
        load_rules(ON, tariff="example-by-fuel"),
    )
    assert [row["leap_to_account_cents"] for row in found] == [10_000, 0]
    assert [row["leap_to_unaffordable_cents"] for row in found] == [0, 10_000]
    assert [len(row["arrearage_credit_cents"]) for row in found] == [12, 24]


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


def test_recalculation_at_the_bounds_stays_within_int64() -> None:
    """The rule's change is bounded so that its product with the largest bill is an int64's; a tenfold one was not."""
    most_ppm = fields()["recalculation_ppm"].bounds
    assert most_ppm is not None
    assert CENTS_MAX * most_ppm[1] < 2**63 <= CENTS_MAX * 10_000_000
    # A bill of nothing instead of the largest differs by the whole of it, not by nine times as much.
    rules = with_both_rules(recalculation_ppm=most_ppm[1])
    rows = [
        {"full_annual_bill_cents": bill, "basis_bill_cents": basis}
        for bill, basis in ((0, CENTS_MAX), (CENTS_MAX, CENTS_MAX // 10), (CENTS_MAX, CENTS_MAX // 10 + 1))
    ]
    assert [row["recalculation_due"] for row in credits_of(rows, rules)] == [False, True, False]


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
