"""The service over HTTP: a quote against a constant endpoint of the same models, quotes beside batches, Arrow, a start.

Client and server share the machine. Latencies are of an open-loop client: from the moment at which a request was due.
"""

import asyncio
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import polars as pl
from pytest_benchmark.fixture import BenchmarkFixture

from api.answering.arrow import MEDIA_TYPE
from benchmarks.api_load import YEAR, Load, arrivals, head, open_loop, post, request, run, without_pause
from benchmarks.api_server import CONSTANT, SERVICE, processor_seconds, served, serving
from benchmarks.portfolio import AS_OF
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.sample import write_sample

QUOTE: Final = "/v1/quotes/interest"
BATCH: Final = "/v1/batches/interest"
A_SECOND: Final = 100
SECONDS: Final = 3.0
RUNS: Final = 7
QUOTE_MOST: Final = 1.3
"""Guard of a quote's p50, in times of the constant endpoint's: median of runs, one after the other in turn."""
SCALING_MOST: Final = 1.4
"""Guard of what a quote takes of a processor with two workers, in times of one worker's."""
BESIDE_MILLISECONDS: Final = 25.0
"""Guard of the quotes' p99 beside batches."""
BESIDE_SECONDS: Final = 30.0
BATCH_ROWS: Final = 10_000
ARROW_ROWS: Final = 1_000_000
ARROW_MOST: Final = 3.0
"""Guard of an Arrow batch, there and back, in times of the nightly run over the same deposits."""

Keep = Callable[[str, float], None]


def test_quote_over_a_constant(benchmark: BenchmarkFixture, keep_seconds: Keep, keep_ratio: Keep) -> None:
    found: dict[str, list[float]] = {CONSTANT: [], SERVICE: []}
    with served(CONSTANT) as constant, served(SERVICE) as service:
        for place in range(RUNS + 1):
            for application, port in ((CONSTANT, constant), (SERVICE, service)):
                load = open_loop(port, A_SECOND, SECONDS, YEAR, QUOTE)
                assert load.failed == 0
                if place:  # the first run is for the caches
                    found[application].append(load.at(0.5))
        benchmark(post, service, QUOTE, json.dumps(YEAR).encode())
    ratio = median(own / baseline for baseline, own in zip(*found.values(), strict=True))
    keep_seconds("constant endpoint, p50", median(found[CONSTANT]) / 1_000)
    keep_seconds("quote, p50", median(found[SERVICE]) / 1_000)
    keep_ratio("quote over the constant endpoint, p50", ratio)
    assert ratio <= QUOTE_MOST, f"a quote takes {ratio:.2f} x the constant endpoint"


def test_quotes_scale_with_workers(benchmark: BenchmarkFixture, keep_ratio: Keep) -> None:
    """Both servers as fast as they can, in turn; on a shared machine a quote's processor time tells scaling."""
    raw = request(QUOTE, YEAR)
    found: dict[str, list[tuple[float, float]]] = {"1": [], "2": []}

    async def saturated(port: int) -> Load:
        stop = asyncio.Event()
        sending = asyncio.create_task(without_pause(port, raw, stop, connections=8))
        await asyncio.sleep(SECONDS)
        stop.set()
        return await sending

    def measure() -> None:
        unlimited = {"requests_a_minute": "1000000000"}
        with (
            serving("--workers", "1", compiled=False, **unlimited) as one,
            serving("--workers", "2", compiled=False, **unlimited) as two,
        ):
            for _ in range(RUNS):
                for workers, (process, port) in (("1", one), ("2", two)):
                    before, start = processor_seconds(process.pid), time.perf_counter()
                    load = run(saturated(port))
                    assert load.failed == 0
                    answers = load.statuses[200]
                    used, seconds = processor_seconds(process.pid) - before, time.perf_counter() - start
                    found[workers].append((answers / seconds, used / answers))

    benchmark.pedantic(measure, rounds=1)  # type: ignore[no-untyped-call] # it ships none
    rate, used = (median(two[place] / one[place] for one, two in zip(*found.values(), strict=True)) for place in (0, 1))
    keep_ratio("quotes a second, 2 workers / 1", rate)
    keep_ratio("processor time of a quote, 2 workers / 1", used)
    assert used <= SCALING_MOST, f"with two workers a quote takes {used:.2f} x the processor time"


def test_quotes_beside_batches(benchmark: BenchmarkFixture, keep_seconds: Keep) -> None:
    rows = json.dumps({"rows": [YEAR] * BATCH_ROWS}).encode()
    batch = head(BATCH, len(rows)) + rows

    async def beside(port: int) -> tuple[Load, Load]:
        stop = asyncio.Event()
        batches = asyncio.create_task(without_pause(port, batch, stop))
        await asyncio.sleep(1)
        quotes = await arrivals(port, A_SECOND, BESIDE_SECONDS, request(QUOTE, YEAR))
        stop.set()
        return quotes, await batches

    started = time.perf_counter()
    with served(SERVICE) as port:
        keep_seconds("service, cold start to ready", time.perf_counter() - started)
        found: bytes = benchmark(post, port, BATCH, rows)
        assert (json.loads(found)["rows"], json.loads(found)["refused"]) == (BATCH_ROWS, 0)
        quotes, batches = run(beside(port))
    assert quotes.failed == batches.failed == 0
    keep_seconds("10,000 JSON rows, beside quotes", batches.at(0.5) / 1_000)
    keep_seconds("quote beside batches, p50", quotes.at(0.5) / 1_000)
    keep_seconds("quote beside batches, p99", quotes.at(0.99) / 1_000)
    assert quotes.at(0.99) <= BESIDE_MILLISECONDS, quotes.text()


def test_arrow_batch_beside_the_nightly_run(
    benchmark: BenchmarkFixture, keep_seconds: Keep, keep_ratio: Keep, tmp_path: Path
) -> None:
    write_sample(ARROW_ROWS, 1, tmp_path)
    deposits = tmp_path / "deposits.parquet"
    job = NightlyJob(AS_OF, str(deposits), tmp_path / "out")
    run_nightly(job)  # compiled from here on
    started = time.perf_counter()
    run_nightly(job)
    nightly = time.perf_counter() - started

    stream = io.BytesIO()
    frame = pl.read_parquet(deposits)
    frame.write_ipc_stream(stream, compression="uncompressed", compat_level=pl.CompatLevel.oldest())
    path = f"/v1/batches/unclaimed?through_date={AS_OF}"
    times: list[float] = []
    with served(SERVICE) as port:

        def batch() -> bytes:
            started = time.perf_counter()
            answer = post(port, path, stream.getvalue(), MEDIA_TYPE)
            times.append(time.perf_counter() - started)
            return answer

        results = pl.read_ipc_stream(io.BytesIO(benchmark(batch)))
    assert results.height == frame.height
    assert results["reasons"].list.len().eq(0).sum() > 0.99 * ARROW_ROWS
    keep_seconds("1,000,000 deposits by Arrow, there and back", min(times))
    keep_ratio("Arrow batch over the nightly run", min(times) / nightly)
    assert min(times) <= ARROW_MOST * nightly
