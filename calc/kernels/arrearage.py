"""Arrearage credits, rules 3412 and 4412 (e)(VII): a schedule that brings what a grant left to exactly zero."""

from calc.kernels._jit import inner, kernel
from calc.kernels.calendar import Int64


@inner
def spread(total_cents: int, months: int, month: int) -> int:
    """Share of month 0, 1, ... when a total is spread to the cent, the extra cents on the first months."""
    return total_cents // months + int(month < total_cents % months)


@kernel("int64[], int64[], int64[:]")
def schedule_offsets(left_cents: Int64, months: Int64, offset: Int64) -> None:
    """Where each row's schedule begins, and one entry more: rows with nothing left have no entries."""
    offset[0] = 0
    for row in range(left_cents.size):
        offset[row + 1] = int(months[row]) * int(left_cents[row] > 0)
    for row in range(left_cents.size):
        offset[row + 1] += offset[row]


@kernel("int64[], int64[], int64[], int64[:]")
def arrearage_schedule(left_cents: Int64, copayment_cents: Int64, offset: Int64, credit_cents: Int64) -> None:
    """Credits = (left - copayments, cut to what is left) over n months, to the cent, extra cents first."""
    for row in range(left_cents.size):
        begin = offset[row]
        months = offset[row + 1] - begin
        credits_total = max(0, left_cents[row] - copayment_cents[row])
        for month in range(months):
            credit_cents[begin + month] = spread(credits_total, months, month)
