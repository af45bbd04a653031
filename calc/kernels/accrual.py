"""Simple interest as a difference of prefix sums: two look-ups, one product, one rounded division a row.

`accrual_index` sums rate x share of a year over days once; interest on an amount over [start, end) is then amount x
(index[end] - index[start]) / denominator, however many rates and years lie between (rule (o): credited interest never
becomes principal). Days are bounded by the gate. The kernel goes by stripes of rows: look-ups first, then a loop of
products and divisions alone, which the compiler turns into vector instructions (up to twice as fast).
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.calendar import Int32, Int64, differences
from calc.kernels.intmath import floor_divide, round_remainder, rounded_quotient, rounding
from calc.units import FIRST_DAY

STRIPE_ROWS: Final = 2_048
"""Few enough for the differences to stay in the processor's first cache."""


@kernel("int64[], int64[], int64[:]")
def accrual_index(rate_ppm: Int64, weight: Int64, index: Int64) -> None:
    """Index[d] = sum over t < d of rate_ppm[t] x weight[t]; one entry more than there are days, the first 0."""
    total = 0
    index[0] = 0
    for day in range(rate_ppm.size):
        total += int(rate_ppm[day]) * int(weight[day])
        index[day + 1] = total


@inner
def rounded_products(
    amount_cents: Int64, difference: Int64, denominator: int, bias: int, even: bool, cents: Int64
) -> None:
    """`rounded_quotient` of each row; `difference` and `cents` are two columns."""
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
    """round(principal x (index[end] - index[start]) / denominator), once a row; 0 where no day counts. Rule (o)."""
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
    """Place in `year_start` of the year that holds an epoch day."""
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
    """round(sum of amount x (index[stop] - index[first])) over a row's own events, none counted before `from_day`."""
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
    """Interest on dated events: round(sum over k of amount_k x (index[end] - index[day_k]) / denominator), once a row.

    Row r owns the events offset[r] ... offset[r + 1] - 1, in any order; receipts are positive, refunds negative. With
    `by_year` each calendar year's part is rounded and the parts are summed (rounding point `year`).
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
