"""Serve the deposit-rate pages: today's rate, all years, and one year's worksheet, dates, readings and letter."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.responses import Response

from api.answering import topics
from api.http.access import visit
from api.http.problems import Item, Problem
from api.models.year import Year
from api.pages import cache, decision_pages
from api.pages.calculators import CALCULATORS
from api.pages.decision import decision_on
from api.pages.rendering import page
from api.pages.working import lines, sources
from calc.rates.computing.table import FIRST_YEAR
from calc.rates.filing_dates import dates_to_keep, icalendar
from calc.report.letter.render import Form
from calc.units import to_date, to_day

_CALENDAR: Final = "text/calendar; charset=utf-8"
_LETTERS: Final[dict[Form, str]] = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


def add(app: FastAPI) -> None:
    """Add the pages."""

    def home(request: Request) -> Response:
        today = topics.today()
        coming = today.year + 1
        context: dict[str, Any] = {
            "today": today,
            "row": _in_force(today),
            "this": cache.worksheet(today.year),
            "coming": cache.worksheet(coming),
            "history": cache.history_chart(today),
            "calculators": CALCULATORS.values(),
            "decision": decision_on(coming, today, visit(request)),
        }
        shown = _year(coming if cache.readings(coming) else today.year)
        differing = [each for each in shown["readings"] if each.result.rate_ppm != shown["sheet"].result.rate_ppm]
        return page(request, "home.html", differing=differing, **context, **shown)

    def rates(request: Request) -> Response:
        table = cache.rates()
        context: dict[str, Any] = {"rows": table.rows[::-1], "end": to_date(table.end_day - 1), "years": _years()[::-1]}
        return page(request, "rates.html", history=cache.history_chart(topics.today()), **context)

    def year(request: Request, year: Year) -> Response:
        return year_shown(request, year)

    def year_shown(
        request: Request, year: int, *, fault: str = "", typed: Mapping[str, str] | None = None, restates: bool = False
    ) -> Response:
        """Show a year, with what is wrong with the form by which its rate is decided."""
        _exists(year)
        today = topics.today()
        context: dict[str, Any] = {
            "years": _years(),
            "today": today,
            "decision": decision_on(year, today, visit(request)) if year >= today.year else None,
            "fault": fault,
            "typed": typed or {},
            "restates": restates,
        }
        return page(request, "year.html", 422 if fault else 200, **context, **_year(year))

    def dates(year: Year) -> Response:
        _exists(year)
        return _file(icalendar(dates_to_keep(_effective(year))), _CALENDAR, f"deposit-rate-{year}.ics")

    def letter(year: Year, form: Form) -> Response:
        _exists(year)
        if cache.worksheet(year).result is None:
            raise Problem("not-found", [Item("/year", "no_rate_in_force", "months of this year's window are missing")])
        return _file(cache.letter(year, form), _LETTERS[form], f"deposit-rate-{year}.{form}")

    for path, endpoint in (
        ("/", home),
        ("/rates", rates),
        ("/rates/{year}", year),
        ("/rates/{year}/dates.ics", dates),
        ("/rates/{year}/letter.{form}", letter),
    ):
        app.add_api_route(path, endpoint, include_in_schema=False)
    decision_pages.add(app, year_shown)


def _file(content: bytes, media_type: str, name: str) -> Response:
    """Return an answer that browsers download under `name`."""
    return Response(
        content, headers={"Content-Type": media_type, "Content-Disposition": f'attachment; filename="{name}"'}
    )


def _in_force(day: date) -> Any:  # noqa: ANN401 - a row of the table, or None
    found = cache.rates().segments(to_day(day), to_day(day) + 1)
    return found[0][2] if found else None


def _years() -> range:
    """Return the years with a worksheet: those with a rate, and the one whose months are coming in now."""
    return range(FIRST_YEAR, max(cache.last_year(), topics.today().year) + 2)


def _exists(year: int) -> None:
    if year not in _years():
        detail = f"there are worksheets of the years {FIRST_YEAR} through {_years()[-1]}"
        raise Problem("not-found", [Item("/year", "no_rate_in_force", detail)])


def _effective(year: int) -> date:
    """Return the date from which the year's rate is or would be in force."""
    result = cache.worksheet(year).result
    return result.effective_from if result else date(year, 1, 1)


def _year(year: int) -> dict[str, Any]:
    """Return what a page shows of a year."""
    sheet = cache.worksheet(year)
    return {
        "sheet": sheet,
        "chart": cache.months_chart(year),
        "lines": lines(sheet.steps),
        "sources": sources(sheet.steps),
        "dates": dates_to_keep(_effective(year)),
        "readings": cache.readings(year),
    }
