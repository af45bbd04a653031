"""One pass over the keys of a dataset, in 8 bytes a row: which may be repeated, and in which part each stands.

A key is hashed once, in that pass. Hashes that occur more than once give the places of rows that may be copies, which
`calc.bulk.shuffle.duplicates` compares by their texts; all of them, with the numbers of their parts, are the directory
by which rows of other datasets find theirs (`calc.bulk.shuffle.spill`).
"""

from array import array
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.shuffle.duplicates import RepeatedKeys, SuspectRows
from calc.bulk.shuffle.spill import Directory, KeyedPart
from calc.kernels.arrays import Bool, Int64, UInt64

_SEED: Final = 0x9E3779B97F4A7C15
_FACTOR: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_FILTER_MASK: Final = np.uint64((1 << 22) - 1)


class KeyIndex:
    """Hashes of a dataset's keys, and how its parts are cut."""

    def __init__(self, source: Source, threads: int = 1, seed: int = 0, key: tuple[str, ...] = ()) -> None:
        """Pass over the key columns, by default the dataset's; copies are looked for beside what comes next.

        Another seed gives other hashes.
        """
        self.key = key or source.dataset.key
        self.seed = seed
        self._parts: list[KeyedPart] = []
        hashes = array("Q")  # grows in place, where joining arrays would take the memory twice
        adding = Lock()

        def work(part: Part) -> None:
            of_part = self._hashes(part.load().frame)
            with adding:
                self._parts.append(KeyedPart(part.number, part.position, part.rows))  # a part may hold its rows
                hashes.frombytes(of_part.data.cast("B"))

        for_each_part(source.parts(set(self.key)), work, threads)
        self._entries: UInt64 | None = np.frombuffer(hashes, dtype=np.uint64)
        pool = ThreadPoolExecutor(1)
        self._suspects: Future[Mapping[int, SuspectRows]] = pool.submit(_suspects_of, self._entries, self._parts)
        pool.shutdown(wait=False)

    def repeated(self) -> RepeatedKeys:
        """Return what finds the copies of repeated keys during one pass over the parts."""
        return RepeatedKeys(self.key, self._suspects)

    def directory(self) -> Directory:
        """Return the parts in which each key may stand. It takes the hashes over: it is made once.

        Raises:
            ValueError: It was made before, or the hashes were dropped.
        """
        if self._entries is None:
            raise ValueError("the hashes of these keys are gone")
        self._suspects.result()  # has read the hashes
        entries, self._entries = self._entries, None
        return Directory(entries, self._parts, self._hashes, self.key)

    def drop_hashes(self) -> None:
        """Free the hashes once the suspects are known: no directory is needed any more."""
        self._entries = None

    def _hashes(self, keys: pl.DataFrame) -> UInt64:
        hashes = np.zeros(keys.height, dtype=np.uint64)
        for name in self.key:
            hashes = hashes * _FACTOR + keys[name].cast(pl.String).hash(_SEED + self.seed).to_numpy()
        return hashes


class KeyIndexes:
    """The indexes of a night's datasets, each made when it is first asked for."""

    def __init__(self, sources: Mapping[str, Source], threads: int, seed: int) -> None:
        """No key is read yet."""
        self.seed = seed
        self._sources = sources
        self._threads = threads
        self._indexes: dict[str, KeyIndex] = {}

    def of(self, name: str) -> KeyIndex:
        """Return the index of a dataset's own key; the first call passes over its key columns."""
        if name not in self._indexes:
            self._indexes[name] = KeyIndex(self._sources[name], self._threads, self.seed)
        return self._indexes[name]

    def drop(self, name: str) -> None:
        """Free what is known of a dataset's keys: its parts are done."""
        self._indexes.pop(name, None)


class _Table(NamedTuple):
    """Hashes that occur more than once, ascending, and a table of their last bits, which settles most rows."""

    hashes: UInt64
    likely: Bool

    def places_in(self, hashes: UInt64) -> Int64:
        """Places of hashes that are among these."""
        places: Int64 = np.flatnonzero(self.likely.take((hashes & _FILTER_MASK).view(np.int64)))
        near = np.minimum(np.searchsorted(self.hashes, hashes[places]), self.hashes.size - 1)
        found: Int64 = places[self.hashes[near] == hashes[places]]
        return found


def _suspects_of(hashes: UInt64, parts: list[KeyedPart]) -> dict[int, SuspectRows]:
    """Find, by the number of each part, its rows whose hash occurs more than once; `hashes` stay as they are."""
    ascending = np.sort(hashes)
    repeated = np.unique(ascending[1:][ascending[1:] == ascending[:-1]])
    del ascending
    likely = np.zeros(int(_FILTER_MASK) + 1 if repeated.size else 0, dtype=np.bool_)
    if repeated.size:
        likely[repeated & _FILTER_MASK] = True
    table = _Table(repeated, likely)
    suspects = {}
    first = 0
    for part in parts:
        of_part = hashes[first : first + part.rows]
        places = table.places_in(of_part) if repeated.size else np.empty(0, dtype=np.int64)
        suspects[part.number] = SuspectRows(part.rows, places)
        first += part.rows
    return suspects
