"""Compute simple interest as a difference of prefix sums: two look-ups, one product and one rounded division per row.

`accrual_index` sums rate x share of a year over days once. Interest on an amount over [start, end) is then amount x
(index[end] - index[start]) / denominator, however many rates and years lie between (rule (o): credited interest never
becomes principal). The row gate checks the bounds of days. The kernel works in stripes of rows: look-ups first, then a
loop of products and divisions alone, which the compiler turns into vector instructions (up to twice as fast).
"""

from typing import Final, NamedTuple

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Int32, Int64
from calc.kernels.calendar import differences
from calc.kernels.intmath import rounded_quotient, rounding
from calc.units import FIRST_DAY

STRIPE_ROWS: Final = 2_048
"""Rows per stripe; few enough for the differences to stay in the processor's first-level cache."""


def accrual_index(rate_ppm: Int64, weight: Int64, index: Int64) -> None:
    """Fill index[d] = sum over t < d of rate_ppm[t] x weight[t]. Exact.

    No kernel: a table over the days of the calendar, made once a run, is not worth compiling anything for.

    Args:
        rate_ppm: Annual rate of each day, ppm, shape (days,).
        weight: Units of a year that each day counts, shape (days,), as in `calendar.day_weights`.
        index: Filled, shape (days + 1,); the first entry is 0.
    """
    index[0] = 0
    np.cumsum(rate_ppm * weight, out=index[1:])


@inner
def rounded_products(
    amount_cents: Int64, difference: Int64, denominator: int, bias: int, even: bool, cents: Int64
) -> None:
    """Fill each row's `rounded_quotient`; `difference` and `cents` must be two separate columns."""
    for row in range(cents.size):
        cents[row] = rounded_quotient(int(amount_cents[row]), int(difference[row]), denominator, bias, even)


class Accrual(NamedTuple):
    """What interest is computed with: indices from FIRST_DAY on, and what they are read with.

    Attributes:
        rates: Accrual index of the rates, from `accrual_index`.
        points: Accrual index of the six points.
        year_start: Epoch day of each 1 January, from `calendar.year_starts`.
        denominator: Of both indices: ppm x units of a year x scale; even and below 2**61.
        first_day: First epoch day that has a rate.
        stop_day: Epoch day after the last that has a rate.
        start_shift: Days added to the start, of `calendar.DAY_ENDS`, which decides whether it counts.
        end_shift: Days added to the end, likewise.
        mode: Rounding mode, a value of `intmath.ROUNDING_MODES`.
        by_year: Whether each calendar year's part is rounded and the parts are summed (rounding point `year`).
    """

    rates: Int64
    points: Int64
    year_start: Int32
    denominator: int
    first_day: int
    stop_day: int
    start_shift: int
    end_shift: int
    mode: int
    by_year: bool


@kernel(fills=("interest_cents",))
def interest(
    principal_cents: Int64,
    start_day: Int32,
    end_day: Int32,
    index: Int64,
    start_shift: int,
    end_shift: int,
    denominator: int,
    mode: int,
    interest_cents: Int64,
) -> None:
    """Fill round(principal x (index[end] - index[start]) / denominator), rounded once per row. Rule (o).

    Args:
        principal_cents: Principal, cents, shape (rows,).
        start_day: First date of the period, epoch days.
        end_day: Last date of the period, epoch days.
        index: Accrual index from FIRST_DAY on, from `accrual_index`.
        start_shift: Days added to the start, of `calendar.DAY_ENDS`, which decides whether it counts.
        end_shift: Days added to the end, likewise.
        denominator: What the index is a multiple of: ppm x units of a year x scale; even and below 2**61.
        mode: Rounding mode, a value of `intmath.ROUNDING_MODES`.
        interest_cents: Filled, cents; 0 where no day counts.
    """
    bias, even = rounding(denominator, mode)
    difference = np.empty(STRIPE_ROWS, dtype=np.int64)
    for begin in range(0, interest_cents.size, STRIPE_ROWS):
        rows = slice(begin, begin + STRIPE_ROWS)
        cents = interest_cents[rows]
        found = difference[: cents.size]
        differences(start_day[rows], end_day[rows], index, start_shift, end_shift, found)
        rounded_products(principal_cents[rows], found, denominator, bias, even, cents)


@inner
def year_place(day: int, year_start: Int32) -> int:
    """Return the position in `year_start` of the year that holds an epoch day."""
    place = (day - FIRST_DAY) // 366
    while int(year_start[place + 1]) <= day:
        place += 1
    return place
