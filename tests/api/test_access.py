"""Who may do what: every route without a key, with a wrong, expired or narrow one; the minute's share; room."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.door import OPEN
from api.examples import BATCHES, QUOTES
from api.keys import create, read, revoke
from api.settings import Settings
from tests.api.client import YEAR, Service, problem

KEYS = {
    "all": ("quotes", "batches", "reference", "metrics"),
    "quotes": ("quotes",),
    "batches": ("batches",),
    "reference": ("reference",),
    "metrics": ("metrics",),
}
ROUTES = [
    *(("POST", f"/v1/quotes/{topic}", "quotes") for topic in QUOTES),
    *(("POST", f"/v1/batches/{topic}", "batches") for topic in BATCHES),
    ("GET", "/v1/rates", "reference"),
    ("GET", "/v1/rates/2024", "reference"),
    ("GET", "/v1/rules", "reference"),
    ("GET", "/metrics", "metrics"),
    *(("GET", path, "open") for path in OPEN),
]


class Held:
    """A service with keys, and the keys by what they may do."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keys.json"
        self.keys = {name: create(self.file, name, scopes, None, None) for name, scopes in KEYS.items()}
        self.keys["expired"] = create(self.file, "expired", KEYS["all"], None, date(2020, 1, 1))
        self.keys["revoked"] = create(self.file, "revoked", KEYS["all"], None, None)
        revoke(self.file, self.keys["revoked"].split("_")[1])
        self.keys["utility"] = create(self.file, "utility", KEYS["all"], "example", None)
        good = self.keys["all"]
        self.keys["wrong secret"] = good[:-1] + ("A" if good[-1] != "A" else "B")
        self.keys["wrong id"] = good.replace(good.split("_")[1], "0" * 12)
        self.keys["other"] = "é" * 40
        self.service = Service(keys_file=self.file, host="0.0.0.0", public_tariffs=("default",))  # noqa: S104 - not bound

    def ask(self, method: str, path: str, key: str) -> httpx.Response:
        topic = path.rpartition("/")[2]
        body = QUOTES[topic]["plain"]["value"] if "quotes" in path else {"rows": []}
        parts = {"json": body} if method == "POST" else {}
        headers = {} if key == "none" else {"Authorization": b"Bearer " + self.keys[key].encode()}
        return self.service.ask(method, path, headers=headers, **parts)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    return Held(tmp_path_factory.mktemp("keys"))


def test_every_route_is_listed() -> None:
    paths = Service().get("/openapi.json").json()["paths"]
    documented = {path.replace("{year}", "2024") for path in paths}
    assert documented <= {path for _, path, _ in ROUTES}
    assert create_app(Settings(warm_up=False))


@pytest.mark.parametrize("key", ["none", "wrong secret", "wrong id", "expired", "revoked", "other"])
@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_without_a_valid_key(held: Held, method: str, path: str, scope: str, key: str) -> None:
    answer = held.ask(method, path, key)
    if scope == "open":
        assert answer.status_code == 200
    else:
        problem(answer, 401, "not-authenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_by_scope(held: Held, method: str, path: str, scope: str, key: str) -> None:
    answer = held.ask(method, path, key)
    if scope in {"open", *KEYS[key]}:
        assert answer.status_code == 200, answer.text
    else:
        problem(answer, 403, "not-allowed")


def test_paths_that_are_none_need_a_key(held: Held) -> None:
    problem(held.ask("GET", "/v2/anything", "none"), 401, "not-authenticated")
    problem(held.ask("GET", "/v2/anything", "all"), 404, "not-found")


@pytest.mark.parametrize(("key", "status"), [("all", 403), ("utility", 200)])
def test_a_tariff_is_its_utilitys(held: Held, key: str, status: int) -> None:
    headers = {"X-API-Key": held.keys[key]}
    quoted = held.service.post("/v1/quotes/interest", {**YEAR, "tariff": "example"}, **headers)
    batch = held.service.post("/v1/batches/interest", {"rows": [YEAR], "tariff": "example"}, **headers)
    public = held.service.post("/v1/quotes/interest", {**YEAR, "tariff": "default"}, **headers)
    assert [quoted.status_code, batch.status_code, public.status_code] == [status, status, 200]


def test_rotation(held: Held) -> None:
    new = create(held.file, "rotated", ("reference",), None, None)
    service = Service(keys_file=held.file)
    assert service.get("/v1/rules", Authorization=f"Bearer {new}").status_code == 200
    revoke(held.file, new.split("_")[1])
    assert Service(keys_file=held.file).get("/v1/rules", Authorization=f"Bearer {new}").status_code == 401
    assert [key.name for key in read(held.file)][-1] == "rotated"


def test_without_keys_only_this_machine_is_let_in() -> None:
    problem(Service(client="192.0.2.7").post("/v1/quotes/interest", YEAR), 401, "not-authenticated")
    assert Service(client="::1").post("/v1/quotes/interest", YEAR).status_code == 200
    assert Service(client="192.0.2.7").get("/healthz").status_code == 200


def test_the_minutes_share_is_a_keys(held: Held) -> None:
    service = Service(keys_file=held.file, requests_a_minute=3)
    headers = {"X-API-Key": held.keys["all"]}
    statuses = [service.get("/v1/rules", **headers).status_code for _ in range(3)]
    refused = service.get("/v1/rules", **headers)
    problem(refused, 429, "too-many-requests")
    assert statuses == [200, 200, 200]
    assert refused.headers["retry-after"] == "60"
    assert service.get("/v1/rules", **{"X-API-Key": held.keys["reference"]}).status_code == 200
    assert service.get("/healthz").status_code == 200


def test_no_room() -> None:
    service = Service(requests_at_once=2)

    async def crowd(client: httpx.AsyncClient) -> list[httpx.Response]:
        gate = asyncio.Event()

        async def body() -> AsyncIterator[bytes]:
            await gate.wait()
            yield json.dumps(YEAR).encode()

        headers = {"Content-Type": "application/json"}
        waiting = [
            asyncio.create_task(client.post("/v1/quotes/interest", content=body(), headers=headers)) for _ in range(2)
        ]
        await asyncio.sleep(0.05)
        shed = await client.get("/v1/rules")
        health = await client.get("/healthz")
        gate.set()
        return [shed, health, *await asyncio.gather(*waiting), await client.get("/v1/rules")]

    shed, *others = asyncio.run(service.with_client(crowd))
    problem(shed, 503, "overloaded")
    assert shed.headers["retry-after"] == "1"
    assert [answer.status_code for answer in others] == [200, 200, 200, 200]


def test_a_slow_body() -> None:
    service = Service(body_seconds=0.1)

    async def dawdle(client: httpx.AsyncClient) -> httpx.Response:
        async def body() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(5)

        return await client.post("/v1/quotes/interest", content=body(), headers={"Content-Type": "application/json"})

    problem(asyncio.run(service.with_client(dawdle)), 408, "too-slow")
