"""The output folder: atomic files, one run at a time, what is kept and what is removed."""

import errno
import hashlib
import json
import os
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from calc.atomic_write import write_atomically
from calc.bulk.publish.output import Run, locked, new_run, publish, read_manifest, refuse
from calc.bulk.publish.parts import write_part
from calc.errors import InputError, OutputError, OutputLockedError
from calc.rates.userfolder import one_writer, write_whole

AS_OF = date(2026, 9, 30)


def start(out: Path) -> Run:
    with locked(out):
        return new_run(out, AS_OF, {"switches": {}})


def test_a_part_is_what_was_hashed(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": ["a", None, "a text of more than twelve bytes"],
            "word": pl.Series(["x", "y", None], dtype=pl.Enum(["x", "y"])),
            "cents": [-(10**12), None, 2**62],
            "day": [date(1955, 1, 1), None, date(2100, 12, 31)],
            "flag": [True, False, None],
            "cents_list": [[1, 2], [], None],
        }
    )
    part = write_part(tmp_path, tmp_path / "part.parquet", frame)
    content = (tmp_path / "part.parquet").read_bytes()
    assert (part.path, part.rows, part.bytes) == ("part.parquet", 3, len(content))
    assert part.sha256 == hashlib.sha256(content).hexdigest()
    assert_frame_equal(pl.read_parquet(tmp_path / "part.parquet"), frame.with_columns(pl.col("word").cast(pl.String)))
    assert [each.name for each in tmp_path.iterdir()] == ["part.parquet"]


def test_the_same_frame_gives_the_same_bytes(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "cents": [1, 2]})
    first, second = (write_part(tmp_path, tmp_path / f"{name}.parquet", frame) for name in "ab")
    assert first.sha256 == second.sha256


def test_numbers_come_back_whether_most_are_zero_or_none_is(tmp_path: Path) -> None:
    cents = pl.Series("cents", [0, 0, 0, 0, 0, 0, 0, -(10**12)] * 512)
    for number, column in enumerate((cents, cents + 1)):
        write_part(tmp_path, tmp_path / f"{number}.parquet", column.to_frame())
        assert_frame_equal(pl.read_parquet(tmp_path / f"{number}.parquet"), column.to_frame())


def test_only_differences_that_seldom_repeat_are_not_compressed(tmp_path: Path) -> None:
    rows = 4_096
    squares = [number * number % 10_007 for number in range(rows)]  # every difference is another
    frame = pl.DataFrame(
        {
            "id": [f"D{number}" for number in range(rows)],
            "cents": squares,
            "days": pl.Series([None if number % 4 else number for number in squares], dtype=pl.Int32).cast(pl.Date),
            "zero": [0] * rows,
            "month": [number % 12 for number in range(rows)],
            "steps": [number // 10 * 1_999 for number in range(rows)],
            "texts": [["x"]] * rows,
            "numbers": [[number] for number in squares],
            "records": [{"cents": number} for number in squares],
        }
    )
    write_part(tmp_path, tmp_path / "part.parquet", frame)
    group = pq.read_metadata(tmp_path / "part.parquet").row_group(0)
    chunks = [group.column(number) for number in range(group.num_columns)]
    assert {each.path_in_schema for each in chunks if each.compression == "UNCOMPRESSED"} == {"cents", "days"}
    assert {each.compression for each in chunks} == {"UNCOMPRESSED", "ZSTD"}
    assert_frame_equal(pl.read_parquet(tmp_path / "part.parquet"), frame)


def test_a_column_that_is_never_null_is_declared_so(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "cents": [1, None]})
    write_part(tmp_path, tmp_path / "part.parquet", frame, ["id"])
    assert [each.nullable for each in pq.read_schema(tmp_path / "part.parquet")] == [False, True]
    with pytest.raises(pa.ArrowInvalid, match="null"):
        write_part(tmp_path, tmp_path / "other.parquet", frame, ["cents"])


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_says_what_was_to_be_written(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "manifest.json"
    write_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match=r"manifest\.json: 3 bytes cannot be written: No space left") as caught:
        write_atomically(path, b"new")
    assert caught.value.exit_code == 5
    assert path.read_bytes() == b"old"


def test_only_one_process_holds_the_output(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from calc.bulk.publish.output import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        with (
            pytest.raises(OutputLockedError, match=rf"another run holds it \(process {owner.pid}\)") as caught,
            locked(tmp_path),
        ):
            pass
        assert caught.value.exit_code == 6
        owner.kill()  # a dead owner holds nothing
    with locked(tmp_path):
        pass


def test_a_second_run_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(OutputLockedError), locked(tmp_path):
        pass


def test_an_output_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be used as the output folder"), locked(tmp_path / "file"):
        pass


def test_runs_never_share_a_name(tmp_path: Path) -> None:
    runs = []
    for _ in range(4):
        run = start(tmp_path)
        publish(run, {"run_id": run.run_id}, read_manifest(tmp_path))
        runs.append(run)
    assert len({run.run_id for run in runs}) == 4
    assert all(run.run_id.startswith("2026-09-30-") for run in runs)
    assert {each.name for each in (tmp_path / "runs").iterdir()} == {run.run_id for run in runs[-2:]}


def test_publishing_removes_what_no_manifest_names(tmp_path: Path) -> None:
    crashed, published = start(tmp_path), start(tmp_path)
    refuse(crashed, {"why": "a test"}, [])
    (tmp_path / ".manifest.json.tmp").write_text("half of a man")
    (tmp_path / "notes.txt").write_text("the user's")
    publish(published, {"run_id": published.run_id}, None)
    assert {each.name for each in tmp_path.iterdir()} == {"lock", "manifest.json", "notes.txt", "runs"}
    assert [each.name for each in (tmp_path / "runs").iterdir()] == [published.run_id]


def test_a_refused_run_keeps_its_quarantine(tmp_path: Path) -> None:
    run = start(tmp_path)
    for name in ("deposits", "quarantine"):
        (run.subfolder(name) / "part.parquet").write_bytes(b"x")
    refuse(run, {"why": "a test"}, ["deposits"])
    assert [each.name for each in run.folder.iterdir()] == ["quarantine"]
    assert json.loads((tmp_path / "refused.json").read_text()) == {"why": "a test"}
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"run_id": 3}', "\xff"])
def test_a_manifest_that_is_none_is_not_overwritten(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="latin-1")
    with pytest.raises(InputError, match=r"manifest\.json: is no manifest of a run"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EIO])
def test_a_folder_that_cannot_be_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Network and FUSE file systems answer EINVAL or ENOTSUP for a folder; that its disk fails is another matter."""
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        sync(descriptor)

    monkeypatch.setattr("os.fsync", fsync)
    if number == errno.EIO:
        with pytest.raises(OutputError, match="cannot be written"):
            write_atomically(tmp_path / "file", b"x")
        return
    run = start(tmp_path / "out")
    publish(run, {"run_id": run.run_id}, None)
    assert read_manifest(tmp_path / "out") == {"run_id": run.run_id}
    write_whole(tmp_path / "home" / "file", b"x")
    assert (tmp_path / "home" / "file").read_bytes() == b"x"


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", flock)
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path))
    for folder, held in ((tmp_path / "out", locked(tmp_path / "out")), (tmp_path, one_writer())):
        with pytest.raises(OutputError, match="use a folder on one with locks") as error, held:
            pass
        assert str(error.value).startswith(f"{folder}: its file system gives no locks")
        assert error.value.exit_code == 5
