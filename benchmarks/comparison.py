"""A kernel with its inputs and results, to be compared with other implementations of the same figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from calc.columns.blocks import in_blocks
from calc.kernels._jit import Kernel
from calc.kernels.arrays import Array

THREADS: Final = 2
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
