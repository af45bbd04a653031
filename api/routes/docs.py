"""Serve `/docs`: plain pages made from the OpenAPI document; nothing is loaded from elsewhere, no script runs."""

import json
from functools import cache
from html import escape
from typing import Any, Final

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from api.http.problems import CODES, KINDS
from api.routes.replies import json_reply

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
code, pre { font-family: ui-monospace, monospace; } pre { background: #f0f0f0; padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem; vertical-align: top; }
tr { border-bottom: 1px solid #a9aeb1; } h2 { margin-top: 2.5rem; }
"""


def add(app: FastAPI) -> None:
    """Add the pages, which are not part of the document they show. They are open to all and made once."""

    @cache
    def document() -> Response:
        return json_reply(app.openapi())

    @cache
    def operations() -> Response:
        return HTMLResponse(_page("puccalc: the service", _operations(app.openapi())))

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return document()

    @app.get("/docs", include_in_schema=False)
    def docs() -> Response:
        return operations()

    @app.get("/docs/problems", include_in_schema=False)
    def problems() -> Response:
        return HTMLResponse(_page("puccalc: problems", _problems()))

    @app.get("/docs/style.css", include_in_schema=False)
    def style() -> Response:
        return Response(_STYLE, media_type="text/css")


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/docs/style.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )


def _operations(document: dict[str, Any]) -> str:
    intro = (
        '<p>The document: <a href="/openapi.json">/openapi.json</a>. Errors: <a href="/docs/problems">problems</a>. '
        "Amounts are whole cents, rates and shares parts per million, dates YYYY-MM-DD.</p>"
    )
    parts = [intro]
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts.append(f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation['summary'])}</p>")
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for example in content.get("examples", {}).values():
                text = json.dumps(example["value"], indent=1)
                parts.append(f"<h3>{escape(example['summary'])}</h3><pre>{escape(text)}</pre>")
            if "$ref" in content.get("schema", {}):
                name = content["schema"]["$ref"].rpartition("/")[2]
                parts.append(f"<h3>Fields</h3>{_fields(schemas[name], schemas)}")
    return "".join(parts)


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    rows = []
    for name, field in schema["properties"].items():
        if field.get("type") == "array" and "$ref" in field.get("items", {}):
            inner = _fields(schemas[field["items"]["$ref"].rpartition("/")[2]], schemas)
        else:
            shown = {key: value for key, value in field.items() if key != "title"}
            inner = f"<code>{escape(json.dumps(shown))}</code>"
        needed = "needed" if name in schema.get("required", ()) else "optional"
        rows.append(f"<tr><th scope='row'><code>{escape(name)}</code></th><td>{needed}</td><td>{inner}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _problems() -> str:
    kinds = "".join(
        f'<h2 id="{name}"><code>{name}</code></h2><p>{kind.status} {escape(kind.title)}. {escape(kind.meaning)}</p>'
        for name, kind in KINDS.items()
    )
    codes = "".join(
        f"<tr><th scope='row'><code>{name}</code></th><td>{escape(text)}</td></tr>" for name, text in CODES.items()
    )
    return f"{kinds}<h2>Codes of errors</h2><table>{codes}</table>"
