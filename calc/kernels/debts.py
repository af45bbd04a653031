"""Apply debts to a deposit when service ends, rule (n): the balance left from day to day, and what it earns.

Kept apart from `transactions.on_balance`, which ignores debts and is faster for it.
"""

import numpy as np

from calc.kernels._jit import inner
from calc.kernels.calendar import Int32, Int64
from calc.kernels.event_kinds import OWED, PRINCIPAL
from calc.kernels.intmath import with_product
from calc.kernels.unclaimed import Int8
from calc.units import FIRST_DAY


@inner
def undated_debts(events: tuple[Int32, Int8, Int64], own: tuple[int, int], owed: int, as_of: int) -> int:
    """Return the debts (cents) on the as-of day that no event brings: `owed` less the debts of events.

    Args:
        events: Day (epoch days), kind and amount (cents) of all events.
        own: First and one past the last of the row's events.
        owed: Amounts owed in all, cents.
        as_of: Epoch day; later events have not happened.
    """
    event_day, event_kind, amount_cents = events
    for event in range(own[0], own[1]):
        if event_kind[event] == OWED and event_day[event] <= as_of:
            owed -= int(amount_cents[event])
    return owed


@inner
def on_what_is_left(
    events: tuple[Int32, Int8, Int64],
    own: tuple[int, int],
    indices: tuple[Int64, Int64],
    standing: tuple[int, int],
    since: int,
    late: int,
    until: int,
    start_shift: int,
    closing: int,
    applied: int,
    less: int,
    denominator: int,
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Sum interest as `transactions.on_balance` does, with debts reducing the balance that earns, never below zero.

    Debts reduce the balance from the day `applied` on; a debt dated later, from its own day plus `start_shift` on.
    Events dated on the `closing` day stop earning when the rest does. For the points, debts count once: only the part
    above what `less` already takes.

    Args:
        events: Day (epoch days), kind and amount (cents) of all events, by day.
        own: First and one past the last of the row's events.
        indices: Accrual indices of the rates and of the points, from FIRST_DAY on.
        standing: Balance and debts, cents, that no event brings.
        since: First epoch day for the rates.
        late: First epoch day for the points.
        until: Epoch day after the last one for both.
        start_shift: Days from an event to the first day it changes what earns.
        closing: Epoch day on which the rest is paid or remitted.
        applied: Epoch day from which debts reduce the balance.
        less: Cents by which the balance is reduced for the points.
        denominator: Of the indices.

    Returns:
        Floor and remainder, over `denominator`, in cents: for the rates and for the points. Nothing is rounded.
    """
    event_day, event_kind, amount_cents = events
    rates, points = indices
    base = (0, 0)
    more = (0, 0)
    balance, owed = standing
    event = own[0]
    while since < until:
        stop = until if since >= applied else min(until, applied)
        while event < own[1]:
            day = int(event_day[event])
            amount = int(amount_cents[event])
            if day + start_shift > since:
                stop = min(stop, day + start_shift)
                break
            if event_kind[event] == PRINCIPAL and not (day == closing and amount < 0):
                balance += amount
            elif event_kind[event] == OWED and day != closing:
                owed += amount
            event += 1
        left = balance
        if since >= applied:
            left = max(0, balance - owed)
        to = np.uint64(stop - FIRST_DAY)
        difference = int(rates[to] - rates[np.uint64(since - FIRST_DAY)])
        base = with_product(base, left, difference, denominator)
        if stop > late:
            difference = int(points[to] - points[np.uint64(max(since, late) - FIRST_DAY)])
            more = with_product(more, min(left, max(0, balance - less)), difference, denominator)
        since = stop
    return base, more
