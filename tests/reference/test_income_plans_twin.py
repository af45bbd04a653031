"""The twin of other states' percentage-of-income programs against results by hand."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.reference.income_plans import (
    NEW_JERSEY,
    OHIO,
    VIRGINIA,
    Program,
    drawn,
    months_of,
    nevada,
    payment_and_credit,
)


def _month(bill: int, income: int | Fraction, **columns: object) -> dict[str, Any]:
    return {"bill_cents": bill, "income_cents": income, **columns}


def _columns(found: list[dict[str, Any]], *names: str) -> list[tuple[int, ...]]:
    return [tuple(month[f"{name}_cents"] for name in names) for month in found]


def test_the_case_of_virginia() -> None:
    # Ten percent of 1,000.00; 300.00 less 100.00; a twelfth of 1,200.00.
    assert months_of(VIRGINIA, [_month(300_00, 1_000_00)], debt_cents=1_200_00, electric_heat=True) == [
        {
            "month": 1,
            "need_cents": 300_00,
            "payment_due_cents": 100_00,
            "paid_cents": 100_00,
            "credit_cents": 200_00,
            "debt_credit_cents": 100_00,
            "debt_left_cents": 1_100_00,
            "unpaid_cents": 0,
            "to_account_cents": 0,
        }
    ]


@pytest.mark.parametrize(
    ("program", "electric_heat", "bill", "income", "payment"),
    [
        (VIRGINIA, False, 300_00, 1_000_00, 60_00),
        (VIRGINIA, False, 59_99, 1_000_00, 59_99),  # never more than the bill
        (VIRGINIA, False, 300_00, 0, 0),
        (OHIO, False, 120_00, 1_500_00, 75_00),
        (OHIO, True, 320_00, 1_500_00, 150_00),
        (OHIO, False, 120_00, 200_00, 10_00),
        (OHIO, False, 120_00, 200_20, 10_01),
        (OHIO, False, 120_00, 200_19, 10_00),  # 10.0095, rounded down
        (OHIO, True, 120_00, 99_99, 10_00),
        (OHIO, False, 120_00, 0, 10_00),
        (OHIO, False, 7_00, 0, 7_00),
        (NEW_JERSEY, False, 75_00, 1_500_00, 30_00),
        (NEW_JERSEY, True, 75_00, 1_500_00, 60_00),
        (NEW_JERSEY, False, 36_00, 1_500_00, 30_00),
        (NEW_JERSEY, False, 33_00, 1_500_00, 28_00),  # a credit of 3.00 is raised to 5.00
        (NEW_JERSEY, False, 30_01, 1_500_00, 25_01),
        (NEW_JERSEY, False, 30_00, 1_500_00, 30_00),  # no credit, so nothing is raised
        (NEW_JERSEY, False, 3_00, 0, 0),  # nor beyond the bill
        (NEW_JERSEY, False, 210_00, 1_500_00, 30_00),
        (NEW_JERSEY, False, 210_01, 1_500_00, 30_01),  # 180.00 at most
        (NEW_JERSEY, False, 400_00, 1_500_00, 220_00),
        (replace(VIRGINIA, payment_cap_cents=50_00), False, 300_00, 1_000_00, 50_00),
    ],
)
def test_payment_and_credit(program: Program, electric_heat: bool, bill: int, income: int, payment: int) -> None:
    assert payment_and_credit(program, bill, income, electric_heat=electric_heat) == (payment, bill - payment)


def test_a_twelfth_of_a_years_income_is_not_rounded_by_itself() -> None:
    # Six percent of 10,000.00 / 12 is 50.00; of 833.33 it would be 49.99.
    assert payment_and_credit(VIRGINIA, 300_00, Fraction(10_000_00, 12)) == (50_00, 250_00)
    assert payment_and_credit(VIRGINIA, 300_00, 833_33) == (49_99, 250_01)


def test_the_income_of_each_month_counts() -> None:
    found = months_of(OHIO, [_month(100_00, 1_200_00), _month(100_00, 0), _month(100_00, 3_000_00)])
    assert _columns(found, "payment_due", "credit") == [(60_00, 40_00), (10_00, 90_00), (100_00, 0)]


def test_ohio_credits_when_paid_whole_and_on_time() -> None:
    # 240.10 of debt in 24 parts: ten of 10.01, then 10.00. Due each month: 5 % of 1,000.00.
    months = [
        _month(120_00, 1_000_00),
        _month(120_00, 1_000_00, paid_cents=0),
        _month(120_00, 1_000_00, paid_cents=49_99),
        _month(120_00, 1_000_00, on_time=False),
        _month(120_00, 1_000_00, paid_cents=120_00),  # 70.00 more than is due go to what is unpaid
        _month(120_00, 1_000_00),
    ]
    found = months_of(OHIO, months, debt_cents=240_10)
    names = ("payment_due", "paid", "credit", "debt_credit", "debt_left", "unpaid")
    assert _columns(found, *names) == [
        (50_00, 50_00, 70_00, 10_01, 230_09, 0),
        (50_00, 0, 0, 0, 230_09, 120_00),
        (50_00, 49_99, 0, 0, 230_09, 190_01),
        (50_00, 50_00, 0, 0, 230_09, 260_01),
        (50_00, 120_00, 70_00, 10_01, 220_08, 190_01),
        (50_00, 50_00, 70_00, 10_01, 210_07, 190_01),
    ]


def test_old_debt_is_gone_after_as_many_payments_as_parts() -> None:
    # 24 parts: 26 months with two missed ones.
    months = [_month(120_00, 1_000_00, paid_cents=0 if number in {3, 9} else None) for number in range(1, 29)]
    found = months_of(OHIO, months, debt_cents=240_10)
    credits_given = [month["debt_credit_cents"] for month in found]
    assert (credits_given[2], credits_given[8], credits_given[26:]) == (0, 0, [0, 0])
    assert sorted(credits_given[:26]) == [0] * 2 + [10_00] * 14 + [10_01] * 10
    assert [month["debt_left_cents"] for month in found][24:] == [10_00, 0, 0, 0]


def test_virginia_credits_debt_with_each_payment_and_the_bill_always() -> None:
    # 1,000.00 in twelfths: four of 83.34, then 83.33. Six percent of 1,000.00 are due.
    months = [
        _month(300_00, 1_000_00),
        _month(300_00, 1_000_00, paid_cents=20_00),
        _month(300_00, 1_000_00, on_time=False),
        *[_month(300_00, 1_000_00)] * 3,
    ]
    found = months_of(VIRGINIA, months, debt_cents=1_000_00)
    assert _columns(found, "credit", "debt_credit", "debt_left", "unpaid") == [
        (240_00, 83_34, 916_66, 0),
        (240_00, 0, 916_66, 40_00),
        (240_00, 83_34, 833_32, 40_00),
        (240_00, 83_34, 749_98, 40_00),
        (240_00, 83_34, 666_64, 40_00),
        (240_00, 83_33, 583_31, 40_00),
    ]


def test_new_jersey_reckons_after_liheap() -> None:
    months = [
        _month(95_00, 1_500_00, liheap_cents=20_00),  # 75.00 - 30.00
        _month(95_00, 1_500_00, liheap_cents=62_00),  # 33.00 - 30.00 = 3.00, raised
        _month(95_00, 1_500_00, liheap_cents=65_00),
        _month(95_00, 1_500_00, liheap_cents=100_00),
        _month(95_00, 1_500_00),
    ]
    found = months_of(NEW_JERSEY, months, debt_cents=50_00)
    assert _columns(found, "need", "payment_due", "credit", "to_account") == [
        (75_00, 30_00, 45_00, 0),
        (33_00, 28_00, 5_00, 0),
        (30_00, 30_00, 0, 0),
        (0, 0, 0, 5_00),
        (95_00, 30_00, 65_00, 0),
    ]
    assert _columns(found, "debt_credit", "debt_left") == [(0, 50_00)] * 5  # the program leaves old debt alone


def test_where_it_does_not_count_liheap_goes_to_the_account() -> None:
    found = months_of(VIRGINIA, [_month(300_00, 1_000_00, liheap_cents=80_00)])
    assert _columns(found, "need", "payment_due", "credit", "to_account") == [(300_00, 60_00, 240_00, 80_00)]


def test_nevadas_credit_of_a_year() -> None:
    # 1,500.00 - 2.73 % of 12,345.67, which is 337.036791.
    payment, credit = payment_and_credit(nevada(27_300), 1_500_00, 12_345_67)
    assert (payment, credit) == (337_03, 1_162_97)
    assert payment_and_credit(nevada(27_300), 300_00, 12_345_67) == (300_00, 0)
    # Bills of 300.00: three and 262.97 of the fourth.
    assert drawn(credit, [300_00] * 5) == ([300_00, 300_00, 300_00, 262_97, 0], 0)
    assert drawn(credit, [300_00] * 3) == ([300_00] * 3, 262_97)


def test_every_cent_is_somewhere() -> None:
    months = [
        _month(50_00 + 37_11 * (n % 7), 311_13 * (n % 5), liheap_cents=9_99 * (n % 3), on_time=n % 4 != 1)
        | {"paid_cents": None if n % 6 else 7_77}
        for n in range(40)
    ]
    for program in (OHIO, VIRGINIA, NEW_JERSEY, nevada(30_000)):
        found = months_of(program, months, debt_cents=777_77)
        total = {name: sum(month[name] for month in found) for name in ("need_cents", "credit_cents", "paid_cents")}
        assert total["need_cents"] == total["credit_cents"] + total["paid_cents"] + found[-1]["unpaid_cents"]
        assert sum(month["debt_credit_cents"] for month in found) + found[-1]["debt_left_cents"] == 777_77


@pytest.mark.parametrize("terms", [{"bill_credit_on": "other"}, {"debt_credit_on": "other"}])
def test_unknown_words_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        months_of(replace(OHIO, **terms), [_month(1, 1)], debt_cents=1)
