"""Make of the OpenAPI document what `/docs` shows of an operation: fields, calls in curl and Python, an answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any, Final

_LISTED: Final = 2
"""Entries of a list that an example shows."""
_SERVICE: Final = "http://127.0.0.1:8000"
_KEY: Final = "Authorization: Bearer KEY"
_JSON: Final = "application/json"
_CSV: Final = "text/csv"
_PLACES: Final = {"{year}": "2024", "{file_id}": "FILE_ID", "{name}": "results.xlsx"}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """Hold a field of a body or an answer: name (with [] behind a list's), type, whether it must be there, meaning."""

    name: str
    type: str
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class OperationText:
    """Hold what is shown of an operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[FieldRow, ...]
    media_types: tuple[str, ...]
    fields: tuple[FieldRow, ...]
    curl: str
    python: str
    example: str
    answers: tuple[FieldRow, ...]
    refusals: tuple[tuple[str, str], ...]


def operations_of(document: Mapping[str, Any], examples: Mapping[str, str]) -> dict[str, list[OperationText]]:
    """Return the operations of each tag.

    Args:
        document: The OpenAPI document.
        examples: Text of an example answer by operation id.
    """
    found: dict[str, list[OperationText]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_operation(method.upper(), path, operation, document, examples))
    return found


def shortened(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a JSON value whose lists have at most two entries, for an example."""
    if isinstance(value, list):
        return [shortened(each) for each in value[:_LISTED]]
    if isinstance(value, dict):
        return {name: shortened(each) for name, each in value.items()}
    return value


def example_body(operation: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    """Return the first JSON example of an operation's body; None where it has none."""
    content = operation.get("requestBody", {}).get("content", {}).get(_JSON, {})
    return next((each["value"] for each in content.get("examples", {}).values()), None)


def example_path(path: str) -> str:
    """Return a path with examples in the places of its parameters."""
    for place, text in _PLACES.items():
        path = path.replace(place, text)
    return path


def _operation(
    method: str, path: str, operation: Mapping[str, Any], document: Mapping[str, Any], examples: Mapping[str, str]
) -> OperationText:
    schemas = document["components"]["schemas"]
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get(_JSON) or content.get("multipart/form-data") or {}
    good: Mapping[str, Any] = next(
        (answer for status, answer in operation["responses"].items() if status.startswith("2")), {}
    )
    answer = good.get("content", {}).get(_JSON, {})
    takes_csv = _CSV in content and _JSON not in content
    return OperationText(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=tuple(
            FieldRow(each["name"], _type(each["schema"], schemas), each.get("required", False), each["description"])
            for each in operation.get("parameters", [])
        ),
        media_types=tuple(content),
        fields=tuple(_rows(body.get("schema", {}), schemas)),
        curl=_curl(method, path, example_body(operation), takes_csv=takes_csv),
        python=_python(method, path, example_body(operation), takes_csv=takes_csv),
        example=examples.get(operation["operationId"], ""),
        answers=tuple(_rows(answer.get("schema", {}), schemas)),
        refusals=tuple(
            (status, each["description"]) for status, each in operation["responses"].items() if status[0] in "45"
        ),
    )


def _curl(method: str, path: str, body: Any, *, takes_csv: bool) -> str:  # noqa: ANN401 - as above
    address = f"{_SERVICE}{example_path(path)}"
    lines = [f"curl -s {'' if method in {'GET', 'POST'} else f'-X {method} '}'{address}' -H '{_KEY}'"]
    if body is not None:
        lines.append(f"  -H 'Content-Type: {_JSON}' -d '{json.dumps(body)}'")
    elif takes_csv:
        lines.append(f"  -H 'Content-Type: {_CSV}' --data-binary @deposits.csv")
    return " \\\n".join(lines)


def _python(method: str, path: str, body: Any, *, takes_csv: bool) -> str:  # noqa: ANN401 - as above
    headers = {"Authorization": "Bearer KEY"}
    data = "None"
    if body is not None:
        headers["Content-Type"] = _JSON
        data = f"json.dumps({body!r}).encode()"
    elif takes_csv:
        headers["Content-Type"] = _CSV
        data = 'open("deposits.csv", "rb").read()'
    return (
        f"import json, urllib.request\n\nrequest = urllib.request.Request(\n    {_SERVICE + example_path(path)!r},\n"
        f"{indent(data, '    ')},\n    {headers!r},\n    method={method!r},\n)\n"
        "with urllib.request.urlopen(request) as answer:\n    print(answer.status, answer.read())\n"
    )


def _rows(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], prefix: str = "", depth: int = 0
) -> Iterator[FieldRow]:
    """Yield the fields of an object and of the objects within, two levels down."""
    schema = _whole(schema, schemas)
    for name, field in schema.get("properties", {}).items():
        inner, mark = _inner(field, schemas)
        yield FieldRow(
            f"{prefix}{name}{mark}", _type(field, schemas), name in schema.get("required", ()),
            field.get("description", ""),
        )  # fmt: skip
        if inner and depth < _LISTED:
            yield from _rows(inner, schemas, f"{prefix}{name}{mark}.", depth + 1)


def _inner(field: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """Return the schema of the objects that a field holds, and the mark behind its name: [] for a list."""
    for each in (field, *field.get("anyOf", ())):
        if "$ref" in each:
            return _whole(each, schemas), ""
        if each.get("type") == "array" and "$ref" in each.get("items", {}):
            return _whole(each["items"], schemas), "[]"
    return {}, ""


def _whole(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    whole: Mapping[str, Any] = schemas[name] if name else schema
    return whole


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(each, schemas) for each in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return "one of " + ", ".join(map(str, schema.get("enum", [schema.get("const")])))
    if "$ref" in schema:
        return "object"
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_type(schema.get('items', {}), schemas)}"
    if kind == "integer" and "maximum" in schema:
        return f"integer, {schema.get('minimum', 0)} through {schema['maximum']}"
    return {"string": "date" if schema.get("format") == "date" else "text", "boolean": "true or false"}.get(kind, kind)


def table_columns(topics: Sequence[Any]) -> list[tuple[str, str, str]]:
    """Return, for each topic, its path, the columns of its tables, and the results."""
    return [(f"/v1/batches/{each.name}", ", ".join(each.columns), ", ".join(each.dataset.results)) for each in topics]
