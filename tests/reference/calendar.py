"""Twin of the calendar rules: month arithmetic, the share of a year that a day counts, which days of a span earn."""

from datetime import date, timedelta
from fractions import Fraction

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def add_months(day: date, n: int) -> date:
    """Same day number n months later (earlier if n < 0), or the last day of a month too short: C.R.S. 2-4-108(3)."""
    year, month_index = divmod(day.year * 12 + (day.month - 1) + n, 12)
    next_year, next_month_index = divmod(year * 12 + month_index + 1, 12)
    last_of_month = date(next_year, next_month_index + 1, 1) - ONE_DAY
    return date(year, month_index + 1, min(day.day, last_of_month.day))


def extend_past_weekend(day: date) -> date:
    """The day itself, or the Monday after it where it is a Saturday or a Sunday: C.R.S. 2-4-108(2)."""
    while day.weekday() >= SATURDAY:
        day += ONE_DAY
    return day


def index_30e_360(day: date) -> int:
    """360 y + 30 m + min(d, 30): the 30E/360 count of days up to a date."""
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def day_fraction(day: date, day_count: str) -> Fraction:
    """Share of a year that one day counts; rule 3403(o) speaks of an annual rate only.

    actual_actual: 1/365, in a leap year 1/366; actual_365: 1/365; actual_360: 1/360; thirty_e_360: (index of the
    next day - index of the day) / 360, so 0 on a 30th before a 31st and up to 3/360 on the last day of February.
    """
    if day_count == "actual_actual":
        return Fraction(1, (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days)
    if day_count == "actual_365":
        return Fraction(1, 365)
    if day_count == "actual_360":
        return Fraction(1, 360)
    if day_count == "thirty_e_360":
        return Fraction(index_30e_360(day + ONE_DAY) - index_30e_360(day), 360)
    raise ValueError(f"unknown day count {day_count!r}")


def earning_days(start: date, end: date, day_ends: str) -> tuple[date, date]:
    """(first, stop), half-open: the days that earn between the day of receipt and the day of payment, 3403(o).

    start_included_end_excluded: [start, end); start_excluded_end_included: [start + 1, end + 1);
    both: [start, end + 1); neither: [start + 1, end), never fewer than no days.
    Where start lies after end no day earns.
    """
    starts_on_the_day, ends_with_the_day = {
        "start_included_end_excluded": (True, False),
        "start_excluded_end_included": (False, True),
        "both": (True, True),
        "neither": (False, False),
    }[day_ends]
    if start > end:
        return start, start
    first = start if starts_on_the_day else start + ONE_DAY
    stop = end + ONE_DAY if ends_with_the_day else end
    return first, max(first, stop)


def calendar_years(first: date, stop: date) -> list[tuple[date, date]]:
    """[first, stop) cut at each 1 January, in order; no part is empty."""
    parts = []
    while first < stop:
        cut = min(stop, date(first.year + 1, 1, 1))
        parts.append((first, cut))
        first = cut
    return parts
