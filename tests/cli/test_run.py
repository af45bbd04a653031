"""`puccalc run nightly` as a user or a schedule calls it: exit codes, streams, summary."""

import errno
import inspect
import json
import os
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from calc import cli
from calc.bulk.publish import output, space
from calc.bulk.publish.output import locked
from calc.bulk.run import nightly
from calc.bulk.run.bounds import BOUNDS
from calc.bulk.run.job import NightlyJob
from calc.cli import run
from calc.kernels._jit import JIT
from calc.kernels.unclaimed import unclaimed
from tests.bulk.bad_rows import csv_of, frame_of, numbered

INCOME = 1_234_567_891


class Run:
    """What the command printed and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as raised:
            cli.main(["run", "nightly", "--as-of", "2026-09-30", *arguments])
        self.code = raised.value.code
        self.out, self.err = capsys.readouterr()


@pytest.fixture
def deposits(tmp_path: Path) -> str:
    """200.00 over the whole of 2024 (9.86), three times, and 200.00 remitted after the surcharge began (31.78)."""
    year = {"received_date": date(2024, 1, 1), "paid_date": date(2025, 1, 1)}
    late = {"service_ended_date": date(2024, 3, 15), "remitted_date": date(2026, 9, 30)}
    rows = [{**numbered("deposits", number), **(year if number else late)} for number in range(4)]
    path = tmp_path / "deposits.parquet"
    frame_of("deposits", rows).write_parquet(path)
    return str(path)


@pytest.fixture
def bad_deposits(tmp_path: Path) -> str:
    rows = [numbered("deposits", number) for number in range(99)]
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([*csv_of("deposits", rows), "D99,A99,gas"]))
    return str(path)


def test_a_summary_on_stdout_and_progress_on_stderr(
    capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path
) -> None:
    run = Run(capsys, "--deposits", deposits, "--out", str(tmp_path / "out"), "--part-rows", "3", "--threads", "1")
    assert run.code == 0
    assert run.err.splitlines()[0].startswith("deposits: part 1, 3 rows, 0 quarantined, ")
    assert run.err.splitlines()[1].startswith("deposits: part 2, 4 rows, 0 quarantined, ")
    shown = " ".join(run.out.split())
    assert "│" not in shown  # plain text where there is no terminal
    assert "electric remitted 1 200.00 29.32 2.46 31.78 231.78" in shown
    assert "electric returned 3 600.00 29.58 0.00 29.58 0.00" in shown  # 3 x 9.86
    assert "all 4 800.00 58.90 2.46 61.36 231.78" in shown
    assert "not rolled forward no run was published in this folder before" in shown
    assert run.out.splitlines()[-1].startswith(f"Results: {tmp_path / 'out' / 'manifest.json'}, ")
    assert "none set" in shown
    assert "interest through 2026-09-29: day_ends is start_included_end_excluded" in shown
    assert "asked again of 4 of 4 rows of deposits (all of them)" in shown
    # By hand: one day more is 2.70 cents of 2025 for each of three (9.86 to 9.89), 5.52 of 2026 for the fourth (31.84).
    assert "day_ends=both start_included_end_excluded interest due 0.15 remittance 0.06" in shown
    assert "PROVISIONAL" not in shown


@pytest.mark.parametrize("row", ["", "D0,A0,water"])
def test_a_night_without_a_good_row(row: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    inputs = {name: tmp_path / f"{name}.csv" for name in ("deposits", "accounts", "participants")}
    for name, path in inputs.items():
        header, _ = csv_of(name, [numbered(name, 0)])
        path.write_text(f"{header}\n{row}\n")
    options = [word for name, path in inputs.items() for word in (f"--{name}", str(path))]
    run = Run(capsys, *options, "--out", str(tmp_path / "out"), "--max-bad-share", "1")
    assert run.code == 0, run.err
    assert " ".join(run.out.split()).count("all 0 0.00 0.00 0.00 0.00 0.00") == 1
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert manifest["control_totals"]["deposits"]["all"]["remittance_cents"] == 0


def test_the_roll_forward_is_shown(capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path) -> None:
    given = ("--deposits", deposits, "--out", str(tmp_path / "out"), "--progress", "none")
    Run(capsys, *given, "--as-of", "2024-12-31")
    run = Run(capsys, *given, "--as-of", "2025-01-01", "--tariff", "example")
    shown = [" ".join(line.split()) for line in run.out.splitlines()]
    first = shown.index("Open deposits, rolled forward from 2024-12-31, dollars")
    assert shown[first + 1] == "deposits principal interest posted"
    previous, new, accrual, paid, tonight = (line.split() for line in shown[first + 2 : first + 7])
    assert previous[:3] == ["previous", "4", "800.00"]
    assert new[1:] == ["0", "0.00", "0.00", "0.00"]
    assert accrual[3] in {"0.11", "0.12"}  # the last day of 2024, 0.0269: three times 9.86 - 9.83, and one that rounds
    assert paid[:3] == ["paid", "-3", "-600.00"]
    assert paid[3] == "-29.58"
    assert tonight[:3] == ["tonight", "1", "200.00"]
    assert shown[first + 7] == "changed since: tariff"


@pytest.mark.parametrize(("width", "wide"), [(140, True), (100, False)])
def test_tables_have_lines_on_a_terminal(
    width: int, wide: bool, capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(width))
    run = Run(capsys, "--deposits", deposits, "--out", str(tmp_path / "out"), "--progress", "none")
    assert run.code == 0
    assert "│" in run.out
    assert "231.78" in run.out
    assert bool(re.search(r"surcharge(?!_)", run.out)) == wide
    assert max(len(line) for line in run.out.splitlines() if "│" in line) < width + 40  # with its colours


def test_json_is_the_manifest(capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path) -> None:
    run = Run(capsys, "--deposits", deposits, "--out", str(tmp_path), "--json", "--set", "day_count=actual_365")
    found = json.loads(run.out)
    seconds = found.pop("seconds")
    assert found == json.loads((tmp_path / "manifest.json").read_text())
    assert seconds["all"] >= seconds["deposits"] > 0
    assert found["switches"] == {"day_count": "actual_365"}
    assert found["control_totals"]["deposits"]["electric"]["returned"]["interest_cents"] == 3 * 989


@pytest.mark.skipif(not JIT, reason="kernels run as Python")
def test_seconds_of_compiling_are_told_apart(
    capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("--deposits", deposits, "--out", str(tmp_path), "--progress", "none")
    Run(capsys, *given)
    warm = json.loads(Run(capsys, *given, "--json").out)["seconds"]
    assert warm["compiling"] == 0
    monkeypatch.setattr(unclaimed, "_compiled", None)
    before = unclaimed.compile_seconds
    run = Run(capsys, *given)
    cold = unclaimed.compile_seconds - before
    assert cold > 0
    assert f"{cold:.1f} of a processor" in run.out
    assert "compiling" not in json.loads((tmp_path / "manifest.json").read_text()).get("seconds", {})


def test_a_provisional_rate_is_told(capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path) -> None:
    run = Run(capsys, "--as-of", "2027-06-30", "--deposits", deposits, "--out", str(tmp_path / "out"))
    assert run.code == 0
    assert "PROVISIONAL: rates from 2027-01-01" in run.out


def test_the_bounds_have_the_defaults_of_the_job(tmp_path: Path) -> None:
    defaults = inspect.signature(run.nightly).parameters
    job = NightlyJob(date(2026, 9, 30), "", tmp_path)
    assert {name: Fraction(defaults[name].default) for name in BOUNDS} == {name: getattr(job, name) for name in BOUNDS}


def test_deposits_without_an_account_are_told_and_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Account 0012345 in one file, 12345 in the other: 900.00 of 1,100.00 would be held for nobody."""
    rows = [numbered("deposits", 1), {**numbered("deposits", 2), "account_id": "0012345", "principal_cents": 90000}]
    (tmp_path / "d.csv").write_text("\n".join(csv_of("deposits", rows)))
    rows = [numbered("accounts", 1), {**numbered("accounts", 2), "account_id": "12345"}]
    (tmp_path / "a.csv").write_text("\n".join(csv_of("accounts", rows)))
    files = ("--deposits", str(tmp_path / "d.csv"), "--accounts", str(tmp_path / "a.csv"))
    refused = Run(capsys, *files, "--out", str(tmp_path / "out"))
    assert refused.code == 4
    assert "1 of 2 open deposits have no row of their account and service in the accounts, 900.00" in refused.err
    assert "account_id 0012345, service electric" in refused.err
    assert not (tmp_path / "out" / "manifest.json").exists()
    given = Run(capsys, *files, "--out", str(tmp_path / "out"), "--max-unmatched-share", "0.5")
    assert given.code == 0
    assert "1 2 900.00 50.00% open deposits have no row of their account and service" in " ".join(given.out.split())
    dry = Run(capsys, *files, "--out", str(tmp_path / "out"), "--dry-run")
    assert dry.code == 4
    assert "1 2 900.00 2.00% open deposits have no row" in " ".join(dry.out.split())


