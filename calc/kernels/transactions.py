"""Compute balances and interest of deposits with dated transactions, day by day; rule (o), (q)-(s).

Row r owns the events offset[r] ... offset[r + 1] - 1, in order of their days; events dated after the as-of day have not
happened. `balances` turns them into the inputs that the kernel `unclaimed` takes, which then determines status and
dates as for any other deposit; `interest_on_balances` replaces the interest on a single principal by the interest on
the balance held.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int8, Int32, Int64
from calc.kernels.balance_interest import REMAINDERS_MAX, by_day, on_changes, undated_debts
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL
from calc.kernels.intmath import round_parts, rounding, where
from calc.kernels.unclaimed import ADVANCE, DEPOSIT, EXCLUDED, NOT_RECEIVED, REMITTED, UNCLAIMED
from calc.units import CENTS_MAX, NO_DAY

EVENTS_MAX: Final = 2**20
"""Most events of one deposit, so that no sum of their amounts exceeds 64 bits."""
GROSS_MAX: Final = 2**53
"""Largest day's balance before its refunds, cents; it may earn on the day of payment. `intmath` is proven to here."""


@inner
def day_ends_refused(events: tuple[Int32, Int8, Int64], own: tuple[int, int], as_of: int) -> tuple[bool, bool]:
    """Tell whether a day ends below zero, and whether one ends above 10**12 cents or exceeds GROSS_MAX on the way.

    Args:
        events: Day (epoch days), kind and amount (cents) of all events, by day.
        own: First and one past the last of the row's events.
        as_of: Epoch day; later events have not happened.
    """
    event_day, event_kind, amount_cents = events
    balance = 0
    lowest = 0
    highest = 0
    gross = 0
    most = 0
    for event in range(own[0], own[1]):
        if event_day[event] > as_of:
            break
        if event_kind[event] == PRINCIPAL:
            balance += int(amount_cents[event])
            gross += max(0, int(amount_cents[event]))
        if event + 1 == own[1] or event_day[event + 1] > event_day[event]:
            lowest = min(lowest, balance)
            highest = max(highest, balance)
            most = max(most, gross)
            gross = balance
    return lowest < 0, highest > CENTS_MAX or most > GROSS_MAX


