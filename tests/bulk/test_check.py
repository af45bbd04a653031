"""`puccalc check` over a sound output, and over one that was tampered with in each way that it can see."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calc.bulk.reconcile.check import check_output
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main
from calc.errors import InputError
from calc.sample import write_sample

ROWS = 6000


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(ROWS, 5, folder, "parquet")
    return folder


@pytest.fixture
def out(portfolio: Path, tmp_path: Path) -> Path:
    job = NightlyJob(
        as_of=date(2026, 10, 31),
        deposits=str(portfolio / "deposits.parquet"),
        accounts=str(portfolio / "accounts.parquet"),
        participants=str(portfolio / "participants.parquet"),
        out=tmp_path / "out",
        part_rows=2000,
    )
    run_nightly(job)
    return job.out


def manifest(out: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads((out / "manifest.json").read_text("utf-8"))


def rewrite(out: Path, change: Callable[[Any], None]) -> None:
    data = manifest(out)
    change(data)
    (out / "manifest.json").write_text(json.dumps(data), "utf-8")


def test_counts_of_refused_rows_are_compared(out: Path) -> None:
    def one_more(data: Any) -> None:  # noqa: ANN401 - JSON
        quarantine = data["quarantine"]["deposits"]
        quarantine["reasons"]["negative_amount"] += 1
        next(each for each in quarantine["by_column"] if each["column"] == "principal_cents")["rows"] += 1

    rewrite(out, one_more)
    differences = check_output(out).differences
    assert any(
        each.startswith("quarantine of deposits: ") and " rows negative_amount, but" in each for each in differences
    )
    assert any(" rows principal_cents " in each for each in differences)
    assert len(differences) == 2


def test_sound_output(out: Path) -> None:
    findings = check_output(out)
    assert findings.differences == []
    assert findings.rows["deposits"] + findings.rows["quarantine of deposits"] == ROWS
    parts = [part for each in manifest(out)["datasets"].values() for part in each["parts"]]
    assert findings.files > len(parts) >= 6
    assert findings.totals > 50


def test_every_flipped_byte_is_seen(out: Path) -> None:
    part = out / manifest(out)["datasets"]["deposits"]["parts"][1]["path"]
    sound = part.read_bytes()
    for place in range(0, len(sound), len(sound) // 23):
        part.write_bytes(sound[:place] + bytes([sound[place] ^ 4]) + sound[place + 1 :])
        differences = check_output(out).differences
        assert any(str(part) in each for each in differences), place
    part.write_bytes(sound)
    assert check_output(out).differences == []


def test_missing_and_truncated_parts_are_named(out: Path) -> None:
    first, second = (out / part["path"] for part in manifest(out)["datasets"]["accounts"]["parts"][:2])
    first.unlink()
    second.write_bytes(second.read_bytes()[:-9])
    differences = check_output(out).differences
    assert any(str(first) in each for each in differences)
    assert any(str(second) in each for each in differences)


def test_totals_that_the_files_do_not_hold_are_named(out: Path) -> None:
    def one_cent_more(data: Any) -> None:  # noqa: ANN401 - JSON
        data["control_totals"]["deposits"]["gas"]["active"]["interest_cents"] += 1
        data["control_totals"]["participants"]["electric"]["none"]["arrearage_credit_cents"] -= 1

    rewrite(out, one_cent_more)
    differences = check_output(out).differences
    assert len(differences) == 2
    assert differences[0].startswith("deposits: interest_cents of gas active is ")
    assert differences[1].startswith("participants: arrearage_credit_cents of electric none is ")


def test_rows_that_do_not_add_up(out: Path) -> None:
    rewrite(out, lambda data: data["rows"]["deposits"].update({"in": ROWS + 1}))
    assert check_output(out).differences[0].startswith(f"deposits: {ROWS + 1} rows in, but ")


def test_a_roll_forward_that_does_not_add_up(portfolio: Path, out: Path) -> None:
    first = manifest(out)
    run_nightly(NightlyJob(date(2026, 11, 30), str(portfolio / "deposits.parquet"), out, part_rows=2000))
    assert check_output(out).differences == []

    def one_cent_more(data: Any) -> None:  # noqa: ANN401 - JSON
        data["roll_forward"]["gas"]["base_interest_cents"]["accrual"] += 1
        data["roll_forward"]["electric"]["principal_cents"]["previous"] += 1
        data["roll_forward"]["electric"]["principal_cents"]["new"] -= 1

    rewrite(out, one_cent_more)
    differences = check_output(out).differences
    assert len(differences) == 2
    assert differences[0].startswith("roll-forward: previous principal_cents of electric is ")
    assert differences[1].startswith("roll-forward: tonight base_interest_cents of gas is ")
    assert manifest(out)["previous_run_id"] == first["run_id"]


def test_what_the_next_run_starts_from_is_checked(out: Path) -> None:
    path = out / manifest(out)["standing"]["path"]
    path.write_bytes(path.read_bytes()[:-40] + bytes(40))
    assert any(str(path) in each for each in check_output(out).differences)
    path.unlink()
    assert any(str(path) in each for each in check_output(out).differences)


def test_command(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["check", str(out)])
    assert done.value.code == 0
    assert "all as the manifest says" in capsys.readouterr().out
    (out / manifest(out)["datasets"]["participants"]["parts"][0]["path"]).unlink()
    with pytest.raises(SystemExit) as done:
        main(["check", str(out), "--json"])
    assert done.value.code == 4
    printed = capsys.readouterr()
    assert json.loads(printed.out)["sound"] is False
    assert "Error: 2 differences:\n" in printed.err


def test_one_difference(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def another_reason(data: Any) -> None:  # noqa: ANN401 - JSON
        data["rows"]["accounts"]["in"] += 1

    rewrite(out, another_reason)
    with pytest.raises(SystemExit) as done:
        main(["check", str(out)])
    assert done.value.code == 4
    assert "Error: 1 difference:\n" in capsys.readouterr().err


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run has published its results here"):
        check_output(tmp_path)
