"""The OpenAPI document: the committed one, and what requests out of it are answered."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema_rs import validator_for

from api.models.examples import BATCHES, QUOTES
from tests.api.client import Service

GOLDEN = Path(__file__).parents[1] / "golden" / "openapi.json"
SERVICE = Service()
DOCUMENT = SERVICE.get("/openapi.json").json()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
STATUSES = {200, 204, 400, 401, 403, 404, 405, 408, 413, 414, 415, 422, 429, 431}


def test_golden() -> None:
    """To take a change that is meant: python -m tests.api.test_openapi."""
    assert json.loads(GOLDEN.read_text("utf-8")) == DOCUMENT


def resolved(path: str) -> dict[str, object]:
    schema = DOCUMENT["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**schema, "components": DOCUMENT["components"]}


@pytest.mark.parametrize("topic", QUOTES)
def test_examples_are_answered_as_documented(topic: str) -> None:
    for kind, examples in (("quotes", QUOTES), ("batches", BATCHES)):
        path = f"/v1/{kind}/{topic}"
        shown = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]
        assert shown == examples[topic]
        for example in shown.values():
            answer = SERVICE.post(path, example["value"])
            assert answer.status_code == 200
            validator_for(resolved(path)).validate(answer.json())


@pytest.mark.filterwarnings("ignore:Skipped test cases with unsupported payload media types")  # Arrow: test_batches
@SCHEMA.exclude(path="/v1/files", method="POST").parametrize()  # each takes a process: test_files
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_requests_out_of_the_document(case: schemathesis.Case[Any]) -> None:
    parts = case.as_transport_kwargs(base_url="http://puccalc")
    parts.pop("cookies", None)
    url = parts.pop("url").removeprefix("http://puccalc")
    body = parts.get("json", parts.get("data"))
    if isinstance(body, bytes):
        parts["content"] = parts.pop("data", b"")
    try:
        answer = SERVICE.ask(parts.pop("method"), url, **parts)
    except (UnicodeError, TypeError, ValueError):
        return  # no client can send it
    assert answer.status_code in STATUSES, answer.text
    if answer.status_code == 200 and case.path.startswith("/v1/quotes/"):
        validator_for(resolved(case.path)).validate(answer.json())
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(DOCUMENT, indent=1, sort_keys=True) + "\n", "utf-8")
