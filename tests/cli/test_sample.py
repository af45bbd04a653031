import json
from pathlib import Path

import pytest

from calc import cli

FILES = ["deposits.parquet", "accounts.parquet", "participants.parquet", "transactions.parquet", "events.parquet"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    """Exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as raised:
        cli.main(["sample", *arguments])
    return (raised.value.code, *capsys.readouterr())


def test_says_what_was_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    code, printed, messages = run(capsys, "--rows", "1000", "--seed", "3", "--out", str(out))
    assert code == 0
    assert printed.startswith("Wrote 1000 deposits, ")
    assert str(out) in printed
    assert printed.count("\n") == 1
    assert "deposits: 1000 rows\n" in messages
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)


def test_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, printed, _ = run(capsys, "--rows", "1000", "--seed", "3", "--out", str(tmp_path), "--json")
    shown = json.loads(printed)
    assert code == 0
    assert (shown["rows"], shown["seed"], shown["format"]) == (1000, 3, "parquet")
    assert [file["path"] for file in shown["files"]] == [str(tmp_path / name) for name in FILES]
    deposits = shown["files"][0]
    assert (deposits["dataset"], deposits["rows"], deposits["bad_rows"]) == ("deposits", 1000, 1)
    assert deposits["reasons"] == {"missing_value": 1}


def test_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, _ = run(capsys, "--rows", "20", "--out", str(tmp_path), "--format", "csv")
    assert code == 0
    lines = (tmp_path / "transactions.csv").read_text("utf-8").splitlines()
    assert lines[0] == "deposit_id,date,kind,amount"
    assert (tmp_path / "deposits.csv").read_text("utf-8").count("\n") == 21


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rows", "0", "--out", "x"], "--rows"),
        (["--rows", "-5", "--out", "x"], "--rows"),
        (["--rows", "many", "--out", "x"], "--rows"),
        (["--rows", "1000000001", "--out", "x"], "--rows"),
        (["--rows", "5"], "--out"),
        (["--out", "x"], "--rows"),
        (["--rows", "5", "--out", "x", "--seed", "-1"], "--seed"),
        (["--rows", "5", "--out", "x", "--format", "xml"], "--format"),
    ],
)
def test_bad_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, printed, messages = run(capsys, *arguments)
    assert (code, printed) == (2, "")
    assert words in messages
    assert not Path("x").exists()


def test_folder_that_cannot_be_written_is_exit_code_5(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    out = tmp_path / "file" / "below"
    code, printed, messages = run(capsys, "--rows", "5", "--out", str(out))
    assert (code, printed) == (5, "")
    assert (
        messages
        == f"Error: {out}: the sample cannot be written there: Not a directory; make room or name another folder\n"
    )


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = run(capsys, "--help")
    assert code == 0
    assert "Example: puccalc sample --rows 1000000 --seed 1 --out" in printed
