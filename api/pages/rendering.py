"""Render templates to HTML: the environment, its filters, and the headers of a page.

Figures arrive as cents, ppm and dates and are only formatted here: dollars with thousands separators, percent, dates in
words. Whatever a template inserts is escaped.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.access import visit
from api.pages import assets
from calc.report.explaining.labels import SWITCH_LABELS, heading, words
from calc.report.explaining.text import format_figure
from calc.report.letter.dates import long_date, month_name
from calc.units import PPM_PER_BP, format_cents, format_fraction, format_percent

HEADERS: Final = {"Referrer-Policy": "same-origin"}
"""Lets a page's own forms send their origin, which `from_own_page` checks."""
_UNITS: Final = {"days": "{:,}", "bp": "{} basis points", "percent": "{} %"}
"""Formats by unit, except amounts, rates and dates."""


@cache
def environment() -> Environment:
    """Return the Jinja environment of this package's templates, with their filters."""
    found = Environment(
        loader=PackageLoader("api.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    found.filters.update(
        basis_points=basis_points, capitalize_first=capitalize_first, day=day, dollars=dollars, figure=figure,
        fraction=format_fraction, month=month_name, name=heading, percent=format_percent, spans=spans,
        switch=SWITCH_LABELS.get, words=words,
    )  # fmt: skip
    found.globals.update(static=assets.address)
    return found


def page(
    request: Request,
    template: str,
    status: int = 200,
    **context: Any,  # noqa: ANN401 - what the template shows
) -> HTMLResponse:
    """Render a page of the site.

    Args:
        request: The request; its path and whether it is signed in are passed to the template.
        template: File name of the template.
        status: HTTP status.
        context: What the template shows.

    Returns:
        The page as an answer.
    """
    key = visit(request).key
    about = {
        "here": request.url.path,
        "version": version("puccalc"),
        "signed_in": key is not None,
        "takes_files": key is None or "batches" in key.scopes,
    }
    return HTMLResponse(text(template, **about, **context), status, HEADERS)


def text(template: str, **context: Any) -> str:  # noqa: ANN401 - what it shows
    """Return a template filled in with `context`."""
    return environment().get_template(template).render(context)


def capitalize_first(value: str) -> str:
    """Return a text with its first letter capitalized and the rest unchanged."""
    return value[:1].upper() + value[1:]


def dollars(cents: int) -> str:
    """Format cents as dollars, such as $1,234.50, with a leading minus sign where negative."""
    plain = format_cents(abs(cents))
    whole, _, part = plain.partition(".")
    return f"{'−' if cents < 0 else ''}${int(whole):,}.{part}"  # noqa: RUF001 - a minus sign, as in print


def figure(value: object, name: str) -> str:
    """Format a result's figure in the unit that its name ends with.

    Args:
        value: The figure: cents, basis points, ppm, days, a date, words or a truth value.
        name: Its name in the result, such as `interest_cents`.

    Returns:
        The text; "none" for an empty list or text.
    """
    if isinstance(value, bool) or value is None:
        return format_figure(name, value)
    if isinstance(value, date):
        return day(value) + (f", {value:%H:%M}" if isinstance(value, datetime) else "")
    unit = name.rpartition("_")[2]
    amounts = value if isinstance(value, (list, tuple)) else (value,)
    if unit == "cents":
        return ", ".join(map(dollars, amounts)) or "none"
    if unit in _UNITS:
        return _UNITS[unit].format(value)
    if isinstance(value, str):
        return ", ".join(map(words, value.split(","))) or "none"
    return format_figure(name, value)


def day(value: date | str) -> str:
    """Format a date, or the ISO text of one, in words: January 1, 2026."""
    return long_date(date.fromisoformat(value) if isinstance(value, str) else value)


def basis_points(value: int) -> str:
    """Format basis points as percent, as a month's average is published."""
    return format_percent(value * PPM_PER_BP)


def spans(years: Iterable[int]) -> str:
    """Format ascending years with consecutive ones as ranges: 1990-1994, 2026."""
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(str(each[0]) if len(each) == 1 else f"{each[0]}\u2013{each[-1]}" for each in found)
