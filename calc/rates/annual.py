"""The yearly deposit rate, rules 3403(o)(II) and 4403(o)(II).

In: the monthly series and the published rates. Out: one result a year, averages and rates in ppm. A year's window is
October two years before through September of the year before. The arithmetic is the kernel's
(`calc.kernels.annual_rate`), over all years at once; rows by effective date are `.table`'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from calc.errors import RatesMissingError
from calc.kernels.annual_rate import KEEP, NO_RATE, NONE, annual_rate
from calc.kernels.intmath import ROUNDING_MODES
from calc.rates.published import PublishedRate, shipped_published
from calc.rates.register import load_register
from calc.rates.series import MonthlyRate, MonthlySeries, month_number, month_text
from calc.rates.snapshot import current_series
from calc.units import PPM_PER_BP, format_percent

if TYPE_CHECKING:
    from calc.rules.schema import AnnualRate


@dataclass(frozen=True, slots=True)
class AnnualRateResult:
    """One year: what went in, what the rule makes of it (`computed_ppm`), what is in force (`rate_ppm`) and from when.

    `existing_ppm` is None where no rate was in force on 31 December before: the average is then taken. `tested_ppm` is
    the average that is held against it, rounded or not. `published` is the Commission's rate of the year, whether it
    is in force here or not. A computed rate is provisional where a derived month stands in its window or in that of the
    existing rate it was tested against.
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
        """Sum / 12 in percent, unrounded."""
        return Fraction(self.sum_bp, 1200)

    @property
    def difference_bp(self) -> Fraction | None:
        """|average - existing| of the average that was tested; None without an existing rate."""
        return None if self.existing_ppm is None else abs(self.tested_ppm - self.existing_ppm) / PPM_PER_BP

    @property
    def average_is(self) -> Literal["above", "below", "equal"] | None:
        """Where the average that was tested lies from the existing rate; None without one."""
        if self.existing_ppm is None:
            return None
        if self.tested_ppm == self.existing_ppm:
            return "equal"
        return "above" if self.tested_ppm > self.existing_ppm else "below"

    @property
    def published_ppm(self) -> int | None:
        """The published rate, if there is one."""
        return self.published.rate_ppm if self.published else None

    @property
    def rate_ppm(self) -> int:
        """The published rate where it is in force, else the computed one."""
        return self.published.rate_ppm if self.published and self.published_in_force else self.computed_ppm

    @property
    def source(self) -> Literal["published", "computed", "provisional"]:
        """Where `rate_ppm` comes from."""
        if self.published_in_force:
            return "published"
        return "provisional" if self.provisional else "computed"

    @property
    def effective_from(self) -> date:
        """1 January of the year, or the alternative date set by the Commission."""
        return self.published.effective_from if self.published and self.published_in_force else date(self.year, 1, 1)

    @property
    def note(self) -> str:
        """What to say of the Commission's figure, above all where it and the computed one differ; empty otherwise."""
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
    """The twelve months of a year's window, whether the series holds them or not."""
    first = month_number(year - 2, 10)
    return tuple(series.month(number) for number in range(first, first + 12))


def require_window(series: MonthlySeries, year: int) -> None:
    """RatesMissingError that names the months which a year's window lacks, if any."""
    missing = tuple(month.month for month in window(series, year) if month.rate_bp is None)
    if missing:
        raise RatesMissingError(
            f"no rate for {year}: its window {year - 2}-10 to {year - 1}-09 lacks {', '.join(missing)} "
            f"(the series runs from {month_text(series.first_month)} to {month_text(series.last_month)}); "
            "add these months to the series",
            missing,
        )


def compute_year(series: MonthlySeries, year: int, existing_ppm: int | None, rule: "AnnualRate") -> AnnualRateResult:
    """One year by the rule alone, against a given existing rate; RatesMissingError as by `require_window`."""
    require_window(series, year)
    return _scan(series, range(year, year + 1), rule, (), existing_ppm)[year]


def compute_chain(
    series: MonthlySeries, rule: "AnnualRate", published: Iterable[PublishedRate] = ()
) -> dict[int, AnnualRateResult]:
    """Every year with a complete window, each tested against the rate in force on the last day of the year before.

    A rate published for a year is in force in that year, and the last one published in a year is the existing rate of
    the next, unless `published_override` is off. The first year, and one behind a year without a rate, has no
    existing rate.
    """
    first = (series.first_month + 2) // 12 + 2
    last = (series.last_month + 4) // 12
    return _scan(series, range(first, last + 1), rule, tuple(published), None)


def rate_of_year(
    year: int, rule: "AnnualRate", *, series: MonthlySeries | None = None, existing_ppm: int | None = None
) -> AnnualRateResult:
    """One year as the data in use have it; or, where given months or a given existing rate differ, by the rule alone.

    A given series must hold the whole window; the existing rate, where it is not given, follows from the months in use
    with the given ones laid over them. RatesMissingError as by `require_window`.
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
    """The Commission's letters and the rates approved in the register, by effective date."""
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
        rule.average_decimals,
        ROUNDING_MODES[rule.average_rounding],
        rule.threshold_bp,
        rule.threshold_inclusive,
        rule.threshold_stage == "unrounded",
        sums,
        averages,
        existing,
        decisions,
        rates,
    )
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
