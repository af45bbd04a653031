"""Cache what the rate pages are made of: worksheets, readings, charts.

Like the rates themselves (`api.answering.law`), they belong to the data in use when the service first needs them; a
restart takes new data. A chart costs half a second and the first one several seconds, so the first page's charts are
drawn as soon as the service is ready.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final, NamedTuple

from markupsafe import Markup

from api.answering import law, topics
from calc.errors import RatesMissingError
from calc.rates.computing import sensitivity
from calc.rates.computing.table import RateTable
from calc.report.letter import charts
from calc.report.letter import worksheet as report
from calc.report.letter.render import Form
from calc.report.letter.render import letter as written
from calc.report.letter.worksheet import Worksheet
from calc.units import to_date

_YEARS: Final = 64
_FONT: Final = "'Source Sans Pro Web', 'Helvetica Neue', Helvetica, Arial, sans-serif"
_STYLE: Final = re.compile(r' style="[^"]*"')


class Chart(NamedTuple):
    """Hold a chart as inline SVG, for a wide window and for a telephone."""

    wide: Markup
    narrow: Markup


@law.cached(_YEARS)
def worksheet(year: int) -> Worksheet:
    """Return a year's rate worksheet."""
    return report.worksheet(year)


@law.cached(_YEARS)
def readings(year: int) -> tuple[sensitivity.Sensitivity, ...]:
    """Return a year's rate under each reading of the rules; empty where months of its window are missing."""
    try:
        return sensitivity.sensitivities(year, worksheet(year).rules)
    except RatesMissingError:
        return ()


@law.cached(_YEARS)
def months_chart(year: int) -> Chart:
    """Return the chart of a year's twelve monthly yields."""
    return _chart(partial(charts.months_svg, worksheet(year)))


@law.cached(1)
def history_chart(last: date) -> Chart:
    """Return the chart of averages and rates of all years until a day.

    Args:
        last: The day on which the chart ends: today.
    """
    found = worksheet(last_year())
    return _chart(partial(charts.history_svg, *charts.until(found.history, found.rates, last)))


@law.cached(_YEARS)
def letter(year: int, form: Form) -> bytes:
    """Return a year's letter in one form; raise RatesMissingError where the year has no rate."""
    return written(worksheet(year), form)


def rates() -> RateTable:
    """Return the rate table in use today."""
    return law.rates_of(law.rules_on(topics.today(), "default", ()).electric.annual_rate)


def last_year() -> int:
    """Return the last year with a rate, provisional ones included."""
    return to_date(rates().end_day - 1).year


def draw() -> None:
    """Make what the first page shows of this year and the next, so that its first reader does not wait for seconds."""
    this = topics.today().year
    for year in (this, this + 1):
        readings(year)
        months_chart(year)
    history_chart(topics.today())


def _chart(drawn: Callable[..., str]) -> Chart:
    return Chart(_inline(drawn(font=_FONT)), _inline(drawn(font=_FONT, narrow=True)))


def _inline(svg: str) -> Markup:
    """Return a chart as one image of a page, without inline styles, which pages forbid."""
    return Markup(_STYLE.sub("", svg))  # noqa: S704 - the chart is ours; its texts are escaped where it is drawn
