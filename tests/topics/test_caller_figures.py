"""Figures for a caller: each worked out by hand from what the quote says."""

from datetime import date
from typing import Any

import pytest

from calc.topics import caller_figures


def test_a_deposit_with_its_interest() -> None:
    # 200.00 for the whole of 2024 at 4.93 %: 9.86.
    found = caller_figures.deposit_with_interest({"principal_cents": 20_000}, {"interest_cents": 986})
    assert found == {"deposit_and_interest_cents": 20_986}


@pytest.mark.parametrize(("status", "cents"), [("active", 20_400), ("waiting", 20_400), ("overdue", None)])
def test_money_that_is_held(status: str, cents: int | None) -> None:
    """9.86 earned, 5.86 of it posted; what is to be remitted stands in the headline already."""
    result = {"status": status, "principal_cents": 20_000, "interest_due_cents": 400}
    assert caller_figures.money_held({}, result).get("amount_and_interest_due_cents") == cents


def household(**changes: Any) -> dict[str, int]:  # noqa: ANN401 - a row's values
    row = {"full_annual_bill_cents": 180_000, "basis_bill_cents": None, "months_remaining": None}
    result = {"recalculation_due": False, "affordable_annual_cents": 108_000, "monthly_credit_cents": [6_000] * 12}
    row |= {name: value for name, value in changes.items() if name in row}
    result |= {name: value for name, value in changes.items() if name in result}
    return dict(caller_figures.month_of_the_program(row, result))


def test_a_month_of_the_program() -> None:
    # 1,800.00 a year are 150.00 a month; 6 % of 18,000.00 are 1,080.00, so 720.00 or 60.00 a month are credited.
    assert household() == {"monthly_payment_cents": 9_000, "month_credit_cents": 6_000}


def test_the_first_month_takes_the_extra_cents() -> None:
    # 1,800.01: the first twelfth is 150.01, that of the 720.01 credited 60.01.
    shown = household(full_annual_bill_cents=180_001, monthly_credit_cents=[6_001, *[6_000] * 11])
    assert shown == {"monthly_payment_cents": 9_000, "month_credit_cents": 6_001}


def test_a_recalculation_acts_on_the_months_left() -> None:
    # From 1,800.00 to 2,400.00, a third more: 200.00 a month, 1,320.00 a year or 110.00 a month credited.
    changed = {"full_annual_bill_cents": 240_000, "basis_bill_cents": 180_000, "recalculation_due": True}
    schedule = [*[6_000] * 8, *[11_000] * 4]
    shown = household(**changed, months_remaining=4, monthly_credit_cents=schedule)
    assert shown == {"monthly_payment_cents": 9_000, "month_credit_cents": 11_000}
    shown = household(**changed, months_remaining=0)
    assert shown == {"monthly_payment_cents": 9_000, "month_credit_cents": 6_000}


def test_a_smaller_change_leaves_the_basis() -> None:
    # 1,900.00 instead of 1,800.00 is less than a quarter: the bill stays 150.00 a month.
    shown = household(full_annual_bill_cents=190_000, basis_bill_cents=180_000, months_remaining=4)
    assert shown == {"monthly_payment_cents": 9_000, "month_credit_cents": 6_000}


def test_a_bill_below_the_affordable_share_is_paid_whole() -> None:
    shown = household(full_annual_bill_cents=90_000, monthly_credit_cents=[0] * 12)
    assert shown == {"monthly_payment_cents": 7_500, "month_credit_cents": 0}


def test_the_next_bill_of_a_year() -> None:
    months = [
        {"bill_date": date(2026, month, 15), "planned_payment_cents": month, "program_credit_cents": 10 * month}
        for month in range(1, 13)
    ]
    shown = caller_figures.next_bill_of_a_year({}, {"months": months, "as_of_date": date(2026, 9, 15)})
    assert shown == {"next_payment_cents": 10, "next_credit_cents": 100}
    assert caller_figures.next_bill_of_a_year({}, {"months": months, "as_of_date": date(2026, 12, 15)}) == {}


def test_installments() -> None:
    assert caller_figures.first_installment({}, {"installment_cents": [7_201, 7_200]}) == {
        "monthly_installment_cents": 7_201
    }
    assert caller_figures.first_installment({}, {"installment_cents": []}) == {}
