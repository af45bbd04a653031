"""Progress of a run on stderr, live, plain, as JSON lines and not at all; its log, which holds allowed keys alone."""

import io
import json
import re
import sys
from pathlib import Path

import pytest

from calc import cli
from calc.bulk.run.outcome import Progress
from calc.cli.progress import progress_on_stderr, remaining_seconds
from calc.cli.run_log import ALLOWED, RunLog, run_log
from calc.errors import InputError
from tests.bulk.bad_rows import csv_of, frame_of, numbered

INCOME = 1_234_567_891
HALF = Progress("deposits", 2, 500, 3, 10.0, 2000)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    deposits = tmp_path / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", number) for number in range(4)]).write_parquet(deposits)
    participants = tmp_path / "participants.csv"
    rows = [{**numbered("participants", number), "household_income_cents": INCOME + number} for number in range(2)]
    participants.write_text("\n".join(csv_of("participants", [rows[0], {**rows[1], "share_ppm": 999_999}])))
    return ["--deposits", str(deposits), "--participants", str(participants), "--max-bad-share", "1"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str, str]:
    with pytest.raises(SystemExit) as raised:
        cli.main(["run", "nightly", "--as-of", "2026-09-30", "--threads", "1", *arguments])
    return raised.value.code, *capsys.readouterr()


def test_remaining_time() -> None:
    assert remaining_seconds(HALF) == 30.0  # 1,500 rows at 50 rows/s
    assert remaining_seconds(HALF._replace(rows=2500)) == 0
    assert remaining_seconds(HALF._replace(rows=0)) is None
    assert remaining_seconds(HALF._replace(expected_rows=0)) is None


def test_json_lines(capsys: pytest.CaptureFixture[str], inputs: list[str], tmp_path: Path) -> None:
    code, _, error = run(capsys, *inputs, "--out", str(tmp_path / "out"), "--progress", "json", "--part-rows", "3")
    assert code == 0
    lines = [json.loads(line) for line in error.splitlines()]
    counted = [(line["event"], line["dataset"], line["parts"], line["rows"], line["quarantined"]) for line in lines]
    assert counted == [
        ("progress", "deposits", 1, 3, 0),
        ("progress", "deposits", 2, 4, 0),
        # A participant may have twelve months: a part has a twelfth of the rows, at least one.
        ("progress", "participants", 1, 1, 0),
        ("progress", "participants", 2, 2, 1),
    ]
    assert [line["expected_rows"] for line in lines] == [4, 4, 2, 2]
    assert lines[1]["remaining_seconds"] == 0


def test_no_progress(capsys: pytest.CaptureFixture[str], inputs: list[str], tmp_path: Path) -> None:
    code, text, error = run(capsys, *inputs, "--out", str(tmp_path / "out"), "--progress", "none", "--json")
    assert (code, error) == (0, "")
    assert json.loads(text)["rows"]["deposits"]["in"] == 4


def test_plain_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_on_stderr("auto") as report:
        report(HALF)
    assert capsys.readouterr().err == "deposits: part 2, 500 rows, 3 quarantined, 50 rows/s\n"


def test_a_live_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with progress_on_stderr("auto") as report:
        report(HALF)
        report(HALF._replace(dataset="accounts", expected_rows=0))
    text = terminal.getvalue()
    assert "deposits" in text
    assert "part 2, 500 rows, 50 rows/s, 0:30 left, 3 quarantined" in text
    assert "part 2, 500 rows, 50 rows/s, 3 quarantined" in text
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1


def test_plain_lines_on_a_terminal_if_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_on_stderr("plain") as report:
        report(HALF)
    assert "\x1b" not in terminal.getvalue()


def test_a_log_of_allowed_keys(capsys: pytest.CaptureFixture[str], inputs: list[str], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for number in range(2):
        out = str(tmp_path / f"out{number}")
        assert run(capsys, *inputs, "--out", out, "--log-json", str(log), "--progress", "none")[0] == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    events = [line["event"] for line in lines]
    assert events == ["started", "part", "part", "dataset", "dataset", "dataset", "published"] * 2
    assert lines[0]["as_of"] == "2026-09-30"
    assert lines[4]["reasons"] == {"share_outside_band": 1}
    assert (lines[4]["rows_in"], lines[4]["rows_out"], lines[4]["quarantined"]) == (2, 1, 1)
    assert lines[5]["dataset"] == "participant_months"
    assert lines[6]["run_id"].startswith("2026-09-30-")
    assert all(line.keys() <= ALLOWED | {"at", "event"} for line in lines)
    assert str(INCOME)[:6] not in log.read_text()


def test_a_failure_is_logged_without_its_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = ("--deposits", str(tmp_path / "none.parquet"), "--out", str(tmp_path / "out"), "--log-json", "-")
    code, _, error = run(capsys, *given)
    assert code == 3
    started, failed, told = error.splitlines()
    assert json.loads(started)["event"] == "started"
    found = json.loads(failed)
    assert (found["event"], found["error"], found["exit_code"]) == ("failed", "InputError", 3)
    assert "none.parquet" not in failed
    assert told.startswith("Error: ")


def test_what_a_log_may_not_hold_is_left_out() -> None:
    file = io.StringIO()
    RunLog(file).write("part", household_income_cents=INCOME, rows=3)
    line = json.loads(file.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {"event": "part", "rows": 3}


def test_no_log_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError), run_log(None, as_of="2026-09-30"):
        raise InputError("nothing")
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_on_the_command_line(capsys: pytest.CaptureFixture[str], inputs: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, text, _ = run(capsys, *inputs, "--out", str(out), "--dry-run", "--part-rows", "3")
    assert code == 0
    assert re.search(r"1 +share_ppm +share_outside_band +participants.* row 2", text)
    assert "Nothing was written. The run would take about " in text
    assert not out.exists()
    code, text, error = run(capsys, *inputs, "--out", str(out), "--dry-run", "--json", "--max-bad-share", "0")
    assert code == 4
    assert json.loads(text)["datasets"]["deposits"] == {
        **json.loads(text)["datasets"]["deposits"], "rows": 4, "parts": 1, "quarantined": 0, "reasons": {},
        "by_column": [],
    }  # fmt: skip
    assert "1 of 2 rows of participants are bad" in error
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--limit", "0"), "limit"),
        (("--progress", "loud"), "not one of auto, plain, json, none"),
        (("--expect-sha256", "x.parquet"), "write FILE=HEX"),
        (("--expect-sha256", "x.parquet=12"), "write FILE=HEX"),
    ],
)
def test_options_that_cannot_be_taken(
    options: tuple[str, str], complaint: str, capsys: pytest.CaptureFixture[str], inputs: list[str], tmp_path: Path
) -> None:
    code, _, error = run(capsys, *inputs, "--out", str(tmp_path / "out"), *options)
    assert code == 2
    assert complaint in " ".join(error.replace("│", " ").split())
    assert not (tmp_path / "out").exists()
