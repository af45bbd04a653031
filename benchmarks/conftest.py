"""Provide the fixture `race`, and print the table of ratios at the end of a run."""

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from calc.bulk.run.freed_memory import keep_freed_memory

keep_freed_memory()  # as the command does, before Polars is loaded; all that is raced here has it

from benchmarks.comparison import Comparison  # noqa: E402 - loads Polars
from benchmarks.harness import ROUNDS, Baselines, Outcome, Run, compare  # noqa: E402 - as above
from benchmarks.portfolio import SIZES  # noqa: E402 - as above

RESULTS: Final = Path(__file__).parent / "results" / "ratios.json"
BASELINES: Final = ("NumPy", "Polars", "DuckDB", "Python")
BASELINE_ROWS_MAX: Final = 10**6
"""Every baseline runs up to this many rows; above, only where a guard asks for it."""
COPY_MOST: Final = 4.0
"""Default guard at the largest size: at most this many times the copy's time."""

_OUTCOMES: Final[list[Outcome]] = []
_SECONDS: Final[dict[str, float]] = {}
_RATIOS: Final[dict[str, float]] = {}


class Race(Protocol):
    """Time a comparison, record it for the table, and enforce its guards at the largest size."""

    def __call__(
        self,
        comparison: Comparison,
        baselines: Baselines,
        *,
        title: str | None = None,
        copy_most: float | None = COPY_MOST,
        baselines_least: dict[str, float] | None = None,
        guarded_at: int = SIZES[-1],
    ) -> None:
        """Time a comparison.

        Args:
            comparison: The kernel with its arguments.
            baselines: Baselines by name.
            title: Name in the table; None for the kernel's name.
            copy_most: Guard: at most this many times the copy's time; None where a copy says nothing about this kernel.
            baselines_least: Guards by baseline: at least this many times faster.
            guarded_at: Number of rows from which the guards hold.
        """


@pytest.fixture
def race(benchmark: BenchmarkFixture) -> Race:
    def rounds(first: Run, last: Run) -> None:
        benchmark.pedantic(last, setup=first, rounds=ROUNDS)  # type: ignore[no-untyped-call] # it ships none

    def run(
        comparison: Comparison,
        baselines: Baselines,
        *,
        title: str | None = None,
        copy_most: float | None = COPY_MOST,
        baselines_least: dict[str, float] | None = None,
        guarded_at: int = SIZES[-1],
    ) -> None:
        meets_baselines = comparison.rows <= BASELINE_ROWS_MAX or baselines_least
        outcome = compare(comparison, baselines if meets_baselines else {}, title or comparison.kernel.name, rounds)
        _OUTCOMES.append(outcome)
        unmet = {name: why for name, why in outcome.left_out.items() if not isinstance(baselines[name], str)}
        assert not unmet, f"{outcome.title}: {unmet}"
        if comparison.rows < guarded_at:
            return
        if copy_most is not None:
            assert outcome.over_copy() <= copy_most, f"{outcome.title} takes {outcome.over_copy():.2f} x the copy"
        for name, least in (baselines_least or {}).items():
            faster = outcome.faster_than(name)
            assert faster >= least, f"{outcome.title} is {faster:.1f} x faster than {name}, not {least:g} x"

    return run


@pytest.fixture
def keep_seconds() -> Callable[[str, float], None]:
    """Record a time that nothing is compared with (compiling, starting) for the table."""
    return _SECONDS.__setitem__


@pytest.fixture
def keep_ratio() -> Callable[[str, float], None]:
    """Record a ratio of such times for the table."""
    return _RATIOS.__setitem__


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the ratios and write them as JSON."""
    if not (_OUTCOMES or _SECONDS or _RATIOS):
        return
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(_document(), indent=1) + "\n", "utf-8")
    terminalreporter.section("ratios within this run (what they mean: benchmarks/README.md)")
    for line in [*_table(), "", *_footnotes(), "", *_times(), "", f"written to {RESULTS}"]:
        terminalreporter.write_line(line)


def _document() -> dict[str, object]:
    packages = ("numba", "numpy", "polars", "duckdb")
    outcomes = [
        asdict(each)
        | {"over_copy": each.over_copy(), "faster_than": {name: each.faster_than(name) for name in _timed(each)}}
        for each in _OUTCOMES
    ]
    return {
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()},
        "versions": {"python": platform.python_version()} | {name: version(name) for name in packages},
        "kernels": outcomes,
        "seconds": _SECONDS,
        "ratios": _RATIOS,
    }


def _timed(outcome: Outcome) -> list[str]:
    return [name for name in BASELINES if name in outcome.seconds]


def _table() -> list[str]:
    head = f"{'kernel':<22}{'rows':>11}{'bytes/row':>10}{'ms':>10}{'ns/row':>8}{'x copy':>8}"
    lines = [head + "".join(f"{name:>9}" for name in BASELINES)]
    for each in _OUTCOMES:
        seconds = each.seconds["kernel"]
        line = f"{each.title:<22}{each.rows:>11,}{each.bytes_per_row:>10.0f}{seconds * 1e3:>10.3f}"
        line += f"{seconds / each.rows * 1e9:>8.2f}{each.over_copy():>8.2f}"
        timed = _timed(each)
        lines.append(
            line + "".join(f"{each.faster_than(name):>9.1f}" if name in timed else f"{'-':>9}" for name in BASELINES)
        )
    return lines


def _footnotes() -> list[str]:
    reasons = {(each.title, name): why for each in _OUTCOMES for name, why in each.left_out.items()}
    return [f"- {title}, {name}: {why}" for (title, name), why in reasons.items()]


def _times() -> list[str]:
    lines = [f"{name:<50}{seconds:>8.2f} s" for name, seconds in _SECONDS.items()]
    return lines + [f"{name:<50}{ratio:>8.2f} x" for name, ratio in _RATIOS.items()]
