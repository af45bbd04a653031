"""Finds every copy of a repeated key over a whole dataset, before the main pass: 8 bytes of memory a row.

A first pass over the key columns alone keeps a 64-bit hash of each key; sorted, equal neighbours are keys that may be
repeated. Only where there are any does a second pass read the keys again and compare the texts of those rows. Keys of
which a column is null or blank are no keys: their rows are refused for that reason.
"""

from array import array
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.bulk.chunk import Part
from calc.bulk.pipeline import for_each_part
from calc.bulk.source import Source

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

_SEEDS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
_FILTER_BITS: Final = 22


def repeated_rows(source: Source, threads: int = 1) -> Int64:
    """Positions (from 0 over the dataset) of all rows whose key occurs more than once, ascending."""
    suspects = _repeated_hashes(source, threads)
    if not suspects.size:
        return np.empty(0, dtype=np.int64)
    candidates = _rows_with(source, suspects, threads)
    key = list(source.dataset.key)
    positions = candidates.filter(pl.len().over(key) > 1)["position"].sort()
    return positions.to_numpy()


def _repeated_hashes(source: Source, threads: int) -> UInt64:
    """Hashes that occur more than once, ascending."""
    found = array("Q")  # grows in place, where joining arrays would take the memory twice
    adding = Lock()

    def work(part: Part) -> None:
        keys = _keys(source, part)
        hashes = _hashes(keys)[keys["whole"].to_numpy()]
        with adding:
            found.frombytes(memoryview(hashes).cast("B"))

    for_each_part(source.parts(set(source.dataset.key)), work, threads)
    hashes = np.frombuffer(found, dtype=np.uint64)
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])


def _rows_with(source: Source, suspects: UInt64, threads: int) -> pl.DataFrame:
    """Keys and positions of the rows whose hash is among the suspects."""
    frames: list[pl.DataFrame] = []
    adding = Lock()
    # A table of the last bits tells most rows apart from the suspects without a search.
    mask = np.uint64((1 << _FILTER_BITS) - 1)
    likely = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
    likely[suspects & mask] = True

    def work(part: Part) -> None:
        keys = _keys(source, part)
        hashes = _hashes(keys)
        rows = np.flatnonzero(likely[hashes & mask] & keys["whole"].to_numpy())
        places = np.minimum(np.searchsorted(suspects, hashes[rows]), suspects.size - 1)
        rows = rows[suspects[places] == hashes[rows]]
        frame = keys[rows].drop("whole").with_columns(position=pl.Series(rows + part.position))
        with adding:
            frames.append(frame)

    for_each_part(source.parts(set(source.dataset.key)), work, threads)
    return pl.concat(frames)


def _keys(source: Source, part: Part) -> pl.DataFrame:
    """The part's key columns as text, and whether all of a row's are there."""
    keys = part.load().frame.select(pl.col(name).cast(pl.String) for name in source.dataset.key)
    return keys.with_columns(~pl.any_horizontal(_blank(column) for column in keys).alias("whole"))


def _blank(texts: pl.Series) -> pl.Series:
    """Rows that are null or nothing but white space, which a text between ! and ~ cannot be."""
    if ((texts < "!") | (texts > "~")).any():
        return texts.str.contains(r"^\s*$").fill_null(value=True)
    return texts.is_null()


def _hashes(keys: pl.DataFrame) -> UInt64:
    hashes = np.zeros(keys.height, dtype=np.uint64)
    for place, column in enumerate(keys.drop("whole")):
        hashes = hashes * np.uint64(_SEEDS[1]) + column.hash(_SEEDS[0] + place).to_numpy()
    return hashes
