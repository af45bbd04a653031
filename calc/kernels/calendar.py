"""Build integer tables of days, months and shares of a year, which other kernels look up instead of computing dates.

A share of a year is counted in units of 1/YEAR_UNITS, a number that 360, 365 and 366 all divide, so every day count is
exact. Tables start at FIRST_DAY; a day's position in a table is `day - FIRST_DAY`.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Array, Int32, Int64
from calc.units import FIRST_DATE, FIRST_DAY, LAST_DATE, LAST_DAY

YEAR_UNITS: Final = 1_603_080
"""lcm(360, 365, 366): the number of parts of a year in which every day count is a whole number."""
TABLE_DAYS: Final = LAST_DAY - FIRST_DAY + 1
DAY_ENDS: Final = {
    "start_included_end_excluded": (0, 0),
    "start_excluded_end_included": (1, 1),
    "both": (0, 1),
    "neither": (1, 0),
}
"""Switch -> days added to the first day and to the end, so that [first, end) holds the days that count."""


def _civil(days: Array) -> tuple[Int64, Int64, Int64]:
    """Return year, month (1-12) and day of the month of epoch days."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    month_number = months.astype(np.int64)
    return 1970 + month_number // 12, month_number % 12 + 1, (dates - months).astype(np.int64) + 1


def all_days(extra: int = 0) -> Int64:
    """Return every epoch day from FIRST_DAY through LAST_DAY, and `extra` days more."""
    return np.arange(FIRST_DAY, LAST_DAY + 1 + extra, dtype=np.int64)


def year_starts() -> Int32:
    """Return the epoch day of 1 January of 1955 and each later year, through the year after LAST_DAY."""
    years = np.arange(FIRST_DATE.year - 1970, LAST_DATE.year + 2 - 1970).astype("datetime64[Y]")
    return years.astype("datetime64[D]").astype(np.int32)


def month_starts(months_after: int) -> Int32:
    """Return the epoch day on which each month begins, from January 1955 through `months_after` past LAST_DAY's."""
    first = (FIRST_DATE.year - 1970) * 12
    last = (LAST_DATE.year - 1970) * 12 + LAST_DATE.month + months_after
    months = np.arange(first, last).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int32)


@inner
def month_place(day: int, month_start: Int32) -> int:
    """Return the position in `month_start` of the month that holds an epoch day."""
    place = (day - FIRST_DAY) * 100 // 3044  # a month has 30.4369 days on average: off by one at most
    while int(month_start[place]) > day:
        place -= 1
    while int(month_start[place + 1]) <= day:
        place += 1
    return place


def add_months(days: Array, months: int) -> Int64:
    """Add months to epoch days: the same day number, or the month's last day if it has none (C.R.S. 2-4-108(3))."""
    first_of_month = days.astype("datetime64[D]").astype("datetime64[M]")
    day_of_month = (days.astype("datetime64[D]") - first_of_month).astype(np.int64)
    target = first_of_month + np.timedelta64(months, "M")
    start = target.astype("datetime64[D]").astype(np.int64)
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - 1
    moved: Int64 = np.minimum(start + day_of_month, last)
    return moved


def extend_past_days_off(days: Int64, holidays: Int64) -> Int64:
    """Move epoch days forward to the next day that is not a Saturday, Sunday or holiday (C.R.S. 2-4-108(2)).

    Args:
        days: Epoch days.
        holidays: Epoch days of the holidays.
    """
    moved = np.busday_offset(days.astype("datetime64[D]"), 0, roll="forward", holidays=holidays.astype("datetime64[D]"))
    return moved.astype(np.int64)


def day_weights(day_count: str) -> Int64:
    """Return the units of a year that each day counts from FIRST_DAY through LAST_DAY, shape (TABLE_DAYS,).

    Args:
        day_count: One of
            - actual_actual: 1/365, in a leap year 1/366, so that every calendar year is exactly one;
            - actual_365, actual_360: that fixed share;
            - thirty_e_360: the difference of 360 y + 30 m + min(d, 30) from one day to the next, over 360.
    """
    if day_count == "actual_actual":
        year = _civil(all_days())[0]
        starts = year_starts().astype(np.int64)
        place = year - FIRST_DATE.year
        weights: Int64 = YEAR_UNITS // (starts[place + 1] - starts[place])
        return weights
    if day_count == "thirty_e_360":
        year, month, day = _civil(all_days(extra=1))
        return np.diff(360 * year + 30 * month + np.minimum(day, 30)) * (YEAR_UNITS // 360)
    fixed = {"actual_365": 365, "actual_360": 360}[day_count]
    return np.full(TABLE_DAYS, YEAR_UNITS // fixed, dtype=np.int64)


@inner
def differences(
    start_day: Int32, end_day: Int32, index: Int64, start_shift: int, end_shift: int, difference: Int64
) -> None:
    """Fill each row's index[end] - index[start] over the days that count; 0 where there are none.

    Positions are unsigned, so that the compiler omits its check for negative ones.
    """
    for row in range(difference.size):
        first = int(start_day[row]) + start_shift - FIRST_DAY
        stop = max(first, int(end_day[row]) + end_shift - FIRST_DAY)
        difference[row] = index[np.uint64(stop)] - index[np.uint64(first)]


@kernel(fills=("units",))
def year_units(start_day: Int32, end_day: Int32, index: Int64, start_shift: int, end_shift: int, units: Int64) -> None:
    """Fill units of a year (1/YEAR_UNITS) from start to end: `differences` of the accrual index of a rate of one.

    Args:
        start_day: Epoch days, shape (rows,).
        end_day: Epoch days.
        index: Accrual index of a rate of one.
        start_shift: First of a pair of DAY_ENDS.
        end_shift: Second of that pair.
        units: Filled.
    """
    differences(start_day, end_day, index, start_shift, end_shift, units)
