"""A jurisdiction's rate of a year or quarter, by its rate rule: average, multiplier, rounding, floor, cap, threshold.

Input: `data/rules/ID/rate_rule.toml`, the series that it names and `data/rules/ID/published_rates.csv`. Output: one
`RuledRate` per period that has a rate, exact until the rule rounds. A published rate outranks the computed one, and a
note says so where they differ. `.table` makes rows by effective date.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from calc import datafiles
from calc.errors import RatesMissingError, UsageError
from calc.rates.computing.annual import published_rates
from calc.rates.register.published import PublishedRate, parse_published
from calc.rates.ruled.observations import Series, load_series
from calc.rates.ruled.rate import RuledRate, period_text, rounded_ppm
from calc.rates.ruled.windows import average
from calc.rules.jurisdictions import COLORADO
from calc.rules.rate_rule import rate_rule, rate_rules
from calc.units import FIRST_DATE, LAST_DATE, PPM, PPM_PER_BP

if TYPE_CHECKING:
    from calc.rules.rate_rule import RateRule

PUBLISHED_FILE: Final = "published_rates.csv"
FIRST_RULES: Final = date(1990, 1, 1)
"""Rates of earlier periods go by the earliest rules at hand."""


def rate_of_period(
    jurisdiction: str, year: int, quarter: int | None = None, *, existing_ppm: int | None = None
) -> list[RuledRate]:
    """Compute a year's rate, or the rates of its quarters where the jurisdiction's periods are quarters.

    Args:
        jurisdiction: A folder of `data/rules/`.
        year: The year.
        quarter: One quarter, 1 to 4; by default all that have a rate.
        existing_ppm: The rate in force before, instead of that of the period before.

    Returns:
        One rate, or one a quarter.

    Raises:
        UsageError: A quarter is given where periods are years.
        RatesMissingError: There is no rate; the message says what is missing.
    """
    rule = rate_rule(jurisdiction, max(date(year, 1, 1), FIRST_RULES)).values
    if quarter is not None and rule.period == "year":
        raise UsageError(f"{jurisdiction} sets a rate a year: leave the quarter out")
    found = compute_periods(jurisdiction)
    months = [1] if rule.period == "year" else [3 * quarter - 2] if quarter else [1, 4, 7, 10]
    starts = [date(year, month, 1) for month in months]
    rates = [found[start] for start in starts if start in found]
    if not rates:
        raise _none(jurisdiction, starts[0], rule)
    if existing_ppm is None:
        return rates
    return [_tested(each, existing_ppm) for each in rates]


def _none(jurisdiction: str, start: date, rule: "RateRule") -> RatesMissingError:
    """Return the error that says why a period has no rate, with the missing months."""
    period = period_text(start, rule.period)
    if not rule.is_observed:
        return RatesMissingError(
            f"{jurisdiction} has no rate for {period}: it is set by order, and no order for it is at hand"
        )
    try:
        average(rule, load_series(rule.series or ""), start)
    except RatesMissingError as error:
        return RatesMissingError(f"{jurisdiction}: {error}", error.missing_months)
    return RatesMissingError(f"{jurisdiction} has no rate for {period}")


def compute_periods(jurisdiction: str, known_on: date | None = None) -> Mapping[date, RuledRate]:
    """Compute every period that has a rate, each tested against the rate in force on the day before.

    Args:
        jurisdiction: A folder of `data/rules/`.
        known_on: If set, use only what was published by that date.

    Returns:
        The rates by the first day of their period, in order.
    """
    found: dict[date, RuledRate] = {}
    published = {each.effective_from: each for each in published_of(jurisdiction, known_on)}
    existing: RuledRate | None = None
    series: dict[str, Series] = {}
    for start, end, rule in _periods(jurisdiction):
        if rule.series is not None and rule.series not in series:
            series[rule.series] = load_series(rule.series, known_on)
        rate = _computed(start, end, (rule, series.get(rule.series or "")), published.pop(start, None), existing)
        existing = rate
        if rate is not None:
            found[start] = rate
    if published:
        day = min(published)
        raise UsageError(f"{jurisdiction}: the rate published from {day} does not begin with a period of its rule")
    return found


def published_of(jurisdiction: str, known_on: date | None = None) -> tuple[PublishedRate, ...]:
    """Return the rates published or set by order in a jurisdiction, by effective date."""
    if jurisdiction == COLORADO:
        return tuple(each for each in published_rates() if known_on is None or each.known_on <= known_on)
    name = f"rules/{jurisdiction}/{PUBLISHED_FILE}"
    if name not in datafiles.names(f"rules/{jurisdiction}", ".csv"):
        return ()
    rows = parse_published(datafiles.read_text(name), name)
    return tuple(each for each in rows if known_on is None or each.known_on <= known_on)


def _periods(jurisdiction: str) -> "Iterator[tuple[date, date, RateRule]]":
    """Yield the first day, the day after the last and the rule of every period that the calculators know."""
    rules = rate_rules(jurisdiction)
    for year in range(FIRST_DATE.year, LAST_DATE.year + 1):
        rule = rules(max(date(year, 1, 1), FIRST_RULES)).values
        if not rule.is_observed and year < FIRST_RULES.year:
            continue
        months = 12 if rule.period == "year" else 3
        for month in range(1, 13, months):
            after = 12 * year + month - 1 + months
            yield date(year, month, 1), date(after // 12, after % 12 + 1, 1), rule


def _computed(
    start: date,
    end: date,
    ruled: "tuple[RateRule, Series | None]",
    published: PublishedRate | None,
    existing: RuledRate | None,
) -> RuledRate | None:
    """Compute a period's rate by its rule and series; None where neither the rule nor a publication gives one."""
    rule, series = ruled
    window, exact, lacking = None, None, ""
    if rule.method == "fixed" and rule.fixed_bp is not None:
        exact = Fraction(rule.fixed_bp * PPM_PER_BP)
    elif rule.method == "order":
        exact = None if published is None else Fraction(published.rate_ppm)
    elif series is not None:
        try:
            window = average(rule, series, start)
            exact = window.average_bp * PPM_PER_BP
        except RatesMissingError as error:
            lacking = str(error)
    if exact is None and published is None:
        return None
    rate = RuledRate(
        starts_on=start,
        ends_before=end,
        rule=rule,
        window=window,
        average_ppm=exact,
        rounded_ppm=None if exact is None else rounded_ppm(rule, exact),
        existing_ppm=None,
        decision=None,
        computed_ppm=None,
        is_provisional=window is not None and window.is_provisional,
        published=published,
        lacking=lacking,
    )
    return _tested(rate, None if existing is None else existing.rate_ppm, existing)


def _tested(rate: RuledRate, existing_ppm: int | None, existing: RuledRate | None = None) -> RuledRate:
    """Return the rate after the test against the existing one, which continues within the rule's threshold."""
    if rate.rounded_ppm is None or rate.average_ppm is None:
        return replace(rate, existing_ppm=existing_ppm)
    rule = rate.rule
    threshold = rule.rate_threshold_bp
    if threshold is None or existing_ppm is None:
        return replace(rate, existing_ppm=existing_ppm, decision="reset", computed_ppm=rate.rounded_ppm)
    exact = rate.average_ppm * rule.multiplier_ppm / PPM
    tested = exact if rule.rate_threshold_stage == "unrounded" else Fraction(rate.rounded_ppm)
    difference = abs(tested - existing_ppm)
    least = threshold * PPM_PER_BP
    resets = difference >= least if rule.rate_threshold_inclusive else difference > least
    provisional = rate.is_provisional or (existing is not None and existing.source == "provisional")
    return replace(
        rate,
        existing_ppm=existing_ppm,
        decision="reset" if resets else "keep",
        computed_ppm=rate.rounded_ppm if resets else existing_ppm,
        is_provisional=provisional,
    )
