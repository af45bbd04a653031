"""The application asked without a network: one request, or several at once, each an answer."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import httpx

from api.app import create_app
from api.http.keys import create
from api.http.settings import Settings

T = TypeVar("T")
JSON = {"Content-Type": "application/json"}
YEAR = {"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"}
HOUSEHOLD = {
    "primary_heating": "electric",
    "household_income_cents": 1_800_000,
    "household_size": 3,
    "full_annual_bill_cents": 180_000,
    "as_of_date": "2026-09-30",
}


class Service:
    """An application and what it is asked."""

    def __init__(self, *, client: str = "127.0.0.1", **settings: Any) -> None:  # noqa: ANN401 - any setting
        self.app = create_app(Settings(**{"warm_up": False, **settings}))
        self._client = client

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:  # noqa: ANN401 - whatever JSON holds
        return self.ask("POST", path, json=body, headers=headers)

    def send(self, path: str, raw: bytes, content_type: str = "application/json") -> httpx.Response:
        return self.ask("POST", path, content=raw, headers={"Content-Type": content_type})

    def ask(self, method: str, path: str, **parts: Any) -> httpx.Response:  # noqa: ANN401 - httpx's parts of a request
        async def ask(client: httpx.AsyncClient) -> httpx.Response:
            return await client.request(method, path, **parts)

        return asyncio.run(self.with_client(ask))

    async def with_client(self, work: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
        """What a piece of work gets out of a client."""
        transport = httpx.ASGITransport(app=self.app, client=(self._client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://puccalc") as client:
            return await work(client)


def problem(answer: httpx.Response, status: int, kind: str) -> list[dict[str, str]]:
    """Errors of an answer that is a problem of a type."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["type"] == f"/docs/problems#{kind}"
    assert found["status"] == status
    errors: list[dict[str, str]] = found["errors"]
    return errors


def expired_key(file: Path, scopes: tuple[str, ...]) -> str:
    """A key whose last day has passed since it was made."""
    key = create(file, "expired", scopes, None, date(2100, 1, 1))
    file.write_text(file.read_text("utf-8").replace("2100-01-01", "2020-01-01"), "utf-8")
    return key
