"""The twins of fixed credits and arrearages against results by hand and published cases (C... names them)."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.reference.arrearage import OutOfRange, arrearage_schedule
from tests.reference.fixed_credit import (
    NoRuleBand,
    ShareOutsideBand,
    affordable_annual,
    fixed_credit,
    monthly_spread,
    recalculation_due,
    unaffordable,
)

TARIFF = {
    "share_ppm": {
        "electric_heat": 60_000,
        "electric_heat_with_gas": 50_000,
        "electric_other_heat": 30_000,
        "gas_heat": 30_000,
        "gas_electric_heat": 10_000,
    },
    "minimum_monthly_payment_cents": {"electric_heat": 0, "electric_other_heat": 0, "gas": 0},
    "leap_offset": True,
    "arrearage_months": 24,
    "copayment_ppm": 0,
}
GUIDELINES = {
    "fpl": {
        2023: {size: 10_000 + 5_000 * (size - 1) for size in range(1, 9)} | {"additional": 6_000},
        2024: {size: 11_000 + 5_000 * (size - 1) for size in range(1, 9)} | {"additional": 6_000},
    },
    "ami": {
        ("08031", 2023): {size: 40_000 + 1_000 * size for size in range(1, 9)},
        ("08001", 2024): {size: 30_000 + 1_000 * size for size in range(1, 9)},
    },
    "leap": {
        2023: {size: 4_000 + 100 * size for size in range(1, 9)} | {"additional": 50},
        2024: {size: 5_000 + 100 * size for size in range(1, 9)} | {"additional": 50},
    },
}
SUMMER = date(2024, 7, 1)


def _participant(**columns: object) -> dict[str, Any]:
    return {
        "service": "electric",
        "primary_heating": "electric",
        "regulated_gas": False,
        "household_income_cents": 20_000_00,
        "household_size": 1,
        "county_fips": None,
        "leap_qualified": False,
        "full_annual_bill_cents": 1_800_00,
        **columns,
    }


def _credit(**columns: object) -> dict[str, Any]:
    return fixed_credit(_participant(**columns), TARIFF, GUIDELINES, SUMMER)


def test_a_plain_participant() -> None:
    assert _credit() == {
        "eligible": True,
        "eligible_basis": "fpl_200",
        "guideline_year": 2024,
        "share_ppm": 60_000,
        "affordable_annual_cents": 1_200_00,
        "fixed_credit_annual_cents": 600_00,
        "program_credit_annual_cents": 600_00,
        "monthly_credit_cents": [50_00] * 12,
        "leap_to_unaffordable_cents": 0,
        "leap_to_arrearage_cents": 0,
        "leap_to_account_cents": 0,
        "recalculation_due": False,
        "arrearage_credit_cents": [],
    }


def test_published_credit_of_another_state() -> None:
    # C073: 10 % of 1,000 a month against a bill of 300 a month: pay 100, credit 200.
    affordable = affordable_annual(12_000_00, 100_000, 0)
    assert monthly_spread(affordable, 12) == [100_00] * 12
    assert monthly_spread(unaffordable(3_600_00, affordable), 12) == [200_00] * 12


@pytest.mark.parametrize(
    ("columns", "lowest", "highest"),
    [
        ({}, 30_000, 60_000),
        ({"regulated_gas": True}, 30_000, 50_000),
        ({"primary_heating": "gas", "regulated_gas": True}, 20_000, 30_000),
        ({"primary_heating": "other"}, 20_000, 30_000),
        ({"service": "gas", "primary_heating": "gas", "regulated_gas": True}, 20_000, 30_000),
        ({"service": "gas", "regulated_gas": True}, 0, 10_000),
    ],
)
def test_bands(columns: dict[str, Any], lowest: int, highest: int) -> None:
    assert _credit(**columns)["share_ppm"] == highest
    assert _credit(**columns, share_ppm=lowest)["affordable_annual_cents"] == 20_000_00 * lowest // 10**6
    for outside in (lowest - 1, highest + 1):
        with pytest.raises(ShareOutsideBand):
            _credit(**columns, share_ppm=outside)


def test_a_gas_account_with_another_heat_has_no_band() -> None:
    with pytest.raises(NoRuleBand):
        _credit(service="gas", primary_heating="other")


def test_affordable_is_rounded_down_and_the_credit_is_never_negative() -> None:
    found = _credit(household_income_cents=20_000_33, full_annual_bill_cents=1_200_02)
    assert (found["affordable_annual_cents"], found["fixed_credit_annual_cents"]) == (1_200_01, 1)
    assert found["monthly_credit_cents"] == [1] + [0] * 11
    assert _credit(full_annual_bill_cents=1_199_99)["fixed_credit_annual_cents"] == 0


@pytest.mark.parametrize(
    ("columns", "affordable"),
    [
        ({}, 240_00),
        ({"regulated_gas": True}, 240_00),
        ({"primary_heating": "gas"}, 120_00),
        ({"service": "gas"}, 60_00),
        ({"service": "gas", "primary_heating": "gas"}, 60_00),
    ],
)
def test_zero_income(columns: dict[str, Any], affordable: int) -> None:
    minimum = {"electric_heat": 20_00, "electric_other_heat": 10_00, "gas": 5_00}
    tariff = TARIFF | {"minimum_monthly_payment_cents": minimum, "copayment_ppm": 10_000}
    row = _participant(household_income_cents=0, arrearage_cents=24, **columns)
    found = fixed_credit(row, tariff, GUIDELINES, SUMMER)
    assert found["affordable_annual_cents"] == affordable
    assert found["arrearage_credit_cents"] == [1] * 24
    with pytest.raises(OutOfRange):
        fixed_credit(row | {"arrearage_copay_cents": 1}, tariff, GUIDELINES, SUMMER)


def test_a_minimum_payment_above_the_rule_is_refused() -> None:
    tariff = TARIFF | {"minimum_monthly_payment_cents": {"electric_heat": 20_01}}
    with pytest.raises(ValueError, match="minimum payment for electric_heat"):
        fixed_credit(_participant(), tariff, GUIDELINES, SUMMER)


@pytest.mark.parametrize(
    ("grant", "offset", "split", "monthly", "schedule"),
    [
        (300_00, True, (300_00, 0, 0), [25_00] * 12, [50] * 10),
        (600_00, True, (600_00, 0, 0), [0] * 12, [50] * 10),
        (602_00, True, (600_00, 2_00, 0), [0] * 12, [30] * 10),
        (605_00, True, (600_00, 5_00, 0), [0] * 12, []),
        (700_00, True, (600_00, 5_00, 95_00), [0] * 12, []),
        (700_00, False, (0, 0, 700_00), [50_00] * 12, [50] * 10),
    ],
)
def test_the_order_of_a_grant(
    grant: int, offset: bool, split: tuple[int, int, int], monthly: list[int], schedule: list[int]
) -> None:
    row = _participant(leap_grant_cents=grant, arrearage_cents=5_00, arrearage_months=10)
    found = fixed_credit(row, TARIFF | {"leap_offset": offset}, GUIDELINES, SUMMER)
    parts = [found[f"leap_to_{part}_cents"] for part in ("unaffordable", "arrearage", "account")]
    assert tuple(parts) == split
    assert found["program_credit_annual_cents"] == 600_00 - split[0]
    assert found["monthly_credit_cents"] == monthly
    assert found["arrearage_credit_cents"] == schedule


@pytest.mark.parametrize(
    ("new", "basis", "due"),
    [
        (125, 100, True),
        (124, 100, False),
        (75, 100, True),
        (76, 100, False),
        (100, 100, False),
        (0, 0, False),
        (1, 0, True),
        (126, 101, False),  # 25 x 4 = 100
        (127, 101, True),
    ],
)
def test_recalculation(new: int, basis: int, due: bool) -> None:
    assert recalculation_due(new, basis) is due


def test_a_recalculation_keeps_the_months_gone_by() -> None:
    # Basis 1,800.05: credit 600.05 a year, 50.01 in five months, then 50.00; new 2,400.00: 1,200.00, 100.00 a month.
    bills = {"basis_bill_cents": 1_800_05, "full_annual_bill_cents": 2_400_00}
    old = [50_01] * 5 + [50_00] * 7
    for remaining, schedule in ((None, [100_00] * 12), (9, [50_01] * 3 + [100_00] * 9), (0, old)):
        found = _credit(**bills, months_remaining=remaining)
        assert found["recalculation_due"]
        assert found["fixed_credit_annual_cents"] == 1_200_00
        assert found["monthly_credit_cents"] == schedule


def test_a_recalculation_takes_the_first_months_of_the_new_schedule_and_the_same_grant() -> None:
    # New: 1,200.02 less a grant of 900.00 is 300.02; basis: 600.00, all of it covered by the same grant.
    found = _credit(
        basis_bill_cents=1_800_00,
        full_annual_bill_cents=2_400_02,
        leap_grant_cents=900_00,
        arrearage_cents=10_00,
        months_remaining=3,
    )
    assert found["monthly_credit_cents"] == [0] * 9 + [25_01, 25_01, 25_00]
    assert (found["leap_to_unaffordable_cents"], found["leap_to_arrearage_cents"]) == (900_00, 0)
    assert found["program_credit_annual_cents"] == 300_02


def test_no_recalculation_stays_on_the_basis() -> None:
    found = _credit(basis_bill_cents=1_800_00, full_annual_bill_cents=2_249_99, months_remaining=3)
    assert (found["recalculation_due"], found["fixed_credit_annual_cents"]) == (False, 600_00)
    assert found["monthly_credit_cents"] == [50_00] * 12


@pytest.mark.parametrize(
    ("copay", "tariff_ppm", "schedule"),
    [
        (None, 0, [100_00, 100_00, 100_00]),
        (None, 5_000, [66_67, 66_67, 66_66]),  # half a per cent of 20,000 is 100
        (None, 50_000, [33_34, 33_33, 33_33]),  # never above 1 %, 200
        (0, 50_000, [100_00, 100_00, 100_00]),
        (200_00, 0, [33_34, 33_33, 33_33]),
    ],
)
def test_copayments(copay: int | None, tariff_ppm: int, schedule: list[int]) -> None:
    row = _participant(arrearage_cents=300_00, arrearage_months=3, arrearage_copay_cents=copay)
    found = fixed_credit(row, TARIFF | {"copayment_ppm": tariff_ppm}, GUIDELINES, SUMMER)
    assert found["arrearage_credit_cents"] == schedule


def test_copayments_are_cut_to_what_is_left() -> None:
    assert _credit(arrearage_cents=50_00, arrearage_copay_cents=200_00)["arrearage_credit_cents"] == [0] * 24


@pytest.mark.parametrize(
    "columns",
    [
        {"arrearage_cents": 300_00, "arrearage_copay_cents": 200_01},
        {"arrearage_months": 0, "arrearage_cents": 1},
        {"arrearage_months": 25, "arrearage_cents": 1},
        {"months_remaining": 13},
        {"months_remaining": -1},
        {"household_size": 0},
        {"household_size": 31},
    ],
)
def test_out_of_range(columns: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange):
        _credit(**columns)


def test_arrearage_schedules() -> None:
    assert arrearage_schedule(1_200_00, 0, 12) == [100_00] * 12  # C074
    assert arrearage_schedule(1_002, 0, 5) == [201, 201, 200, 200, 200]  # C070
    assert arrearage_schedule(1_002, 1_000, 5) == [1, 1, 0, 0, 0]
    assert arrearage_schedule(0, 5, 5) == []
    assert arrearage_schedule(5, 6, 2) == [0, 0]
    assert arrearage_schedule(5, 0, 24) == [1] * 5 + [0] * 19


def test_monthly_spread() -> None:
    assert monthly_spread(1_002, 5) == [201, 201, 200, 200, 200]  # C070
    assert monthly_spread(11, 12) == [1] * 11 + [0]
    assert monthly_spread(0, 2) == [0, 0]


@pytest.mark.parametrize(
    ("dollars", "columns", "day", "basis", "year"),
    [
        # 2024: twice 11,000; size 9: 11,000 + 7 x 5,000 + 6,000 = 52,000, twice 104,000.
        ("22000.00", {}, SUMMER, "fpl_200", 2024),
        ("22000.01", {"leap_qualified": True}, SUMMER, "leap", 2024),
        ("104000.00", {"household_size": 9}, SUMMER, "fpl_200", 2024),
        # 2030 has no guideline: the newest one; 2022 has none that is not later.
        ("22000.00", {}, date(2030, 1, 1), "fpl_200", 2024),
        ("20000.00", {}, date(2023, 12, 31), "fpl_200", 2023),
        ("1.00", {}, date(2022, 7, 1), "none", None),
        ("1.00", {"leap_qualified": True}, date(2022, 7, 1), "leap", None),
        # The county of 2023 only; an unknown county; a household of nine has no limit in the table.
        ("41000.00", {"county_fips": "08031"}, SUMMER, "ami_80", 2024),
        ("31000.00", {"county_fips": "08001"}, SUMMER, "ami_80", 2024),
        ("31000.00", {"county_fips": "08001"}, date(2023, 12, 31), "leap", 2023),
        ("104000.01", {"household_size": 9, "county_fips": "08031"}, SUMMER, "none", 2024),
        # LEAP year 2023 until September 2024: 12 x 4,100 = 49,200; then 12 x 5,100 = 61,200.
        ("49200.00", {"county_fips": "08999"}, date(2024, 9, 30), "leap", 2024),
        ("49200.01", {}, date(2024, 9, 30), "none", 2024),
        ("61200.00", {}, date(2024, 10, 1), "leap", 2024),
        ("61200.00", {}, date(2030, 10, 1), "leap", 2024),
        ("61200.01", {}, date(2024, 10, 1), "none", 2024),
    ],
)
def test_eligibility(dollars: str, columns: dict[str, Any], day: date, basis: str, year: int | None) -> None:
    row = _participant(household_income_cents=int(Fraction(dollars) * 100), **columns)
    found = fixed_credit(row, TARIFF, GUIDELINES, day)
    assert (found["eligible_basis"], found["guideline_year"]) == (basis, year)
    assert found["eligible"] is (basis != "none")


MEDIAN = {("08031", 2024): 100_000, ("08001", 2023): 70_001}


@pytest.mark.parametrize(
    ("dollars", "columns", "basis"),
    [
        # 80 % of 100,000 for any size; HUD's limit of the county would be 41,000 for one person.
        ("80000.00", {"county_fips": "08031"}, "ami_80"),
        ("80000.01", {"county_fips": "08031"}, "none"),
        ("80000.00", {"county_fips": "08031", "household_size": 4}, "ami_80"),
        ("80000.00", {"county_fips": "08031", "household_size": 1}, "ami_80"),
        # 80 % of 70,001 is 56,000.80; the newest median not later than 2024 is that of 2023.
        ("56000.80", {"county_fips": "08001"}, "ami_80"),
        ("56000.81", {"county_fips": "08001"}, "none"),
        ("22000.00", {"county_fips": "08031"}, "fpl_200"),
        ("80000.00", {"county_fips": "08999"}, "none"),
        ("80000.00", {"county_fips": None}, "none"),
    ],
)
def test_eighty_percent_of_the_median(dollars: str, columns: dict[str, Any], basis: str) -> None:
    row = _participant(household_income_cents=int(Fraction(dollars) * 100), **columns)
    guidelines = GUIDELINES | {"median": MEDIAN}
    assert fixed_credit(row, TARIFF, guidelines, SUMMER, ami_basis="share_of_median")["eligible_basis"] == basis


def test_a_large_household_has_a_median_and_no_limit_of_hud() -> None:
    # Nine persons: twice 52,000 is 104,000; 80 % of 200,000 is 160,000.
    row = _participant(household_income_cents=160_000_00, household_size=9, county_fips="08031")
    guidelines = GUIDELINES | {"median": {("08031", 2024): 200_000}}
    for ami_basis, basis in (("share_of_median", "ami_80"), ("hud_limit", "none")):
        found = fixed_credit(row, TARIFF, guidelines, SUMMER, ami_basis=ami_basis)
        assert (found["eligible_basis"], found["fixed_credit_annual_cents"]) == (basis, 0)


def test_tariffs_by_fuel() -> None:
    # Electric 6 % of 20,000.00 is 1,200.00; gas 2 % is 400.00, without an offset, arrearage over 2 months.
    gas = TARIFF | {
        "share_ppm": {"gas_heat": 20_000, "gas_electric_heat": 0},
        "minimum_monthly_payment_cents": {"gas": 5_00},
        "leap_offset": False,
        "arrearage_months": 2,
        "copayment_ppm": 10_000,
    }
    tariff = {"electric": TARIFF, "gas": gas}
    for service, credit, covered, schedule in (
        ("electric", 600_00, 100_00, [12_50] * 24),
        ("gas", 1_400_00, 0, [50_00] * 2),  # copayments: 1 % of the income, 200.00, of 300.00
    ):
        row = _participant(service=service, primary_heating=service, leap_grant_cents=100_00, arrearage_cents=300_00)
        found = fixed_credit(row, tariff, GUIDELINES, SUMMER)
        assert found["fixed_credit_annual_cents"] == credit
        assert found["leap_to_unaffordable_cents"] == covered
        assert found["arrearage_credit_cents"] == schedule


def test_the_bar_on_offsets_is_electric_alone() -> None:
    terms = TARIFF | {"all_electric_without_leap": True}
    gas = _participant(service="gas", primary_heating="gas", leap_grant_cents=100_00)
    assert fixed_credit(gas, terms, GUIDELINES, SUMMER)["leap_to_unaffordable_cents"] == 100_00
    with pytest.raises(ValueError, match="all-electric"):
        fixed_credit(_participant(), terms, GUIDELINES, SUMMER)
    no_offset = terms | {"leap_offset": False}
    assert fixed_credit(_participant(leap_grant_cents=1), no_offset, GUIDELINES, SUMMER)["leap_to_account_cents"] == 1
