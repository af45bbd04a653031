"""The application: it answers, knows whether it is ready, and gives the rates and rules in force."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import httpx
import pytest
from fastapi import FastAPI

from api.answering import law
from tests.api.client import YEAR, Service, problem


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PUCCALC_DATA_DIR", str(tmp_path))
    law.clear_caches()
    yield tmp_path
    law.clear_caches()


def test_health(service: Service) -> None:
    assert service.get("/healthz").json() == {"status": "ok"}
    assert service.get("/readyz").json() == {"status": "ready"}


def test_not_ready_before_the_kernels_are_compiled() -> None:
    errors = problem(Service(warm_up=True).get("/readyz"), 503, "not-ready")
    assert errors == []


def test_not_ready_without_data(no_data: Path) -> None:
    service = Service()
    answer = service.get("/readyz")
    problem(answer, 503, "not-ready")
    assert answer.headers["retry-after"] == "5"
    assert str(no_data) not in answer.text
    assert service.get("/healthz").status_code == 200


def test_rates(service: Service) -> None:
    found = service.get("/v1/rates").json()
    rates = {row["effective_from"]: (row["rate_ppm"], row["rate_percent"], row["source"]) for row in found["rates"]}
    assert rates["2023-01-01"] == (16_900, "1.69", "published")
    assert rates["2024-01-01"] == (49_300, "4.93", "published")
    assert rates["2027-01-01"] == (37_800, "3.78", "provisional")
    assert (found["rates"][0]["effective_from"], found["end_date"]) == ("1990-01-01", "2028-01-01")
    assert len(found["sha256"]) == 64
    assert found["engine"]["rates_sha256"] == found["sha256"]


def test_rate_of_a_year(service: Service) -> None:
    found = service.get("/v1/rates/2024").json()
    assert (found["rate_ppm"], found["existing_percent"], found["decision"]) == (49_300, "1.69", "reset")
    assert found["average_is"] == "above"
    assert [found["months"][place]["month"] for place in (0, -1)] == ["2022-10", "2023-09"]
    assert problem(service.get("/v1/rates/1989"), 422, "invalid-values")[0]["pointer"] == "/year"
    named = problem(service.get("/v1/rates/2099"), 404, "not-found")[0]["detail"]
    assert [month for month in ("2097-09", "2097-10", "2098-09", "2098-10") if month in named] == ["2097-10", "2098-09"]


@pytest.mark.parametrize("path", ["/v1/rates/{}", "/rates/{}", "/rates/{}/dates.ics", "/rates/{}/letter.txt"])
def test_a_year_is_four_digits(service: Service, path: str) -> None:
    for text in ["soon", "+2024", "-2024", "2024.0", "2024e0", "%202024", "2024%0A", "2_024", "02024", "20240", "٢٠٢٤"]:
        errors = problem(service.get(path.format(text)), 422, "invalid-values")
        assert errors == [{"pointer": "/year", "code": "not_a_number", "detail": "not a year of four digits"}], text
    for text, detail in (("1989", "less than 1990"), ("2101", "more than 2100")):
        errors = problem(service.get(path.format(text)), 422, "invalid-values")
        assert errors == [{"pointer": "/year", "code": "out_of_range", "detail": detail}]
    assert service.get(path.format("2024")).status_code == 200


def test_rules(service: Service) -> None:
    found = service.get("/v1/rules").json()
    values = {each["name"]: each for each in found["services"]["gas"]}
    assert values["limit_days"]["value"] == 90
    assert values["limit_days"]["citation"]["rule"].startswith("4 CCR 723-4-4403(j)")
    assert "actual_365" in found["switches_known"]["day_count"]
    assert found["tariffs"] == ["default", "example", "example-by-fuel"]


def test_pages_load_nothing_from_elsewhere(service: Service) -> None:
    for path in ("/docs", "/docs/problems"):
        answer = service.get(path)
        assert answer.status_code == 200
        assert not re.search(r'(src|href|action)="http', answer.text)
        assert "<script" not in answer.text
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert service.get("/docs/style.css").headers["content-type"].startswith("text/css")
    problem(service.get("/redoc"), 404, "not-found")


def test_headers_of_every_answer(service: Service) -> None:
    for path in ("/healthz", "/v1/rates", "/nowhere", "/docs"):
        headers = service.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert len(headers["x-request-id"]) == 16


def test_figures_name_templates_of_routes_alone() -> None:
    service = Service()
    for path in ("/v1/rates/2024", "/v1/rates/canary", "/v1/canary", "/canary?canary=1", "/static/canary/canary.css"):
        service.get(path)
    service.ask("CANARY", "/healthz")
    text = service.get("/metrics").text
    assert set(re.findall(r'route="([^"]*)"', text)) == {
        "unmatched", "/v1/rates/{year}", "/static/{digest}/{name:path}", "/healthz",
    }  # fmt: skip
    assert set(re.findall(r'method="([^"]*)"', text)) == {"GET", "other"}
    assert "canary" not in text.lower()


class Watched:
    """Providers of spans, of figures and of logs, as another package in the process may set them; each use is told."""

    def __init__(self) -> None:
        self.used: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked of a provider
        self.used.append(name)
        return MagicMock()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched()
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: found)
    monkeypatch.setattr("opentelemetry.metrics.get_meter_provider", lambda: found)
    monkeypatch.setattr("opentelemetry._logs.get_logger_provider", lambda: found)
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    return found


def test_no_telemetry(watched: Watched) -> None:
    service = Service()
    for answer in (
        service.post("/v1/quotes/interest", YEAR),
        service.post("/v1/quotes/interest", {}),
        service.post("/v1/batches/interest", {"rows": [YEAR]}),
        service.get("/v1/rates/soon"),
        service.get("/docs"),
    ):
        assert answer.status_code < 500
    assert watched.used == []


def test_what_looks_for_telemetry_finds_it(watched: Watched) -> None:
    app = FastAPI()
    asyncio.run(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x").get("/"))
    assert {"get_tracer", "get_meter"} <= set(watched.used)


@pytest.mark.parametrize(
    ("method", "path", "taken"),
    [
        ("GET", "/v1/quotes/interest", "POST"),
        ("HEAD", "/v1/quotes/interest", "POST"),
        ("PUT", "/v1/batches/interest", "POST"),
        ("DELETE", "/v1/rates/2024", "GET, HEAD"),
        ("OPTIONS", "/rates/2024/letter.pdf", "GET, HEAD"),
        ("PATCH", "/calculators/interest", "GET, HEAD, POST"),
        ("GET", "/calculators/interest/worksheet.txt", "POST"),
    ],
)
def test_another_method(service: Service, method: str, path: str, taken: str) -> None:
    """Every method that the path takes is named, whether one route takes them or several."""
    answer = service.ask(method, path)
    if method == "HEAD":
        assert answer.status_code == 405
    else:
        problem(answer, 405, "wrong-method")
    assert answer.headers["allow"] == taken
    if "GET" in taken:
        assert service.ask("HEAD", path).status_code == 200


def test_heads_are_those_of_the_answers(service: Service) -> None:
    for path, status in (("/healthz", 200), ("/v1/rates/2024", 200), ("/docs", 200), ("/v1/nothing", 404)):
        whole, head = service.get(path), service.ask("HEAD", path)
        assert (head.status_code, head.content) == (status, b"")
        for name in ("content-type", "content-length"):
            assert head.headers[name] == whole.headers[name]
    assert 'method="HEAD",route="/healthz"' in service.get("/metrics").text


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/v1/rates", "/v1/rates/2024", "/healthz"])
def test_what_takes_no_body_says_so(path: str, service: Service) -> None:
    answer = service.send(path, b"x" * 100_000, "text/plain")
    problem(answer, 405, "wrong-method")
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_body_for_a_path_that_is_none(service: Service) -> None:
    problem(service.send("/v1/nothing", b"x", "text/plain"), 404, "not-found")
