"""Who sees pages: without a key, signed in, with another's cookie; forms that come from elsewhere."""

import re
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from api.http.keys import create, revoke
from api.http.session import COOKIE, SECONDS, Sessions
from tests.api.client import Service, expired_key, problem
from tests.api.pages import FORMS, OWN_PAGE, PATHS, Parsed, send

HTML = {"Accept": "text/html,application/xhtml+xml"}


class Held:
    """A service with keys, and one key for each set of scopes."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keys.json"
        self.staff = create(self.file, "staff", ("quotes", "reference"), None, None)
        self.utility = create(self.file, "utility", ("quotes", "reference"), "example", None)
        self.narrow = create(self.file, "narrow", ("quotes",), None, None)
        self.expired = expired_key(self.file, ("quotes", "reference"))
        self.service = Service(keys_file=self.file, public_tariffs=("default",))

    def cookie(self, key: str) -> str:
        """Name and value of the cookie with which a key is signed in."""
        answer = send(self.service, "/sign-in", {"key": key})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie: str = answer.headers["set-cookie"].partition(";")[0]
        return cookie


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    return Held(tmp_path_factory.mktemp("keys"))


def signs_in(answer: httpx.Response) -> bool:
    return answer.status_code == 401 and "<h1>Sign in</h1>" in answer.text


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/sign-in"])
def test_without_a_key(held: Held, path: str) -> None:
    assert signs_in(held.service.get(path, **HTML))
    problem(held.service.get(path), 401, "not-authenticated")
    if path.startswith("/calculators/"):
        answer = send(held.service, path, FORMS[path.rpartition("/")[2]])
        assert signs_in(answer)
        assert "Result" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_signed_in(held: Held, path: str) -> None:
    answer = held.service.get(path, Cookie=held.cookie(held.staff), **HTML)
    assert answer.status_code == 200
    assert ("Sign out" in answer.text) is (path != "/sign-in")


def test_the_cookie(held: Held) -> None:
    answer = send(held.service, "/sign-in", {"key": held.staff})
    value, *attributes = answer.headers["set-cookie"].split("; ")
    assert set(attributes) == {f"Max-Age={SECONDS}", "Path=/", "HttpOnly", "Secure", "SameSite=Strict"}
    assert value.startswith("__Host-")
    assert held.staff.split("_", 2)[2] not in value
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("key", ["", "puc_0_0", "expired", "narrow", "é" * 40])
def test_keys_that_open_no_page(held: Held, key: str) -> None:
    text = getattr(held, key, key)
    answer = send(held.service, "/sign-in", {"key": text})
    assert answer.status_code == (403 if key == "narrow" else 401)
    assert "set-cookie" not in answer.headers
    if text:
        assert text not in answer.text


def test_cookies_that_are_not_ours(held: Held) -> None:
    good = held.cookie(held.staff)
    name, _, value = good.partition("=")
    key_id, signed_at, signature = value.split(".")
    later = f"{key_id}.{signed_at.swapcase()}.{signature}"
    other = Sessions("another secret, of another start").cookie(key_id).partition(";")[0]
    for cookie in (
        f"{name}={later}",
        f"{name}={key_id}.{signed_at}.",
        f"{name}=",
        f"{name}=x.y.z",
        other,
        f"x{good}",
        "\x7f;",
    ):
        assert signs_in(held.service.get("/", Cookie=cookie, **HTML))
    assert held.service.get("/", Cookie=f"a=b; {good}; c=d").status_code == 200


def test_a_session_ends(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = held.cookie(held.staff)
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)  # in the year 2096
    assert signs_in(held.service.get("/", Cookie=cookie, **HTML))


def test_a_revoked_key_is_signed_out(held: Held) -> None:
    key = create(held.file, "leaver", ("quotes", "reference"), None, None)
    shared = "what several workers sign with, also after a restart"
    first = Service(keys_file=held.file, session_secret=shared)
    cookie = send(first, "/sign-in", {"key": key}).headers["set-cookie"].partition(";")[0]
    assert first.get("/", Cookie=cookie).status_code == 200
    revoke(held.file, key.split("_")[1])
    assert signs_in(Service(keys_file=held.file, session_secret=shared).get("/", Cookie=cookie, **HTML))


def test_signing_out(held: Held) -> None:
    answer = send(held.service, "/sign-out", {"out": "yes"}, Cookie=held.cookie(held.staff))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert re.match(rf"{COOKIE}=; Max-Age=0; ", answer.headers["set-cookie"])


@pytest.mark.parametrize("path", ["/v1/rates", "/v1/rules", "/metrics", "/v1/quotes/interest"])
def test_a_cookie_opens_no_programs_path(held: Held, path: str) -> None:
    headers = {"Cookie": held.cookie(held.staff), "Sec-Fetch-Site": "same-origin"}
    method = "POST" if "quotes" in path else "GET"
    problem(held.service.ask(method, path, json={}, headers=headers), 401, "not-authenticated")


def test_a_key_in_a_header_opens_pages_by_its_scopes(held: Held) -> None:
    assert held.service.get("/calculators/interest", **{"X-API-Key": held.narrow}).status_code == 200
    problem(held.service.get("/rules", **{"X-API-Key": held.narrow}), 403, "not-allowed")


def test_a_tariff_is_its_utilitys(held: Held) -> None:
    form = {**FORMS["fixed-credit"], "tariff": "example"}
    for key, status in ((held.staff, 403), (held.utility, 200)):
        cookie = held.cookie(key)
        assert send(held.service, "/calculators/fixed-credit", form, Cookie=cookie).status_code == status
        options = Parsed(held.service.get("/calculators/fixed-credit", Cookie=cookie).text).attributes("option")
        assert ("example" in {option["value"] for option in options}) is (status == 200)
        page = held.service.get("/rules", Cookie=cookie).text
        for text in ("lower shares", "tariffs/us-co/example.toml", "rate_schedules/us-co/example.toml"):
            assert (text in page) is (status == 200)
        assert "example-by-fuel" not in page
        listed = held.service.get("/v1/rules", **{"X-API-Key": key}).json()["tariffs"]
        assert listed == ["default", *(["example"] if status == 200 else [])]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://puccalc"}, 403),
        ({"Origin": "http://puccalc"}, 200),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_forms_come_from_a_page_of_this_service(headers: Mapping[str, str], status: int) -> None:
    sent = {**headers, "Content-Type": OWN_PAGE["Content-Type"]}
    answer = Service().ask("POST", "/calculators/interest", data=FORMS["interest"], headers=sent)
    if status == 200:
        assert answer.status_code == status, answer.text
        return
    (error,) = problem(answer, status, "not-from-a-page")
    assert "Sec-Fetch-Site" in error["detail"]
    assert "key" not in answer.text
    shown = Service().ask("POST", "/calculators/interest", data=FORMS["interest"], headers={**sent, **HTML})
    assert shown.status_code == status
    assert "<h1>Not sent by a page</h1>" in shown.text
    assert "Origin" in shown.text
    assert "key" not in " ".join(Parsed(shown.text).texts)


def test_other_bodies_are_refused() -> None:
    service = Service()
    headers = {"Sec-Fetch-Site": "same-origin"}
    problem(service.post("/calculators/interest", FORMS["interest"], **headers), 415, "wrong-media-type")
    big = {**FORMS["interest"], "rates": "x" * 70_000}
    assert send(service, "/calculators/interest", big).status_code == 413


def test_a_service_without_keys_asks_for_none() -> None:
    service = Service()
    assert "asks for no keys" in service.get("/sign-in").text
    assert send(service, "/sign-in", {"key": "puc_0_0"}).status_code == 401
    assert Service(client="192.0.2.7").get("/", **HTML).status_code == 401
