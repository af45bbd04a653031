"""Have a file worked on by a process of its own: bounded in memory, processor and clock, ended with the service."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from api.files.sandbox import ANSWER
from api.http.problems import Problem
from api.http.settings import PREFIX, Settings

UNPACKED_BYTES_MAX: Final = 256 * 2**20
"""Most bytes of a workbook's parts, unpacked."""
ROWS_MAX: Final = 500_000
"""Most rows of a file."""
_ANSWER_BYTES_MAX: Final = 8 * 2**20
_THREADS: Final = "2"
_OUT_OF_MEMORY: Final = frozenset({-6, -11, -7})
"""How a process ends that asks for more memory than it may: abort, segmentation fault, bus error."""
_OUT_OF_TIME: Final = frozenset({-24, -9})
"""How a process ends that used up its processor time."""


class Workers:
    """Start a process for each piece of work, and end those that run when the service ends."""

    def __init__(self, settings: Settings) -> None:
        """Take the bounds: `file_memory_bytes` and `file_seconds`."""
        self._memory_bytes = settings.file_memory_bytes
        self._seconds = settings.file_seconds
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def work(self, folder: Path, task: Mapping[str, Any]) -> dict[str, Any]:
        """Have a file worked on, and wait for the answer.

        Args:
            folder: The file's own folder, in which the process works.
            task: What `calc.uploads.work.work` takes, but for the bounds of rows and unpacked bytes.

        Returns:
            What it answers; "too_much_memory" or "too_much_time" where the process went beyond its bounds.

        Raises:
            Problem: "fault", where the process failed otherwise.
        """
        answer = folder / ANSWER
        answer.unlink(missing_ok=True)
        request = {
            "bounds": {
                "memory_bytes": self._memory_bytes,
                "seconds": self._seconds,
                "file_bytes": UNPACKED_BYTES_MAX,
            },
            "task": {**task, "rows_max": ROWS_MAX, "unpacked_bytes_max": UNPACKED_BYTES_MAX},
        }
        ended = self._run(folder, json.dumps(request).encode() + b"\n")
        if ended is None or ended in _OUT_OF_TIME:
            return _refused("too_much_time")
        if ended in _OUT_OF_MEMORY:
            return _refused("too_much_memory")
        if ended != 0 or not answer.is_file() or answer.stat().st_size > _ANSWER_BYTES_MAX:
            raise Problem("fault")
        found: dict[str, Any] = json.loads(answer.read_bytes())
        return found

    def end(self) -> None:
        """End every process that runs."""
        with self._lock:
            for process in self._running:
                process.kill()

    def _run(self, folder: Path, request: bytes) -> int | None:
        """Return how a process ended, or None where it was ended for its time."""
        quiet = subprocess.DEVNULL
        command = [sys.executable, "-P", "-m", "api.files.sandbox"]
        with subprocess.Popen(  # noqa: S603 - our own module
            command, cwd=folder, env=_environment(folder), stdin=subprocess.PIPE, stdout=quiet, stderr=quiet,
            start_new_session=True,
        ) as process:  # fmt: skip
            with self._lock:
                self._running.add(process)
            try:
                if process.stdin:
                    process.stdin.write(request)
                    process.stdin.flush()
                return process.wait(self._seconds)
            except BrokenPipeError:
                return process.wait()
            except subprocess.TimeoutExpired:
                process.kill()
                return None
            finally:
                with self._lock:
                    self._running.discard(process)


def _environment(folder: Path) -> dict[str, str]:
    """Return this process's variables without the service's own, which hold secrets; `folder` takes temporary files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**kept, "TMPDIR": str(folder), "POLARS_MAX_THREADS": _THREADS, "RAYON_NUM_THREADS": _THREADS}


def _refused(code: str) -> dict[str, Any]:
    return {"refused": {"code": code, "columns": []}}
