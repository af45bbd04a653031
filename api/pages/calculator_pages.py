"""Serve the calculators' pages: an empty form, a submitted form with its answer below it, the answer as a file.

Input and answers travel in bodies only, so they appear in no address, no log and no browser history. A browser that
opens a form gets an address with a random key for it, and another one for each answer; `form_memory` holds the figures
under them, so that going back, forth and reloading show what was typed. Who sends no such key is answered at once.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.answering import law
from api.answering.topics import today
from api.http.access import allow_tariff, may_use, session_of, visit
from api.pages import assets
from api.pages.calculators import CALCULATORS, JURISDICTION, TARIFF, Calculator, Group, counties, jurisdictions
from api.pages.fields import Choices, Field
from api.pages.form_memory import LIFETIME_SECONDS, FormMemory, is_key, new_key
from api.pages.quote_answer import answered
from api.pages.rendering import page, text
from api.pages.submission import Submission, submit, texts_of

_TYPES: Final = {"html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8"}
_FORM: Final = "form"
"""Parameter of an address that holds the key of a form as it was left."""
_ANSWER: Final = "answer"
"""Parameter of an address that holds the key of a form with its answer."""
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


def add(app: FastAPI, memory: FormMemory) -> None:
    """Add the pages of every calculator and the list of calculators.

    Args:
        app: The application.
        memory: Keeps submitted forms for a short time.
    """

    def calculators(request: Request) -> Response:
        return page(request, "calculators.html", calculators=CALCULATORS.values())

    app.add_api_route("/calculators", calculators, include_in_schema=False)
    for calculator in CALCULATORS.values():
        for path, endpoint, method in (
            (calculator.path, _form(calculator, memory), "GET"),
            (calculator.path, _answer(calculator, memory), "POST"),
            (f"{calculator.path}/worksheet.html", _file(calculator, "html"), "POST"),
            (f"{calculator.path}/worksheet.txt", _file(calculator, "txt"), "POST"),
        ):
            app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


def _form(calculator: Calculator, memory: FormMemory) -> Endpoint:
    def shown(request: Request) -> Response:
        parameter, key = _key_of(request)
        if key is None and request.headers.get("sec-fetch-mode") == "navigate":
            return RedirectResponse(f"{calculator.path}?{_FORM}={new_key()}", 303)
        texts = memory.recall(key, session_of(request)) if key else None
        if texts is None:
            return _page(request, calculator, Submission(calculator.usual_texts()), forgotten=parameter == _ANSWER)
        return _page(request, calculator, _told(request, calculator, texts, is_asked=parameter == _ANSWER))

    async def form(request: Request) -> Response:
        return await run_in_threadpool(shown, request)

    return form


def _answer(calculator: Calculator, memory: FormMemory) -> Endpoint:
    def answered_at_once(request: Request, body: bytes) -> Response:
        return _page(request, calculator, _submitted(request, calculator, body))

    def remembered(request: Request, body: bytes) -> Response:
        parameter, key = _key_of(request)
        if key is None:
            return answered_at_once(request, body)
        texts, session, answer = _texts(request, calculator, body), session_of(request), new_key()
        if parameter == _FORM:
            memory.remember(key, session, texts)
        memory.remember(answer, session, texts)
        return RedirectResponse(f"{calculator.path}?{_ANSWER}={answer}#answer", 303)

    async def answer(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(remembered, request, body)

    return answer


def _key_of(request: Request) -> tuple[str, str | None]:
    """Return the parameter and the key of a form's address; no key where the address has none of ours."""
    for parameter in (_FORM, _ANSWER):
        key = request.query_params.get(parameter, "")
        if is_key(key):
            return parameter, key
    return "", None


def _file(calculator: Calculator, suffix: str) -> Endpoint:
    async def file(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(_worksheet, request, calculator, body, suffix)

    return file


def _texts(request: Request, calculator: Calculator, body: bytes) -> dict[str, str]:
    """Read a form; raise Problem where it is none, or for a tariff that the key may not use."""
    texts = texts_of(body, (field.id for field in calculator.every_field()))
    allow_tariff(request, texts.get(TARIFF.id) or "default")
    return texts


def _submitted(request: Request, calculator: Calculator, body: bytes) -> Submission:
    """Read and answer a form; raise Problem as `_texts` does."""
    return _told(request, calculator, _texts(request, calculator, body), is_asked=True)


def _told(request: Request, calculator: Calculator, texts: dict[str, str], *, is_asked: bool) -> Submission:
    """Return a form, answered where it is asked; raise Problem for a tariff that the key may not use."""
    allow_tariff(request, texts.get(TARIFF.id) or "default")
    if not is_asked:
        return Submission(texts)
    submission = submit(calculator, texts)
    if submission.answer:
        visit(request).facts["rows"] = 1
    return submission


def _page(request: Request, calculator: Calculator, submission: Submission, *, forgotten: bool = False) -> Response:
    parameter, key = _key_of(request)
    context = {
        "calculator": calculator,
        "action": f"{calculator.path}{f'?{parameter}={key}' if key else ''}#answer",
        "groups": _groups(request, calculator, submission),
        "texts": {name: text for name, text in submission.texts.items() if text},
        "faults": submission.faults,
        "answered": answered(calculator, submission) if submission.answer else None,
        "forgotten_minutes": LIFETIME_SECONDS // 60 if forgotten else None,
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
