"""Time a kernel against a bare copy of its bytes and against other implementations (baselines), in one run.

Input: a `Comparison` (a kernel's arguments by name) and baselines. Output: an `Outcome` with the smallest seconds of
each. In every round one runs after the other, so that all see the same machine load. README.md explains the ratios.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from calc.columns.blocks import in_blocks
from calc.kernels._jit import Kernel

Array = npt.NDArray[Any]

THREADS: Final = 2
ROUNDS: Final = 11
BASELINE_SECONDS: Final = 1.0
"""A baseline runs in every round that begins before it has used this many seconds, and in at least one."""
ROWS_A_TIME: Final = 20_000
"""Each timing covers at least this many rows: small cases run several times."""
SAMPLE_ROWS: Final = 1_000
PYTHON_ROWS: Final = 1_000
"""A `per_row` baseline runs over this many rows; its time is scaled to all rows."""


def grouped(kernel: Kernel, values: Sequence[Any]) -> list[Any]:
    """Return a kernel's arguments: values in its order, those of its named tuples put together."""
    rest = iter(values)
    return [
        annotation._make(islice(rest, len(annotation._fields))) if hasattr(annotation, "_fields") else next(rest)
        for annotation in kernel.parameters.values()
    ]


@dataclass(frozen=True)
class Comparison:
    """Hold a kernel's arguments by name, in the kernel's order; the members of named tuples stand by themselves.

    Attributes:
        kernel: The kernel to time.
        rows: Number of rows.
        columns: Input columns, one entry per row. Where a row owns several entries of a longer column, the column
            `offset` (rows + 1 entries) gives their bounds.
        parameters: Scalars and lookup tables.
        results: Result columns that the kernel writes.
        entries: Names of the longer columns that `offset` divides.
        whole: Run all rows in one block on one thread, because each row depends on the one before.
        copies: Target arrays of `copy`; `allot` fills them.
    """

    kernel: Kernel
    rows: int
    columns: Mapping[str, Array]
    parameters: Mapping[str, Any]
    results: Mapping[str, Array]
    entries: frozenset[str] = frozenset()
    whole: bool = False
    copies: dict[str, Array] = field(init=False, default_factory=dict)

    def run(self) -> None:
        """Run the kernel over all rows, in blocks on THREADS threads."""
        self._over_rows(self._call)

    def copy(self) -> None:
        """Copy every column that the kernel reads or writes, on the same threads and in the same blocks."""
        self._over_rows(self._copy)

    def allot(self) -> None:
        """Allocate the arrays that `copy` writes to."""
        self.copies.update({name: column.copy() for name, column in {**self.columns, **self.results}.items()})

    def head(self, rows: int) -> "Comparison":
        """Return the first `rows` rows as a comparison of their own, with their current results."""
        part = slice(0, min(rows, self.rows))
        columns, results = (
            {name: column[self._own(name, column, part)] for name, column in each.items()}
            for each in (self.columns, self.results)
        )
        return Comparison(self.kernel, part.stop, columns, self.parameters, results, self.entries, self.whole)

    def expected(self) -> Mapping[str, Array]:
        """Return the results that a baseline must reproduce: those that the kernel has written."""
        return self.results

    @property
    def bytes_per_row(self) -> float:
        """Bytes read and written per row; lookup tables stay in the CPU cache and do not count."""
        return sum(column.nbytes for column in (*self.columns.values(), *self.results.values())) / self.rows

    def _over_rows(self, work: Callable[[slice], None]) -> None:
        if self.whole:
            work(slice(0, self.rows))
        else:
            in_blocks(self.rows, THREADS, work)

    def _own(self, name: str, column: Array, rows: slice) -> slice:
        """Return the slice of a column that belongs to `rows`; an offset column has one entry more than rows."""
        if (rows.start, rows.stop) == (0, self.rows):
            return slice(None)
        if name in self.entries:
            offset = self.columns["offset"]
            return slice(int(offset[rows.start]), int(offset[rows.stop]))
        return slice(rows.start, rows.stop + len(column) - self.rows)

    def _call(self, rows: slice) -> None:
        def cut(columns: Mapping[str, Array]) -> list[Array]:
            return [
                column if name in self.entries else column[self._own(name, column, rows)]
                for name, column in columns.items()
            ]

        self.kernel(*grouped(self.kernel, [*cut(self.columns), *self.parameters.values(), *cut(self.results)]))

    def _copy(self, rows: slice) -> None:
        for columns in (self.columns, self.results):
            for name, column in columns.items():
                own = self._own(name, column, rows)
                self.copies[name][own] = column[own]


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


def differing(comparison: Comparison, results: Any) -> list[str]:  # noqa: ANN401 - table types differ
    """Compare a baseline's results with the kernel's, entry by entry.

    Args:
        comparison: The comparison, after its kernel has run.
        results: Arrays by name, a Polars frame or an Arrow table; a column `row`, if present, gives the row order.

    Returns:
        Names of the results that are missing or differ.
    """
    if isinstance(results, pa.Table):
        results = pl.DataFrame(results)
    if isinstance(results, pl.DataFrame):
        results = results.sort("row") if "row" in results.columns else results
        results = {name: _flat(results[name]) for name in results.columns}
    return [
        name
        for name, expected in comparison.expected().items()
        if name not in results or not np.array_equal(np.asarray(results[name]).reshape(-1), expected.reshape(-1))
    ]


def _flat(column: pl.Series) -> Array:
    return (column.explode() if isinstance(column.dtype, pl.List) else column).to_numpy()


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
