"""Finds every copy of a repeated key over a whole dataset, in 8 bytes of memory a row.

A pass over the key columns alone, before the main one, keeps a 64-bit hash of each key; sorted, equal neighbours are
keys that may be repeated. The main pass then marks the rows with such a hash and remembers their keys; at its end the
texts are compared. A key that turns out to stand alone shares its hash with another by chance (once in a million runs
of a hundred million rows is too often to leave it be): `HashCollisionError`, and the run begins again with another
seed. Keys of which a column is null or blank are no keys: their rows are refused for that reason.
"""

from array import array
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.bulk.chunk import Part, detached
from calc.bulk.pipeline import for_each_part
from calc.bulk.source import Source
from calc.columns.texts import blank

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

_SEED: Final = 0x9E3779B97F4A7C15
_FACTOR: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_FILTER_MASK: Final = np.uint64((1 << 22) - 1)


class HashCollisionError(Exception):
    """Two different keys have one hash: no fault of the input, another seed tells them apart."""


class RepeatedKeys:
    """The keys of a dataset that may occur more than once; asked part by part, from any thread, then verified."""

    def __init__(self, source: Source, threads: int = 1, seed: int = 0) -> None:
        """Pass over the key columns."""
        self._key = source.dataset.key
        self._seed = seed
        self._suspects = self._repeated_hashes(source, threads)
        # A table of the hashes' last bits tells most rows apart from the suspects without a search.
        self._likely = np.zeros(int(_FILTER_MASK) + 1, dtype=np.bool_)
        self._likely[self._suspects & _FILTER_MASK] = True
        self._found: list[pl.DataFrame] = []
        self._adding = Lock()

    def rows_of(self, frame: pl.DataFrame) -> Int64:
        """Places in a part's frame of the rows whose key is repeated."""
        if not self._suspects.size:
            return np.empty(0, dtype=np.int64)
        keys, whole = _keys(frame, self._key)
        hashes = self._hashes(keys)
        rows: Int64 = np.flatnonzero(self._likely[hashes & _FILTER_MASK] & whole)
        near = np.minimum(np.searchsorted(self._suspects, hashes[rows]), self._suspects.size - 1)
        rows = rows[self._suspects[near] == hashes[rows]]
        found = detached(keys[rows])
        with self._adding:
            self._found.append(found)
        return rows

    def verify(self) -> None:
        """HashCollisionError if a row was taken for a copy and is none; to be asked after the last part."""
        if self._found and not pl.concat(self._found).is_duplicated().all():
            raise HashCollisionError

    def _repeated_hashes(self, source: Source, threads: int) -> UInt64:
        """Hashes that occur more than once, ascending."""
        found = array("Q")  # grows in place, where joining arrays would take the memory twice
        adding = Lock()

        def work(part: Part) -> None:
            keys, whole = _keys(part.load().frame, self._key)
            hashes = self._hashes(keys)[whole]
            with adding:
                found.frombytes(hashes.data.cast("B"))

        for_each_part(source.parts(set(self._key)), work, threads)
        hashes = np.frombuffer(found, dtype=np.uint64)
        hashes.sort()
        return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])

    def _hashes(self, keys: pl.DataFrame) -> UInt64:
        hashes = np.zeros(keys.height, dtype=np.uint64)
        for column in keys:
            hashes = hashes * _FACTOR + column.hash(_SEED + self._seed).to_numpy()
        return hashes


def _keys(frame: pl.DataFrame, key: tuple[str, ...]) -> tuple[pl.DataFrame, Mask]:
    """The key columns of a part's frame as text, and the rows of which all are there."""
    keys = frame.select(pl.col(name).cast(pl.String) for name in key)
    return keys, ~np.logical_or.reduce([blank(column) for column in keys])
