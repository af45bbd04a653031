"""Who may do what: every route without a key, with a wrong, expired or narrow one; the minute's share; room."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.http.keys import KeyStore, create, read, revoke
from api.models.examples import BATCHES, QUOTES
from calc.errors import UsageError
from tests.api.client import YEAR, Service, expired_key, problem

EVERY = ("quotes", "batches", "reference", "metrics", "register")
KEYS = {
    "all": EVERY,
    **{scope: (scope,) for scope in EVERY},
    **{f"all but {scope}": tuple(other for other in EVERY if other != scope) for scope in EVERY},
}
ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/healthz"): "open",
    ("GET", "/readyz"): "open",
    ("GET", "/docs"): "open",
    ("GET", "/docs/problems"): "open",
    ("GET", "/docs/style.css"): "open",
    ("GET", "/openapi.json"): "open",
    ("GET", "/static/{digest}/{name:path}"): "open",
    ("GET", "/sign-in"): "open",
    ("POST", "/sign-in"): "open",
    ("POST", "/sign-out"): "open",
    **{("POST", f"/v1/quotes/{topic}"): "quotes" for topic in QUOTES},
    **{("POST", f"/v1/batches/{topic}"): "batches" for topic in BATCHES},
    ("POST", "/v1/files"): "batches",
    ("GET", "/v1/files/{file_id}"): "batches",
    ("DELETE", "/v1/files/{file_id}"): "batches",
    ("GET", "/v1/files/{file_id}/{name}"): "batches",
    ("GET", "/files"): "batches",
    ("POST", "/files"): "batches",
    ("GET", "/files/{file_id}"): "batches",
    ("POST", "/files/{file_id}"): "batches",
    ("POST", "/files/{file_id}/delete"): "batches",
    ("GET", "/files/{file_id}/{name}"): "batches",
    ("GET", "/v1/rates"): "reference",
    ("GET", "/v1/rates/{year}"): "reference",
    ("GET", "/v1/rules"): "reference",
    ("GET", "/v1/jurisdictions"): "reference",
    ("GET", "/metrics"): "metrics",
    ("GET", "/"): "reference",
    ("GET", "/rules"): "reference",
    ("GET", "/rates"): "reference",
    ("GET", "/rates/{year}"): "reference",
    ("GET", "/rates/{year}/dates.ics"): "reference",
    ("GET", "/rates/{year}/letter.{form}"): "reference",
    ("POST", "/register/{year}/proposal"): "register",
    ("POST", "/register/{year}/approval"): "register",
    ("GET", "/calculators"): "quotes",
    **{("GET", f"/calculators/{topic}"): "quotes" for topic in QUOTES},
    **{
        ("POST", f"/calculators/{topic}{file}"): "quotes"
        for topic in QUOTES
        for file in ("", "/worksheet.html", "/worksheet.txt")
    },
}
"""What each route asks of a key."""
FOR_PROGRAMS = sorted(
    route
    for route in ROUTES
    if route[1].startswith(("/v1/", "/metrics", "/healthz", "/readyz", "/docs")) and "/files" not in route[1]
)
ASKED = sorted(route for route, scope in ROUTES.items() if scope != "open")
PUBLIC = ("default", "example")
"""Tariffs open to every key: those that the examples of quotes name."""
FILLED_IN = {"{year}": "2024", "{form}": "pdf", "{file_id}": "0" * 32, "{name}": "results.xlsx"}


class Held:
    """A service with keys, and the keys by what they may do."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keys.json"
        self.keys = {name: create(self.file, name, scopes, None, None) for name, scopes in KEYS.items()}
        self.keys["expired"] = expired_key(self.file, KEYS["all"])
        self.keys["revoked"] = create(self.file, "revoked", KEYS["all"], None, None)
        revoke(self.file, self.keys["revoked"].split("_")[1])
        self.keys["utility"] = create(self.file, "utility", KEYS["all"], "example-by-fuel", None)
        good = self.keys["all"]
        self.keys["wrong secret"] = good[:-1] + ("A" if good[-1] != "A" else "B")
        self.keys["wrong id"] = good.replace(good.split("_")[1], "0" * 12)
        self.keys["other"] = "é" * 40
        self.service = Service(keys_file=self.file, host="0.0.0.0", public_tariffs=PUBLIC)  # noqa: S104 - not bound

    def ask(self, method: str, path: str, key: str) -> httpx.Response:
        for name, value in FILLED_IN.items():
            path = path.replace(name, value)
        parts: dict[str, Any] = {}
        if method == "POST":
            parts["json"] = QUOTES[path.rpartition("/")[2]]["plain"]["value"] if "/quotes/" in path else {"rows": []}
        headers = {} if key == "none" else {"Authorization": b"Bearer " + self.keys[key].encode()}
        return self.service.ask(method, path, headers=headers, **parts)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    return Held(tmp_path_factory.mktemp("keys"))


def application(service: Service) -> FastAPI:
    """What stands behind the middleware."""
    found: Any = service.app
    while not isinstance(found, FastAPI):
        found = found._app
    return found


