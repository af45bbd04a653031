"""Debts applied to a deposit when service ends, rule (n): what is left of the balance day by day, and what it earns.

Beside `transactions.on_balance`, which knows of no debts and is the faster for it.
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
    """What is owed in all on the as-of day, less the debts that events bring."""
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
    """As `transactions.on_balance`, where debts lower what earns from the day `applied` on, never below zero.

    A debt dated later lowers it from its own day plus `start_shift` on. `standing` are the balance and the debts that
    no event brings. What is dated on the `closing` day, on which the rest is paid or remitted, ends there as the rest
    does. For the points debts count once: over what `less` takes, if they are more.
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
