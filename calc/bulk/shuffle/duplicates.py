"""Finds every copy of a repeated key over a whole dataset.

A pass over the key columns alone, before the main one, hashes each key (`calc.bulk.shuffle.key_index`): rows whose hash
occurs more than once are suspects. The main pass remembers the suspects' keys; at its end the texts are compared. A key
that turns out to stand alone shares its hash with another by chance (once in a million runs of a hundred million rows
is too often to leave it be): `HashCollisionError`, and the run begins again with another seed. Keys of which a column
is null or blank are no keys, and repeat nothing: their rows are refused for that reason.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from threading import Lock
from typing import NamedTuple

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import detached
from calc.columns.texts import blank
from calc.errors import InputError
from calc.kernels.arrays import Int64


class HashCollisionError(Exception):
    """Two different keys have one hash: no fault of the input, another seed tells them apart."""


class SuspectRows(NamedTuple):
    """Of a part with so many rows, the places of those whose hash occurs more than once."""

    rows: int
    places: Int64


class RepeatedKeys:
    """The keys of a dataset that may occur more than once; asked part by part, from any thread, then verified."""

    def __init__(self, key: tuple[str, ...], suspects: Future[Mapping[int, SuspectRows]]) -> None:
        """No key is compared yet; `suspects` by the number of their part."""
        self._key = key
        self._suspects = suspects
        self._found: list[pl.DataFrame] = []
        self._adding = Lock()

    def rows_of(self, number: int, frame: pl.DataFrame) -> Int64:
        """Places in a part's frame of the rows whose key is repeated; InputError if the part is not cut as it was."""
        suspects = self._suspects.result().get(number)
        if suspects is None or suspects.rows != frame.height:
            raise InputError(f"part {number} has other rows than before: the input has changed")
        if not suspects.places.size:
            return suspects.places
        keys = frame.select(pl.col(name).cast(pl.String) for name in self._key)
        found = detached(keys[suspects.places])
        whole = ~np.logical_or.reduce([blank(column) for column in found])
        with self._adding:
            self._found.append(found.filter(pl.Series(whole)))
        rows: Int64 = suspects.places[whole]
        return rows

    def verify(self) -> None:
        """HashCollisionError if a row was taken for a copy and is none; to be asked after the last part."""
        if self._found and not pl.concat(self._found).is_duplicated().all():
            raise HashCollisionError
