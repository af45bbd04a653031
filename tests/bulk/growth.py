"""One nightly run in a process of its own, which then says how much memory, time and disk it took.

`measured` starts it; its own process imports nothing else, so that the peak is the run's.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "benchmarks" / "results" / "growth.json"
AS_OF: Final = date(2026, 10, 31)
SPILLED: Final = ("held", "spill-transactions")
"""Folders of a run for what is not its result."""


def measured(inputs: Path, out: Path, names: Iterable[str], file_format: str = "parquet") -> dict[str, Any]:
    """Rows and seconds by dataset, processor seconds; most bytes in memory, and on the disk beside the results."""
    command = [sys.executable, "-m", "tests.bulk.growth", str(inputs), str(out), file_format, *names]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def keep(name: str, found: dict[str, Any]) -> None:
    """Add what was measured to the results of this machine."""
    machine = {"processor": platform.machine(), "cores": os.cpu_count()}
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"runs": {}}
    runs = {**known["runs"], name: {**found, "load": os.getloadavg()[1]}}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "runs": runs}, indent=1) + "\n", "utf-8")


def _run(inputs: Path, out: Path, file_format: str, names: list[str]) -> dict[str, Any]:
    from calc.bulk.run.freed_memory import keep_freed_memory  # noqa: PLC0415 - in the measured process alone

    keep_freed_memory()  # as the command does
    from calc.bulk.run.job import NightlyJob  # noqa: PLC0415 - as above
    from calc.bulk.run.nightly import run_nightly  # noqa: PLC0415 - as above

    spilled = 0

    def report(_: object) -> None:
        nonlocal spilled
        folders = [each for run in (out / "runs").iterdir() for each in run.iterdir() if each.name in SPILLED]
        files = [path for folder in folders for path in folder.rglob("part-*")]
        spilled = max(spilled, sum(path.stat().st_size for path in files))

    given: dict[str, Any] = {name: str(inputs / f"{name}.{file_format}") for name in names}
    found = run_nightly(NightlyJob(as_of=AS_OF, out=out, **given), report)
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return {
        "rows": {name: counted["in"] for name, counted in found["rows"].items()},
        "quarantined": {name: counted["quarantined"] for name, counted in found["rows"].items()},
        "seconds": found["seconds"],
        "processor_seconds": process_time(),
        "peak_bytes": int(status["VmHWM"].split()[0]) * 1024,
        "spilled_bytes": spilled,
    }


if __name__ == "__main__":
    print(json.dumps(_run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])))  # noqa: T201 - its answer
