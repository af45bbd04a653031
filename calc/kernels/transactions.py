"""Deposits that dated transactions move: what is held day by day, and the interest on it; rule (o), (q)-(s).

Row r owns the events offset[r] ... offset[r + 1] - 1, in the order of their days; what is dated after the as-of day has
not happened. `balances` turns them into what the kernel `unclaimed` takes of a deposit, which then finds status and
dates as for any other; `interest_on_balances` puts the interest on the balance held in place of that on one principal.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.accrual import year_place
from calc.kernels.calendar import Int32, Int64
from calc.kernels.debts import on_what_is_left, undated_debts
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL
from calc.kernels.intmath import round_parts, round_remainder, rounding, with_product
from calc.kernels.unclaimed import ADVANCE, DEPOSIT, EXCLUDED, NOT_RECEIVED, REMITTED, UNCLAIMED, Bool, Int8
from calc.units import CENTS_MAX, FIRST_DAY, NO_DAY

EVENTS_MAX: Final = 2**20
"""Events of one deposit, so that no sum of their amounts passes 64 bits."""
GROSS_MAX: Final = 2**53
"""A day's balance before its refunds, which may earn on the day of payment: `intmath` is proven up to here."""


@kernel(
    "int64[], int32[], int8[], int64[], int64[], int32[], int32[], int32[], int64[], int64[], int64, "
    "int64[:], int32[:], int32[:], int64[:], int64[:], boolean[:], boolean[:], boolean[:]"
)
def balances(
    offset: Int64,
    event_day: Int32,
    event_kind: Int8,
    amount_cents: Int64,
    principal_cents: Int64,
    received_day: Int32,
    paid_day: Int32,
    remitted_day: Int32,
    posted_cents: Int64,
    amounts_owed_cents: Int64,
    as_of: int,
    held_cents: Int64,
    first_day: Int32,
    returned_day: Int32,
    posted_in_all_cents: Int64,
    owed_in_all_cents: Int64,
    moved: Bool,
    negative: Bool,
    beyond: Bool,
) -> None:
    """Principal, day received, day paid, postings and debts of each row on the as-of day, its events summed up; exact.

    Received is the day of the first principal event. Paid is the row's own day or that of the last refund, if nothing
    is held since, whichever is first. The end date is the first of paid, remitted and as-of; principal is the balance
    at its end, or, where that refund is what ends the deposit, the balance before its day: what was paid out. A row
    without principal events keeps its own principal and dates, and `moved` is false. `negative`: a day ends below
    zero; `beyond`: a day's balance or a sum above 10**12 cents, or more than GROSS_MAX or EVENTS_MAX. Where one of
    these two is true, amounts are 0 and `moved` is false.
    """
    for row in range(held_cents.size):
        begin, stop = int(offset[row]), int(offset[row + 1])
        received = NO_DAY
        refunded = NO_DAY
        posted = int(posted_cents[row])
        owed = int(amounts_owed_cents[row])
        balance = 0
        lowest = 0
        highest = 0
        gross = 0
        most = 0
        for event in range(begin, stop):
            day = int(event_day[event])
            if event_kind[event] == PRINCIPAL:
                received = min(received, day)
            if day > as_of:
                continue
            amount = int(amount_cents[event])
            if event_kind[event] == POSTING:
                posted += amount
            elif event_kind[event] == OWED:
                owed += amount
            else:
                balance += amount
                gross += max(0, amount)
                if amount < 0:
                    refunded = day
            if event + 1 == stop or int(event_day[event + 1]) > day:
                lowest = min(lowest, balance)
                highest = max(highest, balance)
                most = max(most, gross)
                gross = balance

        paid = min(int(paid_day[row]), refunded) if balance == 0 else int(paid_day[row])
        last = min(paid, int(remitted_day[row]), as_of)
        if balance == 0 and last == refunded and last < remitted_day[row]:
            last -= 1
        held = 0
        for event in range(begin, stop):
            if event_kind[event] == PRINCIPAL and event_day[event] <= last:
                held += int(amount_cents[event])

        own = received == NO_DAY
        negative[row] = lowest < 0
        beyond[row] = max(highest, posted, owed) > CENTS_MAX or most > GROSS_MAX or stop - begin > EVENTS_MAX
        good = not (negative[row] or beyond[row])
        moved[row] = good and not own
        held_cents[row] = (int(principal_cents[row]) if own else held) if good else 0
        first_day[row] = received_day[row] if own else received
        returned_day[row] = paid
        posted_in_all_cents[row] = posted if good else 0
        owed_in_all_cents[row] = owed if good else 0


