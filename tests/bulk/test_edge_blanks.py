"""Blanks at the edges of texts: none in CSV, told of Parquet, taken off where a map says so; quarantined as read."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.bulk.publish.results import read_results
from calc.bulk.run import nightly
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.resume import resume_nightly
from tests.bulk.bad_rows import frame_of, numbered

AS_OF = date(2026, 9, 30)


def job(folder: Path, deposits: str, **how: Any) -> NightlyJob:  # noqa: ANN401 - any of the job's fields
    return NightlyJob(AS_OF, str(folder / deposits), folder / "out", threads=1, max_bad_share=Fraction(1), **how)


def quarantine(out: Path) -> list[dict[str, Any]]:
    found = sorted((out / "runs").glob("*/quarantine/deposits-*.parquet"))
    return [row for path in found for row in pl.read_parquet(path).to_dicts()]


def rows(count: int = 4) -> pl.DataFrame:
    return frame_of("deposits", [numbered("deposits", number) for number in range(count)])


def test_a_padded_csv_file_is_the_same_portfolio(tmp_path: Path) -> None:
    """Every field padded on both sides; one bad row, which quarantine has as the file does."""
    plain = rows().with_columns(kind=pl.Series(["deposit", "bond", "deposit", "deposit"]))
    plain.write_csv(tmp_path / "plain.csv")
    padded = plain.select(pl.format("  {} \t", pl.col(name).cast(pl.String).fill_null("")) for name in plain.columns)
    padded.columns = [f" {name}  " for name in plain.columns]
    padded.write_csv(tmp_path / "padded.csv")
    run_nightly(job(tmp_path, "plain.csv"))
    expected = read_results(tmp_path / "out", "deposits").collect()
    manifest = run_nightly(job(tmp_path, "padded.csv"))
    assert read_results(tmp_path / "out", "deposits").collect().equals(expected)
    assert manifest["edge_blanks"] == {"deposits": {}}
    (bad,) = [row for row in quarantine(tmp_path / "out") if row["file"].endswith("padded.csv")]
    assert (bad["row"], bad["kind"], bad["reasons"]) == (2, "  bond \t", ["unknown_value"])
    assert bad["deposit_id"] == f"  {plain['deposit_id'][1]} \t"


def test_a_padded_key_in_csv_is_a_copy(tmp_path: Path) -> None:
    frame = rows(3).with_columns(deposit_id=pl.Series(["D1", "D1 ", "D3"]))
    frame.write_csv(tmp_path / "x.csv")
    assert run_nightly(job(tmp_path, "x.csv"))["quarantine"]["deposits"]["reasons"] == {"duplicate_key": 2}


def test_kept_columns_keep_their_blanks(tmp_path: Path) -> None:
    rows(2).with_columns(clerk=pl.Series([" Ann ", "Ben"])).write_csv(tmp_path / "x.csv")
    run_nightly(job(tmp_path, "x.csv", keep_columns=True))
    assert read_results(tmp_path / "out", "deposits").collect()["clerk"].to_list() == [" Ann ", "Ben"]


@pytest.mark.parametrize("part_rows", [1, 100])
def test_blanks_in_parquet_are_told(part_rows: int, tmp_path: Path) -> None:
    """Long and short texts, blank ones not counted: they are missing values, and said to be."""
    ids = ["D1", "D1 ", "\u00a0a very long deposit number", "a very long deposit number\t", "", " "]
    frame = rows(6).with_columns(deposit_id=pl.Series(ids), account_id=pl.Series(["A", "B", "C", "D ", "E", "F"]))
    frame.write_parquet(tmp_path / "x.parquet")
    asked = job(tmp_path, "x.parquet", part_rows=part_rows)
    told = dry_run(asked)["notes"]
    manifest = run_nightly(asked)
    assert manifest["edge_blanks"] == {"deposits": {"account_id": 1, "deposit_id": 3}}
    assert manifest["quarantine"]["deposits"]["reasons"] == {"missing_value": 2}
    assert "deposits" in told[-1]
    assert "1 of account_id, 3 of deposit_id; trim = true in a map takes them off" in told[-1]
    assert told[-1] in manifest["notes"]


def test_parts_taken_from_a_stopped_run_tell_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows(4).with_columns(account_id=pl.lit("A ")).write_parquet(tmp_path / "x.parquet")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(nightly, "publish", stop)
        with pytest.raises(KeyboardInterrupt):
            run_nightly(job(tmp_path, "x.parquet", part_rows=2))
    assert resume_nightly(tmp_path / "out")["edge_blanks"] == {"deposits": {"account_id": 4}}


def test_a_map_takes_them_off(tmp_path: Path) -> None:
    ids = pl.Series(["D1", "D1 ", "D2", " D3"])
    rows().with_columns(deposit_id=ids, service=pl.Series(["gas ", "gas", "gas", " gas"])).write_parquet(
        tmp_path / "x.parquet"
    )
    (tmp_path / "map.toml").write_text("[deposits]\ntrim = true\n")
    manifest = run_nightly(job(tmp_path, "x.parquet", mapping=tmp_path / "map.toml"))
    assert manifest["edge_blanks"] == {"deposits": {}}
    assert manifest["quarantine"]["deposits"]["reasons"] == {"duplicate_key": 2}
    assert read_results(tmp_path / "out", "deposits").collect()["deposit_id"].to_list() == ["D2", "D3"]
    assert [(row["deposit_id"], row["service"]) for row in quarantine(tmp_path / "out")] == [
        ("D1", "gas "),
        ("D1 ", "gas"),
    ]
