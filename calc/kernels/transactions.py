"""Compute balances and interest of deposits with dated transactions, day by day; rule (o), (q)-(s).

Row r owns the events offset[r] ... offset[r + 1] - 1, in order of their days; events dated after the as-of day have not
happened. `balances` turns them into the inputs that the kernel `unclaimed` takes, which then determines status and
dates as for any other deposit; `interest_on_balances` replaces the interest on a single principal by the interest on
the balance held.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.accrual import Accrual
from calc.kernels.balance_interest import REMAINDERS_MAX, by_day, on_changes, undated_debts
from calc.kernels.deposit_columns import Balances, Earned, HeldDeposits, OwnFigures, Reading
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL, DatedEvents
from calc.kernels.intmath import round_parts, rounding, where
from calc.kernels.unclaimed import ADVANCE, DEPOSIT, EXCLUDED, NOT_RECEIVED, REMITTED, UNCLAIMED
from calc.units import CENTS_MAX, NO_DAY

EVENTS_MAX: Final = 2**20
"""Most events of one deposit, so that no sum of their amounts exceeds 64 bits."""
GROSS_MAX: Final = 2**53
"""Largest day's balance before its refunds, cents; it may earn on the day of payment. `intmath` is proven to here."""


@inner
def day_ends_refused(events: DatedEvents, own: tuple[int, int], as_of: int) -> tuple[bool, bool]:
    """Tell whether a day ends below zero, and whether one ends above 10**12 cents or exceeds GROSS_MAX on the way.

    Args:
        events: Events of all rows.
        own: First and one past the last of the row's events.
        as_of: Epoch day; later events have not happened.
    """
    event_day, event_kind, amount_cents = events.day, events.kind, events.amount_cents
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


@kernel(fills=("results",))
def balances(events: DatedEvents, deposits: OwnFigures, as_of: int, results: Balances) -> None:
    """Fill principal, days received and paid, postings and debts of each row on the as-of day from its events; exact.

    Received is the day of the first principal event. Paid is the row's own day or, if nothing has been held since, that
    of the last refund, whichever is first. The end date is the first of paid, remitted and as-of. Principal is the
    balance on the end date or, where that refund is what ends the deposit, the balance before its day: what was paid
    out. A row without principal events keeps its own principal and dates.

    There is no branch in the loop over events: the next event's kind cannot be predicted from this one's.

    Args:
        events: Events of each row.
        deposits: The rows' own figures.
        as_of: Epoch day.
        results: Filled.
    """
    event_day, event_kind, amount_cents = events.day, events.kind, events.amount_cents
    for row in range(results.held_cents.size):
        begin, stop = int(events.offset[row]), int(events.offset[row + 1])
        remitted = int(deposits.remitted_day[row])
        own_paid = int(deposits.paid_day[row])
        end = min(own_paid, remitted, as_of)
        received = NO_DAY
        refunded = NO_DAY
        posted = int(deposits.posted_cents[row])
        owed = int(deposits.amounts_owed_cents[row])
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
        results.negative[row] = is_negative
        results.beyond[row] = is_beyond
        results.moved[row] = good & (not own)
        held = where(own, int(deposits.principal_cents[row])) + where(not own, before_refund if paid_out else at_end)
        results.held_cents[row] = where(good, held)
        results.first_day[row] = deposits.received_day[row] if own else received
        results.returned_day[row] = min(own_paid, refunded if emptied else NO_DAY)
        results.posted_in_all_cents[row] = where(good, posted)
        results.owed_in_all_cents[row] = where(good, owed)


@kernel(fills=("results",))
def interest_on_balances(
    events: DatedEvents, deposits: HeldDeposits, accrual: Accrual, reading: Reading, as_of: int, results: Earned
) -> None:
    """Fill the interest of each row whose events change what earns, on the balance held day by day; rule (o), (q)-(s).

    Interest is the sum over earning days of balance x rate, plus from the surcharge on of balance x six points. Floors
    and remainders are added up and the total is rounded once (with `by_year`, once per calendar year). Other rows keep
    their results. Debts dated after the end of service are applied on their own day, rule (n).

    Args:
        events: Events of each row.
        deposits: From `balances` and `unclaimed`.
        accrual: Accrual tables.
        reading: How the rules are read.
        as_of: Epoch day.
        results: Filled.
    """
    bias, even = rounding(accrual.denominator, accrual.mode)
    denominator, start_shift, indices = accrual.denominator, accrual.start_shift, (accrual.rates, accrual.points)
    by_change = not (accrual.by_year or reading.plus_accrued or reading.net_of_owed or reading.owed_at_service_end)
    events_most = REMAINDERS_MAX // denominator
    for row in range(results.interest_cents.size):
        closing = min(int(deposits.returned_day[row]), int(deposits.remitted_day[row]))
        applied = NO_DAY
        if reading.owed_at_service_end and deposits.kind[row] == DEPOSIT and deposits.service_ended_day[row] < closing:
            applied = int(deposits.service_ended_day[row]) + start_shift
        owed = int(deposits.amounts_owed_cents[row])
        owing = applied != NO_DAY and owed > 0
        if not (deposits.moved[row] or owing) or deposits.status[row] in (NOT_RECEIVED, EXCLUDED):
            continue
        own = (int(events.offset[row]), int(events.offset[row + 1]))
        first = int(deposits.first_day[row]) + start_shift
        stop = first + int(deposits.accrued_days[row])
        surcharge_first = min(max(first, int(deposits.surcharge_from_day[row])), stop)
        if deposits.kind[row] == ADVANCE and not deposits.interest_payable[row]:
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
                undated = undated_debts(events, own, owed, as_of)
                standing = (0 if deposits.moved[row] else int(deposits.held_cents[row]), undated)
            base, total = by_day(
                events, own, accrual, standing, (first, surcharge_first, stop), closing, applied if owing else NO_DAY,
                owed if reading.net_of_owed else 0, reading.plus_accrued, bias, even,
            )  # fmt: skip

        net = int(deposits.held_cents[row]) + total - int(deposits.posted_cents[row]) - owed
        results.base_interest_cents[row] = base
        results.surcharge_interest_cents[row] = total - base
        results.interest_cents[row] = total
        results.interest_due_cents[row] = total - deposits.posted_cents[row]
        status = deposits.status[row]
        results.remittance_cents[row] = where((status >= UNCLAIMED) & (status <= REMITTED), max(0, net))
