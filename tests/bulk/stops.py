"""A small nightly run that can be stopped anywhere: its portfolio, what it publishes, and a worker that is killed.

The worker is one process that has loaded everything and forks a child for each run: a child starts in milliseconds, and
kill -9 ends it as it would end the command.
"""

import json
import os
import subprocess
import sys
import time
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from calc.bulk.reconcile.check import check_output
from calc.bulk.run.job import NightlyJob
from calc.columns.contract import INPUTS, RESULTS

AS_OF: Final = date(2026, 10, 31)
OLD_AS_OF: Final = date(2026, 9, 30)
ROOT: Final = Path(__file__).parents[2]
DATA: Final = ("deposits", "accounts", "participants")
_OF_A_RUN: Final = ("run_id", "previous_run_id", "previous_manifest_sha256", "seconds")


def job_of(portfolio: Path, out: Path, **settings: Any) -> NightlyJob:  # noqa: ANN401 - fields of any type
    paths = {name: portfolio / f"{name}.parquet" for name in (*DATA, "events")}
    inputs = {name: str(path) for name, path in paths.items() if path.exists()}
    given = {"as_of": AS_OF, "out": out, "part_rows": 4000, "threads": 2, "max_bad_share": Fraction(1, 10)}
    return NightlyJob(**{**given, **inputs, **settings})


def content(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest without what names the run: paths within it, hashes and everything else stay."""
    text = json.dumps({name: value for name, value in manifest.items() if name not in _OF_A_RUN})
    return dict(json.loads(text.replace(manifest["run_id"], "RUN")))


def manifest_in(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "manifest.json").read_bytes()))


def assert_sound(out: Path) -> None:
    """What is published is there, whole, and what its manifest says; no part that has its side file differs from it."""
    assert check_output(out).differences == []


def leftovers(out: Path) -> list[str]:
    """Temporary files, and files of runs that the manifest in force does not name."""
    manifest = manifest_in(out)
    named = {
        part["path"]
        for kind in ("datasets", "quarantine")
        for each in manifest[kind].values()
        for part in each["parts"]
    }
    named |= {bound["list"]["path"] for bound in manifest["bounds"].values() if "list" in bound}
    run = f"runs/{manifest['run_id']}/"
    found = [path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()]
    known = {
        *named,
        f"{run}job.json",
        f"{run}manifest.json",
        f"{run}standing.parquet",
        "manifest.json",
        "lock",
    }
    previous = f"runs/{manifest['previous_run_id']}/"
    return [
        path
        for path in found
        if path not in known
        and (path.endswith(".tmp") or not path.startswith(previous))
        and not (path.startswith(run) and path.removeprefix(run).startswith("parts/") and path.endswith(".json"))
    ]


class Worker:
    """Runs jobs in children that it forks; one at a time."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bulk.stops"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(300)
        if self._process.stdout:
            self._process.stdout.close()

    def run(
        self, portfolio: Path, out: Path, *, kill_after: float | None = None, step: str = "", place: int = 0
    ) -> int:
        """A run's exit code, negative for a signal; killed after seconds, or at the `place`th call of a step."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"portfolio": str(portfolio), "out": str(out), "kill_after": kill_after, "step": step, "place": place}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


STEPS: Final = ("before temp", "after write", "after fsync", "after rename", "before manifest", "after manifest")
"""Where a write can be stopped: of any file but the manifest, and of the manifest."""


def _arm(step: str, place: int, out: Path) -> None:
    """Kill this process at the `place`th time (from 1) that it comes to a step."""
    seen = 0

    def come_to(found: str) -> None:
        nonlocal seen
        seen += found == step
        if seen == place:
            os.kill(os.getpid(), 9)

    opening, syncing, replacing = Path.open, os.fsync, os.replace

    def open_(path: Path, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as Path.open
        if path.suffix == ".tmp":
            come_to("before temp")
        return opening(path, *arguments, **named)

    def fsync(descriptor: int) -> None:
        is_file = not os.path.isdir(f"/proc/self/fd/{descriptor}")  # noqa: PTH112 - a path of the system
        if is_file:
            come_to("after write")
        syncing(descriptor)
        if is_file:
            come_to("after fsync")

    def replace(source: str, target: str) -> None:
        is_commit = Path(target) == out / "manifest.json"
        if is_commit:
            come_to("before manifest")
        replacing(source, target)
        come_to("after manifest" if is_commit else "after rename")

    Path.open, os.fsync, os.replace = open_, fsync, replace  # type: ignore[method-assign,assignment] # to be killed in


def _child(order: dict[str, Any]) -> None:
    from calc.bulk.run.nightly import run_nightly  # noqa: PLC0415 - the parent has loaded it

    out = Path(order["out"])
    if order["step"]:
        _arm(order["step"], order["place"], out)
    run_nightly(job_of(Path(order["portfolio"]), out))


def _serve() -> None:
    """Read orders, fork, kill, answer with exit codes. Nothing may start a thread here: children would lack it."""
    from calc.bulk.run.steps import kernels_of  # noqa: PLC0415 - as above

    for kernel in kernels_of((*INPUTS, *RESULTS)):
        kernel.compile()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            try:
                _child(order)
            except BaseException:  # noqa: BLE001 - a child ends here
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        if order["kill_after"] is not None:
            time.sleep(order["kill_after"])
            os.kill(child, 9)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
