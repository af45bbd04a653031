"""A dry run: finds what the run would find, and writes nothing; recorded hashes; the first rows alone."""

import hashlib
import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from calc.bulk.publish.results import read_results
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.outcome import Progress  # noqa: TC001 - a list of them is made here
from calc.columns.contract import INPUTS
from calc.errors import InputError, PublishRefusedError, UsageError
from calc.sample import write_sample
from tests.bulk.bad_rows import frame_of, numbered

DATASETS = ("deposits", "accounts", "participants")


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(3000, 7, folder)
    return folder


def job(folder: Path, out: Path, **settings: Any) -> NightlyJob:  # noqa: ANN401 - fields of any type
    named = {name: str(folder / f"{name}.parquet") for name in DATASETS}
    return NightlyJob(**{"as_of": date(2026, 9, 30), "out": out, "max_bad_share": Fraction(1), **named, **settings})


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


def deposits_of(folder: Path, rows: int) -> Path:
    path = folder / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", number) for number in range(rows)]).write_parquet(path)
    return path


def test_a_dry_run_finds_what_the_run_finds_and_writes_nothing(portfolio: Path, tmp_path: Path) -> None:
    asked = job(portfolio, tmp_path / "out", part_rows=1000)
    before = everything_in(portfolio)
    reports: list[Progress] = []
    found = dry_run(asked, reports.append)
    assert everything_in(tmp_path) == []
    assert everything_in(portfolio) == before
    manifest = run_nightly(asked)
    for name in DATASETS:
        told = found["datasets"][name]
        assert (told["rows"], told["quarantined"]) == tuple(
            manifest["rows"][name][each] for each in ("in", "quarantined")
        )
        assert told["reasons"] == manifest["quarantine"][name]["reasons"]
        assert told["by_column"] == manifest["quarantine"][name]["by_column"]
        assert told["bytes"] == manifest["inputs"][name][0]["bytes"]
        results = (name, *INPUTS[name].gives)
        parts = [part for each in results for part in manifest["datasets"].get(each, {"parts": ()})["parts"]]
        written = sum(part["bytes"] for part in parts)
        assert 0.5 * written < told["estimated_bytes_out"] < 2 * written
    assert found["datasets"]["deposits"]["parts"] == 3
    assert found["estimated_seconds"] >= found["seconds"]
    assert found["refused"] is None
    assert [report.rows for report in reports if report.dataset == "deposits"][-1] == 3000
    assert {report.expected_rows for report in reports if report.dataset == "deposits"} == {3000}


def test_a_dry_run_over_an_existing_result_leaves_it_alone(tmp_path: Path) -> None:
    deposits_of(tmp_path, 3)
    asked = job(tmp_path, tmp_path / "out", accounts=None, participants=None)
    run_nightly(asked)
    before = {path: (path.stat().st_mtime_ns, path.is_dir()) for path in (tmp_path / "out").rglob("*")}
    dry_run(asked)
    assert {path: (path.stat().st_mtime_ns, path.is_dir()) for path in (tmp_path / "out").rglob("*")} == before


def test_a_dry_run_looks_at_transactions(portfolio: Path, tmp_path: Path) -> None:
    asked = job(portfolio, tmp_path / "out", transactions=str(portfolio / "transactions.parquet"))
    found = dry_run(asked)
    assert not (tmp_path / "out").exists()
    rows = found["datasets"]["transactions"]["rows"]
    assert rows > 0
    (note,) = found["notes"]
    assert note.startswith(f"{rows} transactions were checked, and that their deposits are there; ")
    assert "a dry run strikes no balances: negative_balance, " in note
    manifest = run_nightly(asked)
    for name in (*DATASETS, "transactions"):
        assert found["datasets"][name]["reasons"] == manifest["quarantine"][name]["reasons"]


def test_a_dry_run_finds_bad_transactions_and_what_they_take_with_them(tmp_path: Path) -> None:
    deposits_of(tmp_path, 5)
    accounts = [{**numbered("accounts", number), "account_id": f"A{number}"} for number in range(5)]
    frame_of("accounts", accounts).write_parquet(tmp_path / "accounts.parquet")
    rows = [
        ("D0", "2024-01-01", "posting", "100"), ("D1", "2024-01-01", "posting", "-100"),
        ("D9", "2024-01-01", "posting", "100"), ("", "2024-01-01", "posting", "100"),
        ("D3", "2024-01-01", "principal", "-1"),
    ]  # fmt: skip
    lines = ["deposit_id,date,kind,amount_cents", *(",".join(row) for row in rows)]
    (tmp_path / "transactions.csv").write_text("\n".join(lines))
    asked = job(tmp_path, tmp_path / "out", participants=None, transactions=str(tmp_path / "transactions.csv"))
    found = {name: each["reasons"] for name, each in dry_run(asked)["datasets"].items()}
    assert found["transactions"] == {"missing_value": 1, "negative_amount": 1, "unknown_deposit": 1}
    assert found["deposits"] == {"bad_transaction": 1}
    assert found["accounts"] == {"depends_on_quarantined": 1}
    assert not (tmp_path / "out").exists()
    manifest = run_nightly(asked)
    assert manifest["quarantine"]["deposits"]["reasons"] == {"bad_transaction": 1, "negative_balance": 1}


