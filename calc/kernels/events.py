"""Compute interest on dated events: receipts and refunds, each earning from its own day to its row's end; rule (o).

Interest of a row is round(sum of amount_k x (index[end] - index[day_k]) / denominator), with the accrual index of
`calc.kernels.accrual`. Rows own between one and many events. A loop over a row's own events ends at a place that the
processor cannot predict, which costs more than the work; so the kernel takes stripes of events instead: look-ups for
all events, products for all events, prefix sums of those, and differences of the prefix sums at the rows' bounds.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.accrual import year_place
from calc.kernels.arrays import Int32, Int64
from calc.kernels.intmath import estimated_parts, floor_divide, round_parts, round_remainder, rounding
from calc.units import FIRST_DAY

STRIPE_ROWS: Final = 256
"""Most rows of a stripe; few enough for its columns to stay in the processor's first-level cache."""
STRIPE_EVENTS: Final = 4_096
"""Most events of a stripe. A row with more is computed by itself."""
STRIPE_DENOMINATOR_MAX: Final = 2**49
"""Largest denominator for which the remainders of a stripe's events add up within 64 bits."""


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


@inner
def event_differences(
    own: tuple[Int64, Int32, Int32], index: Int64, start_shift: int, end_shift: int, difference: Int64
) -> None:
    """Fill each event's index[end of its row] - index[its day]; 0 where it comes after the end.

    The ends are spread over the events as a prefix sum of their changes from row to row.

    Args:
        own: Where each row's events begin, shape (rows + 1,); the last date of each row's period, epoch days, shape
            (rows,); the epoch day of each event from offset[0] on, shape (events,).
        index: Accrual index from FIRST_DAY on.
        start_shift: Days from an event to the first day it earns.
        end_shift: Days added to the end.
        difference: Filled, shape (events + 1,); the last entry says nothing.
    """
    offset, end_day, event_day = own
    difference[:] = 0
    before = 0
    for row in range(end_day.size):
        stop = int(end_day[row]) + end_shift - FIRST_DAY
        difference[np.uint64(offset[row] - offset[0])] += stop - before
        before = stop
    stop = 0
    for event in range(event_day.size):
        stop += int(difference[event])
        first = min(max(int(event_day[event]) + start_shift - FIRST_DAY, 0), stop)
        difference[event] = index[np.uint64(stop)] - index[np.uint64(first)]


@inner
def parts_by_event(amount_cents: Int64, difference: Int64, denominator: int, quotient: Int64, remainder: Int64) -> None:
    """Fill each event's `estimated_parts`; all columns must be separate."""
    for event in range(quotient.size):
        whole, part = estimated_parts(int(amount_cents[event]), int(difference[event]), denominator)
        quotient[event] = whole
        remainder[event] = part


@inner
def parts_by_row(offset: Int64, column: Int64, by_row: Int64) -> None:
    """Fill the sum of each row's own entries of a column, which becomes its prefix sum.

    Args:
        offset: Where each row's entries begin, shape (rows + 1,).
        column: Entry 0 is 0 and entry k + 1 is that of event offset[0] + k.
        by_row: Filled, shape (rows,).
    """
    total = 0
    for event in range(1, column.size):
        total += int(column[event])
        column[event] = total
    for row in range(by_row.size):
        stop, begin = np.uint64(offset[row + 1] - offset[0]), np.uint64(offset[row] - offset[0])
        by_row[row] = column[stop] - column[begin]


@inner
def rounded_parts(quotient: Int64, remainder: Int64, denominator: int, bias: int, even: bool, cents: Int64) -> None:
    """Fill each row's `round_parts`; all columns must be separate."""
    for row in range(cents.size):
        cents[row] = round_parts(int(quotient[row]), int(remainder[row]), denominator, bias, even)


@inner
def rows_of_stripe(offset: Int64, row: int) -> int:
    """Return how many rows from `row` on have at most STRIPE_EVENTS events in all; at least 1, whatever it has."""
    rows = min(STRIPE_ROWS, offset.size - 1 - row)
    while rows > 1 and int(offset[row + rows] - offset[row]) > STRIPE_EVENTS:
        rows //= 2
    return rows


@inner
def row_interest(
    events: tuple[Int32, Int64],
    own: tuple[int, int],
    stop: int,
    start_shift: int,
    index: Int64,
    year_start: Int32,
    by_year: bool,
    denominator: int,
    bias: int,
    even: bool,
) -> int:
    """Return one row's interest in cents, however many events it has; with `by_year` rounded for each calendar year.

    Arguments are those of `events_interest` and `interest_over_events`.
    """
    if not by_year:
        return events_interest(events, own, FIRST_DAY, stop, start_shift, index, denominator, bias, even)
    first = stop
    for event in range(own[0], own[1]):
        first = min(first, int(events[0][event]) + start_shift)
    total = 0
    while first < stop:
        part_stop = min(stop, int(year_start[year_place(first, year_start) + 1]))
        total += events_interest(events, own, first, part_stop, start_shift, index, denominator, bias, even)
        first = part_stop
    return total


@kernel(fills=("interest_cents",))
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
    in_stripes = not by_year and denominator <= STRIPE_DENOMINATOR_MAX
    difference = np.empty(STRIPE_EVENTS + 1, dtype=np.int64)
    quotient = np.zeros(STRIPE_EVENTS + 1, dtype=np.int64)
    remainder = np.zeros(STRIPE_EVENTS + 1, dtype=np.int64)
    by_row = np.empty((2, STRIPE_ROWS), dtype=np.int64)
    row = 0
    while row < interest_cents.size:
        rows = rows_of_stripe(offset, row)
        begin, stop = int(offset[row]), int(offset[row + rows])
        count = stop - begin
        if not in_stripes or count > STRIPE_EVENTS:
            interest_cents[row] = row_interest(
                (event_day, amount_cents), (begin, int(offset[row + 1])), int(end_day[row]) + end_shift, start_shift,
                index, year_start, by_year, denominator, bias, even,
            )  # fmt: skip
            row += 1
            continue
        own = slice(row, row + rows)
        bounds = offset[row : row + rows + 1]
        cents = interest_cents[own]
        event_differences(
            (bounds, end_day[own], event_day[begin:stop]), index, start_shift, end_shift, difference[: count + 1]
        )
        parts_by_event(
            amount_cents[begin:stop], difference[:count], denominator, quotient[1 : count + 1],
            remainder[1 : count + 1],
        )  # fmt: skip
        parts_by_row(bounds, quotient[: count + 1], by_row[0][:rows])
        parts_by_row(bounds, remainder[: count + 1], by_row[1][:rows])
        rounded_parts(by_row[0][:rows], by_row[1][:rows], denominator, bias, even, cents)
        row += rows
