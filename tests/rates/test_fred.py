import logging
import time
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import fredapi
import pytest
import stamina

from calc.errors import PuccalcError, RatesMissingError, UsageError
from calc.rates.fred.download import Answer, FredSource
from tests.rates.fred_stub import KEY, FredStub, Reply, fred_stub, months, xml

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRED_API_KEY", KEY)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Retries and requests without a pause."""
    monkeypatch.setattr("calc.rates.fred.download._PAUSE_SECONDS", 0.0)
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


def ask(
    stub: FredStub, monkeypatch: pytest.MonkeyPatch, *, timeout_seconds: float = 60.0, told: list[str] | None = None
) -> Answer:
    monkeypatch.setenv("PUCCALC_FRED_URL", stub.url)
    told = [] if told is None else told
    return FredSource(told.append, timeout_seconds=timeout_seconds).series("GS1")


def refusal(stub: FredStub, monkeypatch: pytest.MonkeyPatch, **options: float) -> str:
    with pytest.raises(RatesMissingError) as raised:
        ask(stub, monkeypatch, **options)  # type: ignore[arg-type]  # only the timeout is given
    return str(raised.value)


def test_every_value_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    body = xml({"2026-09-01": "4.37", "2026-10-01": ".", "2026-11-01": "4.1", "2026-12-01": "0"}, vintage="2027-01-04")
    with fred_stub(GS1=Reply(body)) as stub:
        answer = ask(stub, monkeypatch)
    assert answer.observations == (
        (date(2026, 9, 1), "4.37"),
        (date(2026, 10, 1), "."),
        (date(2026, 11, 1), "4.1"),
        (date(2026, 12, 1), "0"),
    )
    assert (answer.series, answer.vintage, answer.raw) == ("GS1", date(2027, 1, 4), body)
    assert stub.asked == [{"path": ["/fred/series/observations"], "series_id": ["GS1"], "api_key": [KEY]}]


def test_no_request_within_half_a_second_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    with fred_stub(GS1=Reply(xml(months()))) as stub:
        monkeypatch.setenv("PUCCALC_FRED_URL", stub.url)
        source = FredSource(print)
        with monkeypatch.context() as patched:
            patched.setattr("calc.rates.fred.download.time.sleep", sleep)
            patched.setattr("calc.rates.fred.download.time.monotonic", lambda: clock[0])
            source.series("GS1")
            clock[0] += 0.2
            source.series("GS1")
            clock[0] += 7
            source.series("GS1")
    assert slept == [0, pytest.approx(0.3), 0]


def test_what_passes_is_tried_again_after_growing_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    told: list[str] = []
    replies = [Reply(status=429), Reply(b"<html>busy</html>", status=500), Reply(mode="hang_up"), Reply(xml(months()))]
    with fred_stub(GS1=replies) as stub, monkeypatch.context() as patched:
        patched.setattr(time, "sleep", slept.append)
        answer = ask(stub, monkeypatch, told=told)
    assert len(answer.observations) == len(months())
    assert len(stub.asked) == 4

    pauses = [int(pause) for pause in slept if pause > 0.6]  # the others are the half second between requests
    assert pauses == [1, 2, 4]  # doubled, and up to a second more
    assert told == [
        "FRED answered with status 429; attempt 2 of 4",
        "FRED answered with status 500; attempt 3 of 4",
        "FRED broke off its answer (RemoteDisconnected); attempt 4 of 4",
    ]


