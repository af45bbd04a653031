"""Serve the calculators' pages: an empty form, a submitted form with its answer above it, the answer as a file.

Input and answers travel in bodies only, so they appear in no address, no log and no browser history.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answering import law
from api.answering.topics import today
from api.http.access import allow_tariff, may_use, visit
from api.pages import assets
from api.pages.calculators import CALCULATORS, JURISDICTION, TARIFF, Calculator, Group, counties, jurisdictions
from api.pages.fields import Choices, Field
from api.pages.quote_answer import answered
from api.pages.rendering import page, text
from api.pages.submission import Submission, submit, texts_of

_TYPES: Final = {"html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8"}
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Control:
    """Hold a field as the form shows it.

    Attributes:
        field: The field.
        text: Its text as typed.
        fault: What is wrong with it; "" if nothing is.
        choices: What a select offers.
    """

    field: Field
    text: str
    fault: str
    choices: Choices


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """Hold a group of controls; a folded group opens where something in it was filled in or is wrong."""

    title: str
    controls: tuple[Control, ...]
    folded: bool

    @property
    def open(self) -> bool:
        """Return whether a control of the group was filled in, or changed from its first choice, or is wrong."""
        return any(
            each.fault or each.text not in {"", each.choices[0][0] if each.choices else ""} for each in self.controls
        )


def add(app: FastAPI) -> None:
    """Add the pages of every calculator and the list of calculators."""

    def calculators(request: Request) -> Response:
        return page(request, "calculators.html", calculators=CALCULATORS.values())

    app.add_api_route("/calculators", calculators, include_in_schema=False)
    for calculator in CALCULATORS.values():
        for path, endpoint, method in (
            (calculator.path, _form(calculator), "GET"),
            (calculator.path, _answer(calculator), "POST"),
            (f"{calculator.path}/worksheet.html", _file(calculator, "html"), "POST"),
            (f"{calculator.path}/worksheet.txt", _file(calculator, "txt"), "POST"),
        ):
            app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


def _form(calculator: Calculator) -> Endpoint:
    async def form(request: Request) -> Response:
        return await run_in_threadpool(_page, request, calculator, Submission(calculator.usual_texts()))

    return form


def _answer(calculator: Calculator) -> Endpoint:
    async def answer(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(lambda: _page(request, calculator, _submitted(request, calculator, body)))

    return answer


def _file(calculator: Calculator, suffix: str) -> Endpoint:
    async def file(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(_worksheet, request, calculator, body, suffix)

    return file


def _submitted(request: Request, calculator: Calculator, body: bytes) -> Submission:
    """Read and answer a form; raise Problem for a tariff that the key may not use."""
    texts = texts_of(body, (field.id for field in calculator.every_field()))
    allow_tariff(request, texts.get(TARIFF.id) or "default")
    submission = submit(calculator, texts)
    if submission.answer:
        visit(request).facts["rows"] = 1
    return submission


def _page(request: Request, calculator: Calculator, submission: Submission) -> Response:
    context = {
        "calculator": calculator,
        "groups": _groups(request, calculator, submission),
        "texts": {name: text for name, text in submission.texts.items() if text},
        "faults": submission.faults,
        "answered": answered(calculator, submission) if submission.answer else None,
        "open_all": False,
    }
    return page(request, "calculator.html", 422 if submission.faults else 200, **context)


def _worksheet(request: Request, calculator: Calculator, body: bytes, suffix: str) -> Response:
    """Return the answer as a file to download, or the page with its errors where there is no answer."""
    submission = _submitted(request, calculator, body)
    if submission.answer is None:
        return _page(request, calculator, submission)
    found = answered(calculator, submission)
    content = (
        found.text
        if suffix == "txt"
        else text("quote_worksheet.html", answered=found, on=today(), sheet=_sheet(), open_all=True)
    )
    name = f"{calculator.name}-worksheet.{suffix}"
    headers = {"Content-Type": _TYPES[suffix], "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers)


def _sheet() -> Markup:
    """Return the style sheet for a file that stands alone."""
    return Markup(assets.files()["site/worksheet.css"].decode())  # noqa: S704 - our own style sheet


def _groups(request: Request, calculator: Calculator, submission: Submission) -> list[ControlGroup]:
    """Return the form's groups, with jurisdiction, tariff and switches as the last group."""
    wrong = {fault.id: fault.text for fault in submission.faults}

    def control(field: Field) -> Control:
        choices = field.choices
        if field.name == "county_fips":
            choices = counties()
        elif field is JURISDICTION:
            choices = jurisdictions(calculator.rules[0])
        elif field is TARIFF:
            choices = tuple((name, name) for name in sorted(law.tariffs()) if may_use(request, name))
        text = submission.texts.get(field.id, "")
        return Control(field, text, wrong.get(field.id, ""), choices)

    switches = calculator.switches()
    title = "Jurisdiction, tariff and readings of the rules" if switches else "Tariff"
    groups = (*calculator.groups, Group(title, (*calculator.whose(), *switches), folded=True))
    return [ControlGroup(group.title, tuple(map(control, group.fields)), group.folded) for group in groups]
