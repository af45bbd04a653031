"""Twin of what other jurisdictions' rules on deposits hold: how a rate comes about, and clauses on interest and return.

Percent figures are exact fractions. A rule is data: which figures are averaged, how the mean becomes a rate, and the
clauses of a deposit; Colorado's own rate is the twin annual_rate.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.calendar import ONE_DAY, add_months
from tests.reference.rate_table import NoRate, RateOn, rated_share_day_by_day
from tests.reference.rounding import round_fraction

FRIDAY = 4
Daily = Mapping[date, Fraction]
Monthly = Mapping[tuple[int, int], Fraction]


class MissingFigures(Exception):  # noqa: N818 - named for the reason
    """The series lacks figures that the rule averages."""


def mean(figures: Sequence[Fraction]) -> Fraction:
    """Arithmetic mean, exact. Raises MissingFigures where there are none."""
    if not figures:
        raise MissingFigures("no figures")
    return sum(figures, Fraction(0)) / len(figures)


def mean_of_months(series: Monthly, first: tuple[int, int], last: tuple[int, int]) -> Fraction:
    """Mean of the monthly figures (year, month) first .. last, all of which must be there."""
    year, month = first
    figures = []
    while (year, month) <= last:
        if (year, month) not in series:
            raise MissingFigures(f"no figure for {year}-{month:02d}")
        figures.append(series[year, month])
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return mean(figures)


def mean_of_days(series: Daily, first: date, last: date) -> Fraction:
    """Mean of the daily figures first .. last; days without a market have none."""
    return mean([value for day, value in series.items() if first <= day <= last])


def mean_of_last_full_week(series: Daily, year: int, month: int) -> Fraction:
    """Mean of the days of the last week of a month with five market days, Monday to Friday, all in the month."""
    next_month = date(year + month // 12, month % 12 + 1, 1)
    friday = next_month - ONE_DAY
    while friday.month == month:
        week = [friday - timedelta(days=back) for back in range(4, -1, -1)]
        if friday.weekday() == FRIDAY and week[0].month == month and all(day in series for day in week):
            return mean([series[day] for day in week])
        friday -= ONE_DAY
    raise MissingFigures(f"no full week in {year}-{month:02d}")


def mean_of_weekly_means(series: Daily, first: date, last: date) -> Fraction:
    """Mean of the means of the weeks, Saturday to Friday, whose Friday lies in first .. last."""
    weeks: dict[date, list[Fraction]] = {}
    for day, value in series.items():
        friday = day + timedelta(days=(FRIDAY - day.weekday()) % 7)
        if first <= friday <= last:
            weeks.setdefault(friday, []).append(value)
    return mean([mean(figures) for figures in weeks.values()])


def figure_on(series: Daily, day: date) -> Fraction:
    """The figure of a look-up day, or the last one before it."""
    known = max((each for each in series if each <= day), default=None)
    if known is None:
        raise MissingFigures(f"no figure on or before {day}")
    return series[known]


def rate_percent(
    average: Fraction,
    *,
    multiplier: Fraction = Fraction(1),
    step: Fraction = Fraction(1, 100),
    mode: str = "half_up",
    floor: Fraction | None = None,
    floor_after_rounding: bool = True,
    cap: Fraction | None = None,
    existing: Fraction | None = None,
    threshold: Fraction | None = None,
    published: Fraction | None = None,
) -> tuple[Fraction, str]:
    """(rate, source): what was published outranks what is computed.

    computed = average x multiplier, rounded to the step, at least the floor (before or after the rounding), at most
    the cap; the existing rate is kept where the two differ by less than the threshold.
    """
    exact = average * multiplier
    if floor is not None and not floor_after_rounding:
        exact = max(exact, floor)
    rate = round_fraction(exact / step, mode) * step
    if floor is not None and floor_after_rounding:
        rate = max(rate, floor)
    if cap is not None:
        rate = min(rate, cap)
    if existing is not None and threshold is not None and abs(rate - existing) < threshold:
        rate = existing
    return (rate, "computed") if published is None else (published, "published")


@dataclass(frozen=True)
class Clauses:
    """What a jurisdiction says of interest on a deposit.

    holding_months or holding_days: no interest before a deposit was held so long, or longer (more_than), and then from
    the first day or from then. steps: (months of service, ppm a year), the rate from the day after them on.
    capitalized: (month, day) at whose end interest to date, rounded to the cent, becomes principal.
    """

    least_principal_cents: int = 0
    holding_months: int = 0
    holding_days: int = 0
    more_than: bool = False
    from_first_day: bool = True
    steps: tuple[tuple[int, int], ...] = ()
    capitalized: tuple[int, int] | None = None


def stepped_rate(rate_on: RateOn, steps: Iterable[tuple[int, int]], service_from: date) -> RateOn:
    """The rate function with the steps by length of service laid over it."""
    begins = [(add_months(service_from, months) + ONE_DAY, ppm) for months, ppm in sorted(steps)]

    def on(day: date) -> int | None:
        passed = [ppm for start, ppm in begins if start <= day]
        return passed[-1] if passed else rate_on(day)

    return on


def deposit_interest(
    principal_cents: int,
    received: date,
    end: date,
    rate_on: RateOn,
    clauses: Clauses,
    *,
    stops: Iterable[date | None] = (),
    service_from: date | None = None,
) -> int:
    """Interest in cents on [received, end), actual/actual, half-up; ``stops``: days of events that end it.

    ``received`` is the day of receipt, or that of the last installment where the rule counts from it. Raises NoRate.
    """
    end = min([end, *(day for day in stops if day is not None)])
    held = add_months(received, clauses.holding_months) + timedelta(days=clauses.holding_days)
    long_enough = end > held if clauses.more_than else end >= held
    if principal_cents < clauses.least_principal_cents or not long_enough:
        return 0
    start = received if clauses.from_first_day else held
    rate = stepped_rate(rate_on, clauses.steps, service_from or received)
    earned = 0
    while start < end:
        stop = end if clauses.capitalized is None else min(end, _next_after(start, clauses.capitalized))
        share = rated_share_day_by_day(rate, start, stop, "actual_actual")
        earned += round_fraction((principal_cents + earned) * share, "half_up")
        start = stop
    return earned


def _next_after(day: date, month_and_day: tuple[int, int]) -> date:
    """The day after the next such day of the year, which may be the day itself."""
    found = date(day.year, *month_and_day)
    return (found if found >= day else date(day.year + 1, *month_and_day)) + ONE_DAY


def _days(billed_cents: int, billed_days: int, days: int) -> int:
    return billed_cents * days // billed_days


LIMITS: Mapping[str, Callable[[Sequence[int], int], int]] = {
    "average_months": lambda bills, k: sum(bills) * k // len(bills),
    "highest_consecutive": lambda bills, k: max(sum(bills[n : n + k]) for n in range(len(bills) - k + 1)),
    "highest_months": lambda bills, k: sum(sorted(bills)[-k:]),
    "year_twelfths": lambda bills, k: sum(bills) * k // 12,
}


def deposit_limit(
    method: str, *, bills: Sequence[int] = (), months: int = 1, days: int = 0, billed_days: int = 0
) -> int:
    """Ceiling in cents, rounded down.

    days: ``days`` of what was billed in ``billed_days``; average_months, highest_consecutive, highest_months (a single
    one with months = 1): of the monthly bills; year_twelfths: so many twelfths of the year's bills.
    """
    if method == "days":
        return _days(sum(bills), billed_days, days)
    if not 1 <= months <= len(bills):
        raise ValueError(f"{len(bills)} bills do not give {months} months")
    return LIMITS[method](bills, months)


def dormant_from(trigger: date, years: int) -> date:
    """First day on which a deposit is unclaimed: the day after so many years."""
    return add_months(trigger, 12 * years) + ONE_DAY


def split(total_cents: int, shares: Sequence[Fraction]) -> list[int]:
    """Cents to each payee, rounded down; what that leaves goes cent by cent to the largest shares first."""
    parts = [int(total_cents * share) for share in shares]
    by_size = sorted(range(len(shares)), key=lambda place: (-shares[place], place))
    for n in range(total_cents - sum(parts)):
        parts[by_size[n % len(parts)]] += 1
    return parts


__all__ = [
    "Clauses",
    "MissingFigures",
    "NoRate",
    "deposit_interest",
    "deposit_limit",
    "dormant_from",
    "figure_on",
    "mean_of_days",
    "mean_of_last_full_week",
    "mean_of_months",
    "mean_of_weekly_means",
    "rate_percent",
    "split",
    "stepped_rate",
]
