"""Take a proposal or an approval of a year's rate from a form, and write it into the register.

Who signed in with a key does it under the key's name; without keys, where only this machine is served, a name is typed.
The register records who did it; it does not prove it.
"""

from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.answering import topics
from api.http.access import visit
from api.models.year import Year
from api.pages.fields import DAY
from api.pages.submission import texts_of
from calc.errors import PublishRefusedError, PuccalcError
from calc.rates import proposal

_CONFIRMED: Final = "yes"
YearPage = Callable[..., Response]
Form = Mapping[str, str]


def add(app: FastAPI, year_page: YearPage) -> None:
    """Add the two forms.

    Args:
        app: The application.
        year_page: Shows a year's page, and what is wrong with the form: the texts `fault` and `typed`.
    """

    def propose(year: int, by: str, _: Form) -> None:
        proposal.record_proposal(year, by=by, on=topics.today())

    def approve(year: int, by: str, form: Form) -> None:
        proposal.record_approval(
            year,
            by=by,
            on=topics.today(),
            effective_from=_effective_from(form.get("effective_from", ""), year),
            restate=form.get("restate") == _CONFIRMED,
        )

    for name, known, record in (
        ("proposal", ("by", "propose"), propose),
        ("approval", ("by", "approve", "effective_from", "restate"), approve),
    ):
        endpoint = _form(year_page, known, record)
        app.add_api_route(f"/register/{{year}}/{name}", endpoint, methods=["POST"], include_in_schema=False)


def _form(
    year_page: YearPage, known: tuple[str, ...], record: Callable[[int, str, Form], None]
) -> Callable[[Request, Year], Coroutine[Any, Any, Response]]:
    def recorded(request: Request, year: int, body: bytes) -> Response:
        form = texts_of(body, known)
        key = visit(request).key
        try:
            record(year, key.name if key else form.get("by", ""), form)
        except (PuccalcError, ValueError) as error:
            restates = isinstance(error, PublishRefusedError) and "--restate" in str(error)
            return year_page(request, year, fault=_worded(error), typed=form, restates=restates)
        return RedirectResponse(f"/rates/{year}#decision", 303)

    async def endpoint(request: Request, year: Year) -> Response:
        body = await request.body()
        return await run_in_threadpool(recorded, request, year, body)

    return endpoint


def _effective_from(typed: str, year: int) -> date:
    """Read the first day of the rate, 1 January where nothing was typed; raise ValueError where it is no day."""
    if not typed:
        return date(year, 1, 1)
    try:
        return date.fromisoformat(DAY.read(typed))
    except ValueError as error:
        raise ValueError(f"In force from {error}") from None


def _worded(error: Exception) -> str:
    """Return an error for a page: without the command line's options."""
    text = str(error).removeprefix("--by: ")
    return text.partition(": see puccalc")[0].partition(": puccalc rates")[0]
