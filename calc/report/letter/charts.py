"""Charts of the deposit rate as SVG: a year's twelve months; average and rate in force since 1990.

Input: a worksheet, or years and a rate table. Output: SVG text, 640 px wide, or 340 px for a telephone, the same bytes
for the same figures, with title and description for a screen reader. No mark relies on color alone: lines and points
differ in form, and labels are beside what they name. `.chart_marks`, imported for the first chart, draws.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from calc.rates.computing.annual import AnnualRateResult
from calc.rates.computing.table import RateTable
from calc.rates.fred.series import MonthlyRate
from calc.report.letter.dates import MONTHS, long_date, month_name
from calc.units import PPM_PER_BP, to_date
from calc.units import format_percent as percent

if TYPE_CHECKING:
    from calc.report.letter.worksheet import Worksheet

_KEPT: Final = 20
"""Charts kept of each kind: to draw one takes half a second."""
FONT: Final = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def months_svg(worksheet: "Worksheet", *, font: str = FONT, narrow: bool = False) -> str:
    """Draw a year's twelve months as points, their average, and the existing rate with the band in which it continues.

    A month that is missing has a name but no point; without the whole window there is no average.
    """
    band_ppm = worksheet.rules.electric.annual_rate.threshold_bp * PPM_PER_BP
    return _months_svg(
        worksheet.year,
        worksheet.months,
        worksheet.average_ppm,
        worksheet.existing_ppm,
        band_ppm,
        describe_months(worksheet),
        font,
        narrow,
    )


def history_svg(
    history: Sequence[AnnualRateResult], rates: RateTable, *, font: str = FONT, narrow: bool = False
) -> str:
    """Draw each year's average as a point and the rate in force as steps; provisional ones are hollow and dashed."""
    return _history_svg(tuple(history), rates, font, narrow)


def until(
    history: Sequence[AnnualRateResult], rates: RateTable, last: date
) -> tuple[tuple[AnnualRateResult, ...], RateTable]:
    """Cut years and rates to what is in force by a day: a chart of them ends on it.

    Args:
        history: Years in order.
        rates: A rate table that begins by `last`.
        last: The last day.

    Returns:
        The years through that of `last`, and the table through `last`, or its own end if that is earlier.
    """
    rows = tuple(row for row in rates.rows if row.effective_from <= last)
    cut = replace(rates, rows=rows, end_date=min(rates.end_date, last + timedelta(days=1)))
    return tuple(year for year in history if year.year <= last.year), cut


@lru_cache(maxsize=_KEPT)
def _months_svg(
    year: int,
    months: tuple[MonthlyRate, ...],
    average: int | None,
    existing: int | None,
    band_ppm: int,
    told: str,
    font: str,
    narrow: bool,
) -> str:
    from calc.report.letter.chart_marks import BLUE, GRAY, RED, Canvas, Label  # noqa: PLC0415 - loads Altair

    known = [(place, rate_bp * PPM_PER_BP) for place, (_, rate_bp, _) in enumerate(months) if rate_bp is not None]
    band = [] if existing is None else [existing - band_ppm, existing + band_ppm]
    ticks = {place: _tick(month) for place, (month, _, _) in enumerate(months)}
    canvas = Canvas((-0.6, 11.6), ticks, [*(ppm for _, ppm in known), *band], height=250, narrow=narrow)
    labels = []
    if existing is not None:
        canvas.band(*band)
        labels.append(Label(existing, f"existing rate {percent(existing)}", f"shaded: ± {percent(band_ppm)}", GRAY))
    if average is not None:
        canvas.level(average, RED)
        labels.append(Label(average, f"average {percent(average)}", "of the twelve months", RED))
    if existing is not None:
        canvas.level(existing, GRAY, dash=(6, 4))
    canvas.line(known, BLUE)
    canvas.points([(place, ppm, months[place].status == "published") for place, ppm in known], BLUE)
    canvas.texts([(place, ppm, percent(ppm)) for place, ppm in known])
    canvas.absences([place for place, month in enumerate(months) if month.rate_bp is None], "missing")
    canvas.labels(labels)
    is_derived = any(month.status == "derived" for month in months)
    above = "percent a year" + ("; hollow points: derived, not yet published" if is_derived else "")
    title = f"One-year Treasury rate by month for the deposit rate of {year}"
    return canvas.svg(_name(f"months-{year}", narrow=narrow), title, told, above=above, font=font)


