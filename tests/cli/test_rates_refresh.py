import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina

from calc import cli
from tests.rates.fred_stub import KEY, FredStub, Reply, fred_stub, months, xml


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty user's data folder, a key, and retries without a pause."""
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FRED_API_KEY", KEY)
    monkeypatch.setattr("calc.rates.fred.download._PAUSE_SECONDS", 0.0)
    with stamina.set_testing(True, attempts=4, cap=True):
        yield tmp_path / "home"


class Run:
    """What `puccalc rates` printed and its exit code; the key stands nowhere, whatever happens."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str, stub: FredStub | None = None) -> None:
        with pytest.MonkeyPatch.context() as patched:
            if stub:
                patched.setenv("PUCCALC_FRED_URL", stub.url)
            with pytest.raises(SystemExit) as raised:
                cli.main(["rates", *arguments])
        self.code = raised.value.code
        self.out, self.err = capsys.readouterr()
        assert KEY[:20] not in self.out + self.err

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        return json.loads(self.out)


def files(home: Path) -> dict[str, bytes]:
    """Every file of the snapshot; the key stands in none."""
    found = {path.name: path.read_bytes() for path in (home / "rates").glob("*")}
    assert all(KEY.encode() not in content for content in found.values())
    return found


def test_months_are_fetched_kept_and_used(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    with fred_stub(GS1=Reply(xml(months({"2026-09": "4.61"})))) as stub:
        run = Run(capsys, "refresh", "--json", stub=stub)
    assert (run.code, run.err) == (0, "")
    shown = run.json()
    assert shown["vintage"] == "2026-12-02"
    assert shown["kept"] == str(home / "rates" / "snapshot.json")
    assert [month["month"] for month in shown["months"]] == ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    assert shown["months"][2] == {"month": "2026-09", "change": "printed", "was_percent": "4.37", "is_percent": "4.61"}
    assert shown["months"][4] == {"month": "2026-11", "change": "added", "was_percent": None, "is_percent": "4.20"}
    assert shown["rates"] == [{"effective_from": "2027-01-01", "was": "3.78 provisional", "is": "3.80 computed"}]
    assert shown["sample"]["sums"]["interest_cents"]["difference"] > 0
    assert shown["sample"]["rows_changed"] > 0
    assert len(files(home)) == 3
    year = Run(capsys, "compute", "--year", "2027", "--json").json()
    assert (year["rate_percent"], year["source"]) == ("3.80", "computed")
    assert "as of 2026-12-02" in year["provenance"]["series"]
    assert Run(capsys, "table", "--known-on", "2026-12-01", "--json").json()[-1]["rate_percent"] == "3.78"


def test_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    with fred_stub(GS1=Reply(xml(months()))) as stub:
        run = Run(capsys, "refresh", stub=stub)
        assert run.code == 0
        assert "added" in run.out
        assert "3.78 computed" in run.out
        assert "sample" not in run.out  # the rate stays what it was
        again = Run(capsys, "refresh", stub=stub)
    assert (again.code, again.err) == (0, "")
    assert "Nothing new as of 2026-12-02: the months through 2026-11 are the ones in use." in again.out


def test_cross_check(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    good = {"2026-10-01": "4.30", "2026-10-02": "4.31", "2026-10-05": ".", "2026-11-02": "4.20"}
    with fred_stub(GS1=Reply(xml(months())), DGS1=Reply(xml({**good, "2026-11-02": "4.21"}))) as stub:
        run = Run(capsys, "refresh", "--cross-check", stub=stub)
        assert run.code == 4
        assert "2026-11 is 4.20, the mean of its 1 daily figures 4.21" in run.err
        assert not files(home)
    with fred_stub(GS1=Reply(xml(months())), DGS1=Reply(xml(good))) as stub:
        run = Run(capsys, "refresh", "--cross-check", "--json", stub=stub)
    assert (run.code, run.json()["cross_checked"]) == (0, True)
    assert len(files(home)) == 4


GOOD = xml(months())
BAD = {
    "429": (Reply(status=429), 7, "status 429"),
    "500": (Reply(b"<html></html>", status=500), 7, "status 500"),
    "slow": (Reply(GOOD, mode="drip"), 7, "has not answered within 0.2 seconds"),
    "silent": (Reply(mode="silent"), 7, "has not answered within 0.2 seconds"),
    "html": (Reply(b"<!DOCTYPE html><html></html>"), 7, "no XML"),
    "truncated": (Reply(GOOD[:30_000], announced=len(GOOD)), 7, "broke off"),
    "cut": (Reply(GOOD[:30_000]), 7, "cut short"),
    "revised": (Reply(xml(months({"2026-05": "3.97"}))), 4, "2026-05 was 3.79, is 3.97"),
    "gapped": (Reply(xml(months({"2026-05": None}))), 7, "lacks 2026-05"),
    "no value": (Reply(xml(months({"2026-09": ".", "2026-11": "."}))), 7, "lacks 2026-09, 2026-11"),
    "a jump": (Reply(xml(months({"2026-11": "42.0"}))), 4, "3769 basis points from 2026-10"),
    "twice": (Reply(xml([*months().items(), ("2026-11-01", "4.20")])), 7, "twice"),
    "echo": (Reply(xml({"2026-11-01": KEY})), 7, "repeats the key"),
    "key": (Reply(KEY.encode(), status=400), 7, "FRED_API_KEY"),
}


@pytest.mark.parametrize("mode", BAD)
def test_bad_answers_leave_the_snapshot_as_it_was(capsys: pytest.CaptureFixture[str], home: Path, mode: str) -> None:
    with fred_stub(GS1=Reply(GOOD)) as stub:
        assert Run(capsys, "refresh", stub=stub).code == 0
    before = files(home)
    reply, code, words = BAD[mode]
    with fred_stub(GS1=reply) as stub:
        run = Run(capsys, "refresh", "--timeout", "0.2", "--json", "--debug", stub=stub)
    assert run.code == code
    assert words in run.err
    assert "The months in use stay as they are: FRED series GS1 as of 2026-12-02" in run.err
    assert bool(run.out) == (code == 4)
    assert code == 7 or run.json()["kept"] is None
    assert files(home) == before


def test_a_revision_is_kept_once_it_is_accepted(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    reply = Reply(xml(months({"2026-05": "3.97"})))
    with fred_stub(GS1=reply) as stub:
        assert Run(capsys, "refresh", stub=stub).code == 4
        assert not files(home)
        run = Run(capsys, "refresh", "--accept", "2026-05", "--json", stub=stub)
    assert run.code == 0
    assert run.json()["doubts"] == {"2026-05": ["was 3.79, is 3.97"]}
    assert run.json()["rates"][-1]["is"] == "3.79 computed"  # (45.31 + 0.18) / 12 = 3.7908...


def test_without_a_key_or_a_server(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    with fred_stub(GS1=Reply()) as stub:
        pass
    run = Run(capsys, "refresh", stub=stub)
    assert (run.code, run.out) == (7, "")
    assert "cannot be reached" in run.err
    assert "taken 2026-11-21" in run.err
    monkeypatch.delenv("FRED_API_KEY")
    run = Run(capsys, "refresh", stub=stub)
    assert run.code == 7
    assert "set FRED_API_KEY" in run.err
    assert not (home / "rates").exists()


def test_the_command_itself_shows_the_key_nowhere(home: Path) -> None:
    with fred_stub(GS1=[Reply(status=500), Reply(xml({"2026-11-01": "4.20"}))]) as stub:
        environment = {**os.environ, "PUCCALC_FRED_URL": stub.url, "PUCCALC_JIT": "0"}
        command = [sys.executable, "-c", "from calc.cli import main; main()", "rates", "refresh", "--debug"]
        run = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert run.returncode == 7
    assert "FRED answered with status 500; attempt 2 of 4" in run.stderr
    assert "lacks 1953-04" in run.stderr
    assert "Traceback" in run.stderr
    assert KEY[:20] not in run.stdout + run.stderr
    assert not (home / "rates").exists()
