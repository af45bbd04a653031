"""Control totals: exact beyond 64 bits, and compared with what the files hold."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from calc.bulk.publish.parts import PartFile, write_part
from calc.bulk.reconcile import totals
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.part_checkpoint import RECORDS
from calc.errors import PublishRefusedError
from tests.bulk.bad_rows import frame_of, numbered
from tests.bulk.test_nightly import AS_OF


def in_file(folder: Path, frame: pl.DataFrame) -> Path:
    path = folder / "part.parquet"
    frame.write_parquet(path)
    return path


@pytest.mark.parametrize("large", [2**62, -(2**62), 10**12])
def test_sums_do_not_wrap(tmp_path: Path, large: int) -> None:
    frame = pl.DataFrame({"service": ["gas"] * 5, "status": ["active"] * 5, "interest_cents": [large] * 5})
    expected = {"gas": {"active": {"rows": 5, "interest_cents": 5 * large}}}
    assert totals.totals_of("deposits", in_file(tmp_path, frame)) == expected


def test_words_of_many_row_groups_are_one(tmp_path: Path) -> None:
    """Each row group has a dictionary of its own, in which a word stands in another place."""
    path = tmp_path / "groups.parquet"
    words = ["active", "overdue", "overdue", "active"]
    frame = pl.DataFrame({"service": ["gas"] * 4, "status": words, "interest_cents": [1, 10, 100, 1000]})
    pq.write_table(frame.to_arrow(), path, row_group_size=2)
    by_status = {"active": {"rows": 2, "interest_cents": 1001}, "overdue": {"rows": 2, "interest_cents": 110}}
    assert totals.totals_of("deposits", path) == {"gas": by_status}


def test_lists_are_summed(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"service": ["gas", "gas"], "eligible_basis": ["leap", "leap"], "monthly_credit_cents": [[1, 2], [-4]]}
    )
    found = totals.totals_of("participants", in_file(tmp_path, frame))
    assert found == {"gas": {"leap": {"rows": 2, "monthly_credit_cents": -1}}}


def test_adding() -> None:
    kept: totals.Totals = {"gas": {"active": {"rows": 1, "interest_cents": 5}}}
    totals.add(
        kept,
        {
            "gas": {"active": {"rows": 2, "interest_cents": -7}, "overdue": {"rows": 1}},
            "electric": {"active": {"rows": 9}},
        },
    )
    assert kept == {
        "gas": {"active": {"rows": 3, "interest_cents": -2}, "overdue": {"rows": 1}},
        "electric": {"active": {"rows": 9}},
    }
    assert totals.overall(kept) == {"rows": 13, "interest_cents": -2}
    assert list(totals.as_json("deposits", kept)) == ["electric", "gas", "all"]


def test_rows_have_to_add_up() -> None:
    totals.check_rows("deposits", 5, 3, 2)
    with pytest.raises(PublishRefusedError, match="rows of deposits do not add up: 5 in, 3 out, 1 quarantined"):
        totals.check_rows("deposits", 5, 3, 1)


def test_a_file_that_holds_other_figures_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part whose cents are altered on their way to the disk: exit 4, and the output keeps no result."""
    deposits = tmp_path / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", number) for number in range(10)]).write_parquet(deposits)

    def altering(out: Path, path: Path, frame: pl.DataFrame, never_null: Collection[str] = ()) -> PartFile:
        first = pl.int_range(pl.len()) == 0
        altered = frame.with_columns(pl.col("remittance_cents") + first.cast(pl.Int64))
        return write_part(out, path, altered, never_null)

    monkeypatch.setattr("calc.bulk.run.dataset_run.write_part", altering)
    with pytest.raises(PublishRefusedError, match="control totals of deposits differ: remittance_cents") as refused:
        run_nightly(NightlyJob(AS_OF, str(deposits), tmp_path / "out", part_rows=4))
    assert refused.value.exit_code == 4
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_lost_part_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deposits = tmp_path / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", number) for number in range(10)]).write_parquet(deposits)

    def losing(out: Path, path: Path, frame: pl.DataFrame, never_null: Collection[str] = ()) -> PartFile:
        return write_part(out, path, frame[:-1], never_null)

    monkeypatch.setattr("calc.bulk.run.dataset_run.write_part", losing)
    with pytest.raises(PublishRefusedError, match="rows of deposits do not add up: 10 in, 7 out, 0 quarantined"):
        run_nightly(NightlyJob(AS_OF, str(deposits), tmp_path / "out", part_rows=4))


def test_subtotals_stand_in_the_parts_records(tmp_path: Path) -> None:
    deposits = tmp_path / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", number) for number in range(10)]).write_parquet(deposits)
    manifest = run_nightly(NightlyJob(AS_OF, str(deposits), tmp_path / "out", part_rows=4))
    summed: totals.Totals = {}
    parts: list[dict[str, Any]] = manifest["datasets"]["deposits"]["parts"]
    run = tmp_path / "out" / "runs" / manifest["run_id"]
    for number, part in enumerate(parts):
        side = json.loads((run / RECORDS / f"deposits-{number:05}.json").read_text())
        assert side["results"] == part
        totals.add(summed, side["totals"])
    assert len(parts) == 3
    assert totals.as_json("deposits", summed) == manifest["control_totals"]["deposits"]
