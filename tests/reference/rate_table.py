"""Twin of sums over days: exact shares of a year, and of rate times share, over half-open spans of dates.

The plain functions walk day by day. ``RateTable`` keeps running sums of whole numbers over one common denominator, so
that a long span costs two look-ups; it answers like the plain functions.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise

from tests.reference.calendar import day_fraction

PPM = 10**6
FIRST = date(1955, 1, 1)
STOP = date(2102, 1, 1)
DENOMINATOR = 360 * 61 * 73  # the least common multiple of 360, 365 = 5 x 73 and 366 = 6 x 61

RateOn = Callable[[date], int | None]
"""Rate in force on a day, in parts per million a year; None where there is none."""


class NoRate(Exception):  # noqa: N818 - named for the reason
    """A day that earns has no rate in force: the row is refused, never computed at zero. ``day`` is the first one."""

    def __init__(self, day: date) -> None:
        """Keep the day."""
        super().__init__(f"no rate is in force on {day}")
        self.day = day


def days(first: date, stop: date) -> list[date]:
    """The days of [first, stop)."""
    return [first + timedelta(days=n) for n in range((stop - first).days)]


def year_share_day_by_day(first: date, stop: date, day_count: str) -> Fraction:
    """Sum of fraction(d) over the days of [first, stop)."""
    return sum((day_fraction(day, day_count) for day in days(first, stop)), Fraction(0))


def rated_share_day_by_day(rate_on: RateOn, first: date, stop: date, day_count: str) -> Fraction:
    """Sum of rate(d) x fraction(d) over the days of [first, stop), 1 = the whole principal. Raises NoRate."""
    total = Fraction(0)
    for day in days(first, stop):
        rate_ppm = rate_on(day)
        if rate_ppm is None:
            raise NoRate(day)
        total += Fraction(rate_ppm, PPM) * day_fraction(day, day_count)
    return total


@cache
def _numerators(day_count: str) -> list[int]:
    """fraction(d) x DENOMINATOR of each day of [FIRST, STOP)."""
    scaled = [day_fraction(day, day_count) * DENOMINATOR for day in days(FIRST, STOP)]
    if any(value.denominator != 1 for value in scaled):
        raise ValueError(f"{day_count} does not fit the common denominator")
    return [value.numerator for value in scaled]


@cache
def _running_shares(day_count: str) -> list[int]:
    """Numerators summed up to each day."""
    return list(accumulate(_numerators(day_count), initial=0))


def _index(day: date) -> int:
    """Position of a day in the running sums."""
    if not FIRST <= day <= STOP:
        raise ValueError(f"{day} lies outside the twin's calendar, {FIRST} to {STOP}")
    return (day - FIRST).days


def year_share(first: date, stop: date, day_count: str) -> Fraction:
    """As ``year_share_day_by_day``, by two look-ups."""
    if first >= stop:
        return Fraction(0)
    running = _running_shares(day_count)
    return Fraction(running[_index(stop)] - running[_index(first)], DENOMINATOR)


class RateTable:
    """A rate function with running sums; it can be called like the function it was made from."""

    def __init__(self, rate_on: RateOn) -> None:
        """Ask the function once for every day of [FIRST, STOP)."""
        self._rates = [rate_on(day) for day in days(FIRST, STOP)]
        self._unrated = list(accumulate((rate is None for rate in self._rates), initial=0))
        self._running: dict[str, list[int]] = {}

    def __call__(self, day: date) -> int | None:
        """Rate in force on a day, ppm."""
        return self._rates[_index(day)]

    def rated_share(self, first: date, stop: date, day_count: str) -> Fraction:
        """As ``rated_share_day_by_day``, by two look-ups. Raises NoRate."""
        if first >= stop:
            return Fraction(0)
        start, end = _index(first), _index(stop)
        if self._unrated[start] != self._unrated[end]:
            raise NoRate(next(day for day in days(first, stop) if self(day) is None))
        if day_count not in self._running:
            products = ((rate or 0) * n for rate, n in zip(self._rates, _numerators(day_count), strict=True))
            self._running[day_count] = list(accumulate(products, initial=0))
        running = self._running[day_count]
        return Fraction(running[end] - running[start], DENOMINATOR * PPM)


def rated_share(rate_on: RateOn, first: date, stop: date, day_count: str) -> Fraction:
    """Sum of rate(d) x fraction(d) over [first, stop): from the running sums of a RateTable, else day by day."""
    if isinstance(rate_on, RateTable):
        return rate_on.rated_share(first, stop, day_count)
    return rated_share_day_by_day(rate_on, first, stop, day_count)


def rates_from(effective: Mapping[date, int], end: date) -> RateOn:
    """Rate function of a table of effective dates (ppm): each runs until the next one, the last until ``end``."""
    by_day: dict[date, int] = {}
    for start, stop in pairwise([*sorted(effective), end]):
        for day in days(start, stop):
            by_day[day] = effective[start]
    return by_day.get


def rates_by_year(rates_ppm: Mapping[int, int]) -> RateOn:
    """Rate function of calendar years (ppm); a year that is not named has no rate."""

    def rate_on(day: date) -> int | None:
        return rates_ppm.get(day.year)

    return rate_on
