"""Figures that answer a customer on the telephone: what is paid a month, what a deposit comes to.

Input: a quote's row and its result. Output: cents by name, in the order in which they are said; sums and differences of
results, or a month of twelve. They stand before a page's headline and in no other answer.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

MONTHS: Final = 12
_HELD: Final = frozenset({"active", "waiting"})

Figures = Mapping[str, int]


def none_more(_: Mapping[str, Any], __: Mapping[str, Any]) -> Figures:
    """Return no figure: the headline says it all."""
    return {}


def deposit_with_interest(row: Mapping[str, Any], result: Mapping[str, Any]) -> Figures:
    """Return a deposit together with its interest.

    Args:
        row: The quote's row, with `principal_cents`.
        result: Its result, with `interest_cents`.
    """
    return {"deposit_and_interest_cents": row["principal_cents"] + result["interest_cents"]}


def money_held(_: Mapping[str, Any], result: Mapping[str, Any]) -> Figures:
    """Return principal and interest that is not yet posted, of money that is held and not to be remitted.

    Args:
        result: Its result, with `status`, `principal_cents` and `interest_due_cents`.
    """
    if result["status"] not in _HELD:
        return {}
    return {"amount_and_interest_due_cents": result["principal_cents"] + result["interest_due_cents"]}


def first_installment(_: Mapping[str, Any], result: Mapping[str, Any]) -> Figures:
    """Return the first monthly installment, no smaller than the others.

    Args:
        result: Its result, with the list `installment_cents`.
    """
    installments = result["installment_cents"]
    return {"monthly_installment_cents": installments[0]} if installments else {}


def month_of_the_program(row: Mapping[str, Any], result: Mapping[str, Any]) -> Figures:
    """Return payment and credit of the first month that rests on a household's figures; copayments come in addition.

    A month's payment is its twelfth of the yearly bill less its twelfth of the fixed credit, extra cents first; what a
    LEAP grant covers of the credit is paid by neither.

    Args:
        row: The quote's row, with the bills and `months_remaining`.
        result: Its result, with the yearly amounts and `monthly_credit_cents`.
    """
    new, basis, left = row["full_annual_bill_cents"], row["basis_bill_cents"], row["months_remaining"]
    left = MONTHS if left is None else left
    is_new = basis is None or (result["recalculation_due"] and left > 0)
    bill = new if is_new else basis
    credit = max(0, bill - result["affordable_annual_cents"])
    month = MONTHS - left if is_new and basis is not None else 0
    return {
        "monthly_payment_cents": _first_of_twelve(bill) - _first_of_twelve(credit),
        "month_credit_cents": result["monthly_credit_cents"][month],
    }


def next_bill_of_a_year(_: Mapping[str, Any], result: Mapping[str, Any]) -> Figures:
    """Return payment and credit of the first bill after the as-of date; nothing where the year has no bill left.

    Args:
        result: Its result, with the records `months` and `as_of_date`.
    """
    coming = next((each for each in result["months"] if _is_after(each["bill_date"], result["as_of_date"])), None)
    if coming is None:
        return {}
    return {
        "next_payment_cents": coming["planned_payment_cents"],
        "next_credit_cents": coming["program_credit_cents"],
    }


def _first_of_twelve(total_cents: int) -> int:
    return -(-total_cents // MONTHS)


def _is_after(day: date | str, other: date | str) -> bool:
    return str(day) > str(other)