GOOD = xml(months())
TWICE = [*months().items(), ("2026-11-01", "4.20")]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("reply", "words", "requests"),
    [
        (Reply(status=429), "status 429, in 4 attempts", 4),
        (Reply(b"oops", status=503), "status 503, in 4 attempts", 4),
        (Reply(mode="hang_up"), "broke off", 4),
        (Reply(GOOD[:20_000], announced=len(GOOD)), "broke off", 4),
        (Reply(GOOD[:20_000]), "no XML of observations, or is cut short", 1),
        (Reply(b""), "no XML", 1),
        (Reply(b"<!doctype html><html><body>Maintenance</body></html>"), "no XML", 1),
        (Reply(b"<html><body>Maintenance</body></html>"), "no XML", 1),
        (Reply(b'<!DOCTYPE x [<!ENTITY a "1">]><observations/>'), "no XML", 1),
        (Reply(b'<error code="400" message="Bad Request"/>', status=400), "check FRED_API_KEY", 1),
        (Reply(status=404), "status 404", 1),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"}), "status 302", 1),
        (Reply(xml(TWICE)), "2026-11-01 stands twice", 1),
        (Reply(xml({})), "0 observations", 1),
        (Reply(xml(months()).replace(b'count="', b'count="1')), "announces another number", 1),
        (Reply(xml({"2026-11-01": "4.205"})), "2026-11-01 is no plain percent", 1),
        (Reply(xml({"2026-11-01": "1e1"})), "no plain percent", 1),
        (Reply(xml({"2026-11-01": ""})), "no plain percent", 1),
        (Reply(xml({"2026-11-31": "4.20"})), "YYYY-MM-DD", 1),
        (Reply(xml({"2026-11-01": "4.20"}).replace(b'start="2026', b'start="1776', 1)), "several vintages", 1),
        (Reply(xml({"2026-11-01": KEY})), "repeats the key", 1),
    ],
)
def test_bad_answers(monkeypatch: pytest.MonkeyPatch, reply: Reply, words: str, requests: int) -> None:
    with fred_stub(GS1=reply) as stub:
        assert words in refusal(stub, monkeypatch)
    assert len(stub.asked) == requests


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("mode", ["silent", "drip"])
def test_a_slow_answer_is_given_up(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    with fred_stub(GS1=Reply(GOOD, mode=mode)) as stub:
        assert "has not answered within 0.2 seconds" in refusal(stub, monkeypatch, timeout_seconds=0.2)
    assert len(stub.asked) == 4


@pytest.mark.usefixtures("hurried")
def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with fred_stub(GS1=Reply()) as stub:
        pass
    assert "cannot be reached (Connection refused)" in refusal(stub, monkeypatch)


def test_what_fredapi_reads_must_be_what_the_text_says(monkeypatch: pytest.MonkeyPatch) -> None:
    read = fredapi.Fred.get_series

    def other(self: object, name: str) -> "pd.Series[float]":
        series: pd.Series[float] = read(self, name)
        return series + 0.006

    monkeypatch.setattr(fredapi.Fred, "get_series", other)
    with fred_stub(GS1=Reply(GOOD)) as stub:
        assert "fredapi reads other figures" in refusal(stub, monkeypatch)


@pytest.mark.parametrize("key", ["", "  ", KEY.upper(), KEY[:31], f"{KEY}0", f"{KEY[:30]}\n0"])
def test_no_usable_key(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("FRED_API_KEY", key)
    with pytest.raises(RatesMissingError, match="FRED_API_KEY") as raised:
        FredSource(print)
    assert not key.strip() or key.strip() not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://fred.example",
        "file:///etc/passwd",
        "https://",
        "https://fred.example/fred?x=1",
        "https://u:p@x",
        "http://[::1",
    ],
)
def test_the_key_goes_nowhere_in_the_clear(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("PUCCALC_FRED_URL", address)
    with pytest.raises(UsageError, match="PUCCALC_FRED_URL"):
        FredSource(print)


@pytest.mark.usefixtures("hurried")
def test_no_exception_log_or_message_knows_the_key(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    echo = KEY.encode()
    for reply in (
        Reply(echo, status=400),
        Reply(echo, status=500, headers={"X-Echo": KEY}),
        Reply(echo),
        Reply(xml({"2026-11-01": f"{KEY[:31]}&#97;"})),
        Reply(status=302, headers={"Location": f"/fred?api_key={KEY}"}),
        Reply(mode="hang_up"),
    ):
        with fred_stub(GS1=reply) as stub, pytest.raises(PuccalcError) as raised:
            ask(stub, monkeypatch, told=told)
        error: BaseException | None = raised.value
        while error is not None:
            assert KEY[:20] not in repr(error) + str(error)
            error = error.__cause__ or error.__context__
    assert told
    assert KEY[:20] not in "".join(told) + caplog.text


@pytest.mark.usefixtures("hurried")
def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calc.rates.fred.download._BYTES_MAX", len(GOOD) - 1)
    with fred_stub(GS1=Reply(GOOD)) as stub:
        assert "broke off" in refusal(stub, monkeypatch)
