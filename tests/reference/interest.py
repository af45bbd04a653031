"""Twin of simple interest on deposits, rule 3403(o): whole cents and dates in, exact fractions or cents out."""

from datetime import date
from fractions import Fraction

from tests.reference.calendar import calendar_years, earning_days
from tests.reference.rate_table import NoRate, RateOn, RateTable, rated_share, rated_share_day_by_day
from tests.reference.rounding import round_fraction

__all__ = [
    "NoRate",
    "RateOn",
    "RateTable",
    "earned",
    "earned_day_by_day",
    "earned_events",
    "interest_cents",
    "interest_events_cents",
    "rounding_spans",
]

Events = list[tuple[date, int]]
"""Dated changes of principal in cents: receipts positive, partial refunds negative."""


def earned_day_by_day(
    amount_cents: int, start: date, end: date, rate_on: RateOn, *, day_count: str, day_ends: str
) -> Fraction:
    """amount x sum over the earning days of rate(d) x fraction(d), one day after the other; 3403(o). Cents."""
    first, stop = earning_days(start, end, day_ends)
    return amount_cents * rated_share_day_by_day(rate_on, first, stop, day_count)


def earned(amount_cents: int, start: date, end: date, rate_on: RateOn, *, day_count: str, day_ends: str) -> Fraction:
    """As ``earned_day_by_day``; quick where ``rate_on`` is a RateTable. Raises NoRate on an earning day without one."""
    first, stop = earning_days(start, end, day_ends)
    return amount_cents * rated_share(rate_on, first, stop, day_count)


def rounding_spans(first: date, stop: date, rounding_point: str) -> list[tuple[date, date]]:
    """Parts of [first, stop) that are rounded each: the whole (posting) or every calendar year (year)."""
    return {"posting": [(first, stop)], "year": calendar_years(first, stop)}[rounding_point]


def interest_cents(
    amount_cents: int,
    start: date,
    end: date,
    rate_on: RateOn,
    *,
    day_count: str,
    day_ends: str,
    rounding_mode: str,
    rounding_point: str,
) -> int:
    """Interest rounded to cents: once (posting), or each calendar year's part and then summed (year)."""
    first, stop = earning_days(start, end, day_ends)
    return sum(
        round_fraction(amount_cents * rated_share(rate_on, a, b, day_count), rounding_mode)
        for a, b in rounding_spans(first, stop, rounding_point)
    )


def _event_spans(events: Events, end: date, day_ends: str) -> list[tuple[int, date, date]]:
    """(cents, first, stop) of each event before ``end``: the days over which it earns."""
    return [(cents, *earning_days(day, end, day_ends)) for day, cents in events if day < end]


def earned_events(events: Events, end: date, rate_on: RateOn, *, day_count: str, day_ends: str) -> Fraction:
    """Sum over the events of amount x sum of rate(d) x fraction(d) over the event's own days; 3403(o). Cents, exact.

    Linear in the events; an event on or after ``end`` earns nothing. Credited interest is never an event.
    """
    spans = _event_spans(events, end, day_ends)
    return sum((cents * rated_share(rate_on, a, b, day_count) for cents, a, b in spans), Fraction(0))


def interest_events_cents(
    events: Events,
    end: date,
    rate_on: RateOn,
    *,
    day_count: str,
    day_ends: str,
    rounding_mode: str,
    rounding_point: str,
) -> int:
    """As ``earned_events``, rounded to cents: the total once, or each calendar year's total of all events, summed."""
    spans = _event_spans(events, end, day_ends)
    if not spans:
        return 0
    first = min(a for _, a, _ in spans)
    stop = max(b for _, _, b in spans)
    cents_in_all = 0
    for since, until in rounding_spans(first, stop, rounding_point):
        part = Fraction(0)
        for cents, a, b in spans:
            part += cents * rated_share(rate_on, max(a, since), min(b, until), day_count)
        cents_in_all += round_fraction(part, rounding_mode)
    return cents_in_all
