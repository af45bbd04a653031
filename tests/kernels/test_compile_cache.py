"""Compiled kernels on disk: read by many, written by one at a time, and never a wrong figure whatever lies there."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calc.kernels._jit import JIT

pytestmark = pytest.mark.skipif(not JIT, reason="kernels run as Python")

DIVIDE = """
import json, sys
import numpy as np
from calc.kernels._jit import KERNELS
from calc.kernels import arrearage
amounts, months = np.array([10_000, 25, 0], dtype=np.int64), np.array([3, 2, 1], dtype=np.int64)
offset = np.empty(4, dtype=np.int64)
arrearage.schedule_offsets(amounts, months, offset)
print(json.dumps({"offset": offset.tolist(), "seconds": KERNELS["schedule_offsets"].compile_seconds}))
"""
"""One kernel's figures from a fresh process. An arrearage of 0 has an empty schedule."""
OFFSETS = [0, 3, 5, 5]


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PUCCALC_JIT_CACHE_DIR": str(folder), **more}


def started(folder: Path, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DIVIDE], env=environment(folder, **more), stdout=subprocess.PIPE, text=True
    )


def offsets(process: subprocess.Popen[str]) -> list[int]:
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    found: list[int] = json.loads(out)["offset"]
    return found


def kept(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.glob("kernels-*/schedule_offsets"))}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    assert offsets(started(folder)) == OFFSETS
    assert len(kept(folder)) == 1
    return folder


def test_what_was_kept_is_read_and_not_written_again(filled: Path) -> None:
    before = kept(filled)
    stamps = [path.stat().st_mtime_ns for path in before]
    assert offsets(started(filled)) == OFFSETS
    assert kept(filled) == before
    assert [path.stat().st_mtime_ns for path in before] == stamps
    assert all(path.stat().st_mode & 0o222 == 0 for path in before)


def test_twenty_processes_at_once(tmp_path: Path) -> None:
    assert [offsets(each) for each in [started(tmp_path) for _ in range(20)]] == [OFFSETS] * 20
    (whole,) = kept(tmp_path)
    assert [path.name for path in whole.parent.iterdir() if path.suffix == ".tmp"] == []
    assert offsets(started(tmp_path)) == OFFSETS


def test_a_writer_that_is_killed_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    for wait in (0.3, 0.6, 0.9, 1.2, 1.5):
        process = started(tmp_path)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert offsets(started(tmp_path)) == OFFSETS
    assert offsets(started(tmp_path)) == OFFSETS
    assert len(kept(tmp_path)) == 1


def test_half_a_file_of_a_dead_writer_is_removed(filled: Path, tmp_path: Path) -> None:
    (path,) = kept(filled)
    folder = tmp_path / path.parent.name
    folder.mkdir(mode=0o700)
    (folder / ".schedule_offsets.tmp").write_bytes(b"half")
    assert offsets(started(tmp_path)) == OFFSETS
    assert sorted(each.name for each in folder.iterdir()) == [".lock", "schedule_offsets"]


@pytest.mark.parametrize("place", [0, 31, 32, 5_000, -1])
def test_a_flipped_byte_is_found_and_mended(filled: Path, tmp_path: Path, place: int) -> None:
    (path,) = kept(filled)
    damaged = tmp_path / path.parent.name / path.name
    damaged.parent.mkdir(mode=0o700)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    damaged.write_bytes(content)
    assert offsets(started(tmp_path)) == OFFSETS
    assert damaged.read_bytes() != bytes(content)


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 4_096])
def test_what_is_no_kernel_is_ignored(filled: Path, tmp_path: Path, content: bytes) -> None:
    (path,) = kept(filled)
    (tmp_path / path.parent.name).mkdir(mode=0o700)
    (tmp_path / path.parent.name / path.name).write_bytes(content)
    assert offsets(started(tmp_path)) == OFFSETS


