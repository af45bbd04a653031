"""Compute payment plans, rule 3404(d), (h) (proposed), to the cent, and the days of contributions, rule 3411(d)."""

from typing import Final

import numpy as np

from calc.kernels._jit import kernel
from calc.kernels.arrays import Int64
from calc.kernels.arrearage import fill_shares
from calc.units import PPM

NOT_STATED: Final = -1


@kernel(fills=("least_cents", "down_cents"))
def down_payments(
    due_cents: Int64,
    stated_cents: Int64,
    undercharge_months: Int64,
    share_ppm: int,
    least_cents: Int64,
    down_cents: Int64,
) -> None:
    """Fill the least down payment, a share of what is due rounded up, and the one that is made.

    Args:
        due_cents: What is due, cents, shape (rows,).
        stated_cents: Down payment as stated; NOT_STATED for the least one.
        undercharge_months: Months for which the utility's errors ran, or NOT_STATED: after those none is asked for.
        share_ppm: Least share of what is due, in ppm.
        least_cents: Filled.
        down_cents: Filled.
    """
    for row in range(due_cents.size):
        least = 0
        if undercharge_months[row] == NOT_STATED:
            least = -(-(due_cents[row] * share_ppm) // PPM)
        least_cents[row] = least
        down_cents[row] = least if stated_cents[row] == NOT_STATED else stated_cents[row]


@kernel(fills=("installment_cents",))
def installments(total_cents: Int64, offset: Int64, installment_cents: Int64) -> None:
    """Fill each row's equal monthly installments, the extra cents on the first months.

    Args:
        total_cents: What is left to pay, cents, shape (rows,).
        offset: Where each row's installments begin, shape (rows + 1,).
        installment_cents: Filled, shape (offset[-1],).
    """
    for row in range(total_cents.size):
        fill_shares(int(total_cents[row]), int(offset[row]), int(offset[row + 1]), installment_cents)


@kernel(fills=("payment_cents", "settlement_cents"))
def budget_billing(
    arrears_cents: Int64,
    year_cents: Int64,
    actual_cents: Int64,
    payments: int,
    payment_cents: Int64,
    settlement_cents: Int64,
) -> None:
    """Fill the equal payment and the settlement of the last month, below zero where the customer has a credit.

    Args:
        arrears_cents: Arrears that the plan takes in, cents, shape (rows,).
        year_cents: Last year's billing, adjusted for changes of rates.
        actual_cents: Actual charges of the plan's year; NOT_STATED while they are not known: then the plan's own.
        payments: Number of equal payments before the settlement.
        payment_cents: Filled: the total over all months, rounded down.
        settlement_cents: Filled: arrears and charges less the payments.
    """
    for row in range(arrears_cents.size):
        payment = (arrears_cents[row] + year_cents[row]) // (payments + 1)
        charges = year_cents[row] if actual_cents[row] == NOT_STATED else actual_cents[row]
        payment_cents[row] = payment
        settlement_cents[row] = arrears_cents[row] + charges - payments * payment


def contribution_days(collected_day: Int64, transfer_months: int, report_month: int) -> dict[str, Int64]:
    """Return the days of money collected, as epoch days by name.

    Args:
        collected_day: Epoch days of the collection.
        transfer_months: Whole months from the end of a quarter until the day before which its money is transferred.
        report_month: Month of the next year whose first day is the last for the report.

    Returns:
        First and last day of the quarter, the day before which its money is transferred and the last day for that, and
        the last day for the report of the calendar year.
    """
    month = collected_day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = month - month % 3
    year = month - month % 12

    def start_of(months: Int64) -> Int64:
        return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)

    before = start_of(first + 3 + transfer_months)
    return {
        "quarter_first_date": start_of(first),
        "quarter_last_date": start_of(first + 3) - 1,
        "transfer_before_date": before,
        "transfer_last_date": before - 1,
        "report_date": start_of(year + 12 + report_month - 1),
    }
