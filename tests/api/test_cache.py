"""What the pages are made of: made before the first reader asks, kept, and made anew for other data."""

import asyncio
import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api import readiness, worker
from api.answering import law, topics
from api.pages import cache
from calc.kernels import _jit
from calc.rates.fred.review import review
from tests.api.client import Service
from tests.api.pages import Parsed
from tests.rates.test_snapshot import answer

MADE = (cache.worksheet, cache.readings, cache.months_chart, cache.history_chart)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """On 22 November 2026, with an empty user's data folder."""
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(topics, "today", lambda: date(2026, 11, 22))
    law.clear_caches()
    yield Service()
    law.clear_caches()


def test_the_first_page_finds_all_made(service: Service) -> None:
    cache.draw()
    made = [each.cache_info().misses for each in MADE]
    for path in ("/", "/rates/2026", "/rates/2027"):
        assert service.get(path).status_code == 200
    assert [each.cache_info().misses for each in MADE] == made


def test_the_service_is_ready_before_its_charts_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jit, "warm_up", lambda _: None)
    tracked = readiness.Readiness(warm=False)
    found = []
    monkeypatch.setattr(cache, "draw", lambda: found.append(tracked.check()))
    asyncio.run(tracked.prepare(warm_up=True))
    assert found == [True]


@pytest.mark.parametrize("warm_up", [False, True])
def test_garbage_is_collected_again_once_a_worker_is_ready(warm_up: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jit, "warm_up", lambda _: None)
    monkeypatch.setattr(cache, "draw", lambda: None)
    try:
        worker.create_app()
        assert not gc.isenabled()
        asyncio.run(readiness.Readiness(warm=not warm_up).prepare(warm_up=warm_up))
        assert gc.isenabled()
    finally:
        gc.enable()


def test_what_is_kept_follows_other_data_once_forgotten(service: Service) -> None:
    def standing() -> str:
        return Parsed(service.get("/rates/2027").text).after("a year, from January 1, 2027")

    assert standing() == "Provisional"
    letter = service.get("/rates/2027/letter.txt").text
    assert "PROVISIONAL" in letter
    review(answer()).keep()  # the three derived months, as published
    assert standing() == "Provisional"  # equal requests to one service get equal answers
    law.clear_caches()
    assert standing() == "Computed by the rule"
    assert "PROVISIONAL" not in service.get("/rates/2027/letter.txt").text
