"""Going on after a stop: the newest unfinished run of an output folder, in its own folder, to the same result.

Comes in: job.json and the parts that the stopped run left. Goes out: what an uninterrupted run would have published.
"""

from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any

from calc.bulk.run.checkpoint import read_started
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.outcome import Progress
from calc.bulk.run.unfinished import unfinished
from calc.errors import InputError


def resume_nightly(out: Path, report: Callable[[Progress], None] = lambda _: None) -> dict[str, Any]:
    """Finish the newest unfinished run of an output folder; returns and raises what `run_nightly` does.

    UsageError where nothing is unfinished; InputError where an input, the rules, the rates, the tariff or a version is
    not what the run was started with.
    """
    out = out.absolute()  # inputs are named from the folder in which the run was started
    started = read_started(unfinished(out))
    if not started.folder.is_dir():
        raise InputError(f"{started.folder}: the run was started in this folder, which is gone; start a new run")
    with chdir(started.folder):
        return run_nightly(replace(started.job, out=out), report, started)
