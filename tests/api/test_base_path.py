"""The service below a path of a proxy: every link, form and redirect stays below it, whoever takes the path off."""

import re
from pathlib import Path

import pytest

from api.http.settings import Settings
from tests.api.client import YEAR, Service
from tests.api.pages import FORMS, Parsed, send

BASE = "/puccalc"
OPENS = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
ADDRESS = re.compile(r'\s(?:href|src|action|formaction)="([^"]*)"')


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(base_path=BASE)


def addresses(html: str) -> set[str]:
    """Addresses of a page but for places within it."""
    return {each for each in ADDRESS.findall(html) if not each.startswith(("#", "?", "data:", "https:", "mailto:"))}


def test_links_of_the_pages_stay_below_it_and_lead_somewhere(service: Service) -> None:
    found: set[str] = set()
    for page in ("/", "/rules", "/rates", "/rates/2027", "/calculators", "/files", "/docs", "/docs/problems"):
        with_path, without = service.get(BASE + page, Accept="text/html"), service.get(page, Accept="text/html")
        assert with_path.status_code == without.status_code == 200
        assert addresses(with_path.text) == addresses(without.text)
        found |= addresses(with_path.text)
    assert len(found) > 20
    assert {each for each in found if not each.startswith(f"{BASE}/")} == set()
    pages = sorted({each.partition("#")[0] for each in found if "/static/" in each or "/calculators/" in each})
    for address in pages:
        assert service.get(address, **OPENS).status_code in {200, 303}, address


def test_a_form_is_answered_below_it(service: Service) -> None:
    opened = service.get(f"{BASE}/calculators/interest", **OPENS)
    assert opened.status_code == 303
    assert opened.headers["location"].startswith(f"{BASE}/calculators/interest?form=")
    answer = send(service, f"{BASE}/calculators/interest", {**FORMS["interest"], "principal": "200.00"})
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert Parsed(answer.text).by_id("principal")["value"] == "200.00"


def test_what_a_person_typed_is_no_link(service: Service) -> None:
    answer = send(service, f"{BASE}/calculators/interest", {**FORMS["interest"], "principal": 'x href="/x"'})
    assert Parsed(answer.text).by_id("principal")["value"] == 'x href="/x"'


def test_programs_ask_below_it(service: Service) -> None:
    for path in (f"{BASE}/v1/quotes/interest", "/v1/quotes/interest"):
        assert service.post(path, YEAR).json()["interest_cents"] == 986
    assert service.get(f"{BASE}/openapi.json").json()["servers"][0]["url"] == BASE
    answer = service.send(f"{BASE}/v1/files", b"deposit_id,account_id\nD1,A1\n", "text/csv")
    assert answer.status_code == 201
    assert answer.headers["location"].startswith(f"{BASE}/v1/files/")
    assert service.ask("DELETE", answer.headers["location"]).status_code == 204


def test_other_paths_that_begin_alike_are_not_taken(service: Service) -> None:
    assert service.get("/puccalculator").status_code == 404
    missing = service.get(f"{BASE}/nothing", Accept="text/html")
    assert missing.status_code == 404
    assert all(each.startswith(f"{BASE}/") for each in addresses(missing.text))


def test_without_it_nothing_is_put_before(tmp_path: Path) -> None:
    assert not any(each.startswith(BASE) for each in addresses(Service(files_folder=tmp_path).get("/").text))


@pytest.mark.parametrize("path", ["puccalc", "/puccalc/", "/", "/a b", "//x", '/"'])
def test_a_path_is_written_plainly(path: str) -> None:
    with pytest.raises(ValueError, match="base_path"):
        Settings(base_path=path)
