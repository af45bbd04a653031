"""What folders and patterns stand for, and that nothing is left out of them in silence."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from calc import cli
from calc.bulk.inputs.named_files import named_files
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.errors import InputError
from tests.bulk.bad_rows import frame_of, numbered

AS_OF = date(2026, 9, 30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files of deposits, and beside them what a folder's scan does not take."""
    found = tmp_path / "in"
    (found / "sub").mkdir(parents=True)
    for number, name in enumerate(("a.csv", "b.CSV", "sub/c.csv", ".hidden.csv", "_part.csv")):
        frame_of("deposits", [numbered("deposits", number)]).write_csv(found / name)
    for name in ("b.csv.zip", "notes.txt", "a.csv.sha256", "gone.csv.sha256"):
        (found / name).touch()
    return found


LEFT_OUT = (".hidden.csv", "_part.csv", "b.csv.zip", "gone.csv.sha256", "notes.txt", "sub/")


def test_a_folder_names_what_it_leaves_out(folder: Path) -> None:
    files, left_out = named_files(str(folder))
    assert [path.name for path in files] == ["a.csv", "b.CSV"]
    assert left_out == [f"{folder}/{name}" for name in LEFT_OUT]


def test_a_run_tells_it_on_stderr_and_in_the_manifest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.csv.sha256").unlink()
    out = folder.parent / "out"
    arguments = ["run", "nightly", "--as-of", "2026-09-30", "--deposits", str(folder), "--out", str(out), "--json"]
    for more in (["--dry-run"], []):
        with pytest.raises(SystemExit) as ended:
            cli.main([*arguments, *more])
        said, error = capsys.readouterr()
        assert ended.value.code == 0, error
        assert f"deposits: left out: {folder}/.hidden.csv, {folder}/_part.csv, {folder}/b.csv.zip" in error
        told = json.loads(said)
        names = told["datasets"]["deposits"]["left_out"] if more else told["left_out"]["deposits"]
        assert names == [f"{folder}/{name}" for name in LEFT_OUT]


def test_a_file_alone_and_a_folder_of_files_leave_nothing_out(folder: Path) -> None:
    assert named_files(str(folder / "a.csv")) == ([folder / "a.csv"], [])
    assert named_files(str(folder / "[ab].[cC]*")).left_out == []
    manifest = run_nightly(NightlyJob(AS_OF, str(folder / "b.CSV"), folder.parent / "out"))
    assert manifest["left_out"] == {"deposits": []}


def test_a_pattern_of_any_depth_goes_through_folders(folder: Path) -> None:
    files, left_out = named_files(f"{folder}/**/*.csv")
    assert [path.name for path in files] == ["a.csv", "c.csv"]
    assert left_out == [f"{folder}/_part.csv"]


@pytest.mark.parametrize("named", ["", "/*.csv", "/x.csv"])
def test_a_link_to_nothing_is_refused(named: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x.csv").symlink_to(folder / "not there.csv")
    with pytest.raises(InputError, match=r"x\.csv: is a link to a file that is not there"):
        named_files(f"{folder}{named}")
    arguments = ["run", "nightly", "--as-of", "2026-09-30", "--deposits", f"{folder}{named}", "--out", f"{folder}/out"]
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 3
    assert "x.csv: is a link to a file that is not there" in capsys.readouterr().err


def test_a_link_to_a_file_is_the_file(folder: Path) -> None:
    (folder / "x.csv").symlink_to(folder / "sub" / "c.csv")
    assert [path.name for path in named_files(str(folder)).files] == ["a.csv", "b.CSV", "x.csv"]


def test_what_is_no_file_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"sub: is a folder, and .*\* matches it"):
        named_files(f"{folder}/*")
    os.mkfifo(folder / "pipe.csv")
    with pytest.raises(InputError, match=r"pipe\.csv: is no regular file"):
        named_files(str(folder))


def test_names_that_are_no_text_are_told(folder: Path) -> None:
    (folder / "a.csv.sha256").unlink()
    try:
        Path(f"{folder}/\udcff").mkdir()
    except OSError:
        pytest.skip("this file system takes no such name")
    assert f"{folder}/\\xff/" in named_files(str(folder)).left_out
    manifest = run_nightly(NightlyJob(AS_OF, str(folder), folder.parent / "out"))
    assert f"{folder}/\\xff/" in manifest["left_out"]["deposits"]
