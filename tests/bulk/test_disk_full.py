"""A full disk and every other failure of a write: exit 5, path and bytes named, the old result as it was."""

import errno
import io
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import polars as pl
import pytest

from calc.atomic_write import TEMPORARY
from calc.bulk.inputs.source import open_source
from calc.bulk.publish import space
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.outcome import Progress
from calc.bulk.run.resume import resume_nightly
from calc.cli import main
from calc.columns.contract import INPUTS
from calc.errors import OutputError
from calc.sample import write_sample
from tests.bulk.stops import DATA, OLD_AS_OF, assert_sound, job_of, leftovers, manifest_in


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(20_000, 3, folder)
    return folder


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes free."""
    path = disk / "filler"
    path.write_bytes(bytes(shutil.disk_usage(disk).free - left))
    return path


def test_before_the_start(portfolio: Path, disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = disk / "out"
    run_nightly(job_of(portfolio, out, as_of=OLD_AS_OF))
    old = (out / "manifest.json").read_bytes()
    fill(disk, 100_000)
    inputs = [word for name in ("deposits", "accounts") for word in (f"--{name}", str(portfolio / f"{name}.parquet"))]
    with pytest.raises(SystemExit) as ended:
        main(["run", "nightly", "--as-of", "2026-10-31", *inputs, "--out", str(out)])
    assert ended.value.code == 5
    said = capsys.readouterr().err
    assert f"{out}: the results will take about " in said
    assert " bytes, but " in said
    assert (out / "manifest.json").read_bytes() == old
    assert len(list((out / "runs").iterdir())) == 1
    assert_sound(out)


def test_the_estimate_is_what_a_run_writes(portfolio: Path, tmp_path: Path) -> None:
    names = (*DATA, "transactions")
    sources = {name: open_source(INPUTS[name], str(portfolio / f"{name}.parquet")) for name in names}
    written: dict[str, int] = {}

    def report(progress: Progress) -> None:
        if progress.dataset != "transactions":
            for path in (tmp_path / "out" / "runs").rglob("*.*"):
                with suppress(FileNotFoundError):  # spilled files are removed on the way, temporary ones renamed
                    if path.is_file() and path.suffix != TEMPORARY:
                        written[str(path)] = path.stat().st_size

    run_nightly(job_of(portfolio, tmp_path / "out", transactions=str(portfolio / "transactions.parquet")), report)
    assert 0.6 < space.bytes_needed(sources) / sum(written.values()) < 1.4


def test_the_estimate_knows_limits_and_text(portfolio: Path, tmp_path: Path) -> None:
    def needed(path: Path, limit: int | None = None) -> int:
        return space.bytes_needed({"deposits": open_source(INPUTS["deposits"], str(path), limit=limit)})

    typed, text = portfolio / "deposits.parquet", tmp_path / "deposits.csv"
    pl.read_parquet(typed).write_csv(text)
    whole = needed(typed)
    assert needed(typed, 5_000) * 4 == whole
    assert needed(typed, 50_000) == whole
    assert 0.9 * whole < needed(text) < 1.1 * whole
    assert needed(text, 5_000) * 4 == whole


@pytest.mark.parametrize("left", [150_000, 400_000])
def test_amid_the_parts(left: int, portfolio: Path, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = disk / "out"
    run_nightly(job_of(portfolio, out, as_of=OLD_AS_OF))
    old = (out / "manifest.json").read_bytes()
    filler = fill(disk, left)
    with monkeypatch.context() as patched:
        patched.setattr(space, "bytes_needed", lambda _: 0)  # the estimate let it pass
        with pytest.raises(OutputError, match=r"/runs/.*: \d+ bytes cannot be written: No space left") as full:
            run_nightly(job_of(portfolio, out))
    assert full.value.exit_code == 5
    assert (out / "manifest.json").read_bytes() == old
    assert_sound(out)
    assert not list(out.rglob(".*.tmp"))
    filler.unlink()
    resume_nightly(out)
    assert manifest_in(out)["as_of"] == "2026-10-31"
    assert_sound(out)
    assert leftovers(out) == []


def test_at_the_manifest(portfolio: Path, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = disk / "out"
    run_nightly(job_of(portfolio, out, as_of=OLD_AS_OF))
    old = (out / "manifest.json").read_bytes()
    opening = Path.open
    fillers = []

    def open_(path: Path, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as Path.open
        if path == out / ".manifest.json.tmp":
            fillers.append(fill(disk, 8192))
        return opening(path, *arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", open_)
        with pytest.raises(OutputError, match=r"out/manifest\.json: \d+ bytes cannot be written: No space left"):
            run_nightly(job_of(portfolio, out))
    assert (out / "manifest.json").read_bytes() == old
    assert_sound(out)
    fillers[0].unlink()
    resume_nightly(out)
    assert_sound(out)
    assert leftovers(out) == []


class Failing:
    """Fails the nth of all opens, writes, syncs, renames and folders made; counts them where n is 0."""

    def __init__(self, patched: pytest.MonkeyPatch, nth: int) -> None:
        self.calls: list[str] = []
        self._nth = nth
        self._lock = threading.Lock()
        for name in ("fsync", "replace", "mkdir"):
            patched.setattr(os, name, self._around(name, getattr(os, name)))
        self._open = io.open
        patched.setattr(io, "open", self._opened)

    def _count(self, name: str) -> None:
        with self._lock:
            self.calls.append(name)
            if len(self.calls) == self._nth:
                raise OSError(errno.EIO, os.strerror(errno.EIO))

    def _around(self, name: str, call: Any) -> Any:  # noqa: ANN401 - functions of any kind
        def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
            if name != "mkdir" or not Path(arguments[0]).exists():  # one that is there need not be made
                self._count(name)
            return call(*arguments, **named)

        return counted

    def _opened(self, path: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as io.open
        if mode not in {"wb", "a+"}:
            return self._open(path, mode, *arguments, **named)
        self._count("open")
        return Written(self._open(path, mode, *arguments, **named), self._count)


class Written:
    """A file whose writes are counted."""

    def __init__(self, file: Any, count: Any) -> None:  # noqa: ANN401 - a file, a function
        self._file, self._count = file, count

    def write(self, content: Any) -> int:  # noqa: ANN401 - bytes or text
        self._count("write")
        return int(self._file.write(content))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the file
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def test_every_failing_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sample(400, 5, tmp_path / "in")
    out = tmp_path / "out"
    settings = {"part_rows": 1000, "threads": 1, "max_bad_share": 1}
    run_nightly(job_of(tmp_path / "in", tmp_path / "old", as_of=OLD_AS_OF, **settings))
    old = (tmp_path / "old" / "manifest.json").read_bytes()

    def run(nth: int) -> tuple[Failing, OutputError | None]:
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(tmp_path / "old", out)
        with monkeypatch.context() as patched:
            failing = Failing(patched, nth)
            try:
                run_nightly(job_of(tmp_path / "in", out, **settings))
            except OutputError as error:
                return failing, error
        return failing, None

    counted, error = run(0)
    assert error is None
    assert set(counted.calls) == {"open", "write", "fsync", "replace", "mkdir"}
    total = len(counted.calls)
    assert total > 50
    for nth in range(1, total + 1):
        failing, error = run(nth)
        assert error is not None, (nth, failing.calls[-1])
        assert error.exit_code == 5
        assert str(out) in str(error)
        assert "Input/output error" in str(error)
        assert_sound(out)
        assert not list(out.rglob(".*.tmp")), nth
        committed = (out / "manifest.json").read_bytes() != old
        assert committed == (nth == total)  # the last call puts the folder with the new manifest on the disk
