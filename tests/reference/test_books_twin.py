"""The twin of the program's books against figures by hand."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.reference.books import (
    administrative_counted,
    allocate,
    benefit_charge,
    benefit_charge_projection,
    books,
    highest_residential_fee,
    listed_for_high_use,
    program_year,
    program_year_days,
    proposed_fees,
    recovery_by_fees,
)


def test_program_years() -> None:
    assert [program_year(date(2025, 10, 31)), program_year(date(2025, 11, 1)), program_year(date(2026, 1, 1))] == [
        2025,
        2026,
        2026,
    ]
    assert program_year_days(2026) == (date(2025, 11, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("spent", "program_credits", "counted"),
    [
        (9_999_99, 0, 9_999_99),
        (10_000_01, 0, 10_000_00),
        (10_000_01, 100_000_09, 10_000_00),  # a tenth is 10,000.009
        (10_000_01, 100_000_10, 10_000_01),
        (50_000_00, 300_000_19, 30_000_01),
    ],
)
def test_administrative_cost(spent: int, program_credits: int, counted: int) -> None:
    assert administrative_counted(spent, program_credits) == counted


YEAR: dict[str, Any] = {
    "usage_credits_cents": 150_000_00,
    "arrearage_credits_cents": 50_000_00,
    "administrative_cents": 25_000_00,
    "customer_months": 1_200_050,
    "recovery_cents": 100_000_00,
    "residential_fee_cents": 50,
}


def test_a_year() -> None:
    # Administrative cost: 20,000.00 of 25,000.00. Set aside: 1,200,050 x 0.0013 = 1,560.065 dollars, 1,560.07.
    assert books(**YEAR) == {
        "administrative_counted_cents": 20_000_00,
        "set_aside_hundredths_of_cents": 15_600_650,
        "set_aside_cents": 1_560_07,
        "program_cost_cents": 221_560_07,
        "cost_to_recover_cents": 221_560_07,
        "recovery_cents": 100_000_00,
        "net_cents": -121_560_07,
        "out_of_balance": True,  # half of the cost is 110,780.035
        "filing_due": True,
    }


@pytest.mark.parametrize(
    ("columns", "net", "out", "due"),
    [
        ({"offsets_cents": (-21_560_07,)}, -100_000_00, False, False),  # exactly half of 200,000.00
        ({"offsets_cents": (-21_560_06,)}, -100_000_01, True, True),  # half of 200,000.01 and half a cent
        ({"offsets_cents": (-20_000_00, -1_560_07), "recovery_cents": 300_000_01}, 100_000_01, True, True),
        ({"offsets_cents": (-20_000_00, -1_560_07), "recovery_cents": 300_000_00}, 100_000_00, False, False),
        ({"residential_fee_cents": 1_00}, -121_560_07, True, False),
        ({"residential_fee_cents": 99}, -121_560_07, True, True),
        ({"residential_fee_cents": 80, "other_programs_cents": 20}, -121_560_07, True, False),
        ({"offsets_cents": (-221_560_07,), "recovery_cents": 0}, 0, False, False),
        ({"offsets_cents": (-221_560_07,), "recovery_cents": 1}, 1, True, True),
    ],
)
def test_balance(columns: dict[str, Any], net: int, out: bool, due: bool) -> None:
    found = books(**YEAR | columns)
    assert (found["net_cents"], found["out_of_balance"], found["filing_due"]) == (net, out, due)
    assert found["program_cost_cents"] == 221_560_07


def test_recovery_by_fees() -> None:
    months = [
        {"customers": 1_000, "fee_cents": 70},
        {"customers": 990, "fee_cents": 70},
        {"customers": 12, "fee_cents": 500},
    ]
    assert recovery_by_fees(months) == 700_00 + 693_00 + 60_00


def test_largest_remainder() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(101, [1, 1, 1]) == [34, 34, 33]
    assert allocate(100, [1, 2, 3]) == [17, 33, 50]  # 16.67, 33.33, 50
    assert allocate(10, [26, 35, 39]) == [3, 3, 4]  # 2.6, 3.5, 3.9: the cents go to .9 and .6
    assert allocate(0, [1, 2]) == [0, 0]


CLASSES = [
    {"name": "residential", "revenue_requirement_cents": 60, "customer_months": 100_000},
    {"name": "commercial", "revenue_requirement_cents": 30, "customer_months": 10_000},
    {"name": "industrial", "revenue_requirement_cents": 10, "customer_months": 120},
]


def test_proposed_fees() -> None:
    # 100,000.00 and 20,000.00 that recovery fell short: residential 72,000.00, 0.72 a month; 36,000.00 is 3.60;
    # 12,000.00 over 120 is 100.00.
    assert proposed_fees(CLASSES, -20_000_00, 100_000_00) == {
        "residential": {"allocated_cents": 72_000_00, "fee_cents": 72, "cut_off_cents": 0},
        "commercial": {"allocated_cents": 36_000_00, "fee_cents": 3_60, "cut_off_cents": 0},
        "industrial": {"allocated_cents": 12_000_00, "fee_cents": 100_00, "cut_off_cents": 0},
    }


def test_rounding_of_fees_and_the_ceiling() -> None:
    # 200,000.50: residential 120,000.30, 1.20 a month, at most 1.00 or 0.85; commercial 60,000.15, 6.00; industrial
    # 20,000.05 over 120: 166.667, half up.
    for other, ceiling, cut_off in ((0, 1_00, 20_000_30), (15, 85, 35_000_30), (200, 0, 120_000_30)):
        found = proposed_fees(CLASSES, 0, 200_000_50, other_programs_cents=other)
        assert found["residential"] == {
            "allocated_cents": 120_000_30,
            "fee_cents": ceiling,
            "cut_off_cents": cut_off,
        }
        assert (found["commercial"]["fee_cents"], found["industrial"]["fee_cents"]) == (6_00, 166_67)
        assert highest_residential_fee(other) == ceiling
    # Residential is rounded down (0.599), the others half up (3.005, and 5.00 exactly).
    classes = [
        {"name": "residential", "revenue_requirement_cents": 599, "customer_months": 10},
        {"name": "commercial", "revenue_requirement_cents": 601, "customer_months": 2},
    ]
    found = proposed_fees(classes, 0, 12_00)
    assert [each["fee_cents"] for each in found.values()] == [59, 3_01]


def test_more_recovered_than_the_next_year_costs() -> None:
    found = proposed_fees(CLASSES, 100_000_01, 100_000_00)
    assert [each["fee_cents"] for each in found.values()] == [0, 0, 0]


def test_benefit_charge() -> None:
    table = {date(2021, 10, 1): 50, date(2022, 10, 1): 75}
    days = (date(2021, 9, 30), date(2021, 10, 1), date(2022, 9, 30), date(2022, 10, 1), date(2026, 1, 1))
    assert [benefit_charge(table, day) for day in days] == [None, 50, 50, 75, 75]
    # 75 x 309 / 300 = 77.25; x 306 / 300 = 76.5.
    assert benefit_charge_projection(75, Fraction(309), Fraction(300), "half_up") == 77
    assert benefit_charge_projection(75, Fraction(306), Fraction(300), "half_up") == 77
    assert benefit_charge_projection(75, Fraction(306), Fraction(300), "half_even") == 76


def test_high_use() -> None:
    assert [listed_for_high_use("electric", Fraction(use)) for use in (10_000, 10_001)] == [False, True]
    assert [listed_for_high_use("gas", Fraction(use)) for use in ("600", "600.1")] == [False, True]