@lru_cache(maxsize=_KEPT)
def _history_svg(history: tuple[AnnualRateResult, ...], rates: RateTable, font: str, narrow: bool) -> str:
    from calc.report.letter.chart_marks import BLUE, RED, Canvas, Label  # noqa: PLC0415 - loads Altair

    parts = rates.segments(rates.first_day, rates.end_day)
    steps = [(_years(start), _years(stop), row.rate_ppm, row.source == "provisional") for start, stop, row in parts]
    averages = [(year.year + 0.5, year.average_ppm, not year.provisional) for year in history]
    first_year, newest, last = rates.rows[0].effective_from.year, history[-1], parts[-1][2]
    apart = 10 if narrow else 5
    ticks = {year: (str(year),) for year in range(first_year, newest.year + 2) if year % apart == 0}
    shown = [row.rate_ppm for *_, row in parts] + [ppm for _, ppm, _ in averages]
    canvas = Canvas((first_year, steps[-1][1]), ticks, [0, *shown], height=270, y_format=".0f", narrow=narrow)
    canvas.steps(steps, BLUE)
    canvas.points(averages, RED, size=22)
    canvas.labels(
        [
            Label(last.rate_ppm, f"rate in force {percent(last.rate_ppm)}", f"steps; {last.source}", BLUE),
            Label(newest.average_ppm, f"average {percent(newest.average_ppm)}", f"points; of {newest.year}", RED),
        ]
    )
    above = "percent a year" + ("; dashed and hollow: provisional" if newest.provisional else "")
    title = f"Deposit rate in force and twelve-month average, {first_year} to {newest.year}"
    name = _name(f"history-{newest.year}", narrow=narrow)
    return canvas.svg(name, title, describe_history(history, rates), above=above, font=font)


def describe_months(worksheet: "Worksheet") -> str:
    """Describe the chart of the months in words."""
    told = [f"Chart of the monthly averages for the deposit rate of {worksheet.year}, in percent a year."]
    known = [
        f"{month_name(month)} is {percent(rate_bp * PPM_PER_BP)}{' (derived)' if status == 'derived' else ''}"
        for month, rate_bp, status in worksheet.months
        if rate_bp is not None
    ]
    if known:
        told.append(f"{', '.join(known)}.")
    if worksheet.missing:
        told.append(f"Missing: {', '.join(month_name(month) for month in worksheet.missing)}.")
    if worksheet.average_ppm is not None:
        told.append(f"A line shows their average of {percent(worksheet.average_ppm)}.")
    existing = worksheet.existing_ppm
    if existing is not None:
        band_ppm = worksheet.rules.electric.annual_rate.threshold_bp * PPM_PER_BP
        told.append(
            f"A dashed line shows the existing rate of {percent(existing)}, in a shaded band that reaches "
            f"{percent(band_ppm)} above and below it."
        )
    return " ".join(told)


def describe_history(history: Sequence[AnnualRateResult], rates: RateTable) -> str:
    """Describe the chart of the years in words."""
    last = rates.rows[-1]
    highest = max(rates.rows, key=lambda row: row.rate_ppm)
    lowest = min(rates.rows, key=lambda row: row.rate_ppm)
    kept = [str(year.year) for year in history if year.rate_ppm != year.average_ppm]
    told = (
        f"Chart of the rate in force and of each year's average, {history[0].year} to {history[-1].year}, in percent "
        f"a year. The rate was highest with {percent(highest.rate_ppm)} from {long_date(highest.effective_from)}, "
        f"lowest with {percent(lowest.rate_ppm)} from {long_date(lowest.effective_from)}, and is "
        f"{percent(last.rate_ppm)} from {long_date(last.effective_from)}."
    )
    if not kept:
        return f"{told} Each year's average is its rate."
    return f"{told} The average is the rate of its year, but for {', '.join(kept)}."


def _name(name: str, *, narrow: bool) -> str:
    """Return the prefix of a chart's ids: a page may hold it in both widths."""
    return f"narrow-{name}" if narrow else name


def _tick(month: str) -> tuple[str, ...]:
    """Return the name of a month YYYY-MM; a window's first month and each January with the year below."""
    year, of_year = month.split("-")
    name = MONTHS[int(of_year) - 1][:3]
    return (name, year) if of_year in {"10", "01"} else (name,)


def _years(day: int) -> float:
    """Convert an epoch day to years, with the share of the year that has passed."""
    on = to_date(day)
    return on.year + (on - date(on.year, 1, 1)).days / 366
