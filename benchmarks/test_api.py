"""The service over HTTP: a quote against a constant endpoint of the same models, batches, a cold start."""

import io
import json
import time
from collections.abc import Callable
from datetime import date
from statistics import median

import polars as pl
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.api_load import CONSTANT, SERVICE, YEAR, open_loop, post, served

QUOTE = "/v1/quotes/interest"
A_SECOND = 100
SECONDS = 3.0
RUNS = 3
QUOTE_MOST = 6.0
"""Guard of a quote's p50, in times of the constant endpoint's: median of several runs, one after the other."""
ARROW_ROWS = 1_000_000

Keep = Callable[[str, float], None]


def test_quote_over_a_constant(benchmark: BenchmarkFixture, keep_seconds: Keep) -> None:
    ratios = []
    with served(CONSTANT) as constant, served(SERVICE) as service:
        for port in (constant, service):
            open_loop(port, A_SECOND, 1.0, YEAR, QUOTE)
        for _ in range(RUNS):
            peer = open_loop(constant, A_SECOND, SECONDS, YEAR, QUOTE)
            own = open_loop(service, A_SECOND, SECONDS, YEAR, QUOTE)
            assert own.failed == peer.failed == 0
            ratios.append(own.at(0.5) / peer.at(0.5))
            keep_seconds("quote, p50", own.at(0.5) / 1_000)
            keep_seconds("constant endpoint, p50", peer.at(0.5) / 1_000)
        benchmark(post, service, QUOTE, json.dumps(YEAR).encode())
    assert median(ratios) <= QUOTE_MOST, f"a quote takes {median(ratios):.1f} x the constant endpoint"


def test_batches(benchmark: BenchmarkFixture, keep_seconds: Keep) -> None:
    rows = json.dumps({"rows": [YEAR] * 10_000}).encode()
    frame = pl.DataFrame(
        {
            "principal_cents": pl.int_range(ARROW_ROWS, eager=True),
            "received_date": pl.repeat(date(2020, 3, 1), ARROW_ROWS, eager=True),
            "through_date": pl.repeat(date(2026, 9, 30), ARROW_ROWS, eager=True),
        }
    )
    stream = io.BytesIO()
    frame.write_ipc_stream(stream, compression="uncompressed")
    started = time.perf_counter()
    with served(SERVICE) as port:
        keep_seconds("service, cold start to ready", time.perf_counter() - started)
        started = time.perf_counter()
        answer = post(port, "/v1/batches/interest", stream.getvalue(), "application/vnd.apache.arrow.stream")
        keep_seconds("1,000,000 Arrow rows", time.perf_counter() - started)
        assert pl.read_ipc_stream(io.BytesIO(answer)).height == ARROW_ROWS
        found: bytes = benchmark(post, port, "/v1/batches/interest", rows)
    assert (json.loads(found)["rows"], json.loads(found)["refused"]) == (10_000, 0)