def routes_of(router: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - the framework's routers, plain and included
    for route in router.routes:
        if hasattr(route, "original_router"):
            yield from routes_of(route.original_router)
        else:
            yield from ((method, route.path) for method in route.methods)


def test_every_route_says_what_it_asks_of_a_key() -> None:
    """A new route is added to the table above, and to api/http/scopes.py: until then it is not there."""
    assert set(routes_of(application(Service()))) == set(ROUTES)


def test_a_route_that_does_not_say_so_is_not_there(held: Held) -> None:
    for service in (Service(keys_file=held.file), Service()):
        app = application(service)
        app.add_api_route("/new", lambda: "let in", methods=["GET"])
        assert "/new" in {path for _, path in routes_of(app)}
        problem(service.get("/new", **{"X-API-Key": held.keys["all"]}), 404, "not-found")


@pytest.mark.parametrize("key", ["none", "wrong secret", "wrong id", "expired", "revoked", "other"])
@pytest.mark.parametrize(("method", "path"), ASKED)
def test_without_a_valid_key(held: Held, method: str, path: str, key: str) -> None:
    answer = held.ask(method, path, key)
    problem(answer, 401, "not-authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_with_every_scope_but_its_own(held: Held, method: str, path: str) -> None:
    problem(held.ask(method, path, f"all but {ROUTES[method, path]}"), 403, "not-allowed")


@pytest.mark.parametrize(("method", "path"), FOR_PROGRAMS)
def test_with_its_own_scope_alone(held: Held, method: str, path: str) -> None:
    scope = ROUTES[method, path]
    assert held.ask(method, path, "none" if scope == "open" else scope).status_code == 200


def test_paths_that_are_none_need_a_key(held: Held) -> None:
    problem(held.ask("GET", "/v2/anything", "none"), 401, "not-authenticated")
    problem(held.ask("GET", "/v2/anything", "all"), 404, "not-found")


@pytest.mark.parametrize(("key", "status"), [("all", 403), ("utility", 200)])
def test_a_tariff_is_its_utilitys(held: Held, key: str, status: int) -> None:
    headers = {"X-API-Key": held.keys[key]}
    quoted = held.service.post("/v1/quotes/interest", {**YEAR, "tariff": "example-by-fuel"}, **headers)
    batch = held.service.post("/v1/batches/interest", {"rows": [YEAR], "tariff": "example-by-fuel"}, **headers)
    public = held.service.post("/v1/quotes/interest", {**YEAR, "tariff": "default"}, **headers)
    assert [quoted.status_code, batch.status_code, public.status_code] == [status, status, 200]


def test_two_keys_of_a_utility_while_one_takes_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys.json"
    monkeypatch.setattr("api.http.keys._RECHECK_SECONDS", -1.0)
    first = create(file, "portal", ("quotes",), "example", None)
    service = Service(keys_file=file, public_tariffs=("default",))

    def status(key: str) -> int:
        answer = service.post("/v1/quotes/interest", {**YEAR, "tariff": "example"}, Authorization=f"Bearer {key}")
        return answer.status_code

    second = create(file, "portal", ("quotes",), "example", None)
    assert (status(first), status(second)) == (200, 200)
    revoke(file, first.split("_")[1])
    assert (status(first), status(second)) == (401, 200)
    good = file.read_bytes()
    file.write_bytes(good[:-20])
    assert status(second) == 401
    file.write_bytes(good)
    assert status(second) == 200
    assert [(key.name, key.tariff) for key in read(file)] == [("portal", "example")] * 2


@pytest.mark.parametrize(("today", "valid"), [(date(2027, 12, 31), True), (date(2028, 1, 1), False)])
def test_the_last_day_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: date, *, valid: bool) -> None:
    key = create(tmp_path / "keys.json", "portal", ("quotes",), None, date(2027, 12, 31))
    monkeypatch.setattr("api.http.keys._today", lambda: today)
    assert (KeyStore(tmp_path / "keys.json").find(key) is not None) is valid


@pytest.mark.parametrize(
    ("zone", "instant", "valid"),
    [
        ("America/Denver", "2028-01-01T03:00:00+00:00", True),  # 20:00 of the last day
        ("America/Denver", "2028-01-01T07:00:00+00:00", False),  # midnight after it
        ("Asia/Tokyo", "2027-12-31T14:59:59+00:00", True),
        ("Asia/Tokyo", "2027-12-31T15:00:00+00:00", False),
        ("UTC", "2027-12-31T23:59:59+00:00", True),
    ],
)
def test_the_last_day_is_the_local_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, instant: str, *, valid: bool
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls.fromtimestamp(datetime.fromisoformat(instant).timestamp(), tz)

    key = create(tmp_path / "keys.json", "portal", ("quotes",), None, date(2027, 12, 31))
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        monkeypatch.setattr("api.http.keys.datetime", Clock)
        assert (KeyStore(tmp_path / "keys.json").find(key) is not None) is valid
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_past_last_day_is_refused(tmp_path: Path) -> None:
    file, today = tmp_path / "keys.json", datetime.now().astimezone().date()
    with pytest.raises(UsageError, match="is past"):
        create(file, "portal", ("quotes",), None, today - timedelta(days=1))
    assert not file.exists()
    key = create(file, "portal", ("quotes",), None, today + timedelta(days=1))
    assert KeyStore(file).find(key) is not None


def test_without_keys_only_this_machine_is_let_in() -> None:
    problem(Service(client="192.0.2.7").post("/v1/quotes/interest", YEAR), 401, "not-authenticated")
    assert Service(client="::1").post("/v1/quotes/interest", YEAR).status_code == 200
    assert Service(client="192.0.2.7").get("/healthz").status_code == 200


def test_the_minutes_share_is_a_keys(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr("api.http.limits.time.monotonic", lambda: now)
    service = Service(keys_file=held.file, requests_a_minute=3)

    def status(key: str) -> int:
        return service.get("/v1/rules", **{"X-API-Key": held.keys[key]}).status_code

    assert [status("all") for _ in range(4)] == [200, 200, 200, 429]
    now += 20.0
    refused = service.get("/v1/rules", **{"X-API-Key": held.keys["all"]})
    problem(refused, 429, "too-many-requests")
    assert int(refused.headers["retry-after"]) in {40, 41}
    assert status("reference") == 200
    assert service.get("/healthz").status_code == 200
    now += int(refused.headers["retry-after"])
    assert status("all") == 200


@pytest.mark.parametrize(("workers", "share"), [(1, 5), (2, 3), (5, 1), (9, 1)])
def test_workers_divide_the_minutes_share(workers: int, share: int) -> None:
    service = Service(requests_a_minute=5, workers=workers)
    statuses = [service.get("/v1/rules").status_code for _ in range(6)]
    assert statuses == [200] * share + [429] * (6 - share)


def test_no_room_for_another_batch() -> None:
    service = Service(batches_at_once=2)

    async def crowd(client: httpx.AsyncClient) -> list[httpx.Response]:
        gate, begun = asyncio.Event(), asyncio.Queue[None]()

        async def body() -> AsyncIterator[bytes]:
            begun.put_nowait(None)
            await gate.wait()
            yield json.dumps({"rows": [YEAR]}).encode()

        path, headers = "/v1/batches/interest", {"Content-Type": "application/json"}
        waiting = [asyncio.create_task(client.post(path, content=body(), headers=headers)) for _ in range(2)]
        for _ in waiting:
            await begun.get()  # its body is read: it has its place
        shed = await client.post(path, json={"rows": []})
        quote = await client.post("/v1/quotes/interest", json=YEAR)
        gate.set()
        return [shed, quote, *await asyncio.gather(*waiting), await client.post(path, json={"rows": [YEAR]})]

    shed, *others = asyncio.run(service.with_client(crowd))
    problem(shed, 503, "overloaded")
    assert shed.headers["retry-after"] == "1"
    assert [answer.status_code for answer in others] == [200] * 4


def test_a_turn_begins_no_more_than_the_next_can_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.limits._TURN_SECONDS", 0.001)  # four quotes, before it is known what one costs
    service = Service()

    async def crowd(client: httpx.AsyncClient) -> list[httpx.Response]:
        quotes = [client.post("/v1/quotes/interest", json=YEAR) for _ in range(20)]
        return await asyncio.gather(client.get("/healthz"), *quotes)

    health, *answers = asyncio.run(service.with_client(crowd))
    assert health.status_code == 200
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) + statuses.count(503) == 20
    assert 1 <= statuses.count(200) <= 8
    shed = answers[statuses.index(503)]
    problem(shed, 503, "overloaded")
    assert shed.headers["retry-after"] == "1"
    assert shed.headers["cache-control"] == "no-store"


def test_slow_bodies_keep_nobody_out() -> None:
    service = Service(requests_at_once=1)

    async def crowd(client: httpx.AsyncClient) -> list[httpx.Response]:
        gate, begun = asyncio.Event(), asyncio.Queue[None]()

        async def body() -> AsyncIterator[bytes]:
            begun.put_nowait(None)
            await gate.wait()
            yield json.dumps(YEAR).encode()

        headers = {"Content-Type": "application/json"}
        slow = [
            asyncio.create_task(client.post("/v1/quotes/interest", content=body(), headers=headers)) for _ in range(20)
        ]
        for _ in slow:
            await begun.get()
        quote = await client.post("/v1/quotes/interest", json=YEAR)
        gate.set()
        return [quote, *await asyncio.gather(*slow)]

    assert [answer.status_code for answer in asyncio.run(service.with_client(crowd))] == [200] * 21


def test_a_slow_body() -> None:
    service = Service(body_seconds=0.1)

    async def dawdle(client: httpx.AsyncClient) -> httpx.Response:
        async def body() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.Event().wait()  # for ever

        return await client.post("/v1/quotes/interest", content=body(), headers={"Content-Type": "application/json"})

    problem(asyncio.run(service.with_client(dawdle)), 408, "too-slow")
