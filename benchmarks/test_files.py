"""The whole job, files in and files out, against what one would run instead; in turn, and the smallest times count.

The bare run is Polars reading the deposits and writing the columns that the job publishes, with the job's codec, and
computing nothing. `baselines.whole_files` computes them as well. The job does that, the row gate, the search for
repeated keys, quarantine, totals twice over, hashes of inputs and outputs, and puts every part on the disk.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.baselines.whole_files import in_duckdb, in_pandas, in_polars
from benchmarks.portfolio import AS_OF
from calc.bulk.inputs.source import open_source
from calc.bulk.publish.parts import CODEC, CODEC_LEVEL
from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.contract import DEPOSITS
from calc.sample import write_sample

Keep = Callable[[str, float], None]

ROWS: Final = 10**7
SMALL_ROWS: Final = 10**6
"""Rows for CSV, for pandas, and for the check that baselines give the job's figures."""
ROUNDS: Final = 5
LONG_ROUNDS: Final = 9
"""Of the job over all rows: a run of seconds seldom goes undisturbed on a machine that others use."""
BASELINE_ROUNDS: Final = 2
BARE_MOST: Final = 1.75
"""Guard: the job takes at most this many times the bare run."""
ROLLED_MOST: Final = 1.5
"""Guard: a night after another day's takes at most this many times one after the same day's."""
BASELINES: Final = {"Polars": in_polars, "DuckDB": in_duckdb, "pandas": in_pandas}


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten million deposits as `puccalc sample` makes them, one of a thousand bad."""
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(ROWS, 1, folder)
    return folder


@pytest.fixture(scope="module")
def few_deposits(portfolio: Path) -> Path:
    """The first of them."""
    path = portfolio / "few.parquet"
    pl.scan_parquet(portfolio / "deposits.parquet").head(SMALL_ROWS).sink_parquet(path)
    return path


def timed(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def test_baselines_write_the_figures_of_the_job(
    benchmark: BenchmarkFixture, keep_seconds: Keep, few_deposits: Path, tmp_path: Path
) -> None:
    """Of every good row; a baseline writes the rows of repeated keys as well."""
    job = NightlyJob(AS_OF, str(few_deposits), tmp_path / "out")
    run_nightly(job)  # compiled from here on
    whole: list[float] = []
    benchmark.pedantic(  # type: ignore[no-untyped-call] # it ships none
        lambda: whole.append(timed(lambda: run_nightly(job))), rounds=ROUNDS
    )
    keep_seconds("1 M deposits: nightly run", min(whole))
    expected = read_results(tmp_path / "out", "deposits").collect()
    assert expected.height > 0.99 * SMALL_ROWS
    for name, baseline in BASELINES.items():
        run = baseline(few_deposits, tmp_path / name)
        keep_seconds(f"1 M deposits: {name} computes the same", min(timed(run) for _ in range(BASELINE_ROUNDS)))
        found = pl.read_parquet(tmp_path / name).filter(pl.col("deposit_id").is_unique())
        assert_frame_equal(found.cast(pl.Schema(DEPOSITS.results)), expected)


def test_nightly_of_ten_million_deposits(
    benchmark: BenchmarkFixture, keep_seconds: Keep, keep_ratio: Keep, portfolio: Path, tmp_path: Path
) -> None:
    deposits = portfolio / "deposits.parquet"
    job = NightlyJob(AS_OF, str(deposits), tmp_path / "out")
    assert run_nightly(job)["rows"]["deposits"]["in"] == ROWS  # compiled from here on
    results = read_results(tmp_path / "out", "deposits").collect()
    target = tmp_path / "baseline.parquet"
    runs = {name: BASELINES[name](deposits, target) for name in ("Polars", "DuckDB")}
    seconds: dict[str, list[float]] = {"Polars reads": [], "Polars reads and writes": [], "nightly run": []}
    processor: dict[str, list[float]] = {"bare": [], "nightly": []}

    def others() -> None:
        began = time.process_time()
        read = timed(lambda: pl.read_parquet(deposits))
        write = timed(lambda: results.write_parquet(target, compression=CODEC, compression_level=CODEC_LEVEL))
        processor["bare"].append(time.process_time() - began)
        seconds["Polars reads"].append(read)
        seconds["Polars reads and writes"].append(read + write)
        for name, run in runs.items():
            of_baseline = seconds.setdefault(f"{name} computes the same", [])
            if len(of_baseline) < BASELINE_ROUNDS:
                of_baseline.append(timed(run))
        os.sync()  # or the job's own syncs would wait for what was written here

    def nightly() -> None:
        began = time.process_time()
        seconds["nightly run"].append(timed(lambda: run_nightly(job)))
        processor["nightly"].append(time.process_time() - began)

    benchmark.pedantic(nightly, setup=others, rounds=LONG_ROUNDS)  # type: ignore[no-untyped-call] # it ships none
    least = {name: min(times) for name, times in seconds.items()}
    for name, time_taken in least.items():
        keep_seconds(f"10 M deposits: {name}", time_taken)
    whole, bare = least["nightly run"], least["Polars reads and writes"]
    keep_ratio("10 M deposits: nightly / bare", whole / bare)
    keep_ratio("10 M deposits: nightly / bare, processor", min(processor["nightly"]) / min(processor["bare"]))
    for name in runs:
        keep_ratio(f"10 M deposits: {name} / nightly", least[f"{name} computes the same"] / whole)
    assert whole <= BARE_MOST * bare, f"{whole:.2f} s against {bare:.2f} s"
    assert whole < least["DuckDB computes the same"]


def test_a_night_rolled_forward_from_the_day_before(
    benchmark: BenchmarkFixture, keep_seconds: Keep, keep_ratio: Keep, portfolio: Path, tmp_path: Path
) -> None:
    """Every deposit is evaluated on both days, so that what happened between them can be named."""
    days = count()

    def night(of_the_same_day: bool) -> float:
        as_of = AS_OF + timedelta(days=0 if of_the_same_day else next(days))
        job = NightlyJob(as_of, str(portfolio / "deposits.parquet"), tmp_path / ("same" if of_the_same_day else "out"))
        return timed(lambda: run_nightly(job))

    for same in (True, False):
        night(same)  # the first of its folder: nothing is rolled forward yet
    seconds: dict[bool, list[float]] = {True: [], False: []}
    benchmark.pedantic(  # type: ignore[no-untyped-call] # it ships none
        lambda: seconds[False].append(night(of_the_same_day=False)),
        setup=lambda: seconds[True].append(night(of_the_same_day=True)),
        rounds=ROUNDS,
    )
    keep_seconds("10 M deposits: rolled forward from the day before", min(seconds[False]))
    keep_ratio("10 M deposits: from the day before / of the same day", min(seconds[False]) / min(seconds[True]))
    assert min(seconds[False]) <= ROLLED_MOST * min(seconds[True])


def test_csv_is_read_as_fast_as_polars_reads_it(
    benchmark: BenchmarkFixture, keep_seconds: Keep, few_deposits: Path, tmp_path: Path
) -> None:
    """A million deposits as text, every line checked, on one thread; Polars, which checks less, on all cores."""
    path = tmp_path / "deposits.csv"
    pl.scan_parquet(few_deposits).sink_csv(path)
    checked: list[float] = []
    baseline: list[float] = []

    def read() -> int:
        return sum(part.load().frame.height for part in open_source(DEPOSITS, str(path)).parts())

    assert read() == SMALL_ROWS
    benchmark.pedantic(  # type: ignore[no-untyped-call] # it ships none
        lambda: checked.append(timed(read)),
        setup=lambda: baseline.append(timed(lambda: pl.read_csv(path, infer_schema=False))),
        rounds=ROUNDS,
    )
    keep_seconds("1 M deposits of CSV: Polars reads", min(baseline))
    keep_seconds("1 M deposits of CSV: read and checked", min(checked))
    assert min(checked) <= 3 * min(baseline)