def test_a_file_that_others_may_write_is_not_read(filled: Path, tmp_path: Path) -> None:
    """The content is a pickle: whoever can write it could run code as this user."""
    (path,) = kept(filled)
    open_to_all = tmp_path / path.parent.name / path.name
    open_to_all.parent.mkdir(mode=0o700)
    open_to_all.write_bytes(path.read_bytes())
    open_to_all.chmod(0o666)
    out, _ = started(tmp_path).communicate(timeout=300)
    from_file, _ = started(filled).communicate(timeout=300)
    assert json.loads(out)["offset"] == OFFSETS
    assert json.loads(out)["seconds"] > json.loads(from_file)["seconds"]


@pytest.mark.parametrize("kind", ["file", "below_a_file", "proc"])
def test_a_folder_that_cannot_be_made(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    folder = {"file": tmp_path / "file", "below_a_file": tmp_path / "file" / "cache", "proc": Path("/proc/none")}[kind]
    assert offsets(started(folder)) == OFFSETS


def test_no_home(tmp_path: Path) -> None:
    assert offsets(started(tmp_path, PUCCALC_JIT_CACHE_DIR="", HOME=str(tmp_path / "none"))) == OFFSETS
    assert offsets(started(tmp_path, PUCCALC_JIT_CACHE_DIR="", HOME="/proc", XDG_CACHE_HOME="")) == OFFSETS


def test_turned_off(tmp_path: Path) -> None:
    assert offsets(started(tmp_path, PUCCALC_JIT_CACHE="0")) == OFFSETS
    assert list(tmp_path.iterdir()) == []


def test_settings_of_the_compiler_have_a_folder_of_their_own(filled: Path, tmp_path: Path) -> None:
    assert offsets(started(tmp_path, NUMBA_OPT="0")) == OFFSETS
    assert {path.parent.name for path in kept(tmp_path)}.isdisjoint(path.parent.name for path in kept(filled))


def test_warm_keeps_every_kernel(tmp_path: Path) -> None:
    def warm() -> dict[str, int]:
        done = subprocess.run(
            [sys.executable, "-m", "calc.cli", "warm", "--json"],
            env=environment(tmp_path), check=True, capture_output=True, text=True,
        )  # fmt: skip
        found: dict[str, int] = json.loads(done.stdout)
        return found

    first, second = warm(), warm()
    assert first["kept"] == first["kernels"] == second["kept"] > 20
    assert second["seconds"] < first["seconds"]


def test_warm_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = subprocess.run(
        [sys.executable, "-m", "calc.cli", "warm"],
        env=environment(tmp_path / "file"), check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 5
    assert "PUCCALC_JIT_CACHE_DIR" in done.stderr


def test_a_run_without_a_cache_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    deposits = tmp_path / "deposits.csv"
    deposits.write_text(
        "deposit_id,account_id,service,principal,received_date,paid_date,remitted_date,service_ended_date,"
        "order_payable_date\nD1,A1,electric,200.00,2024-01-01,,,,\n"
    )
    nightly = ["run", "nightly", "--as-of", "2025-01-01", "--deposits", str(deposits), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-m", "calc.cli", *nightly],
        env=environment(tmp_path / "file"), check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr.count("going on without a cache") == 1
    assert "9.86" in done.stdout  # 4.93 % of 200.00 over the leap year 2024


@pytest.mark.parametrize(("are_loaded", "library"), [("_are_loaded", False), ("lambda _: False", True)])
def test_numbas_own_library_is_loaded_only_for_what_the_machine_code_calls(
    filled: Path, are_loaded: str, library: bool
) -> None:
    code = f"""
from calc.kernels import _compile_cache
_compile_cache._are_loaded = {are_loaded.replace("_are_loaded", "_compile_cache._are_loaded")}
{DIVIDE}
print("numba.np.arraymath" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(filled), capture_output=True, text=True, check=True
    )
    figures, loaded = done.stdout.splitlines()
    assert json.loads(figures)["offset"] == OFFSETS
    assert loaded == str(library)
