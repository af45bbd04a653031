"""Legal holidays of Colorado (C.R.S. 24-11-101) and of the United States (5 U.S.C. 6103), and business days.

Holidays are computed by rule, not listed. The rules are those in force since 1986, when Martin Luther King Day was
first observed. Earlier years use the same rules, because no deposit rate is in force then and no amount depends on such
a day. A holiday on a Sunday is observed on Monday; a federal holiday on a Saturday is observed on Friday, a state one
is not moved. Cesar Chavez Day is not a holiday here: a state employee may take it in place of another (C.R.S.
24-11-112). Nor is Inauguration Day, which only the District of Columbia observes.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_ALWAYS: Final = range(1, 10_000)
_NEVER: Final = range(0)


class _Rule(NamedTuple):
    """Define a holiday: a day of a month or its `nth` weekday (-1: the last), and the years of each government."""

    name: str
    month: int
    nth: int
    weekday: int | None = None
    colorado: range = _ALWAYS
    federal: range = _ALWAYS


_RULES: Final = (
    _Rule("New Year's Day", 1, 1),
    _Rule("Martin Luther King Day", 1, 3, _MONDAY),
    _Rule("Washington-Lincoln Day", 2, 3, _MONDAY),
    _Rule("Memorial Day", 5, -1, _MONDAY),
    # Public Law 117-17 of 17 June 2021; Colorado's Senate Bill 22-139.
    _Rule("Juneteenth", 6, 19, colorado=range(2022, 10_000), federal=range(2021, 10_000)),
    _Rule("Independence Day", 7, 4),
    _Rule("Labor Day", 9, 1, _MONDAY),
    # House Bill 20-1031: in the place of Columbus Day.
    _Rule("Frances Xavier Cabrini Day", 10, 1, _MONDAY, colorado=range(2020, 10_000), federal=_NEVER),
    _Rule("Columbus Day", 10, 2, _MONDAY, colorado=range(1, 2020)),
    _Rule("Veterans Day", 11, 11),
    _Rule("Thanksgiving", 11, 4, _THURSDAY),
    _Rule("Christmas", 12, 25),
)


@lru_cache(maxsize=512)
def legal_holidays(year: int) -> dict[date, str]:
    """Compute the holidays observed in a year.

    Args:
        year: The calendar year of the day of observance.

    Returns:
        Names by day, ascending; a name ends in "(Colorado)" or "(federal)" if only that government observes it.
    """
    kept: dict[date, dict[str, list[str]]] = {}
    for rule_year in (year, year + 1):  # a federal New Year's Day may be kept on 31 December
        for rule in _RULES:
            day = _day(rule, rule_year)
            for government, years, kept_on in (
                ("Colorado", rule.colorado, _after_sunday(day)),
                ("federal", rule.federal, _off_saturday(_after_sunday(day))),
            ):
                if rule_year in years and kept_on.year == year:
                    kept.setdefault(kept_on, {}).setdefault(rule.name, []).append(government)
    return {
        day: ", ".join(
            name if len(governments) > 1 else f"{name} ({governments[0]})" for name, governments in kept[day].items()
        )
        for day in sorted(kept)
    }


def day_off(day: date) -> str:
    """Tell why a date is not a business day.

    Args:
        day: The date.

    Returns:
        The holiday's name, "Saturday" or "Sunday"; empty for a business day.
    """
    return legal_holidays(day.year).get(day) or (_WEEKDAYS[day.weekday()] if day.weekday() >= _SATURDAY else "")


def business_day_from(day: date) -> date:
    """Return the date itself, or the next that is no Saturday, Sunday or legal holiday: C.R.S. 2-4-108(2)."""
    while day_off(day):
        day += _DAY
    return day


def business_day_until(day: date) -> date:
    """Return the date itself, or the last before it that is no Saturday, Sunday or legal holiday."""
    while day_off(day):
        day -= _DAY
    return day


def business_days_after(day: date, count: int) -> list[date]:
    """Return the first business days after a date; the date itself is not counted: C.R.S. 2-4-108(1).

    Args:
        day: The date.
        count: How many business days.
    """
    found: list[date] = []
    while len(found) < count:
        day = business_day_from(day + _DAY)
        found.append(day)
    return found


def _day(rule: _Rule, year: int) -> date:
    """Return the day that the statutes name, before it moves off a weekend."""
    if rule.weekday is None:
        return date(year, rule.month, rule.nth)
    if rule.nth > 0:
        first = date(year, rule.month, 1)
        return first + timedelta(days=(rule.weekday - first.weekday()) % 7 + 7 * (rule.nth - 1))
    last = date(year, rule.month + 1, 1) - _DAY
    return last - timedelta(days=(last.weekday() - rule.weekday) % 7)


def _after_sunday(day: date) -> date:
    return day + _DAY if day.weekday() == _SUNDAY else day


def _off_saturday(day: date) -> date:
    return day - _DAY if day.weekday() == _SATURDAY else day
