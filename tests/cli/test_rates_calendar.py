import json
from pathlib import Path

import pytest

from calc import cli


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as raised:
        cli.main(["rates", *arguments])
    return (raised.value.code, *capsys.readouterr())


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty user's data folder."""
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path / "home"))


def test_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "calendar", "--year", "2027", "--json")
    dates = {each["key"]: each for each in json.loads(out)}
    assert code == 0
    assert (dates["last_day_to_file"]["last"], dates["last_day_to_file"]["last_weekday"]) == ("2026-12-01", "Tuesday")
    assert (dates["additional_notice"]["first"], dates["additional_notice"]["last"]) == ("2026-12-02", "2026-12-21")
    assert dates["last_day_to_file"]["citations"][0]["rule"] == "C.R.S. 40-3-104(1)(a)"
    assert "thirty days' notice" in dates["last_day_to_file"]["citations"][0]["quote"]
    code, out, _ = run(capsys, "calendar", "--effective-from", "2027-01-01")
    assert code == 0
    assert "2026-12-01, Tuesday: Last day to file" in out


def test_calendar_file_has_no_clock_in_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    contents = []
    for name in ("once.ics", "twice.ics"):
        assert run(capsys, "calendar", "--year", "2027", "--ics", str(tmp_path / name))[0] == 0
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]
    assert b"DTSTART;VALUE=DATE:20261201\r\n" in contents[0]
    assert run(capsys, "calendar", "--year", "2027", "--ics", str(tmp_path / "no" / "folder.ics"))[0] == 5


def test_calendar_wants_one_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "calendar")[0] == 2
    assert run(capsys, "calendar", "--year", "2027", "--effective-from", "2027-01-01")[0] == 2


def _cells(line: str) -> list[str]:
    return line.replace("┃", "│").split("│") if line[0] in "┃│" else []


def test_sensitivities(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "sensitivities", "--year", "2026", "--json")
    shown = {(each["switch"], each["value"]): each for each in json.loads(out)}
    assert code == 0
    assert len(shown) == 15
    assert shown["average_rounding", "down"]["rate_percent"] == "4.07"
    assert shown["average_rounding", "down"]["changes"] is True
    assert shown["average_rounding", "half_even"]["changes"] is False
    assert shown["threshold_stage", "unrounded"]["difference_bp"] == "256/3"  # 4892/12 - 493, in basis points
    assert shown["threshold_inclusive", "true"]["reading"] == "text"
    assert shown["average_rounding", "half_up"]["reading"] == "open"
    code, out, _ = run(capsys, "sensitivities", "--year", "2026")
    assert "average_rounding=down" in out
    rows = {
        cells[1].strip(): [cell.strip() for cell in cells[2:-1]] for cells in map(_cells, out.splitlines()) if cells
    }
    assert rows["reading"] == ["average", "difference", "rate", "effect"]
    assert rows["threshold_stage=unrounded"][1] == "85.33... bp"
    assert rows["average_rounding=half_up"][1:] == ["85 bp", "4.08", "in force"]
    assert rows["average_rounding=down"][3].startswith("also changes")
    assert run(capsys, "sensitivities", "--year", "2028")[0] == 7