@inner
def on_balance(
    events: tuple[Int32, Int8, Int64],
    own: tuple[int, int],
    indices: tuple[Int64, Int64],
    since: int,
    late: int,
    until: int,
    start_shift: int,
    closing: int,
    less: int,
    denominator: int,
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Sums over days of balance x what an index gains, as floor and remainder: for the rates and for the points.

    For the rates over [since, until), for the points over [late, until) with max(0, balance - less) instead. An event
    changes the balance that earns from its day plus `start_shift` on. A refund on the `closing` day, on which the rest
    is paid or remitted, ends there as the rest does: where that day counts, it counts for the refund too.
    """
    event_day, event_kind, amount_cents = events
    rates, points = indices
    base = (0, 0)
    more = (0, 0)
    balance = 0
    event = own[0]
    while since < until:
        stop = until
        while event < own[1]:
            day = int(event_day[event])
            amount = int(amount_cents[event])
            if event_kind[event] == PRINCIPAL and not (day == closing and amount < 0):
                if day + start_shift > since:
                    stop = min(until, day + start_shift)
                    break
                balance += amount
            event += 1
        to = np.uint64(stop - FIRST_DAY)
        difference = int(rates[to] - rates[np.uint64(since - FIRST_DAY)])
        base = with_product(base, balance, difference, denominator)
        if stop > late:
            difference = int(points[to] - points[np.uint64(max(since, late) - FIRST_DAY)])
            more = with_product(more, max(0, balance - less), difference, denominator)
        since = stop
    return base, more


@kernel(
    "int64[], int32[], int8[], int64[], boolean[], int8[], int32[], int32[], int32[], int32[], int32[], int32[], "
    "int8[], boolean[], int64[], int64[], int64[], int64[], int64[], int32[], int64, int64, int64, int64, boolean, "
    "boolean, boolean, boolean, int64[:], int64[:], int64[:], int64[:], int64[:]"
)
def interest_on_balances(
    offset: Int64,
    event_day: Int32,
    event_kind: Int8,
    amount_cents: Int64,
    moved: Bool,
    status: Int8,
    first_day: Int32,
    returned_day: Int32,
    remitted_day: Int32,
    service_ended_day: Int32,
    accrued_days: Int32,
    surcharge_from_day: Int32,
    kind: Int8,
    interest_payable: Bool,
    held_cents: Int64,
    posted_cents: Int64,
    amounts_owed_cents: Int64,
    rates: Int64,
    points: Int64,
    year_start: Int32,
    as_of: int,
    start_shift: int,
    denominator: int,
    mode: int,
    by_year: bool,
    plus_accrued: bool,
    net_of_owed: bool,
    owed_at_service_end: bool,
    base_interest_cents: Int64,
    surcharge_interest_cents: Int64,
    interest_cents: Int64,
    interest_due_cents: Int64,
    remittance_cents: Int64,
) -> None:
    """Interest of each row whose events move what earns, on the balance held day by day; the total rounded once.

    Sum over the earning days of balance x rate, and over those from the surcharge on of balance x six points: floors
    and remainders are added up, then rounded (each calendar year's with `by_year`). `net_of_owed`: the points run on
    what the balance exceeds the debts by; `plus_accrued`: also on the interest of all events up to the surcharge, in
    whole cents. `owed_at_service_end`: a deposit's debts are taken from the balance on the day its service ended, later
    ones on their own day, rule (n), and what is left earns. Status, days and dates are those that `unclaimed` found;
    other rows keep the results that are there.
    """
    bias, even = rounding(denominator, mode)
    events = (event_day, event_kind, amount_cents)
    indices = (rates, points)
    for row in range(interest_cents.size):
        closing = min(int(returned_day[row]), int(remitted_day[row]))
        applied = NO_DAY
        if owed_at_service_end and kind[row] == DEPOSIT and service_ended_day[row] < closing:
            applied = int(service_ended_day[row]) + start_shift
        owing = applied != NO_DAY and amounts_owed_cents[row] > 0
        if not (moved[row] or owing) or status[row] in (NOT_RECEIVED, EXCLUDED):
            continue
        own = (int(offset[row]), int(offset[row + 1]))
        standing = (0, 0)
        if owing:
            undated = undated_debts(events, own, int(amounts_owed_cents[row]), as_of)
            standing = (0 if moved[row] else int(held_cents[row]), undated)
        first = int(first_day[row]) + start_shift
        stop = first + int(accrued_days[row])
        surcharge_first = min(max(first, int(surcharge_from_day[row])), stop)
        if kind[row] == ADVANCE and not interest_payable[row]:
            first = surcharge_first
        less = int(amounts_owed_cents[row]) if net_of_owed else 0
        accrued = 0
        if plus_accrued:
            if owing:
                pair, _ = on_what_is_left(
                    events, own, indices, standing, first, surcharge_first, surcharge_first, start_shift, closing,
                    applied, 0, denominator,
                )  # fmt: skip
            else:
                pair, _ = on_balance(
                    events, own, indices, first, surcharge_first, surcharge_first, start_shift, closing, 0, denominator
                )
            accrued = round_remainder(pair[0], pair[1], denominator, bias, even)

        base = 0
        total = 0
        while first < stop:
            part_stop = stop
            if by_year:
                part_stop = min(stop, int(year_start[year_place(first, year_start) + 1]))
            late = min(max(first, surcharge_first), part_stop)
            if owing:
                pair, more = on_what_is_left(
                    events, own, indices, standing, first, late, part_stop, start_shift, closing, applied, less,
                    denominator,
                )  # fmt: skip
            else:
                pair, more = on_balance(
                    events, own, indices, first, late, part_stop, start_shift, closing, less, denominator
                )
            more = with_product(
                more, accrued, int(points[part_stop - FIRST_DAY] - points[late - FIRST_DAY]), denominator
            )
            base += round_remainder(pair[0], pair[1], denominator, bias, even)
            total += round_parts(pair[0] + more[0], pair[1] + more[1], denominator, bias, even)
            first = part_stop

        net = int(held_cents[row]) + total - int(posted_cents[row]) - int(amounts_owed_cents[row])
        base_interest_cents[row] = base
        surcharge_interest_cents[row] = total - base
        interest_cents[row] = total
        interest_due_cents[row] = total - posted_cents[row]
        remittance_cents[row] = max(0, net) if UNCLAIMED <= status[row] <= REMITTED else 0
