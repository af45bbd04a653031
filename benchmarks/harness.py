"""Time a kernel against a bare copy of its bytes and against other implementations (baselines), in one run.

Input: a `Comparison` (a kernel's arguments by name) and baselines. Output: an `Outcome` with the smallest seconds of
each. In every round one runs after the other, so that all see the same machine load. README.md explains the ratios.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.comparison import PYTHON_ROWS, ROWS_A_TIME, SAMPLE_ROWS, THREADS, Comparison, differing

ROUNDS: Final = 11
BASELINE_SECONDS: Final = 1.0
"""A baseline runs in every round that begins before it has used this many seconds, and in at least one."""
Run = Callable[[], Any]
"""Compute a comparison's results and return arrays by name, a Polars frame or an Arrow table."""


@dataclass(frozen=True)
class Baseline:
    """Describe another implementation of the kernel's figures.

    Attributes:
        prepare: Converts a comparison to the baseline's own form (untimed) and returns the function to time.
        per_row: Works row by row in Python: times PYTHON_ROWS rows and scales the time to all rows.
    """

    prepare: Callable[[Comparison], Run]
    per_row: bool = False


Baselines = Mapping[str, Baseline | str]
"""Baselines by name; a text in place of a baseline says why there is none."""


@dataclass
class Outcome:
    """Collect the smallest seconds of the kernel, the copy and each baseline, and why a baseline is left out."""

    title: str
    rows: int
    bytes_per_row: float
    threads: int
    seconds: dict[str, float] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def over_copy(self) -> float:
        """Return the kernel's time as a multiple of the copy's."""
        return self.seconds["kernel"] / self.seconds["copy"]

    def faster_than(self, baseline: str) -> float:
        """Return a baseline's time as a multiple of the kernel's."""
        return self.seconds[baseline] / self.seconds["kernel"]

    def time(self, name: str, run: Run, scale: float = 1.0) -> None:
        """Time `run` and record it under `name` if it is the smallest so far.

        Args:
            name: "kernel", "copy" or the baseline's name.
            run: The function to time; called several times in a row where the case has fewer than ROWS_A_TIME rows.
            scale: Factor on the measured seconds, for a baseline that runs over part of the rows.
        """
        calls = max(1, ROWS_A_TIME // self.rows)
        start = time.perf_counter()
        for _ in range(calls):
            run()
        seconds = (time.perf_counter() - start) / calls * scale
        self.seconds[name] = min(seconds, self.seconds.get(name, seconds))
        self.rounds[name] = self.rounds.get(name, 0) + 1


def admitted(comparison: Comparison, baselines: Baselines, outcome: Outcome) -> dict[str, tuple[Run, float]]:
    """Prepare every baseline that reproduces the kernel's figures on a sample of SAMPLE_ROWS rows.

    Args:
        comparison: The comparison, after its kernel has run.
        baselines: Baselines by name.
        outcome: Receives, in `left_out`, the reason for each baseline that is not timed.

    Returns:
        By name, the function to time and the factor that scales its time to all rows.
    """
    runs = {}
    sample = comparison.head(SAMPLE_ROWS)
    for name, baseline in baselines.items():
        if isinstance(baseline, str):
            outcome.left_out[name] = baseline
        elif wrong := differing(sample, baseline.prepare(sample)()):
            outcome.left_out[name] = f"differs from the kernel in {', '.join(wrong)}"
        else:
            part = comparison.head(PYTHON_ROWS) if baseline.per_row else comparison
            runs[name] = baseline.prepare(part), comparison.rows / part.rows
    return runs


def compare(comparison: Comparison, baselines: Baselines, title: str, rounds: Callable[[Run, Run], None]) -> Outcome:
    """Time the kernel, the copy and the baselines in turn.

    Args:
        comparison: The kernel with its arguments.
        baselines: Baselines by name.
        title: Name of the line in the table.
        rounds: Calls its two arguments alternately, once per round (pytest-benchmark does): the first runs the
            baselines and the copy, the second the kernel.

    Returns:
        The smallest seconds of each.
    """
    outcome = Outcome(title, comparison.rows, comparison.bytes_per_row, 1 if comparison.whole else THREADS)
    comparison.run()
    runs = admitted(comparison, baselines, outcome)
    comparison.allot()
    used = dict.fromkeys(runs, 0.0)

    def others() -> None:
        for name, (run, scale) in runs.items():
            if used[name] < BASELINE_SECONDS:
                start = time.perf_counter()
                outcome.time(name, run, scale)
                used[name] += time.perf_counter() - start
        outcome.time("copy", comparison.copy)

    rounds(others, lambda: outcome.time("kernel", comparison.run))
    return outcome
