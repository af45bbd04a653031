"""Twin of payment plans and dates of other rules: 3404 (proposed text), 3404(h), 3409(e) (proposed) and 3411(d)."""

from datetime import date, datetime
from typing import Any

from tests.reference.arrearage import OutOfRange, monthly_spread
from tests.reference.calendar import ONE_DAY

LONGEST_PLAN_MONTHS = 12
LATE_RECONNECTION_CENTS_A_DAY = 50_00


def least_down_payment(due_cents: int) -> int:
    """Ten percent of what is due, rounded up to the cent: 3404(d)(II), "at least ten percent"."""
    return -(-due_cents // 10)


def installment_plan(due_cents: int, months: int, down_cents: int | None = None) -> dict[str, Any]:
    """Down payment and equal monthly installments, at most 12, that sum to what is due; extra cents first.

    The down payment is the least one where none is given. Raises OutOfRange.
    """
    least = least_down_payment(due_cents)
    down = least if down_cents is None else down_cents
    if not 1 <= months <= LONGEST_PLAN_MONTHS:
        raise OutOfRange(f"{months} months; a plan has 1 to {LONGEST_PLAN_MONTHS}")
    if not least <= down <= due_cents:
        raise OutOfRange(f"a down payment of {down} cents; it is {least} to {due_cents}")
    return {"down_payment_cents": down, "installment_cents": monthly_spread(due_cents - down, months)}


def undercharge_plan(due_cents: int, error_months: int) -> dict[str, Any]:
    """After undercharges that the utility caused: as many months as the errors ran, no down payment, no interest."""
    if error_months < 1:
        raise OutOfRange(f"errors that ran {error_months} months")
    return {"down_payment_cents": 0, "installment_cents": monthly_spread(due_cents, error_months)}


def budget_billing(
    arrears_cents: int, adjusted_year_cents: int, actual_year_cents: int | None = None
) -> dict[str, Any]:
    """Eleven payments of a twelfth, rounded down, and a settlement, 3404(h).

    total = arrears + last year's billing, adjusted for changes of rates. The settlement is the actual charges of the
    year + arrears - the eleven payments, below zero where the customer has a credit; it is planned from the same
    total until the actual charges are known.
    """
    total = arrears_cents + adjusted_year_cents
    payment = total // 12
    owed = total if actual_year_cents is None else arrears_cents + actual_year_cents
    return {"payment_cents": [payment] * 11, "settlement_cents": owed - 11 * payment}


def late_reconnection_credit(due: datetime, restored: datetime) -> int:
    """50.00 for each day, or part of one, after the date on which service should have been back: 3409(e), proposed."""
    return max(0, (restored.date() - due.date()).days) * LATE_RECONNECTION_CENTS_A_DAY


def contribution_transfer(collected: date) -> dict[str, date]:
    """Quarter in which a contribution was collected and the day before which it is transferred: 3411(d)(I).

    1 May, 1 August, 1 November, 1 February: a month after the quarter's end. ``last_day`` is the day before it.
    """
    first_month = 3 * ((collected.month - 1) // 3) + 1
    next_quarter = date(collected.year + first_month // 10, (first_month + 2) % 12 + 1, 1)
    before = date(next_quarter.year, next_quarter.month + 1, 1)
    return {
        "first": date(collected.year, first_month, 1),
        "last": next_quarter - ONE_DAY,
        "before": before,
        "last_day": before - ONE_DAY,
    }


def contribution_report_due(year: int) -> date:
    """Last day for the report of a calendar year's contributions by month: 3411(d)(II)(A), "by February 1"."""
    return date(year + 1, 2, 1)
