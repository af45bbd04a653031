"""Spread arrearage credits over months so that what a grant left comes to exactly zero; rules 3412, 4412 (e)(VII)."""

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Int64


@inner
def spread(total_cents: int, months: int, month: int) -> int:
    """Return one month's share (cents) of a total spread to the cent; the first months take the extra cents.

    Args:
        total_cents: Total, at least 0.
        months: Number of months.
        month: 0, 1, ... months - 1.
    """
    return total_cents // months + int(month < total_cents % months)


@inner
def fill_shares(total_cents: int, begin: int, stop: int, cents: Int64) -> None:
    """Fill entries begin ... stop - 1 of a column with the total `spread` over them."""
    if begin == stop:
        return
    equal = total_cents // (stop - begin)
    extra_stop = begin + total_cents - equal * (stop - begin)
    for place in range(begin, stop):
        cents[np.uint64(place)] = equal + int(place < extra_stop)


@kernel(fills=("offset",))
def schedule_offsets(left_cents: Int64, months: Int64, offset: Int64) -> None:
    """Fill where each row's schedule begins, and one entry more; rows with nothing left have no entries.

    Args:
        left_cents: Arrearage left after the grant, cents, shape (rows,).
        months: Length of each row's schedule.
        offset: Filled, shape (rows + 1,).
    """
    offset[0] = 0
    for row in range(left_cents.size):
        offset[row + 1] = int(months[row]) * int(left_cents[row] > 0)
    for row in range(left_cents.size):
        offset[row + 1] += offset[row]


@kernel(fills=("credit_cents",))
def arrearage_schedule(left_cents: Int64, copayment_cents: Int64, offset: Int64, credit_cents: Int64) -> None:
    """Fill credits = (left - copayments, cut to what is left) spread over n months to the cent, extra cents first.

    Args:
        left_cents: Arrearage left after the grant, cents, shape (rows,).
        copayment_cents: Copayments in all, cents.
        offset: From `schedule_offsets`.
        credit_cents: Filled, cents, shape (offset[-1],).
    """
    for row in range(left_cents.size):
        credits_total = max(0, int(left_cents[row]) - int(copayment_cents[row]))
        fill_shares(credits_total, int(offset[row]), int(offset[row + 1]), credit_cents)
