"""Figures that a form keeps: back, forth and reload show them, for a short time, to nobody else, at no address."""

import time
from pathlib import Path

import httpx
import pytest

from api.http.keys import create
from api.pages import form_memory
from api.pages.form_memory import LIFETIME_SECONDS, FormMemory, is_key, new_key
from tests.api.client import Service
from tests.api.pages import FORMS, OWN_PAGE, Parsed, answer_in, send

OPENS = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
PATH = "/calculators/fixed-credit"
FORM = FORMS["fixed-credit"]


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


def opened(service: Service, **headers: str) -> str:
    """Address of a form that a browser opens."""
    answer = service.get(PATH, **OPENS, **headers)
    assert answer.status_code == 303
    return answer.headers["location"]


def income(page: httpx.Response) -> str:
    return Parsed(page.text).by_id("household_income")["value"]


def test_every_form_that_a_browser_opens_has_an_address_of_its_own(service: Service) -> None:
    first, second = opened(service), opened(service)
    assert first != second
    assert is_key(first.partition("?form=")[2])
    page = service.get(first, **OPENS)
    assert page.status_code == 200
    assert Parsed(page.text).by_id("service")["autofocus"] == ""
    (form,) = [each for each in Parsed(page.text).attributes("form") if each.get("class") == "calculator"]
    assert form["action"] == f"{first}#answer"


def test_back_and_reload_show_what_was_typed(service: Service) -> None:
    empty = opened(service)
    first = send(service, empty, FORM)
    assert first.status_code == 303
    second = send(service, first.headers["location"], {**FORM, "household_income": "24,000.00"})
    for answer, typed, payment in ((first, "18,000.00", "$90.00"), (second, "24,000.00", "$120.00")):
        page = service.get(answer.headers["location"], **OPENS)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert income(page) == typed
        # 6 % of 24,000.00 are 1,440.00 a year, 120.00 a month.
        assert answer_in(page.text).after("Payment a month") == payment
    back = service.get(empty, **OPENS)
    assert income(back) == "18,000.00"
    assert "Result" not in Parsed(back.text).texts


def test_figures_stand_in_no_address(service: Service) -> None:
    empty = opened(service)
    answer = send(service, empty, {**FORM, "household_income": "76543.21"})
    shown = service.get(answer.headers["location"], **OPENS)
    for text in (empty, str(answer.headers), str(shown.headers)):
        assert "76543" not in text


def test_errors_are_kept_as_well(service: Service) -> None:
    answer = send(service, opened(service), {**FORM, "household_size": "three"})
    page = service.get(answer.headers["location"], **OPENS)
    assert page.status_code == 422
    assert Parsed(page.text).by_id("household_size")["value"] == "three"


def test_who_has_no_key_of_a_form_is_answered_at_once(service: Service) -> None:
    assert service.get(PATH).status_code == 200
    for query in ("", "?form=", "?form=short", "?answer=' or 1=1 --", f"?other={new_key()}"):
        assert send(service, f"{PATH}{query}", FORM).status_code == 200


def test_what_is_forgotten_is_said(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = send(service, opened(service), FORM)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS + 1)
    page = service.get(answer.headers["location"], **OPENS)
    assert income(page) == ""
    assert any("no longer kept" in text for text in Parsed(page.text).texts)
    assert not any("no longer kept" in text for text in Parsed(service.get(opened(service)).text).texts)


def test_another_session_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys = [create(file, name, ("quotes", "reference"), None, None) for name in ("one", "other")]
    service = Service(keys_file=file)
    sessions = [send(service, "/sign-in", {"key": key}).headers["set-cookie"].partition(";")[0] for key in keys]
    answer = send(service, opened(service, Cookie=sessions[0]), FORM, Cookie=sessions[0]).headers["location"]
    assert [income(service.get(answer, Cookie=each)) for each in sessions] == ["18,000.00", ""]
    assert [income(service.get(answer, **{"X-API-Key": key})) for key in keys] == ["", ""]


def test_a_tariff_is_checked_again_where_a_form_is_shown_again(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = create(file, "utility", ("quotes",), "example", None)
    service = Service(keys_file=file, public_tariffs=("default",))
    headers = {"X-API-Key": key}
    answer = send(service, opened(service, **headers), {**FORM, "tariff": "example"}, **headers).headers["location"]
    assert service.get(answer, **headers).status_code == 200
    others = {**FORM, "tariff": "example-by-fuel"}
    assert send(service, opened(service, **headers), others, **headers).status_code == 403


def test_workers_share_a_file_and_keep_no_more_than_they_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (FormMemory(tmp_path / "forms") for _ in range(2))
    monkeypatch.setattr(form_memory, "MOST_BYTES", 3_000)
    now = time.time()
    keys = [new_key() for _ in range(5)]
    for later, key in enumerate(keys):
        monkeypatch.setattr(time, "time", lambda later=later: now + later)
        one.remember(key, "session", {"income": "7" * 980})  # 994 bytes as JSON with its name: three of them fit
    assert [other.recall(key, "session") is not None for key in keys] == [False, False, True, True, True]
    assert other.recall(keys[-1], "another") is None


def test_what_is_looked_at_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, key, now = FormMemory(), new_key(), time.time()
    memory.remember(key, "", {"a": "1"})
    for times in (1, 2, 3):
        monkeypatch.setattr(time, "time", lambda times=times: now + times * (LIFETIME_SECONDS - 1))
        assert memory.recall(key, "") == {"a": "1"}
    monkeypatch.setattr(time, "time", lambda: now + 5 * LIFETIME_SECONDS)
    assert memory.recall(key, "") is None


def test_forms_still_come_from_a_page_of_this_service(service: Service) -> None:
    sent = {"Content-Type": OWN_PAGE["Content-Type"], "Sec-Fetch-Site": "cross-site"}
    assert service.ask("POST", opened(service), data=dict(FORM), headers=sent).status_code == 403
