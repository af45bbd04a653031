"""Two nights of four deposits, each difference worked by hand: 4.93 % over the whole of 2024, 4.93 on 100.00."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main
from calc.errors import PublishRefusedError


def deposits(rows: dict[str, int], paid: date | None = date(2025, 1, 1)) -> pl.DataFrame:
    """Deposits by id and cents, held over the whole of 2024."""
    frame = pl.DataFrame(
        {
            "deposit_id": list(rows),
            "account_id": [f"A{name}" for name in rows],
            "service": ["gas"] * len(rows),
            "principal_cents": list(rows.values()),
            "received_date": [date(2024, 1, 1)] * len(rows),
            "paid_date": pl.Series([paid] * len(rows), dtype=pl.Date),
        }
    )
    nulls = {
        name: pl.lit(None, dtype=pl.Date) for name in ("remitted_date", "service_ended_date", "order_payable_date")
    }
    return frame.with_columns(**nulls)


def night(
    folder: Path, frame: pl.DataFrame, as_of: date = date(2025, 1, 31), switches: dict[str, str] | None = None
) -> Path:
    folder.mkdir(exist_ok=True)
    frame.write_parquet(folder / "deposits.parquet")
    job = NightlyJob(as_of, deposits=str(folder / "deposits.parquet"), out=folder / "out", switches=switches or {})
    run_nightly(job)
    return folder / "out"


def difference(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    with pytest.raises(SystemExit) as ended:
        main(["diff", *map(str, arguments), "--json"])
    assert ended.value.code == 0
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


def causes(shown: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    rows = shown["datasets"]["deposits"]["causes"]
    return [(each["change"], each["cause"], each["rows"], each["interest_cents"]) for each in rows]


def test_rows_new_gone_and_changed_by_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """B is gone with its 9.86, D is new with 14.79, C holds 100.00 more and so earned 4.93 more."""
    before = night(tmp_path / "a", deposits({"A": 10_000, "B": 20_000, "C": 10_000}))
    after = night(tmp_path / "b", deposits({"A": 10_000, "C": 20_000, "D": 30_000}))
    shown = difference(capsys, before, after, "-o", tmp_path / "diff")
    assert causes(shown) == [
        ("changed", "principal_cents", 1, 493),
        ("gone", "gone", 1, -986),
        ("new", "new", 1, 1_479),
    ]
    assert shown["datasets"]["deposits"]["rows"] == {"new": 1, "gone": 1, "changed": 1}
    assert [shown["datasets"]["deposits"][each]["interest_cents"] for each in ("before", "after")] == [1_972, 2_958]
    rows = pl.read_parquet(tmp_path / "diff" / "deposits.parquet").sort("deposit_id")
    assert rows.select(
        "deposit_id", "change", "before_interest_cents", "after_interest_cents", "difference_interest_cents"
    ).rows() == [("B", "gone", 986, 0, -986), ("C", "changed", 493, 986, 493), ("D", "new", 0, 1_479, 1_479)]


def test_a_day_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1,000.00 held on earns 1000 x 4.93 % / 365 a day in 2025: 49.30 + 0.14 to 2 January, + 1.49 to 12 January."""
    held = deposits({"A": 100_000}, paid=None)
    before, after = (night(tmp_path / str(day), held, date(2025, 1, day)) for day in (2, 12))
    shown = difference(capsys, before, after)
    assert causes(shown) == [("changed", "as_of", 1, (4_930 + 149) - (4_930 + 14))]
    assert shown["basis"]["as_of"] == {"before": "2025-01-02", "after": "2025-01-12"}


def test_another_reading_on_the_same_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """366 days of 360 at 4.93 % on 100.00: 5.01, 8 cents more."""
    frame = deposits({"A": 10_000})
    before = night(tmp_path / "a", frame)
    after = night(tmp_path / "b", frame, switches={"day_count": "actual_360"})
    shown = difference(capsys, before, after)
    assert causes(shown) == [("changed", "rules_rates_or_switches", 1, 8)]
    assert shown["basis"]["switches"]["after"] == {"day_count": "actual_360"}


def test_a_night_before_in_the_same_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = night(tmp_path / "a", deposits({"A": 10_000}))
    first = json.loads((out / "manifest.json").read_text())["run_id"]
    night(tmp_path / "a", deposits({"A": 20_000}))
    shown = difference(capsys, out / "runs" / first, out)
    assert causes(shown) == [("changed", "principal_cents", 1, 493)]


def test_the_same_night_does_not_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = night(tmp_path / "a", deposits({"A": 10_000}))
    assert causes(difference(capsys, out, out)) == []


def test_sums_that_do_not_tie_are_refused(tmp_path: Path) -> None:
    out = night(tmp_path / "a", deposits({"A": 10_000}))
    other = night(tmp_path / "b", deposits({"A": 20_000}))
    manifest = json.loads((other / "manifest.json").read_text())
    manifest["control_totals"]["deposits"]["all"]["interest_cents"] += 1
    (other / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SystemExit) as ended:
        main(["diff", str(out), str(other)])
    assert ended.value.code == PublishRefusedError.exit_code


def test_results_of_an_earlier_version_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the columns that came later: they are null, and the nights are compared by what both have."""
    before = night(tmp_path / "a", deposits({"A": 10_000}))
    after = night(tmp_path / "b", deposits({"A": 20_000}))
    (part,) = (before / "runs").glob("*/deposits/*.parquet")
    pl.read_parquet(part).drop("principal_cents", "posted_cents", "amounts_owed_cents").write_parquet(part)
    assert read_results(before, "deposits").collect()["principal_cents"].to_list() == [None]
    assert causes(difference(capsys, before, after)) == [("changed", "rules_rates_or_switches", 1, 493)]
