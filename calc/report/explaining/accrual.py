"""Steps of simple interest: what an amount earns over a span of days, rate by rate and year by year, and the sum.

Input: an amount in cents, epoch days [first, stop), the rules, the rates. Output: one exact step for each part with one
rate within one calendar year, and the steps that round their sum. Interest on deposits and unclaimed monies share this
module.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from calc.kernels.arrays import Int64
from calc.kernels.calendar import DAY_ENDS, YEAR_UNITS, day_weights
from calc.rates.computing.table import RateRow, RateTable
from calc.report.explaining.step import Figure, Law, Step, agree, rounded_step, whole_step
from calc.units import FIRST_DAY, PPM, rounded, to_date, to_day
from calc.units import format_cents as money
from calc.units import format_percent as percent

Span = tuple[int, int]
"""Epoch days [first, stop)."""


class Line(NamedTuple):
    """Hold one part's calendar year, its exact cents, and its step."""

    year: int
    exact_cents: Fraction
    step: Step


def earning_days(received: date, end: date, day_ends: str) -> Span:
    """Find the days that earn interest between two dates.

    Args:
        received: Date of receipt.
        end: Last date of the period.
        day_ends: Which of the two dates count, a word of `schema.DayEnds`.

    Returns:
        Epoch days [first, stop), empty rather than negative.
    """
    start_shift, end_shift = DAY_ENDS[day_ends]
    first = to_day(received) + start_shift
    return first, max(first, to_day(end) + end_shift)


def days_step(received: date, end: date, span: Span, name: str, days: int, law: Law) -> Step:
    """Make the step that counts the days that earn.

    Args:
        received: Date of receipt.
        end: Last date of the period.
        span: Epoch days [first, stop) that count.
        name: Name of the result's figure.
        days: The result's figure.
        law: The rules of the service.

    Returns:
        The step.

    Raises:
        PuccalcError: The result counted other days.
    """
    label = "days that earn"
    first, stop = span
    agree(label, stop - first, days)
    figures: dict[str, Figure] = {"received_date": received, "end_date": end}
    if days:
        figures |= {"first_date": to_date(first), "last_date": to_date(stop - 1)}
    formula = f"{to_date(first)} through {to_date(stop - 1)}" if days else "no day counts"
    return Step(label, figures | {name: days}, formula, parameters=law.parameters("day_ends"))


def accrual_lines(
    label: str, amount_cents: int, span: Span, law: Law, rates: RateTable | None, surcharge_ppm: int | None = None
) -> list[Line]:
    """Work out amount x rate x share of the year, part by part, exactly.

    Args:
        label: Label of the steps.
        amount_cents: The amount that earns.
        span: Epoch days [first, stop).
        law: The rules of the service.
        rates: The rates; None to apply `surcharge_ppm` alone (mode "points").
        surcharge_ppm: If set together with `rates`, a further factor (mode "multiplicative").

    Returns:
        One line for each part with one rate within one calendar year.
    """
    day_count = law.own.deposit_interest.day_count
    used, passages = law.parameters("day_count"), law.passages("day_count", "(o)(II)")
    if surcharge_ppm is not None:
        used += law.parameters("surcharge_ppm", "surcharge_mode")
    found = []
    for first, stop, row in _parts(span, rates):
        share, share_text = _share_of_year(first, stop, day_count)
        figures: dict[str, Figure] = {
            "first_date": to_date(first),
            "last_date": to_date(stop - 1),
            "days": stop - first,
            "share_of_year": share_text,
        }
        exact = amount_cents * share
        factors = [money(amount_cents)]
        if row is not None:
            figures |= {"rate_ppm": row.rate_ppm, "rate_source": row.source, "rate_provenance": row.provenance}
            exact *= Fraction(row.rate_ppm, PPM)
            factors.append(f"{percent(row.rate_ppm)} %")
        if surcharge_ppm is not None:
            figures["surcharge_ppm"] = surcharge_ppm
            exact *= Fraction(surcharge_ppm, PPM)
            factors.append(f"{percent(surcharge_ppm)} %")
        formula = " x ".join([*factors, share_text])
        note = "" if row is None else row.note
        step = Step(label, figures, formula, exact, "", used, passages if row else (), note, part=True)
        found.append(Line(to_date(first).year, exact, step))
    return found


def rounded_sum(label: str, name: str, cents: int, lines: Sequence[Line], law: Law) -> list[Step]:
    """Make the steps that round the sum of lines to the result's figure, once or by calendar year, as the rule says.

    Args:
        label: Label of the steps.
        name: Name of the figure.
        cents: The result's figure.
        lines: The exact lines.
        law: The rules of the service.

    Returns:
        The steps.

    Raises:
        PuccalcError: The rounded sum is another amount.
    """
    interest = law.own.deposit_interest
    used = law.parameters("rounding_mode", "rounding_point")
    if interest.rounding_point == "posting":
        exact = _total(lines)
        return [rounded_step(label, name, cents, exact, interest.rounding_mode, _sum_text(lines), used)]
    steps = []
    by_year = []
    for year in sorted({line.year for line in lines}):
        own = [line for line in lines if line.year == year]
        by_year.append(rounded(_total(own), interest.rounding_mode))
        steps.append(
            rounded_step(
                f"{label} of {year}", "year_cents", by_year[-1], _total(own), interest.rounding_mode, _sum_text(own),
                used,
            )
        )  # fmt: skip
    formula = " + ".join(money(year) for year in by_year) or "no year"
    return [*steps, whole_step(label, name, cents, sum(by_year), formula, used)]


def is_provisional(steps: Sequence[Step]) -> bool:
    """Tell whether any of the steps used a provisional rate."""
    return any(step.figures.get("rate_source") == "provisional" for step in steps)


def _total(lines: Sequence[Line]) -> Fraction:
    return sum((line.exact_cents for line in lines), Fraction(0))


def _sum_text(lines: Sequence[Line]) -> str:
    return f"sum of {len(lines)} line{'s' * (len(lines) != 1)}"


def _parts(span: Span, rates: RateTable | None) -> Iterator[tuple[int, int, RateRow | None]]:
    """Split [first, stop) at each January 1 and, if there are rates, at each of their effective dates."""
    first, stop = span
    while first < stop:
        cut = min(stop, to_day(date(to_date(first).year + 1, 1, 1)))
        if rates is None:
            yield first, cut, None
        else:
            yield from rates.segments(first, cut)
        first = cut


@cache
def _weights(day_count: str) -> Int64:
    return day_weights(day_count)


def _share_of_year(first: int, stop: int, day_count: str) -> tuple[Fraction, str]:
    """Return the share of a year of days within one calendar year, exact and as text with the day count's divisor."""
    units = int(_weights(day_count)[first - FIRST_DAY : stop - FIRST_DAY].sum())
    year = to_date(first).year
    year_days = to_day(date(year + 1, 1, 1)) - to_day(date(year, 1, 1))
    denominator = {"actual_actual": year_days, "actual_365": 365}.get(day_count, 360)
    return Fraction(units, YEAR_UNITS), f"{units * denominator // YEAR_UNITS}/{denominator}"
