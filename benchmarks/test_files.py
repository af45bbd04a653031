"""The whole job, files in and files out, against reading the same input and writing the same results and nothing else.

The bare run is Polars reading the deposits and writing the columns that the job publishes, with the job's codec. The
job does that, the row gate, the search for repeated keys, quarantine, totals twice over, hashes of inputs and outputs,
and puts every part on the disk. Both take turns; the smallest of each counts.
"""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from calc.bulk.job import NightlyJob
from calc.bulk.nightly import run_nightly
from calc.bulk.parts import CODEC, CODEC_LEVEL
from calc.bulk.results import read_results
from calc.bulk.sample import write_sample
from calc.bulk.source import open_source
from calc.columns.contract import DEPOSITS

KeepSeconds = Callable[[str, float], None]

ROWS: Final = 10**7
CSV_ROWS: Final = 10**6
ROUNDS: Final = 5
BARE_MOST: Final = 2.0
"""Guard: the job takes at most this many times the bare run."""
AS_OF: Final = date(2026, 9, 30)


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten million deposits as `puccalc sample` makes them, one of a thousand bad."""
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(ROWS, 1, folder)
    return folder


def timed(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def test_nightly_of_ten_million_deposits(
    benchmark: BenchmarkFixture, keep_seconds: KeepSeconds, portfolio: Path, tmp_path: Path
) -> None:
    deposits = portfolio / "deposits.parquet"
    job = NightlyJob(AS_OF, str(deposits), tmp_path / "out")
    assert run_nightly(job)["rows"]["deposits"]["in"] == ROWS  # compiled from here on
    results = read_results(tmp_path / "out", "deposits").collect()
    read: list[float] = []
    bare: list[float] = []
    whole: list[float] = []

    def without_computing() -> None:
        read.append(timed(lambda: pl.read_parquet(deposits)))
        target = tmp_path / "bare.parquet"
        write = timed(lambda: results.write_parquet(target, compression=CODEC, compression_level=CODEC_LEVEL))
        bare.append(read[-1] + write)

    def nightly() -> None:
        whole.append(timed(lambda: run_nightly(job)))

    benchmark.pedantic(nightly, setup=without_computing, rounds=ROUNDS)  # type: ignore[no-untyped-call] # it ships none
    keep_seconds("10 M deposits: Polars reads", min(read))
    keep_seconds("10 M deposits: Polars reads and writes", min(bare))
    keep_seconds("10 M deposits: nightly run", min(whole))
    keep_seconds("10 M deposits: nightly / bare", min(whole) / min(bare))
    assert min(whole) <= BARE_MOST * min(bare), f"{min(whole):.2f} s against {min(bare):.2f} s"


def test_csv_is_read_as_fast_as_polars_reads_it(
    benchmark: BenchmarkFixture, keep_seconds: KeepSeconds, portfolio: Path, tmp_path: Path
) -> None:
    """A million deposits as text, every line checked, on one thread; Polars, which checks less, on all cores."""
    path = tmp_path / "deposits.csv"
    pl.scan_parquet(portfolio / "deposits.parquet").head(CSV_ROWS).sink_csv(path)
    checked: list[float] = []
    peer: list[float] = []

    def read() -> int:
        return sum(part.load().frame.height for part in open_source(DEPOSITS, str(path)).parts())

    assert read() == CSV_ROWS
    benchmark.pedantic(  # type: ignore[no-untyped-call] # it ships none
        lambda: checked.append(timed(read)),
        setup=lambda: peer.append(timed(lambda: pl.read_csv(path, infer_schema=False))),
        rounds=ROUNDS,
    )
    keep_seconds("1 M deposits of CSV: Polars reads", min(peer))
    keep_seconds("1 M deposits of CSV: read and checked", min(checked))
    assert min(checked) <= 3 * min(peer)
