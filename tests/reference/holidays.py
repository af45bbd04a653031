"""Twin of the legal holidays of Colorado (C.R.S. 24-11-101) and of the United States (5 U.S.C. 6103), by rule.

The rules are those in force since 1990, when the table of rates starts; earlier years are reckoned by them too.
Cesar Chavez Day is no legal holiday here: C.R.S. 24-11-112 lets a state employee take it in lieu of another one.
Nor is Inauguration Day, which 5 U.S.C. 6103(c) keeps in and around the District of Columbia alone.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6

# The first year in which each government kept the day.
FEDERAL_JUNETEENTH = 2021  # Public Law 117-17, signed and in force on 17 June 2021
COLORADO_JUNETEENTH = 2022  # Senate Bill 22-139, signed on 2 May 2022
COLORADO_CABRINI = 2020  # House Bill 20-1031, in the place of Columbus Day: first on 5 October 2020


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th Monday (0) ... Sunday (6) of a month; n = -1 is the last one."""
    days = [date(year, month, 1) + n_days * ONE_DAY for n_days in range(31)]
    return [day for day in days if day.month == month and day.weekday() == weekday][n if n < 0 else n - 1]


def _common(year: int) -> dict[str, date]:
    """The days that both governments keep, as the statutes name them and before any observance."""
    return {
        "New Year's Day": date(year, 1, 1),
        "Martin Luther King Day": nth_weekday(year, 1, MONDAY, 3),
        "Washington-Lincoln Day": nth_weekday(year, 2, MONDAY, 3),
        "Memorial Day": nth_weekday(year, 5, MONDAY, -1),
        "Independence Day": date(year, 7, 4),
        "Labor Day": nth_weekday(year, 9, MONDAY, 1),
        "Veterans Day": date(year, 11, 11),
        "Thanksgiving": nth_weekday(year, 11, THURSDAY, 4),
        "Christmas": date(year, 12, 25),
    }


def _colorado_rule(year: int) -> dict[str, date]:
    """C.R.S. 24-11-101(1)."""
    days = _common(year)
    if year >= COLORADO_CABRINI:
        days["Frances Xavier Cabrini Day"] = nth_weekday(year, 10, MONDAY, 1)
    else:
        days["Columbus Day"] = nth_weekday(year, 10, MONDAY, 2)
    if year >= COLORADO_JUNETEENTH:
        days["Juneteenth"] = date(year, 6, 19)
    return days


def _federal_rule(year: int) -> dict[str, date]:
    """5 U.S.C. 6103(a)."""
    days = _common(year) | {"Columbus Day": nth_weekday(year, 10, MONDAY, 2)}
    if year >= FEDERAL_JUNETEENTH:
        days["Juneteenth"] = date(year, 6, 19)
    return days


def _kept_by_colorado(day: date) -> date:
    """From a Sunday to the Monday after it, C.R.S. 24-11-101(2); a Saturday stays."""
    return day + ONE_DAY if day.weekday() == SUNDAY else day


def _kept_by_the_federal_government(day: date) -> date:
    """From a Sunday to the Monday after it, Executive Order 11582; from a Saturday to Friday, 5 U.S.C. 6103(b)(1)."""
    if day.weekday() == SUNDAY:
        return day + ONE_DAY
    return day - ONE_DAY if day.weekday() == SATURDAY else day


def _kept(year: int, rule: Callable[[int], dict[str, date]], keep: Callable[[date], date]) -> dict[date, str]:
    """Days of one year on which a holiday is kept, ascending; next year's New Year's Day may be one of them."""
    kept = {keep(day): name for each in (year, year + 1) for name, day in rule(each).items()}
    return {day: kept[day] for day in sorted(kept) if day.year == year}


@cache
def colorado_holidays(year: int) -> dict[date, str]:
    """Day and name of each legal holiday of Colorado in a year, as it is kept."""
    return _kept(year, _colorado_rule, _kept_by_colorado)


@cache
def federal_holidays(year: int) -> dict[date, str]:
    """Day and name of each federal legal holiday in a year, as it is kept."""
    return _kept(year, _federal_rule, _kept_by_the_federal_government)


def legal_holidays(year: int) -> dict[date, str]:
    """Days that Colorado or the federal government keeps in a year, ascending."""
    both = federal_holidays(year) | colorado_holidays(year)
    return {day: both[day] for day in sorted(both)}


def is_legal_holiday(day: date) -> bool:
    """Whether Colorado or the federal government keeps a holiday on the day."""
    return day in colorado_holidays(day.year) or day in federal_holidays(day.year)


def is_business_day(day: date) -> bool:
    """Neither a Saturday, nor a Sunday, nor a legal holiday."""
    return day.weekday() < SATURDAY and not is_legal_holiday(day)


def business_day_from(day: date) -> date:
    """The day itself, or the next one that is no Saturday, Sunday or legal holiday: C.R.S. 2-4-108(2)."""
    while not is_business_day(day):
        day += ONE_DAY
    return day


def business_day_until(day: date) -> date:
    """The day itself, or the business day before it."""
    while not is_business_day(day):
        day -= ONE_DAY
    return day