def test_a_dry_run_says_what_would_be_refused(tmp_path: Path) -> None:
    rows = [{**numbered("deposits", number), "kind": "bond" if number == 0 else "deposit"} for number in range(100)]
    frame_of("deposits", rows).write_parquet(tmp_path / "deposits.parquet")
    asked = job(tmp_path, tmp_path / "out", accounts=None, participants=None, max_bad_share=Fraction(5, 1000))
    assert "1 of 100 rows of deposits are bad" in dry_run(asked)["refused"]
    with pytest.raises(PublishRefusedError, match="1 of 100 rows of deposits are bad"):
        run_nightly(asked)


def test_the_first_rows_alone_are_published_as_such(tmp_path: Path) -> None:
    deposits_of(tmp_path, 50)
    asked = job(tmp_path, tmp_path / "out", accounts=None, participants=None, limit=7, part_rows=3)
    assert dry_run(asked)["datasets"]["deposits"]["rows"] == 7
    manifest = run_nightly(asked)
    assert manifest["rows"]["deposits"] == {"in": 7, "out": 7, "quarantined": 0}
    assert manifest["limit"] == 7
    assert manifest["notes"][0].startswith("LIMITED: the first 7 rows")
    ids = read_results(tmp_path / "out", "deposits").collect()["deposit_id"].to_list()
    assert ids == [f"D{number}" for number in range(7)]
    whole = run_nightly(job(tmp_path, tmp_path / "out", accounts=None, participants=None))
    assert whole["limit"] is None
    assert not any(note.startswith("LIMITED") for note in whole["notes"])


@pytest.mark.parametrize(
    "written", ["{digest}  deposits.parquet\n", "{digest}\n", "{digest} *./deposits.parquet", "UPPER"]
)
def test_a_recorded_hash_verifies_an_input(written: str, tmp_path: Path) -> None:
    path = deposits_of(tmp_path, 3)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = digest.upper() if written == "UPPER" else written.format(digest=digest)
    (tmp_path / "deposits.parquet.sha256").write_text(text)
    manifest = run_nightly(job(tmp_path, tmp_path / "out", accounts=None, participants=None))
    assert [each["input_verified"] for each in manifest["inputs"]["deposits"]] == [True]


def test_an_input_without_a_recorded_hash_is_not_verified(tmp_path: Path) -> None:
    deposits_of(tmp_path, 3)
    run_nightly(job(tmp_path, tmp_path / "out", accounts=None, participants=None))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["inputs"]["deposits"][0]["input_verified"] is False


@pytest.mark.parametrize("way", ["beside", "given"])
def test_another_file_than_was_recorded_is_refused(way: str, tmp_path: Path) -> None:
    path = deposits_of(tmp_path, 3)
    asked = job(tmp_path, tmp_path / "out", accounts=None, participants=None)
    first = run_nightly(asked)
    recorded = hashlib.sha256(b"another").hexdigest()
    if way == "beside":
        (tmp_path / "deposits.parquet.sha256").write_text(f"{recorded}  deposits.parquet\n")
    else:
        digests = {str(path): recorded}
        asked = job(tmp_path, tmp_path / "out", accounts=None, participants=None, expect_sha256=digests)
    for run in (run_nightly, dry_run):
        with pytest.raises(InputError, match=rf"deposits\.parquet: its SHA-256 is .*, but {recorded} was recorded"):
            run(asked)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["run_id"] == first["run_id"]


def test_a_given_hash_comes_before_the_one_beside(tmp_path: Path) -> None:
    path = deposits_of(tmp_path, 3)
    (tmp_path / "deposits.parquet.sha256").write_text("not read")
    digests = {str(path): hashlib.sha256(path.read_bytes()).hexdigest().upper()}
    manifest = run_nightly(job(tmp_path, tmp_path / "out", accounts=None, participants=None, expect_sha256=digests))
    assert manifest["inputs"]["deposits"][0]["input_verified"] is True


@pytest.mark.parametrize(
    "text", ["", "0" * 63, f"{'0' * 64}  accounts.parquet\n", f"{'0' * 64}\n{'1' * 64}\n", "\0\xff"]
)
def test_a_record_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    deposits_of(tmp_path, 3)
    (tmp_path / "deposits.parquet.sha256").write_text(text)
    with pytest.raises(InputError, match=r"deposits\.parquet\.sha256: expected 64 hexadecimal digits"):
        run_nightly(job(tmp_path, tmp_path / "out", accounts=None, participants=None))


def test_a_hash_of_no_input_is_a_mistake(tmp_path: Path) -> None:
    deposits_of(tmp_path, 3)
    digests = {str(tmp_path / "other.parquet"): "0" * 64}
    with pytest.raises(UsageError, match=r"other\.parquet: is none of the input files"):
        run_nightly(job(tmp_path, tmp_path / "out", accounts=None, participants=None, expect_sha256=digests))


def test_a_file_without_a_row_is_said_by_the_dry_run_and_by_the_night(tmp_path: Path) -> None:
    deposits_of(tmp_path, 0)
    asked = job(tmp_path, tmp_path / "out", accounts=None, participants=None)
    note = "deposits: the files given hold no row; look whether the extract was cut off"
    assert note in dry_run(asked)["notes"]
    assert note in run_nightly(asked)["notes"]
    deposits_of(tmp_path, 1)
    assert note not in dry_run(asked)["notes"]
    assert note not in run_nightly(asked)["notes"]
