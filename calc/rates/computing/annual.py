"""The yearly deposit rate, rules 3403(o)(II) and 4403(o)(II).

Input: the monthly series and the published rates. Output: one result per year, averages and rates in ppm. A year's
window is October two years before through September of the year before. The kernel `calc.kernels.annual_rate` does the
arithmetic, for all years at once; `.table` makes rows by effective date.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from calc.errors import RatesMissingError
from calc.kernels.annual_rate import KEEP, NO_RATE, NONE, RateReading, YearRates, annual_rate
from calc.kernels.intmath import ROUNDING_MODES
from calc.rates.fred.series import MonthlyRate, MonthlySeries, month_number, month_text
from calc.rates.fred.snapshot import current_series
from calc.rates.register.entries import load_register
from calc.rates.register.published import PublishedRate, shipped_published
from calc.units import PPM_PER_BP, format_percent

if TYPE_CHECKING:
    from calc.rules.schema import AnnualRate


@dataclass(frozen=True, slots=True)
class AnnualRateResult:
    """Hold one year's input, the rate that the rule gives, and the rate in force.

    Attributes:
        months: The twelve months of the window.
        sum_bp: Their sum in basis points, exact.
        average_ppm: Their average, rounded as the rule says.
        existing_ppm: Rate in force on December 31 before; None if none was, and then the average is taken.
        tested_ppm: The average compared with the existing rate, rounded or exact as `threshold_stage` says.
        decision: "reset" to the average or "keep" the existing rate.
        computed_ppm: The rate that the rule gives.
        provisional: Whether a derived month is in this window, or in that of the existing rate it was tested against.
        published: The Commission's rate for the year, in force here or not; None if there is none.
        published_in_force: Whether the published rate is in force here.
    """

    year: int
    months: tuple[MonthlyRate, ...]
    sum_bp: int
    average_ppm: int
    existing_ppm: int | None
    tested_ppm: Fraction
    decision: Literal["reset", "keep"]
    computed_ppm: int
    provisional: bool
    published: PublishedRate | None
    published_in_force: bool

    @property
    def average_exact(self) -> Fraction:
        """Return sum / 12 in percent, unrounded."""
        return Fraction(self.sum_bp, 1200)

    @property
    def difference_bp(self) -> Fraction | None:
        """Return |tested average - existing rate| in basis points, exact; None without an existing rate."""
        return None if self.existing_ppm is None else abs(self.tested_ppm - self.existing_ppm) / PPM_PER_BP

    @property
    def average_is(self) -> Literal["above", "below", "equal"] | None:
        """Tell on which side of the existing rate the tested average is; None without an existing rate."""
        if self.existing_ppm is None:
            return None
        if self.tested_ppm == self.existing_ppm:
            return "equal"
        return "above" if self.tested_ppm > self.existing_ppm else "below"

    @property
    def published_ppm(self) -> int | None:
        """Return the published rate, if there is one."""
        return self.published.rate_ppm if self.published else None

    @property
    def rate_ppm(self) -> int:
        """Return the rate in force: the published one if it is in force, otherwise the computed one."""
        return self.published.rate_ppm if self.published and self.published_in_force else self.computed_ppm

    @property
    def source(self) -> Literal["published", "computed", "provisional"]:
        """Tell where `rate_ppm` comes from."""
        if self.published_in_force:
            return "published"
        return "provisional" if self.provisional else "computed"

    @property
    def effective_from(self) -> date:
        """Return January 1 of the year, or the alternative date set by the Commission."""
        return self.published.effective_from if self.published and self.published_in_force else date(self.year, 1, 1)

    @property
    def note(self) -> str:
        """Say what to note about the Commission's rate, above all if the computed one differs; empty if nothing."""
        if self.published is None:
            return ""
        if self.published.rate_ppm == self.computed_ppm:
            return self.published.note
        published, computed = format_percent(self.published.rate_ppm), format_percent(self.computed_ppm)
        if self.published_in_force:
            told = f"the Commission published {published}, which is in force; the rule gives {computed}"
        else:
            told = f"the rule gives {computed}; the Commission published {published}, which is set aside here"
        return "; ".join(filter(None, (told, self.published.note)))


def window(series: MonthlySeries, year: int) -> tuple[MonthlyRate, ...]:
    """Return the twelve months of a year's window, including months that the series lacks."""
    first = month_number(year - 2, 10)
    return tuple(series.month(number) for number in range(first, first + 12))


def require_window(series: MonthlySeries, year: int) -> None:
    """Raise RatesMissingError, naming the missing months, unless the series holds a year's whole window."""
    missing = tuple(month.month for month in window(series, year) if month.rate_bp is None)
    if missing:
        raise RatesMissingError(
            f"no rate for {year}: its window {year - 2}-10 to {year - 1}-09 lacks {', '.join(missing)} "
            f"(the series runs from {month_text(series.first_month)} to {month_text(series.last_month)}); "
            "add these months to the series",
            missing,
        )


