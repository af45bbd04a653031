"""A household's income and a key, sent through every success and failure: found in no log, metric, URL or error."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.answering.arrow import MEDIA_TYPE
from api.http.keys import create
from api.http.scopes import SCOPES
from tests.api.client import HOUSEHOLD, YEAR, Service
from tests.api.test_batches import stream

INCOME = 7_654_321
TEXTS = ("7654321", "76543.21")
PATH = "/v1/quotes/fixed-credit"
POOR = {**HOUSEHOLD, "household_income_cents": INCOME}


def test_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys.json"
    key = create(file, "canary", SCOPES, None, None)
    secret = key.split("_", 2)[2]
    service = Service(keys_file=file)
    headers = {"Authorization": f"Bearer {key}"}
    raw = json.dumps(POOR)
    participants = stream(pl.DataFrame({"household_income_cents": [INCOME]}))

    def post(path: str, body: Any, **more: str) -> str:  # noqa: ANN401 - whatever JSON holds
        return service.post(path, body, **{**headers, **more}).text

    def send(path: str, content: bytes, media_type: str = "application/json") -> str:
        parts = {"content": content, "headers": {**headers, "Content-Type": media_type}}
        return service.ask("POST", path, **parts).text

    answers = [
        post(PATH, POOR),
        post(
            "/v1/batches/fixed-credit", {"rows": [POOR, {**POOR, "household_size": 0}, {**POOR, "share_ppm": 999_999}]}
        ),
        post(PATH, {**POOR, "household_size": 0}),
        post(PATH, {**POOR, "share_ppm": 999_999}),
        post(PATH, {**POOR, "arrearage_copay_cents": INCOME}),
        post(PATH, {**POOR, "tariff": "nobody"}),
        post(PATH, {**POOR, "household_income_cents": str(INCOME)}),
        post(PATH, {**POOR, "household_income_cents": -INCOME}),
        post(PATH, {**POOR, "household_income": INCOME}),
        post(PATH, {**POOR, str(INCOME): 1}),
        post(PATH, {**POOR, "switches": {str(INCOME): "1"}}),
        post(PATH, {**POOR, "switches": {"day_count": str(INCOME)}}),
        post(PATH, {**YEAR, "service": str(INCOME)}),
        post("/v1/quotes/interest", POOR),
        post(f"/{INCOME}", POOR),
        post(PATH, POOR, Authorization="Bearer no"),
        send(PATH, raw[:-1].encode()),
        send(PATH, (raw + raw).encode()),
        send(PATH, raw.encode("utf-16")),
        send(PATH, raw.encode(), "text/plain"),
        send(PATH, (raw[:-1] + f', "household_income_cents": {INCOME}}}').encode()),
        send("/v1/batches/fixed-credit", participants, MEDIA_TYPE),
        send("/v1/batches/fixed-credit", participants[:-20], MEDIA_TYPE),
    ]
    with monkeypatch.context() as patched:
        patched.setattr("api.routes.quotes.rendered", lambda *_, **__: 1 // 0)
        answers.append(post(PATH, POOR))
    assert answers[-1].startswith('{"type": "/docs/problems#fault"')
    metrics = service.get("/metrics", **headers).text
    assert 'route="/v1/quotes/fixed-credit"' in metrics
    assert 'route="unmatched"' in metrics
    out, err = capfd.readouterr()
    assert len(err.splitlines()) == len(answers) + 1
    for text in (*answers, metrics, out, err):
        assert secret not in text
        for canary in TEXTS:
            assert canary not in text


def test_only_the_working_shows_what_went_in() -> None:
    assert TEXTS[1] in Service().post(PATH, {**POOR, "explain": True}).text
