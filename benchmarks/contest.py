"""A kernel against a bare copy of its bytes and against other ways to the same figures, in one run.

In: a `Contest` (a kernel's arguments by name) and peers. Out: an `Outcome`, the smallest seconds of each; in every
round one runs after the other, so that all meet the same machine. What a ratio means is told in README.md.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
PEER_SECONDS: Final = 1.0
"""A peer takes part in the rounds that begin before it has used this much time, and in one at least."""
ROWS_A_TIME: Final = 20_000
"""A time is taken over at least this many rows."""
SAMPLE_ROWS: Final = 1_000
PYTHON_ROWS: Final = 1_000
"""A peer marked `per_row` runs over this many rows; its time is scaled to all of them."""


@dataclass(frozen=True)
class Contest:
    """A kernel's arguments by name, in its order: columns (an entry a row), parameters and tables, results.

    Where rows own entries of longer columns, `offset` (an entry more than rows) says which, and `entries` names those
    columns. `whole`: the kernel runs over all rows in one piece, since each row rests on the one before.
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
        """The kernel over all rows, in blocks on THREADS threads."""
        self._over_rows(self._call)

    def copy(self) -> None:
        """Every column that the kernel reads or writes, copied on the same threads in the same blocks."""
        self._over_rows(self._copy)

    def allot(self) -> None:
        """Make the room that `copy` writes to."""
        self.copies.update({name: column.copy() for name, column in {**self.columns, **self.results}.items()})

    def head(self, rows: int) -> "Contest":
        """The first rows, with the results that they have now."""
        part = slice(0, min(rows, self.rows))
        columns, results = (
            {name: column[self._own(name, column, part)] for name, column in each.items()}
            for each in (self.columns, self.results)
        )
        return Contest(self.kernel, part.stop, columns, self.parameters, results, self.entries, self.whole)

    def expected(self) -> Mapping[str, Array]:
        """What a peer must give: the results that the kernel has written."""
        return self.results

    @property
    def bytes_per_row(self) -> float:
        """Bytes that the kernel reads and writes a row; tables stay in the cache and do not count."""
        return sum(column.nbytes for column in (*self.columns.values(), *self.results.values())) / self.rows

    def _over_rows(self, work: Callable[[slice], None]) -> None:
        if self.whole:
            work(slice(0, self.rows))
        else:
            in_blocks(self.rows, THREADS, work)

    def _own(self, name: str, column: Array, rows: slice) -> slice:
        """The part of a column that belongs to rows; a column of bounds has an entry more than there are rows."""
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

        self.kernel(*cut(self.columns), *self.parameters.values(), *cut(self.results))

    def _copy(self, rows: slice) -> None:
        for columns in (self.columns, self.results):
            for name, column in columns.items():
                own = self._own(name, column, rows)
                self.copies[name][own] = column[own]


Run = Callable[[], Any]
"""Computes a contest's results: arrays by name, a Polars frame or an Arrow table."""


@dataclass(frozen=True)
class Peer:
    """Another way to the same figures: `prepare` puts a contest into its own form, untimed, and gives what is timed."""

    prepare: Callable[[Contest], Run]
    per_row: bool = False


Peers = Mapping[str, Peer | str]
"""Peers by name; a text in place of one says why it is left out."""


@dataclass
class Outcome:
    """Smallest seconds of the kernel, the copy and each peer; why a peer is left out."""

    title: str
    rows: int
    bytes_per_row: float
    threads: int
    seconds: dict[str, float] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def over_copy(self) -> float:
        """The kernel's time as a multiple of the copy's."""
        return self.seconds["kernel"] / self.seconds["copy"]

    def faster_than(self, peer: str) -> float:
        """A peer's time as a multiple of the kernel's."""
        return self.seconds[peer] / self.seconds["kernel"]

    def time(self, name: str, run: Run, scale: float = 1.0) -> None:
        """Run and keep the time of a call if it is the smallest; many calls in a row where rows are few."""
        calls = max(1, ROWS_A_TIME // self.rows)
        start = time.perf_counter()
        for _ in range(calls):
            run()
        seconds = (time.perf_counter() - start) / calls * scale
        self.seconds[name] = min(seconds, self.seconds.get(name, seconds))
        self.rounds[name] = self.rounds.get(name, 0) + 1


def differing(contest: Contest, results: Any) -> list[str]:  # noqa: ANN401 - each peer gives its own kind of table
    """Names of the contest's results that a peer's do not equal entry by entry; a column `row` gives their order."""
    if isinstance(results, pa.Table):
        results = pl.DataFrame(results)
    if isinstance(results, pl.DataFrame):
        results = results.sort("row") if "row" in results.columns else results
        results = {name: _flat(results[name]) for name in results.columns}
    return [
        name
        for name, expected in contest.expected().items()
        if name not in results or not np.array_equal(np.asarray(results[name]).reshape(-1), expected.reshape(-1))
    ]


def _flat(column: pl.Series) -> Array:
    return (column.explode() if isinstance(column.dtype, pl.List) else column).to_numpy()


def admitted(contest: Contest, peers: Peers, outcome: Outcome) -> dict[str, tuple[Run, float]]:
    """What is timed for each peer, and by how much its time is scaled, once it gives the kernel's figures on a sample.

    The kernel has run before; a peer that differs is left out, and the outcome says so.
    """
    runs = {}
    sample = contest.head(SAMPLE_ROWS)
    for name, peer in peers.items():
        if isinstance(peer, str):
            outcome.left_out[name] = peer
        elif wrong := differing(sample, peer.prepare(sample)()):
            outcome.left_out[name] = f"differs from the kernel in {', '.join(wrong)}"
        else:
            part = contest.head(PYTHON_ROWS) if peer.per_row else contest
            runs[name] = peer.prepare(part), contest.rows / part.rows
    return runs


def contend(contest: Contest, peers: Peers, title: str, rounds: Callable[[Run, Run], None]) -> Outcome:
    """Times kernel, copy and peers in turn; `rounds(first, last)` calls the two again and again (pytest-benchmark).

    In each round `first` runs the peers and the copy, `last` the kernel.
    """
    outcome = Outcome(title, contest.rows, contest.bytes_per_row, 1 if contest.whole else THREADS)
    contest.run()
    runs = admitted(contest, peers, outcome)
    contest.allot()
    used = dict.fromkeys(runs, 0.0)

    def others() -> None:
        for name, (run, scale) in runs.items():
            if used[name] < PEER_SECONDS:
                start = time.perf_counter()
                outcome.time(name, run, scale)
                used[name] += time.perf_counter() - start
        outcome.time("copy", contest.copy)

    rounds(others, lambda: outcome.time("kernel", contest.run))
    return outcome
