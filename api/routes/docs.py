"""Serve `/docs`: pages made from the OpenAPI document, with calls and answers; no script, nothing from elsewhere."""

import asyncio
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.types import Message

from api.answering.topics import TOPICS, rendered, resolve
from api.http.intake import replay
from api.http.problems import CODES, KINDS
from api.http.scopes import SCOPES
from api.http.settings import Settings
from api.http.visit import Visit
from api.models.examples import QUOTES
from api.pages.rendering import text
from api.routes.docs_content import example_body, example_path, operations_of, shortened, table_columns
from api.routes.replies import json_reply

_STYLE: Final = Path(__file__).with_name("docs.css")


def add(app: FastAPI, settings: Settings) -> None:
    """Add the pages, which are not part of the document they show. They are open to all and made once.

    Args:
        app: The application, whose operations are shown and asked for examples.
        settings: Limits that are told.
    """
    pages: dict[str, str] = {}
    making = asyncio.Lock()

    @cache
    def document() -> bytes:
        return bytes(json_reply(app.openapi()).body)

    @cache
    def style() -> bytes:
        return _STYLE.read_bytes()

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return Response(document(), media_type="application/json")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        async with making:
            if "docs" not in pages:
                examples = {**await asyncio.to_thread(_quoted), **await _asked(app)}
                pages["docs"] = await asyncio.to_thread(
                    text, "docs.html", document=app.openapi(), tags=operations_of(app.openapi(), examples),
                    settings=settings, scopes=SCOPES, tables=table_columns([each.declared for each in TOPICS.values()]),
                )  # fmt: skip
        return HTMLResponse(pages["docs"])

    @app.get("/docs/problems", include_in_schema=False)
    def problems() -> Response:
        return HTMLResponse(text("docs_problems.html", kinds=KINDS, codes=CODES))

    @app.get("/docs/style.css", include_in_schema=False)
    def sheet() -> Response:
        return Response(style(), media_type="text/css")


def _quoted() -> dict[str, str]:
    """Return the answer to the plain example of each quote, by operation id."""
    answers = {}
    for name, topic in TOPICS.items():
        quote = topic.quote.model_validate(QUOTES[name]["plain"]["value"])
        options = resolve(quote)
        answer = rendered(topic.ask([quote], options)[0], options, explain=False)
        answers[f"quote_{name.replace('-', '_')}"] = _shown(answer)
    return answers


async def _asked(app: FastAPI) -> dict[str, str]:
    """Return what the application answers to the examples of batches and to what is read, by operation id."""
    answers = {}
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            body = example_body(operation)
            if path.startswith("/v1/quotes/") or "file" in path or (method == "post" and body is None):
                continue
            status, raw = await _answer(app, method.upper(), example_path(path), body)
            if status == 200 and raw[:1] in {b"{", b"["}:
                answers[operation["operationId"]] = _shown(shortened(json.loads(raw)))
    return answers


async def _answer(app: FastAPI, method: str, path: str, body: Any) -> tuple[int, bytes]:  # noqa: ANN401 - JSON
    raw = b"" if body is None else json.dumps(body).encode()
    status, parts = 0, []

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": None, "server": None,
        "headers": [(b"content-type", b"application/json")], "state": {"visit": Visit(None, {})},
    }  # fmt: skip
    await app(scope, replay(raw), send)
    return status, b"".join(parts)


def _shown(answer: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return json.dumps(json.loads(json.dumps(shortened(answer), default=str)), indent=1, ensure_ascii=False)
