"""Compute simple interest as a difference of prefix sums: two look-ups, one product and one rounded division per row.

`accrual_index` sums rate x share of a year over days once. Interest on an amount over [start, end) is then amount x
(index[end] - index[start]) / denominator, however many rates and years lie between (rule (o): credited interest never
becomes principal). The row gate checks the bounds of days. The kernel works in stripes of rows: look-ups first, then a
loop of products and divisions alone, which the compiler turns into vector instructions (up to twice as fast).
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.calendar import Int32, Int64, differences
from calc.kernels.intmath import floor_divide, round_remainder, rounded_quotient, rounding
from calc.units import FIRST_DAY

STRIPE_ROWS: Final = 2_048
"""Rows per stripe; few enough for the differences to stay in the processor's first-level cache."""


@kernel("int64[], int64[], int64[:]")
def accrual_index(rate_ppm: Int64, weight: Int64, index: Int64) -> None:
    """Fill index[d] = sum over t < d of rate_ppm[t] x weight[t]. Exact.

    Args:
        rate_ppm: Annual rate of each day, ppm, shape (days,).
        weight: Units of a year that each day counts, shape (days,), as in `calendar.day_weights`.
        index: Filled, shape (days + 1,); the first entry is 0.
    """
    total = 0
    index[0] = 0
    for day in range(rate_ppm.size):
        total += int(rate_ppm[day]) * int(weight[day])
        index[day + 1] = total


@inner
def rounded_products(
    amount_cents: Int64, difference: Int64, denominator: int, bias: int, even: bool, cents: Int64
) -> None:
    """Fill each row's `rounded_quotient`; `difference` and `cents` must be two separate columns."""
    for row in range(cents.size):
        cents[row] = rounded_quotient(int(amount_cents[row]), int(difference[row]), denominator, bias, even)


@kernel("int64[], int32[], int32[], int64[], int64, int64, int64, int64, int64[:]")
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


@inner
def events_interest(
    events: tuple[Int32, Int64],
    own: tuple[int, int],
    from_day: int,
    stop: int,
    start_shift: int,
    index: Int64,
    denominator: int,
    bias: int,
    even: bool,
) -> int:
    """Return round(sum of amount x (index[stop] - index[first]) / denominator) over a row's own events, in cents.

    Args:
        events: Day (epoch days) and amount (cents) of all events.
        own: First and one past the last of the row's events.
        from_day: No event earns before this epoch day.
        stop: Epoch day after the last one that earns.
        start_shift: Days from an event to the first day it earns.
        index: Accrual index from FIRST_DAY on.
        denominator: Of the index.
        bias: From `intmath.rounding`.
        even: From `intmath.rounding`.
    """
    event_day, amount_cents = events
    quotient = 0
    remainder = 0
    for event in range(own[0], own[1]):
        place = np.uint64(event)
        first = max(int(event_day[place]) + start_shift, from_day)
        if first < stop:
            difference = int(index[np.uint64(stop - FIRST_DAY)] - index[np.uint64(first - FIRST_DAY)])
            whole, part = floor_divide(int(amount_cents[place]), difference, denominator)
            carry = int(remainder + part >= denominator)
            quotient += whole + carry
            remainder += part - carry * denominator
    return round_remainder(quotient, remainder, denominator, bias, even)


@kernel("int64[], int32[], int64[], int32[], int64[], int32[], int64, int64, int64, int64, boolean, int64[:]")
def interest_over_events(
    offset: Int64,
    event_day: Int32,
    amount_cents: Int64,
    end_day: Int32,
    index: Int64,
    year_start: Int32,
    start_shift: int,
    end_shift: int,
    denominator: int,
    mode: int,
    by_year: bool,
    interest_cents: Int64,
) -> None:
    """Fill interest on dated events: round(sum of amount_k x (index[end] - index[day_k]) / denominator). Rule (o).

    Rounds once per row; with `by_year` each calendar year's part is rounded and the parts are summed (rounding point
    `year`).

    Args:
        offset: Row r owns events offset[r] ... offset[r + 1] - 1, in any order; shape (rows + 1,).
        event_day: Epoch days, shape (events,).
        amount_cents: Cents; receipts are positive, refunds negative.
        end_day: Last date of the period, epoch days, shape (rows,).
        index: Accrual index from FIRST_DAY on.
        year_start: Epoch day of each 1 January, from `calendar.year_starts`.
        start_shift: Days added to an event's day, of `calendar.DAY_ENDS`.
        end_shift: Days added to the end, of `calendar.DAY_ENDS`.
        denominator: Of the index.
        mode: Rounding mode, a value of `intmath.ROUNDING_MODES`.
        by_year: Whether to round each calendar year separately.
        interest_cents: Filled, cents, shape (rows,).
    """
    bias, even = rounding(denominator, mode)
    events = (event_day, amount_cents)
    for row in range(interest_cents.size):
        own = (int(offset[row]), int(offset[row + 1]))
        stop = int(end_day[row]) + end_shift
        if not by_year:
            interest_cents[row] = events_interest(
                events, own, FIRST_DAY, stop, start_shift, index, denominator, bias, even
            )
            continue
        first = stop
        for event in range(own[0], own[1]):
            first = min(first, int(event_day[event]) + start_shift)
        total = 0
        while first < stop:
            part_stop = min(stop, int(year_start[year_place(first, year_start) + 1]))
            total += events_interest(events, own, first, part_stop, start_shift, index, denominator, bias, even)
            first = part_stop
        interest_cents[row] = total
