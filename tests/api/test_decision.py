"""How a year's rate is proposed and approved on the pages: by whom, until when, and on which data."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from api.answering import law, topics
from api.http.keys import create
from calc.rates.register.entries import load_register
from tests.api.client import Service
from tests.api.pages import Parsed, send

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On 29 November 2026, with an empty user's data folder."""
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(topics, "today", lambda: TODAY)
    law.clear_caches()
    yield
    law.clear_caches()


def told(page: httpx.Response) -> str:
    return " ".join(Parsed(page.text).texts)


def forms(page: httpx.Response) -> list[str]:
    return [each["action"] for each in Parsed(page.text).attributes("form") if "register" in each["action"]]


def test_one_proposes_and_another_approves() -> None:
    service = Service()
    page = service.get("/rates/2027")
    assert "nobody has proposed the rate yet" in told(page)
    assert forms(page) == ["/register/2027/proposal#decision"]
    answer = send(service, "/register/2027/proposal", {"by": "Ann Lee", "propose": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/rates/2027#decision")
    page = service.get("/rates/2027")
    # 45.31 of twelve months make 3.78; July, August and September 2026 are means of daily figures.
    assert "3.78 % by Ann Lee, November 29, 2026, although 2026-07, 2026-08, 2026-09 are derived" in told(page)
    assert forms(page) == ["/register/2027/approval#decision", "/register/2027/proposal#decision"]
    assert "proposed and waits for approval" in told(service.get("/"))

    same = send(service, "/register/2027/approval", {"by": "ann  lee", "approve": "yes"})
    assert same.status_code == 422
    assert "Not recorded: Ann Lee proposed the rate of 2027; another person approves it." in told(same)
    bad = send(service, "/register/2027/approval", {"by": "Bo Ray", "effective_from": "02/30/2027", "approve": "yes"})
    assert "Not recorded: In force from is not a day of the calendar" in told(bad)
    assert [Parsed(bad.text).by_id(name)["value"] for name in ("approver", "effective_from")] == [
        "Bo Ray", "02/30/2027",
    ]  # fmt: skip
    assert load_register().approved() == {}

    answer = send(service, "/register/2027/approval", {"by": "Bo Ray", "effective_from": "", "approve": "yes"})
    assert answer.status_code == 303
    page = service.get("/rates/2027")
    assert "3.78 % from January 1, 2027, by Bo Ray, November 29, 2026." in told(page)
    assert "it calculates by them after its next start" in told(page)
    assert load_register().approved()[2027].rate_ppm == 37_800
    law.clear_caches()  # what the next start begins with
    assert "after its next start" not in told(service.get("/rates/2027"))


@pytest.mark.parametrize("by", ["", " ", "x" * 101])
def test_a_name_is_needed(by: str) -> None:
    answer = send(Service(), "/register/2027/proposal", {"by": by, "propose": "yes"})
    assert answer.status_code == 422
    assert "Not recorded: give a person's name" in told(answer)
    assert load_register().entries == ()


def test_nothing_to_approve_and_no_months() -> None:
    service = Service()
    assert "Not recorded: no proposal for 2027 waits." in told(send(service, "/register/2027/approval", {"by": "Bo"}))
    answer = send(service, "/register/2028/proposal", {"by": "Bo"})
    assert answer.status_code == 422
    assert forms(service.get("/rates/2028")) == []
    assert send(service, "/register/2050/proposal", {"by": "Bo"}).status_code in {404, 422}


def test_past_days_are_changed_by_intent_alone() -> None:
    """2026 as proposed is what the rule gives anyway; from a later day, the days from January to it would change."""
    service = Service()
    send(service, "/register/2026/proposal", {"by": "Ann", "propose": "yes"})
    form = {"by": "Bo", "effective_from": "07/01/2026", "approve": "yes"}
    answer = send(service, "/register/2026/approval", form)
    assert answer.status_code == 422
    assert "Not recorded: this changes the rate of past days, from 2026-01-01 on." in told(answer)
    assert Parsed(answer.text).by_id("restate")["type"] == "checkbox"
    assert send(service, "/register/2026/approval", {**form, "restate": "yes"}).status_code == 303


def test_with_keys_a_decision_has_the_keys_name_and_scope(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    scopes = ("quotes", "reference", "register")
    keys = {name: create(file, name, scopes, None, None) for name in ("Ann", "Bo")}
    keys["reader"] = create(file, "reader", scopes[:2], None, None)
    service = Service(keys_file=file)
    cookies = {
        name: send(service, "/sign-in", {"key": key}).headers["set-cookie"].partition(";")[0]
        for name, key in keys.items()
    }

    def page(name: str) -> httpx.Response:
        return service.get("/rates/2027", Cookie=cookies[name])

    def decide(what: str, name: str) -> int:
        return send(service, f"/register/2027/{what}", {"by": "somebody else"}, Cookie=cookies[name]).status_code

    assert (forms(page("reader")), decide("proposal", "reader")) == ([], 403)
    assert decide("proposal", "Ann") == 303
    assert "3.78 % by Ann, November 29, 2026" in told(page("reader"))
    assert forms(page("Ann")) == ["/register/2027/proposal#decision"]
    assert decide("approval", "Ann") == 422
    assert forms(page("Bo"))[0] == "/register/2027/approval#decision"
    assert decide("approval", "Bo") == 303
    assert [entry.content["by"] for entry in load_register().entries] == ["Ann", "Bo"]


def test_a_decision_comes_from_a_page_of_this_service() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"}
    answer = Service().ask("POST", "/register/2027/proposal", data={"by": "Ann"}, headers=headers)
    assert answer.status_code == 403
    assert load_register().entries == ()


@pytest.mark.parametrize(
    ("day", "text"),
    [
        # For 1 January 2027 the tariff is filed by 1 December 2026.
        (date(2026, 11, 1), "30 days left to file the tariff: the last day is December 1, 2026."),
        (date(2026, 11, 29), "2 days left to file the tariff"),
        (date(2026, 11, 30), "One day left to file the tariff: the last day is tomorrow, December 1, 2026."),
        (date(2026, 12, 1), "The tariff is to be filed today , December 1, 2026."),
        (date(2026, 12, 2), "The last day to file is past : it was December 1, 2026."),
    ],
)
def test_the_days_left_to_file(day: date, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "today", lambda: day)
    service = Service()
    for path in ("/", "/rates/2027"):
        assert text in told(service.get(path))


def test_the_age_of_the_data() -> None:
    for path in ("/", "/rates/2027"):
        shown = told(Service().get(path))
        assert "The months were taken 8 days ago, November 21, 2026" in shown  # the shipped ones
        assert "takes what has been published since" in shown
    assert "Deciding" not in told(Service().get("/rates/2024"))
