"""The average of a window of a series, exact: months, days, weekly means, a full week, or the figure of one day.

Input: a rate rule and a period's first day. Output: the figures that count and their average in basis points. Nothing
is rounded here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from calc.errors import RatesMissingError
from calc.rates.ruled.observations import Figure, Series

if TYPE_CHECKING:
    from calc.rules.rate_rule import RateRule

_WEEK: Final = timedelta(days=7)
_ONE_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4
_MARKET_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Window:
    """Hold what an average was taken of.

    Attributes:
        first: First day of the window.
        last: Its last day.
        figures: The figures that count.
        average_bp: Their average in basis points, exact.
    """

    first: date
    last: date
    figures: tuple[Figure, ...]
    average_bp: Fraction

    @property
    def is_provisional(self) -> bool:
        """Tell whether a figure is derived rather than published."""
        return any(each.is_derived for each in self.figures)


def days_of(rule: "RateRule", period_start: date) -> tuple[date, date]:
    """Return the first and the last day of the window of the period that begins on a day."""
    if rule.window_starts_months_before is None or rule.window_months is None:
        raise ValueError("a rule without a window has no days of one")
    first = 12 * period_start.year + period_start.month - 1 - rule.window_starts_months_before
    after = first + rule.window_months
    return _first_of(first), _first_of(after) - _ONE_DAY


def average(rule: "RateRule", series: Series, period_start: date) -> Window:
    """Average the window of the period that begins on a day.

    Raises:
        RatesMissingError: The series does not hold the window whole; the missing months are named.
    """
    first, last = days_of(rule, period_start)
    weekly = rule.method == "mean_of_weeks"
    if weekly:
        first, last = _whole_weeks(first, last)
    lacking = series.lacking(first, last)
    if lacking:
        raise RatesMissingError(
            f"no rate for the period from {period_start}: its window {first} to {last} of the series {series.name} "
            f"lacks {', '.join(lacking)}; add these months to the series",
            lacking,
        )
    figures = series.between(first, last)
    if rule.method == "last_full_week":
        figures = _last_full_week(figures, first, last)
    elif rule.method == "first_business_day":
        figures = figures[:1]
    mean = _mean([_mean(_rates(week)) for week in _weeks(figures)]) if weekly else _mean(_rates(figures))
    return Window(first, last, figures, mean)


def _first_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _whole_weeks(first: date, last: date) -> tuple[date, date]:
    """Return the Saturday and the Friday between which the weeks lie whose Friday is in first through last."""
    friday = first + timedelta(days=(_FRIDAY - first.weekday()) % 7)
    return friday - _WEEK + _ONE_DAY, last - timedelta(days=(last.weekday() - _FRIDAY) % 7)


def _weeks(figures: Sequence[Figure]) -> list[list[Figure]]:
    """Return the figures by weeks, Saturday to Friday."""
    weeks: dict[date, list[Figure]] = {}
    for figure in figures:
        weeks.setdefault(figure.day + timedelta(days=(_FRIDAY - figure.day.weekday()) % 7), []).append(figure)
    return list(weeks.values())


def _last_full_week(figures: Sequence[Figure], first: date, last: date) -> tuple[Figure, ...]:
    """Return the last week with five market days, Monday to Friday, all within first through last."""
    full = [week for week in _weeks(figures) if len(week) == _MARKET_DAYS]
    if not full:
        months = (f"{first:%Y-%m}",)
        raise RatesMissingError(f"no week from {first} to {last} has five market days", months)
    return tuple(full[-1])


def _rates(figures: Sequence[Figure]) -> list[Fraction]:
    return [Fraction(each.rate_bp) for each in figures]


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
