"""The application: it answers, knows whether it is ready, and gives the rates in force."""

import asyncio
from pathlib import Path

import httpx
import pytest

from api.app import create_app


def get(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://puccalc") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_health() -> None:
    assert get("/healthz").json() == {"status": "ok"}
    assert get("/readyz").json() == {"status": "ready"}


def test_not_ready_without_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUCCALC_DATA_DIR", str(tmp_path))
    answer = get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 503
    assert str(tmp_path) not in answer.text
    assert get("/healthz").status_code == 200


def test_rates() -> None:
    found = get("/v1/rates").json()
    rates = {row["effective_from"]: (row["rate_ppm"], row["source"]) for row in found["rates"]}
    assert rates["2023-01-01"] == (16_900, "published")
    assert rates["2024-01-01"] == (49_300, "published")
    assert rates["2027-01-01"] == (37_800, "provisional")
    assert (found["rates"][0]["effective_from"], found["end_date"]) == ("1990-01-01", "2028-01-01")
    assert len(found["sha256"]) == 64


def test_no_pages_that_load_from_elsewhere() -> None:
    assert [get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]
