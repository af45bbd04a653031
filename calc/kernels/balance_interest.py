"""Sum the interest of one deposit on the balance that its events leave from day to day; rules (n), (o), (q)-(s).

`on_changes` is fast and holds where all of the balance earns. `on_balance` walks through the days and also holds where
debts reduce what earns, rule (n), or what the points run on.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inlined, inner
from calc.kernels.accrual import Accrual, year_place
from calc.kernels.arrays import Int64
from calc.kernels.event_kinds import OWED, PRINCIPAL, DatedEvents
from calc.kernels.intmath import estimated_parts, round_parts, round_remainder, where, with_product
from calc.units import FIRST_DAY

REMAINDERS_MAX: Final = 2**60
"""Largest number of events times the denominator for which remainders of their interest add up within 64 bits."""


@inlined
def on_changes(
    events: DatedEvents,
    own: tuple[int, int],
    indices: tuple[Int64, Int64],
    since: int,
    late: int,
    until: int,
    start_shift: int,
    closing: int,
    denominator: int,
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Sum what `on_balance` does without debts and `less`, change by change instead of day by day, without a branch.

    Each change of the balance earns from its own day on: sum of amount x (index[until] - index[day]).

    Args:
        events: Events of all rows.
        own: First and one past the last of the row's events.
        indices: Accrual indices of the rates and of the points, from FIRST_DAY on.
        since: First epoch day for the rates.
        late: First epoch day for the points.
        until: Epoch day after the last one for both.
        start_shift: Days from an event to the first day it changes what earns.
        closing: Epoch day on which the rest is paid or remitted.
        denominator: Of the indices; at most REMAINDERS_MAX over the number of the row's events.

    Returns:
        Quotient and remainder, over `denominator`, in cents: for the rates and for the points. They are not normalized;
        for `round_parts`.
    """
    event_day, event_kind, amount_cents = events.day, events.kind, events.amount_cents
    rates, points = indices
    since -= FIRST_DAY
    late -= FIRST_DAY
    until -= FIRST_DAY
    rates_until = int(rates[np.uint64(until)])
    points_until = int(points[np.uint64(until)])
    base = 0
    base_part = 0
    more = 0
    more_part = 0
    for event in range(own[0], own[1]):
        place = np.uint64(event)
        day = int(event_day[place])
        amount = int(amount_cents[place])
        amount = where((event_kind[place] == PRINCIPAL) & ((day != closing) | (amount > 0)), amount)
        day = min(day + start_shift - FIRST_DAY, until)
        difference = rates_until - int(rates[np.uint64(max(day, since))])
        quotient, remainder = estimated_parts(amount, difference, denominator)
        base += quotient
        base_part += remainder
        difference = points_until - int(points[np.uint64(max(day, late))])
        quotient, remainder = estimated_parts(amount, difference, denominator)
        more += quotient
        more_part += remainder
    return (base, base_part), (more, more_part)


@inner
def undated_debts(events: DatedEvents, own: tuple[int, int], owed: int, as_of: int) -> int:
    """Return the debts (cents) on the as-of day that no event brings: `owed` less the debts of events.

    Args:
        events: Day (epoch days), kind and amount (cents) of all events.
        own: First and one past the last of the row's events.
        owed: Amounts owed in all, cents.
        as_of: Epoch day; later events have not happened.
    """
    event_day, event_kind, amount_cents = events.day, events.kind, events.amount_cents
    for event in range(own[0], own[1]):
        if event_kind[event] == OWED and event_day[event] <= as_of:
            owed -= int(amount_cents[event])
    return owed


@inlined
def on_balance(
    events: DatedEvents,
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
    """Sum balance x index gain over days, for the rates and for the points.

    The rates run over [since, until); the points over [late, until), on max(0, balance - less). An event changes the
    balance that earns from its day plus `start_shift` on. A refund on the `closing` day stops earning when the rest
    does: where that day counts, it counts for the refund too.

    Debts reduce the balance that earns, never below zero, from the day `applied` on; a debt dated later, from its own
    day plus `start_shift` on, unless that is the `closing` day. For the points, debts count once: only the part above
    what `less` already takes.

    Args:
        events: Events of all rows.
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
    event_day, event_kind, amount_cents = events.day, events.kind, events.amount_cents
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


@inlined
def by_day(
    events: DatedEvents,
    own: tuple[int, int],
    accrual: Accrual,
    standing: tuple[int, int],
    days: tuple[int, int, int],
    closing: int,
    applied: int,
    less: int,
    plus_accrued: bool,
    bias: int,
    even: bool,
) -> tuple[int, int]:
    """Return one row's rounded base interest and rounded total interest in cents, under any reading of the rules.

    Args:
        events: As in `on_balance`, and likewise all that is not named here.
        own: First and one past the last of the row's events.
        accrual: Accrual tables.
        standing: Balance and debts, cents, that no event brings; used where debts are applied.
        days: First epoch day that earns, first day of the points, and the day after the last of both.
        closing: Epoch day on which the rest is paid or remitted.
        applied: Epoch day from which debts reduce the balance, or NO_DAY.
        less: Cents by which the balance is reduced for the points.
        plus_accrued: Whether the points also run on the interest accrued up to their first day.
        bias: From `intmath.rounding`.
        even: From `intmath.rounding`.
    """
    first, surcharge_first, stop = days
    denominator, start_shift, points = accrual.denominator, accrual.start_shift, accrual.points
    indices = (accrual.rates, points)
    accrued = 0
    if plus_accrued:
        pair, _ = on_balance(
            events, own, indices, standing, first, surcharge_first, surcharge_first, start_shift, closing, applied, 0,
            denominator,
        )  # fmt: skip
        accrued = round_remainder(pair[0], pair[1], denominator, bias, even)
    base = 0
    total = 0
    while first < stop:
        part_stop = stop
        if accrual.by_year:
            part_stop = min(stop, int(accrual.year_start[year_place(first, accrual.year_start) + 1]))
        late = min(max(first, surcharge_first), part_stop)
        pair, more = on_balance(
            events, own, indices, standing, first, late, part_stop, start_shift, closing, applied, less, denominator
        )
        difference = int(points[part_stop - FIRST_DAY] - points[late - FIRST_DAY])
        more = with_product(more, accrued, difference, denominator)
        base += round_remainder(pair[0], pair[1], denominator, bias, even)
        total += round_parts(pair[0] + more[0], pair[1] + more[1], denominator, bias, even)
        first = part_stop
    return base, total