def compute_year(series: MonthlySeries, year: int, existing_ppm: int | None, rule: "AnnualRate") -> AnnualRateResult:
    """Compute one year by the rule alone, against an existing rate in ppm (None: none).

    Raises:
        RatesMissingError: The series lacks a month of the window.
    """
    require_window(series, year)
    return _scan(series, range(year, year + 1), rule, (), existing_ppm)[year]


def compute_chain(
    series: MonthlySeries, rule: "AnnualRate", published: Iterable[PublishedRate] = ()
) -> dict[int, AnnualRateResult]:
    """Compute every year with a complete window, each tested against the rate in force on December 31 before.

    Unless `published_override` is off, a rate published for a year is in force in that year, and the last one published
    in a year is the existing rate of the next. The first year, and a year after one without a rate, has no existing
    rate.
    """
    first = (series.first_month + 2) // 12 + 2
    last = (series.last_month + 4) // 12
    return _scan(series, range(first, last + 1), rule, tuple(published), None)


def rate_of_year(
    year: int, rule: "AnnualRate", *, series: MonthlySeries | None = None, existing_ppm: int | None = None
) -> AnnualRateResult:
    """Compute one year from the data in use, or by the rule alone if the months or existing rate passed in differ.

    Args:
        year: The year.
        rule: The parameters of rule (o)(II).
        series: Months to use; must hold the whole window. By default the months in use.
        existing_ppm: The existing rate. By default it follows from the months in use, overlaid with `series`.

    Returns:
        The year's result; its published rate is in force only if window and existing rate are those in use.

    Raises:
        RatesMissingError: The series lacks a month of the window.
    """
    current = current_series()
    own = series or current
    require_window(own, year)
    published = published_rates()
    in_use = compute_chain(current, rule, published).get(year)
    if existing_ppm is None:
        months = own if series is None else current.overlaid(series)
        result = compute_chain(months, rule, published)[year]
    else:
        result = compute_year(own, year, existing_ppm, rule)
    if in_use and (result.months, result.existing_ppm) == (in_use.months, in_use.existing_ppm):
        return in_use
    return replace(result, published=_of_years(published).get(year), published_in_force=False)


def published_rates() -> tuple[PublishedRate, ...]:
    """Return the rates of the Commission's letters and those approved in the register, by effective date."""
    return load_register().with_letters(shipped_published())


def _of_years(published: Iterable[PublishedRate]) -> dict[int, PublishedRate]:
    return {row.effective_from.year: row for row in published if row.of_year}


def _scan(
    series: MonthlySeries,
    years: range,
    rule: "AnnualRate",
    published: tuple[PublishedRate, ...],
    existing_ppm: int | None,
) -> dict[int, AnnualRateResult]:
    windows = [window(series, year) for year in years]
    in_force = sorted(published, key=lambda row: row.effective_from) if rule.published_override else []
    year_end_ppm = {row.effective_from.year: row.rate_ppm for row in in_force}
    of_year = _of_years(published)
    sums, averages, existing, decisions, rates = np.empty((5, len(years)), dtype=np.int64)
    annual_rate(
        np.array([NONE if rate is None else rate for year in windows for _, rate, _ in year], dtype=np.int64),
        np.array([year_end_ppm.get(year, NONE) for year in years], dtype=np.int64),
        NONE if existing_ppm is None else existing_ppm,
        RateReading(
            rule.average_decimals, ROUNDING_MODES[rule.average_rounding], rule.threshold_bp, rule.threshold_inclusive,
            rule.threshold_stage == "unrounded",
        ),
        YearRates(sums, averages, existing, decisions, rates),
    )  # fmt: skip
    results: dict[int, AnnualRateResult] = {}
    rests_on_derived = False
    for place, year in enumerate(years):
        if decisions[place] == NO_RATE:
            rests_on_derived = False
            continue
        derived = any(month.status == "derived" for month in windows[place])
        provisional = derived or rests_on_derived
        rests_on_derived = provisional and year not in year_end_ppm
        sum_bp, average_ppm = int(sums[place]), int(averages[place])
        before = None if existing[place] == NONE else int(existing[place])
        is_exact = rule.threshold_stage == "unrounded"
        results[year] = AnnualRateResult(
            year=year,
            months=windows[place],
            sum_bp=sum_bp,
            average_ppm=average_ppm,
            existing_ppm=before,
            tested_ppm=Fraction(sum_bp * PPM_PER_BP, 12) if is_exact else Fraction(average_ppm),
            decision="keep" if decisions[place] == KEEP else "reset",
            computed_ppm=int(rates[place]),
            provisional=provisional,
            published=of_year.get(year),
            published_in_force=rule.published_override and year in of_year,
        )
    return results
