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
Mask = npt.NDArray[np.bool_]

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
        keys, whole = _keys(source, part)
        hashes = _hashes(keys)[whole]
        with adding:
            found.frombytes(hashes.data.cast("B"))

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
        keys, whole = _keys(source, part)
        hashes = _hashes(keys)
        rows = np.flatnonzero(likely[hashes & mask] & whole)
        places = np.minimum(np.searchsorted(suspects, hashes[rows]), suspects.size - 1)
        rows = rows[suspects[places] == hashes[rows]]
        frame = keys[rows].with_columns(position=pl.Series(rows + part.position))
        with adding:
            frames.append(frame)

    for_each_part(source.parts(set(source.dataset.key)), work, threads)
    return pl.concat(frames)


def _keys(source: Source, part: Part) -> tuple[pl.DataFrame, Mask]:
    """The part's key columns as text, and the rows of which all are there."""
    keys = part.load().frame.select(pl.col(name).cast(pl.String) for name in source.dataset.key)
    return keys, ~np.logical_or.reduce([_blank(column) for column in keys])


def _blank(texts: pl.Series) -> Mask:
    """Rows that are null or nothing but white space, which a text between ! and ~ cannot be."""
    suspects = ((texts < "!") | (texts > "~")).fill_null(value=True)
    rows: Mask = suspects.to_numpy().copy()
    rows[rows] = texts.filter(suspects).str.contains(r"^\s*$").fill_null(value=True).to_numpy()
    return rows


def _hashes(keys: pl.DataFrame) -> UInt64:
    hashes = np.zeros(keys.height, dtype=np.uint64)
    for place, column in enumerate(keys):
        hashes = hashes * np.uint64(_SEEDS[1]) + column.hash(_SEEDS[0] + place).to_numpy()
    return hashes
