"""The service under load from a client process beside it: errors and refusals are asserted, latencies reported.

Latencies count from the moment at which a request was due. They are printed and written to
benchmarks/results/load.json: client and server share the machine, so all that is asserted of them is that nobody waits
for ever.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.api_load import YEAR, Load, arrivals, request, run, without_pause
from benchmarks.api_server import serving
from tests.api.client import HOUSEHOLD

pytestmark = pytest.mark.stress
"""Whether it copes rests on what else the machine does; that nothing is lost in a crowd stands in test_access.py."""
FIGURES = Path(__file__).parents[2] / "benchmarks" / "results" / "load.json"
QUOTE = request("/v1/quotes/interest", YEAR)
COSTLY = request("/v1/quotes/fixed-credit", {**HOUSEHOLD, "explain": True})
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
CROWD = 800
NOBODY_WAITS_MILLISECONDS = 5_000
MEMORY_RETURNS_MIB = 96
"""What a worker may have grown by after an overload: fragments of its heap, no request."""


class Server(NamedTuple):
    """Where a service is, and its one worker."""

    port: int
    worker: int

    def memory(self) -> float:
        """Resident memory of the worker in MiB."""
        status = Path(f"/proc/{self.worker}/status").read_text("ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1_024


Report = Callable[[str, Load], None]


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(compiled=request.param, requests_a_minute="10000000") as (process, port):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
        assert len(children) == 1
        for raw in (QUOTE, COSTLY):
            run(arrivals(port, 50, 1.0, raw))
        yield Server(port, int(children[0]))


@pytest.fixture
def report(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Report:
    def keep(name: str, load: Load) -> None:
        title = f"{name} ({request.node.callspec.id})"
        shares = {"p50": 0.5, "p99": 0.99, "most": 1.0}
        figures = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
        figures[title] = {
            "statuses": {str(status): count for status, count in sorted(load.statuses.items())},
            "milliseconds": {label: round(load.at(share), 3) for label, share in shares.items()},
        }
        FIGURES.parent.mkdir(exist_ok=True)
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
        with capsys.disabled():
            print(f"\n{title}: {load.text()}")  # noqa: T201 - the figure is what the run is for

    return keep


def sized(short: object, long: object) -> pytest.MarkDecorator:
    """A small size on plain kernels, and a large one on compiled ones."""
    cases = [pytest.param(False, short, id="short"), pytest.param(True, long, id="long")]
    return pytest.mark.parametrize(("server", "size"), cases, indirect=["server"], scope="module")


def nobody_failed(load: Load) -> None:
    assert set(load.statuses) == {200}
    assert load.at(0.99) < NOBODY_WAITS_MILLISECONDS


def all_answered_or_refused(load: Load) -> None:
    assert set(load.statuses) == {200, 503}
    assert load.without_retry == 0
    assert load.at(0.99) < NOBODY_WAITS_MILLISECONDS


@sized([(150, 3)], [(500, 60), (2_000, 30)])
def test_constant_arrivals(server: Server, size: list[tuple[int, float]], report: Report) -> None:
    for a_second, seconds in size:
        load = run(arrivals(server.port, a_second, seconds, QUOTE))
        report(f"{a_second} quotes a second for {seconds} s", load)
        assert load.statuses.total() == a_second * seconds
        nobody_failed(load)


@sized((50, 3, 500), (200, 30, 10_000))
def test_quotes_beside_batches(server: Server, size: tuple[int, float, int], report: Report) -> None:
    a_second, seconds, rows = size
    batch = request("/v1/batches/interest", {"rows": [YEAR] * rows})

    async def both() -> tuple[Load, Load]:
        stop = asyncio.Event()
        beside = asyncio.create_task(without_pause(server.port, batch, stop))
        quotes = await arrivals(server.port, a_second, seconds, QUOTE)
        stop.set()
        return quotes, await beside

    quotes, batches = run(both())
    report(f"{a_second} quotes a second beside batches of {rows} rows", quotes)
    report(f"batches of {rows} rows without pause", batches)
    nobody_failed(quotes)
    nobody_failed(batches)


@sized(3.0, 30.0)
def test_four_times_as_much_as_it_can(server: Server, size: float, report: Report) -> None:
    async def both() -> tuple[Load, Load]:
        stop = asyncio.Event()
        health = asyncio.create_task(without_pause(server.port, HEALTH, stop))
        load = await arrivals(server.port, 4 * capacity, size, COSTLY, CROWD)
        stop.set()
        return load, await health

    capacity = run(for_a_time(server.port, COSTLY, 2.0, 4)).statuses[200] / 2.0
    before = server.memory()
    load, health = run(both(), CROWD)
    report(f"4 x {capacity:.0f} costly quotes a second for {size} s", load)
    report("health meanwhile", health)
    all_answered_or_refused(load)
    nobody_failed(health)
    recovers(server, before)


@sized((3.0, 500), (30.0, 10_000))
def test_more_batches_than_there_is_room(server: Server, size: tuple[float, int], report: Report) -> None:
    seconds, rows = size
    batch = request("/v1/batches/interest", {"rows": [YEAR] * rows})
    nobody_failed(run(for_a_time(server.port, batch, 2.0, 1)))
    before = server.memory()
    load = run(for_a_time(server.port, batch, seconds, 8))
    report(f"8 clients with batches of {rows} rows", load)
    all_answered_or_refused(load)
    recovers(server, before)


async def for_a_time(port: int, raw: bytes, seconds: float, connections: int) -> Load:
    """Requests without pause on each of the connections."""
    stop = asyncio.Event()
    load = asyncio.create_task(without_pause(port, raw, stop, connections))
    await asyncio.sleep(seconds)
    stop.set()
    return await load


def recovers(server: Server, before: float) -> None:
    """Memory returns, and quotes are answered as if nothing had been."""
    time.sleep(1)
    after = server.memory()
    assert after - before < MEMORY_RETURNS_MIB, f"{before:.0f} MiB before, {after:.0f} MiB after"
    nobody_failed(run(arrivals(server.port, 20, 1, QUOTE)))