def test_too_many_bad_rows(capsys: pytest.CaptureFixture[str], bad_deposits: str, tmp_path: Path) -> None:
    run = Run(capsys, "--deposits", bad_deposits, "--out", str(tmp_path / "out"))
    assert run.code == 4
    assert run.out == ""
    said = (
        "1 of 100 rows of deposits are bad (1.00%, more than the 0.50% allowed): principal_cents missing_value 1 "
        "(first: bad.csv row 100, line 101), received_date missing_value 1 (first: bad.csv row 100, line 101); "
    )
    assert said in run.err
    assert str(tmp_path / "out" / "refused.json") in run.err
    assert not (tmp_path / "out" / "manifest.json").exists()
    allowed = Run(capsys, "--deposits", bad_deposits, "--out", str(tmp_path / "out"), "--max-bad-share", "0.01")
    assert allowed.code == 0
    assert "missing_value" in allowed.out


def test_a_missing_column(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "deposits.csv"
    path.write_text("deposit_id,account_id,service,principal_cents\n")
    run = Run(capsys, "--deposits", str(path), "--out", str(tmp_path / "out"))
    assert run.code == 3
    assert "received_date" in run.err
    assert str(path) in run.err


def test_no_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run = Run(capsys, "--deposits", str(tmp_path / "none.parquet"), "--out", str(tmp_path / "out"))
    assert run.code == 3
    assert run.err.startswith(f"Error: {tmp_path / 'none.parquet'}: no such file; ")
    assert "Errno" not in run.err


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_says_how_to_go_on(
    capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    given = ("--deposits", deposits, "--out", str(out), "--progress", "none")
    with monkeypatch.context() as patched:
        patched.setattr(space, "bytes_needed", lambda _: 1 << 60)
        early = Run(capsys, *given)
    assert early.code == 5
    assert "make room or name another --out" in early.err
    assert "puccalc resume" not in early.err
    with monkeypatch.context() as patched:

        def full(run: output.Run, manifest: dict[str, object], previous: dict[str, object] | None) -> None:
            patched.setattr(Path, "replace", full_disk)
            output.publish(run, manifest, previous)

        patched.setattr(nightly, "publish", full)
        late = Run(capsys, *given)
    assert late.code == 5
    (run_folder,) = (out / "runs").iterdir()
    assert "No space left on device; " in late.err
    assert f"  To go on with run {run_folder.name}: puccalc resume {out}\n" in late.err
    with pytest.raises(SystemExit) as ended:
        cli.main(["resume", str(out), "--progress", "none"])
    assert ended.value.code == 0
    assert json.loads((out / "manifest.json").read_text())["run_id"] == run_folder.name


def test_an_output_that_is_held(capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path) -> None:
    with locked(tmp_path / "out"):
        run = Run(capsys, "--deposits", deposits, "--out", str(tmp_path / "out"))
    assert run.code == 6
    assert "another run holds it" in run.err


@pytest.mark.parametrize(
    "options",
    [
        ("--max-bad-share", "1.5"),
        ("--max-bad-share", "-0.1"),
        ("--max-bad-share", "half"),
        ("--as-of", "30.9.2026"),
        ("--set", "day_count=sometimes"),
        ("--set", "no_such_switch=1"),
        ("--tariff", "no such tariff"),
        ("--threads", "0"),
        ("--part-rows", "0"),
    ],
)
def test_options_that_cannot_be_taken(
    options: tuple[str, str], capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path
) -> None:
    run = Run(capsys, "--deposits", deposits, "--out", str(tmp_path / "out"), *options)
    assert run.code == 2
    assert run.out == ""
    assert not (tmp_path / "out").exists()


def test_each_label_says_what_its_figure_is(capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path) -> None:
    """By hand: 6 % of 18,000.00 leave 720.00 of a bill of 1,800.00; a grant of 300.00 pays its part of that."""
    participants = tmp_path / "participants.parquet"
    grant = {**numbered("participants", 1), "leap_grant_cents": 30_000}
    frame_of("participants", [grant]).write_parquet(participants)
    run = Run(capsys, "--deposits", deposits, "--participants", str(participants), "--out", str(tmp_path / "out"))
    shown = [" ".join(line.split()) for line in run.out.splitlines()]
    assert "fixed credits, a year 720.00 0.00 720.00" in shown
    assert "program credits, a year: net of grants 420.00 0.00 420.00" in shown
    assert "service status deposits principal base interest surcharge interest due remittance" in shown


def test_the_other_tariff_is_named(capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path) -> None:
    participants = tmp_path / "participants.csv"
    participants.write_text("\n".join(csv_of("participants", [numbered("participants", 0)])))
    given = ("--deposits", deposits, "--participants", str(participants), "--json")
    default, example = (
        json.loads(Run(capsys, *given, "--out", str(tmp_path / tariff), "--tariff", tariff).out)
        for tariff in ("default", "example")
    )
    assert (default["tariff"], example["tariff"]) == ("default", "example")
    figures = [each["control_totals"]["participants"]["all"] for each in (default, example)]
    assert figures[0]["fixed_credit_annual_cents"] == 180_000 - 108_000  # 6 % of 18,000.00
    assert figures[1] != figures[0]


def test_an_income_stands_in_no_message_and_no_manifest(
    capsys: pytest.CaptureFixture[str], deposits: str, tmp_path: Path
) -> None:
    good, bad = (
        {**numbered("participants", number), "household_income_cents": INCOME, "share_ppm": share}
        for number, share in ((0, None), (1, 999_999))
    )
    participants = tmp_path / "participants.csv"
    participants.write_text("\n".join(csv_of("participants", [good, bad])))
    out = tmp_path / "out"
    given = ("--deposits", deposits, "--participants", str(participants), "--out", str(out))
    for share in ("1", "0"):
        run = Run(capsys, *given, "--max-bad-share", share)
        written = "".join(path.read_text() for path in out.rglob("*.json"))
        for text in (run.out, run.err, written):
            assert str(INCOME) not in text
            assert str(INCOME * 6 // 100) not in text


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "--help")
    assert run.code == 0
    assert "Example: puccalc run nightly --as-of" in " ".join(run.out.split())
