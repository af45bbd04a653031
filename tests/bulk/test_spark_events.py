"""Participants with events on Spark against the one-machine run: years, quarantine, totals; three groups of rows."""

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pyspark.sql import SparkSession

from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.spark import SparkRun, read_input, run_spark, years
from calc.bulk.spark.command import main
from calc.columns.contract import RESULTS
from calc.sample import write_sample
from tests.bulk.spark_session import PANDAS, local_session
from tests.bulk.test_events import BAD_EVENTS, BAD_ROWS, EVENT_SCHEMA, SCHEMA
from tests.bulk.test_spark import by_column_of, by_place

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings(PANDAS)]

ON = date(2026, 12, 31)
DATASETS = ("participants", "participant_months")


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with local_session() as session:
        yield session


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A sample and every kind of bad event, the events last first."""
    folder = tmp_path_factory.mktemp("years")
    write_sample(4_000, 3, folder)
    rows = pl.read_parquet(folder / "participants.parquet")
    bad = pl.DataFrame(BAD_ROWS, schema=SCHEMA, orient="row").select(set(rows.columns) & set(SCHEMA))
    pl.concat([rows, bad.with_columns(pl.col("leap_qualified"))], how="diagonal_relaxed").write_parquet(
        folder / "participants.parquet"
    )
    events = pl.read_parquet(folder / "events.parquet")
    more = pl.DataFrame(BAD_EVENTS, schema=EVENT_SCHEMA, orient="row")
    pl.concat([events, more], how="diagonal_relaxed").reverse().write_parquet(folder / "events.parquet")
    return {name: str(folder / f"{name}.parquet") for name in ("participants", "events")}


def on_one_machine(paths: dict[str, str], out: Path) -> dict[str, Any]:
    settings: dict[str, Any] = {"as_of": ON, "deposits": None, "out": out, "max_bad_share": Fraction(1), **paths}
    return run_nightly(NightlyJob(**settings))


def results_of(run: SparkRun, name: str) -> pl.DataFrame:
    frame = pl.DataFrame(pl.from_arrow(run.results[name].toArrow()))
    return frame.cast(pl.Schema(RESULTS[name].results)).sort(RESULTS[name].key)


def test_years_are_those_of_one_machine(
    spark: SparkSession, paths: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = on_one_machine(paths, tmp_path / "out")
    monkeypatch.setattr(years, "GROUP_ROWS", 400)
    inputs: dict[str, Any] = {name: read_input(spark, path) for name, path in paths.items()}
    run = run_spark(as_of=ON, **inputs)
    assert run.results["participant_months"].count() > 1_000
    for name in DATASETS:
        expected = read_results(tmp_path / "out", name).sort(RESULTS[name].key).collect()
        assert_frame_equal(results_of(run, name), expected)
        assert run.manifest["control_totals"][name] == manifest["control_totals"][name]
    assert run.manifest["rows"] == manifest["rows"]
    assert run.manifest["notes"] == manifest["notes"]
    for name in ("participants", "events"):
        parts = manifest["quarantine"][name]["parts"]
        refused = [row for part in parts for row in pl.read_parquet(tmp_path / "out" / part["path"])
                   .drop("line", "raw_line").to_dicts()]  # fmt: skip
        assert len(refused) > 2
        assert by_place(run.quarantine[name].toArrow().to_pylist()) == by_place(refused)
        assert run.manifest["quarantine"][name]["reasons"] == manifest["quarantine"][name]["reasons"]
        assert by_column_of(run.manifest, name) == by_column_of(manifest, name)
    run.release()


def test_the_command_takes_events(
    spark: SparkSession, paths: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--as-of", ON.isoformat(), "--max-bad-share", "1", "--out", str(tmp_path / "out")]
    assert main([*arguments, *(f"--{name}={path}" for name, path in paths.items())]) == 0
    manifest = json.loads(capsys.readouterr().out)
    months = pl.read_parquet(tmp_path / "out/participant_months/*.parquet")
    assert months.height == manifest["rows"]["participant_months"]["out"] > 0
    assert (
        manifest["rows"]["events"]["quarantined"]
        == pl.read_parquet(tmp_path / "out/quarantine/events/*.parquet").height
    )
    spark.catalog.clearCache()