@kernel(
    fills=(
        "held_cents",
        "first_day",
        "returned_day",
        "posted_in_all_cents",
        "owed_in_all_cents",
        "moved",
        "negative",
        "beyond",
    )
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
    """Fill principal, days received and paid, postings and debts of each row on the as-of day from its events; exact.

    Received is the day of the first principal event. Paid is the row's own day or, if nothing has been held since, that
    of the last refund, whichever is first. The end date is the first of paid, remitted and as-of. Principal is the
    balance on the end date or, where that refund is what ends the deposit, the balance before its day: what was paid
    out. A row without principal events keeps its own principal and dates.

    Args:
        offset: Row r owns events offset[r] ... offset[r + 1] - 1, by day; shape (rows + 1,).
        event_day: Epoch days, shape (events,).
        event_kind: PRINCIPAL, POSTING or OWED.
        amount_cents: Cents; refunds are negative.
        principal_cents: The row's own principal, cents, shape (rows,).
        received_day: The row's own day received, epoch days.
        paid_day: The row's own day paid, or NO_DAY.
        remitted_day: Day remitted, or NO_DAY.
        posted_cents: The row's own postings, cents.
        amounts_owed_cents: The row's own debts, cents.
        as_of: Epoch day.
        held_cents: Filled: principal.
        first_day: Filled: day received.
        returned_day: Filled: day paid, or NO_DAY.
        posted_in_all_cents: Filled: postings, the row's and its events'.
        owed_in_all_cents: Filled: debts, the row's and its events'.
        moved: Filled: whether principal events replaced the row's own; false for refused rows.
        negative: Filled: whether a day ends below zero. Amounts are 0 then.
        beyond: Filled: whether a day's balance or a sum is above 10**12 cents, or exceeds GROSS_MAX or EVENTS_MAX.
            Amounts are 0 then.
    """
    events = (event_day, event_kind, amount_cents)
    for row in range(held_cents.size):
        begin, stop = int(offset[row]), int(offset[row + 1])
        remitted = int(remitted_day[row])
        own_paid = int(paid_day[row])
        end = min(own_paid, remitted, as_of)
        received = NO_DAY
        refunded = NO_DAY
        posted = int(posted_cents[row])
        owed = int(amounts_owed_cents[row])
        balance = 0
        lowest = 0
        receipts = 0
        at_end = 0
        opening = 0
        before_refund = 0
        previous = NO_DAY
        for event in range(begin, stop):
            place = np.uint64(event)
            day = int(event_day[place])
            is_principal = event_kind[place] == PRINCIPAL
            received = min(received, day if is_principal else NO_DAY)
            opening = opening if day == previous else balance
            previous = day
            amount = where(day <= as_of, int(amount_cents[place]))
            posted += where(event_kind[place] == POSTING, amount)
            owed += where(event_kind[place] == OWED, amount)
            change = where(is_principal, amount)
            balance += change
            lowest = min(lowest, balance)
            receipts += max(0, change)
            at_end += where(day <= end, change)
            refunded = day if change < 0 else refunded
            before_refund = opening if change < 0 else before_refund

        is_negative = False
        is_beyond = max(posted, owed) > CENTS_MAX or stop - begin > EVENTS_MAX
        if lowest < 0 or receipts > CENTS_MAX:
            is_negative, too_high = day_ends_refused(events, (begin, stop), as_of)
            is_beyond |= too_high
        good = not (is_negative | is_beyond)
        own = received == NO_DAY
        emptied = balance == 0
        paid_out = emptied & (refunded <= end) & (refunded < remitted)
        negative[row] = is_negative
        beyond[row] = is_beyond
        moved[row] = good & (not own)
        held = where(own, int(principal_cents[row])) + where(not own, before_refund if paid_out else at_end)
        held_cents[row] = where(good, held)
        first_day[row] = received_day[row] if own else received
        returned_day[row] = min(own_paid, refunded if emptied else NO_DAY)
        posted_in_all_cents[row] = where(good, posted)
        owed_in_all_cents[row] = where(good, owed)


@kernel(
    fills=(
        "base_interest_cents",
        "surcharge_interest_cents",
        "interest_cents",
        "interest_due_cents",
        "remittance_cents",
    )
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
    """Fill the interest of each row whose events change what earns, on the balance held day by day; rule (o), (q)-(s).

    Interest is the sum over earning days of balance x rate, plus from the surcharge on of balance x six points. Floors
    and remainders are added up and the total is rounded once (with `by_year`, once per calendar year). Other rows keep
    their results.

    Args:
        offset: Row r owns events offset[r] ... offset[r + 1] - 1, by day; shape (rows + 1,).
        event_day: Epoch days, shape (events,).
        event_kind: PRINCIPAL, POSTING or OWED.
        amount_cents: Cents; refunds are negative.
        moved: From `balances`, shape (rows,).
        status: From `unclaimed`.
        first_day: Day received, from `balances`.
        returned_day: Day paid, from `balances`.
        remitted_day: Day remitted, or NO_DAY.
        service_ended_day: Day service ended, or NO_DAY.
        accrued_days: From `unclaimed`.
        surcharge_from_day: From `unclaimed`.
        kind: Code of `unclaimed.KINDS`.
        interest_payable: Whether interest is payable on an advance.
        held_cents: Principal, from `balances`.
        posted_cents: Postings in all, cents.
        amounts_owed_cents: Debts in all, cents.
        rates: Accrual index of the rates, from FIRST_DAY on.
        points: Accrual index of the six points, from FIRST_DAY on.
        year_start: Epoch day of each 1 January, from `calendar.year_starts`.
        as_of: Epoch day.
        start_shift: Days added to the start, of `calendar.DAY_ENDS`.
        denominator: Of both indices.
        mode: Rounding mode, a value of `intmath.ROUNDING_MODES`.
        by_year: Whether to round each calendar year separately.
        plus_accrued: Whether the points also run on the interest of all events up to the surcharge, rounded to whole
            cents.
        net_of_owed: Whether the points run only on the balance above the debts.
        owed_at_service_end: Whether a deposit's debts are taken from the balance on the day service ended, later ones
            on their own day, rule (n), so that only what is left earns.
        base_interest_cents: Filled.
        surcharge_interest_cents: Filled: total less base.
        interest_cents: Filled: total.
        interest_due_cents: Filled: total less postings; negative where more was posted.
        remittance_cents: Filled: max(0, principal + total - postings - debts) for unclaimed, overdue and remitted rows,
            else 0.
    """
    bias, even = rounding(denominator, mode)
    events = (event_day, event_kind, amount_cents)
    indices = (rates, points)
    by_change = not (by_year or plus_accrued or net_of_owed or owed_at_service_end)
    events_most = REMAINDERS_MAX // denominator
    for row in range(interest_cents.size):
        closing = min(int(returned_day[row]), int(remitted_day[row]))
        applied = NO_DAY
        if owed_at_service_end and kind[row] == DEPOSIT and service_ended_day[row] < closing:
            applied = int(service_ended_day[row]) + start_shift
        owing = applied != NO_DAY and amounts_owed_cents[row] > 0
        if not (moved[row] or owing) or status[row] in (NOT_RECEIVED, EXCLUDED):
            continue
        own = (int(offset[row]), int(offset[row + 1]))
        first = int(first_day[row]) + start_shift
        stop = first + int(accrued_days[row])
        surcharge_first = min(max(first, int(surcharge_from_day[row])), stop)
        if kind[row] == ADVANCE and not interest_payable[row]:
            first = surcharge_first
        if by_change and own[1] - own[0] <= events_most:
            pair, more = on_changes(
                events, own, indices, first, surcharge_first, stop, start_shift, closing, denominator
            )
            base = round_parts(pair[0], pair[1], denominator, bias, even)
            total = round_parts(pair[0] + more[0], pair[1] + more[1], denominator, bias, even)
        else:
            standing = (0, 0)
            if owing:
                undated = undated_debts(events, own, int(amounts_owed_cents[row]), as_of)
                standing = (0 if moved[row] else int(held_cents[row]), undated)
            base, total = by_day(
                events, own, indices, standing, (first, surcharge_first, stop), start_shift, closing,
                applied if owing else NO_DAY, int(amounts_owed_cents[row]) if net_of_owed else 0, year_start, by_year,
                plus_accrued, denominator, bias, even,
            )  # fmt: skip

        net = int(held_cents[row]) + total - int(posted_cents[row]) - int(amounts_owed_cents[row])
        base_interest_cents[row] = base
        surcharge_interest_cents[row] = total - base
        interest_cents[row] = total
        interest_due_cents[row] = total - posted_cents[row]
        remittance_cents[row] = where((status[row] >= UNCLAIMED) & (status[row] <= REMITTED), max(0, net))
