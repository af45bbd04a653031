"""Finds every copy of a repeated key over a whole dataset, in 8 bytes of memory a row.

A pass over the key columns alone, before the main one, keeps a 64-bit hash of each key; sorted, equal neighbours are
keys that may be repeated. The main pass then marks the rows with such a hash and remembers their keys; at its end the
texts are compared. A key that turns out to stand alone shares its hash with another by chance (once in a million runs
of a hundred million rows is too often to leave it be): `HashCollisionError`, and the run begins again with another
seed. Keys of which a column is null or blank are no keys, and repeat nothing: their rows are refused for that reason.
"""

from array import array
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Part, detached
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.columns.texts import blank
from calc.kernels.arrays import Bool, Int64, UInt64

_SEED: Final = 0x9E3779B97F4A7C15
_FACTOR: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_FILTER_MASK: Final = np.uint64((1 << 22) - 1)


class HashCollisionError(Exception):
    """Two different keys have one hash: no fault of the input, another seed tells them apart."""


class _Suspects(NamedTuple):
    """Hashes that occur more than once, ascending, and a table of their last bits, which settles most rows."""

    hashes: UInt64
    likely: Bool


class RepeatedKeys:
    """The keys of a dataset that may occur more than once; asked part by part, from any thread, then verified."""

    def __init__(self, source: Source, threads: int = 1, seed: int = 0, key: tuple[str, ...] = ()) -> None:
        """Pass over the key columns, by default the dataset's; they are sorted while the first parts are read."""
        self._key = key or source.dataset.key
        self._seed = seed
        self._found: list[pl.DataFrame] = []
        self._adding = Lock()
        hashes = self._all_hashes(source, threads)
        pool = ThreadPoolExecutor(1)
        self._suspects = pool.submit(_suspects_among, hashes)
        pool.shutdown(wait=False)

    def rows_of(self, frame: pl.DataFrame) -> Int64:
        """Places in a part's frame of the rows whose key is repeated."""
        keys = self._keys(frame)
        hashes = self._hashes(keys)
        suspects = self._suspects.result()
        if not suspects.hashes.size:
            return np.empty(0, dtype=np.int64)
        places: Int64 = np.flatnonzero(suspects.likely.take((hashes & _FILTER_MASK).view(np.int64)))
        near = np.minimum(np.searchsorted(suspects.hashes, hashes[places]), suspects.hashes.size - 1)
        places = places[suspects.hashes[near] == hashes[places]]
        found = detached(keys[places])
        whole = ~np.logical_or.reduce([blank(column) for column in found])
        with self._adding:
            self._found.append(found.filter(pl.Series(whole)))
        rows: Int64 = places[whole]
        return rows

    def verify(self) -> None:
        """HashCollisionError if a row was taken for a copy and is none; to be asked after the last part."""
        if self._found and not pl.concat(self._found).is_duplicated().all():
            raise HashCollisionError

    def _all_hashes(self, source: Source, threads: int) -> UInt64:
        """The hash of every row's key, in no certain order."""
        found = array("Q")  # grows in place, where joining arrays would take the memory twice
        adding = Lock()

        def work(part: Part) -> None:
            hashes = self._hashes(self._keys(part.load().frame))
            with adding:
                found.frombytes(hashes.data.cast("B"))

        for_each_part(source.parts(set(self._key)), work, threads)
        return np.frombuffer(found, dtype=np.uint64)

    def _keys(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The key columns of a part's frame as text."""
        return frame.select(pl.col(name).cast(pl.String) for name in self._key)

    def _hashes(self, keys: pl.DataFrame) -> UInt64:
        first, *others = (column.hash(_SEED + self._seed).to_numpy() for column in keys)
        for hashes in others:
            first = first * _FACTOR + hashes
        return first


def _suspects_among(hashes: UInt64) -> _Suspects:
    """Those that occur more than once; sorts the given ones in place."""
    hashes.sort()
    repeated = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    likely = np.zeros(int(_FILTER_MASK) + 1, dtype=np.bool_)
    likely[repeated & _FILTER_MASK] = True
    return _Suspects(repeated, likely)
