"""A process that tries for the output folder when it is told to, and holds it until it is told to finish.

Orders on stdin, a line each: `go PORTFOLIO OUT` starts a run, which waits for `finish` within the lock. Answers on
stdout: `holds`, then `0`; or the exit code of the error.
"""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.outcome import Progress
from calc.errors import PuccalcError
from tests.bulk.stops import ROOT, job_of


class Racer:
    """One such process."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.bulk.racing"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.answer() == "ready"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def process_id(self) -> int:
        """The process's number, which it leaves in the lock file."""
        return self._process.pid

    def order(self, *words: object) -> None:
        """Tell it something."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        """Wait for what it says."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def _run(portfolio: Path, out: Path) -> int:
    holding = False

    def report(_: Progress) -> None:
        nonlocal holding
        if not holding:
            holding = True
            print("holds", flush=True)  # noqa: T201 - to the test
            assert sys.stdin.readline() == "finish\n"

    try:
        run_nightly(job_of(portfolio, out), report)
    except PuccalcError as error:
        return error.exit_code
    return 0


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 - to the test
    for line in iter(sys.stdin.readline, ""):
        _, portfolio, out = line.split()
        print(_run(Path(portfolio), Path(out)), flush=True)  # noqa: T201 - to the test
