"""Serve `/files`: a file up, its map shown and corrected, its totals and quarantine, lists to take away.

Everything works without a script. Files are those of the session that sent them (`api.files.owner`).
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response

from api.answering import law
from api.answering.topics import today
from api.answering.uploads import UploadOptions, Uploads, expires_at, options_of
from api.files.downloads import download
from api.files.intake import uploaded
from api.files.owner import new_visitor, owner_of
from api.files.store import HeldFile
from api.http.access import allow_tariff, may_use, visit
from api.http.problems import Item, Problem
from api.pages.fields import DAY
from api.pages.map_form import TableForm, faults_in, forms_of, map_of
from api.pages.rendering import page
from api.pages.submission import Fault
from calc.errors import REASON_TEXTS
from calc.report.explaining.labels import words

PATH: Final = "/files"
_FIELDS_MAX: Final = 2_000
_REASONS: Final = {str(reason.name): text for reason, text in REASON_TEXTS.items()}


def add(app: FastAPI, uploads: Uploads) -> None:
    """Add the pages."""

    async def files(request: Request) -> Response:
        return _files(request, uploads)

    async def upload(request: Request) -> Response:
        owner, cookie = owner_of(request), ""
        if not owner:
            owner, cookie = new_visitor()
        try:
            content, fields = await uploaded(request)
            options = _options(fields)
            allow_tariff(request, options.tariff)
            held = await uploads.add(owner, content, options, visit(request).facts)
        except Problem as problem:
            if problem.kind not in {"file-refused", "invalid-values", "too-large", "malformed-body"}:
                raise
            return _files(request, uploads, problem)
        return RedirectResponse(f"{PATH}/{held.id}", 303, {"Set-Cookie": cookie} if cookie else {})

    async def file(request: Request, file_id: str) -> Response:
        held = uploads.store.get(owner_of(request), file_id)
        return _file(request, held, held.state())

    async def change(request: Request, file_id: str) -> Response:
        return await _changed(request, uploads, uploads.store.get(owner_of(request), file_id))

    async def delete(request: Request, file_id: str) -> Response:
        uploads.store.remove(owner_of(request), file_id)
        return RedirectResponse(PATH, 303)

    async def take(request: Request, file_id: str, name: str) -> Response:
        return download(uploads.store.get(owner_of(request), file_id), name)

    app.add_api_route(PATH, files, include_in_schema=False)
    app.add_api_route(PATH, upload, methods=["POST"], include_in_schema=False)
    app.add_api_route(f"{PATH}/{{file_id}}", file, include_in_schema=False)
    app.add_api_route(f"{PATH}/{{file_id}}", change, methods=["POST"], include_in_schema=False)
    app.add_api_route(f"{PATH}/{{file_id}}/delete", delete, methods=["POST"], include_in_schema=False)
    app.add_api_route(f"{PATH}/{{file_id}}/{{name}}", take, include_in_schema=False)


async def _changed(request: Request, uploads: Uploads, held: HeldFile) -> Response:
    """Work on a file under the map that a form asks for; return the form with what is wrong with it, else the file."""
    state = held.state()
    texts = _texts(await request.body())
    forms = forms_of(state["tables"])
    faults = faults_in(forms, texts)
    if not faults:
        sheets = {form.table["dataset"]: form.table["sheet"] for form in forms}
        task = {**state["task"], "map": map_of(forms, texts), "sheets": sheets, "blank": []}
        options = UploadOptions.model_validate(
            {
                **{name: task[name] for name in UploadOptions.model_fields if name in task},
                "recalculate": texts.get("do") != "show",
            }
        )
        allow_tariff(request, options.tariff)
        try:
            await uploads.work(held, task["file"], options, visit(request).facts)
        except Problem as problem:
            if problem.kind != "file-refused":
                raise
            faults = tuple(Fault("map", _detail(item)) for item in problem.errors)
    if faults:
        return _file(request, held, state, texts, faults)
    return RedirectResponse(f"{PATH}/{held.id}", 303)


def _texts(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=_FIELDS_MAX, errors="strict"))
    except ValueError:
        raise Problem("malformed-body", [Item("", "not_a_form")]) from None


def _options(fields: list[tuple[str, str]]) -> UploadOptions:
    """Read the form's options: a day as people write it; a map is proposed first, whatever the file."""
    texts = {name: text.strip() for name, text in fields if text.strip()}
    if "as_of_date" in texts:
        try:
            texts["as_of_date"] = DAY.read(texts["as_of_date"])
        except ValueError as error:
            raise Problem("invalid-values", [Item("/as_of_date", "bad_date", f"The day {error}")]) from None
    return options_of([*texts.items(), ("recalculate", "false")])


def _files(request: Request, uploads: Uploads, problem: Problem | None = None) -> Response:
    tariffs = [name for name in sorted(law.tariffs()) if may_use(request, name)]
    key = visit(request).key
    owner = owner_of(request)
    held = uploads.store.of(owner) if owner else []
    return page(
        request, "files.html", problem.status_code if problem else 200,
        faults=[_detail(item) for item in problem.errors] or [problem.body["detail"]] if problem else [],
        files=[{"id": each.id, "expires_at": expires_at(each), "rows": _rows(each)} for each in held],
        tariffs=tariffs, tariff=key.tariff if key and key.tariff in tariffs else "default", today=f"{today():%m/%d/%Y}",
    )  # fmt: skip


def _rows(held: HeldFile) -> list[dict[str, Any]]:
    try:
        return [{"dataset": each["dataset"], "rows": each["rows"]} for each in held.state()["tables"]]
    except Problem:  # it is being worked on
        return []


def _file(
    request: Request,
    held: HeldFile,
    state: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
) -> Response:
    forms = forms_of(state["tables"])
    if texts is not None:
        forms = [_as_typed(form, texts) for form in forms]
    return page(
        request, "file.html", 422 if faults else 200, file_id=held.id, expires_at=expires_at(held), forms=forms,
        faults=faults, wrong={fault.id: fault.text for fault in faults}, task=state["task"],
        results=state.get("results"), reasons=_REASONS, complete=not any(each["missing"] for each in state["tables"]),
    )  # fmt: skip


def _as_typed(form: TableForm, texts: Mapping[str, str]) -> TableForm:
    """Return a form with what was typed into it."""
    filled: dict[str, Any] = {
        name: tuple(each._replace(text=texts.get(each.field.id, "")) for each in getattr(form, name))
        for name in ("columns", "blanks", "written", "words")
    }
    return form._replace(**filled)


def _detail(item: Item) -> str:
    text = item.as_dict()["detail"]
    column = item.pointer.rpartition("/")[2] if item.pointer.startswith("/map/") else ""
    return f"{words(column)}: {text}" if column else text[:1].upper() + text[1:]
