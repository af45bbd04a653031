"""Nothing is loaded from elsewhere, nothing runs; a household's income stands in no address, log, header or counter."""

import re
from pathlib import Path

import pytest

from api.http.keys import create
from api.http.scopes import SCOPES
from api.pages import assets
from tests.api.client import Service
from tests.api.pages import FORMS, PATHS, Parsed, send

INCOME = ("76543.21", "76,543.21", "$76543.21")
TRACES = ("76543", "76,543", "7654321")
EXTERNAL = re.compile(rb"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
NAMESPACE = b"http://www.w3.org"
"""Of SVG: a name, which nothing loads."""


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


def loaded(html: str) -> list[str]:
    """What a page links to, loads or sends forms to."""
    places = ("href", "src", "srcset", "action", "formaction", "data", "poster", "xlink:href")
    parsed = Parsed(html)
    return [attributes[place] for _, attributes in parsed.elements for place in places if place in attributes]


@pytest.mark.parametrize("path", PATHS)
def test_pages_load_from_here_alone(service: Service, path: str) -> None:
    answer = service.get(path)
    for each in loaded(answer.text):
        assert re.match(r"(/(?!/)|#)", each), each
    for address in {each for each in loaded(answer.text) if each.startswith(("/static/", "/docs"))}:
        assert service.get(address).status_code == 200
    tags = {tag for tag, _ in Parsed(answer.text).elements}
    assert tags & {"script", "iframe", "object", "embed", "style", "base"} == set()
    for _, attributes in Parsed(answer.text).elements:
        assert [name for name in attributes if name == "style" or name.startswith("on")] == []


def test_what_links_elsewhere_would_be_found() -> None:
    assert loaded('<img src="//elsewhere.example/a.png"><a href="https://b.example">') == [
        "//elsewhere.example/a.png",
        "https://b.example",
    ]


@pytest.mark.parametrize("name", sorted(assets.files()))
def test_assets_load_from_here_alone(service: Service, name: str) -> None:
    answer = service.get(assets.address(name))
    assert answer.content == assets.files()[name]
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == assets.TYPES[Path(name).suffix]
    if not name.endswith(".woff2"):
        assert set(EXTERNAL.findall(answer.content)) <= {NAMESPACE}
        assert b"@import" not in answer.content


def test_only_listed_files_are_served(service: Service) -> None:
    for path in ("uswds/LICENSE.md", "../assets.py", "%2e%2e/assets.py", "site/none.css", ""):
        assert service.get(f"/static/{assets.digest()}/{path}").status_code == 404
    assert service.get("/static/000000000000/site/site.css").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_headers(service: Service, path: str) -> None:
    headers = service.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }


def test_an_income_is_nowhere_but_in_its_answers_body(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "keys.json"
    key = create(file, "canary", SCOPES, None, None)
    service = Service(keys_file=file)
    cookie = send(service, "/sign-in", {"key": key}).headers["set-cookie"].partition(";")[0]
    for income in INCOME:
        form = {**FORMS["fixed-credit"], "household_income": income}
        bad = {**form, "household_size": "nobody", "share": "99"}
        for path in ("", "/worksheet.html", "/worksheet.txt", "/nowhere"):
            for body in (form, bad, {**form, "income": income}, {"household_income": f"{income}."}):
                answer = send(service, f"/calculators/fixed-credit{path}", body, Cookie=cookie)
                assert answer.headers["cache-control"] == "no-store"
                assert not [trace for trace in TRACES if trace in str(answer.headers)]
                if answer.status_code in {400, 404}:
                    assert not [trace for trace in TRACES if trace in answer.text]
        page = send(service, "/calculators/fixed-credit", form, Cookie=cookie).text
        assert not [each for each in loaded(page) if any(trace in each for trace in TRACES)]
        parsed = Parsed(page)
        assert parsed.by_id("household_income")["value"] == income
    told = capfd.readouterr()
    logged = told.out + told.err + service.get("/metrics", **{"X-API-Key": key}).text
    assert logged.count("/calculators/fixed-credit") > len(INCOME)
    assert not [trace for trace in (*TRACES, key.split("_", 2)[2], cookie) if trace in logged]


def test_errors_of_an_income_do_not_repeat_it(service: Service) -> None:
    answer = send(service, "/calculators/fixed-credit", {**FORMS["fixed-credit"], "household_income": "76543.217"})
    texts = Parsed(answer.text).texts
    assert any(text.startswith("Household income has more than 2 decimals") for text in texts)
    assert not [text for text in texts if any(trace in text for trace in TRACES)]
