"""What the pages of the rate are made of, made once and kept: worksheets, readings, charts.

As the rates themselves (`api.law`), they are those of the data in use when the service first asks; a restart takes new
ones. A chart costs half a second, the first one some seconds: those of the first page are drawn before the service is
ready.
"""

import re
from typing import Final

from markupsafe import Markup

from api import law, topics
from calc.errors import RatesMissingError
from calc.rates import sensitivity
from calc.rates.table import RateTable
from calc.report import charts
from calc.report import worksheet as report
from calc.report.letter import Form
from calc.report.letter import letter as written
from calc.report.worksheet import Worksheet
from calc.units import to_date

_YEARS: Final = 64
_FONT: Final = "'Source Sans Pro Web', 'Helvetica Neue', Helvetica, Arial, sans-serif"
_OWN: Final = re.compile(r' (style|aria-roledescription|role)="(?!img")[^"]*"')


@law.cached(_YEARS)
def worksheet(year: int) -> Worksheet:
    """The worksheet of a year."""
    return report.worksheet(year)


@law.cached(_YEARS)
def readings(year: int) -> tuple[sensitivity.Reading, ...]:
    """The year's rate under each reading; none where its window lacks a month."""
    try:
        return sensitivity.readings(year, worksheet(year).rules)
    except RatesMissingError:
        return ()


@law.cached(_YEARS)
def months_chart(year: int) -> Markup:
    """The year's twelve months."""
    return _inline(charts.months_svg(worksheet(year), font=_FONT))


@law.cached(_YEARS)
def history_chart(year: int) -> Markup:
    """Averages and rates through a year."""
    found = worksheet(year)
    return _inline(charts.history_svg(found.history, found.rates, font=_FONT))


@law.cached(_YEARS)
def letter(year: int, form: Form) -> bytes:
    """The year's letter; RatesMissingError where it has no rate."""
    return written(worksheet(year), form)


def rates() -> RateTable:
    """The rates in use."""
    return law.rates_of(law.rules_on(topics.today(), "default", ()).electric.annual_rate)


def last_year() -> int:
    """The last year that has a rate, if only a provisional one."""
    return to_date(rates().end_day - 1).year


def draw() -> None:
    """Make what the first page shows of this year and the next, so that its first reader does not wait for seconds."""
    this = topics.today().year
    for year in (this, this + 1):
        readings(year)
        months_chart(year)
    history_chart(last_year())


def _inline(svg: str) -> Markup:
    """A chart as one image of a page: without styles of its own, which the pages do not allow, and roles within it."""
    return Markup(_OWN.sub("", svg))  # noqa: S704 - the chart is ours; its texts are escaped where it is drawn
