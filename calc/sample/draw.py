"""Random figures of one chunk of one dataset; whole numbers only, so that every machine draws the same.

Chunk `chunk` of a dataset follows from (seed, dataset, chunk) and its number of rows, and from nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from calc.kernels.arrays import Bool, Int64

STREAMS: Final = ("deposits", "accounts", "participants", "transactions", "events")
"""A dataset's place is part of its seed: append, never reorder."""
ID_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws for `rows` rows at once, one array a call."""

    generator: np.random.Generator
    rows: int

    @classmethod
    def begin(cls, seed: int, dataset: str, chunk: int, rows: int) -> "Draw":
        """The chunk's own stream, from its beginning."""
        sequence = np.random.SeedSequence(seed, spawn_key=(STREAMS.index(dataset), chunk))
        return cls(np.random.Generator(np.random.PCG64(sequence)), rows)

    def narrowed(self, rows: int) -> "Draw":
        """The stream as it goes on, for another number of rows."""
        return Draw(self.generator, rows)

    def whole(self, lowest: int, highest: int | Int64) -> Int64:
        """Whole numbers from `lowest` through `highest`, which may be given by row."""
        return self.generator.integers(lowest, highest, size=self.rows, dtype=np.int64, endpoint=True)

    def chance(self, per_mille: int) -> Bool:
        """True for so many of a thousand."""
        drawn: Bool = self.generator.integers(0, 1000, size=self.rows, dtype=np.uint16) < per_mille
        return drawn

    def choice(self, *per_mille: int) -> Int64:
        """Codes 0, 1, ... with these weights of a thousand; the last code takes what is left."""
        codes = np.repeat(np.arange(len(per_mille) + 1), [*per_mille, 1000 - sum(per_mille)])
        return codes[self.generator.integers(0, 1000, size=self.rows, dtype=np.uint16)]

    def places(self, count: int, among: int) -> Int64:
        """`count` different whole numbers below `among`, in no order."""
        return self.generator.choice(among, size=count, replace=False)


def ids(prefix: str, numbers: Int64) -> pl.Series:
    """Ids such as D0000000001; the first row's number is 0, its id ends in 1."""
    digits = pl.Series(numbers + 1).cast(pl.String).str.zfill(ID_DIGITS)
    return pl.select(pl.format(prefix + "{}", digits)).to_series()


def picked(codes: Int64, values: Sequence[Any]) -> pl.Series:
    """The values at these places; a value may be None."""
    return pl.Series(values).gather(codes)


def or_null(values: Int64, null: Bool) -> pl.Series:
    """Whole numbers, null where `null`."""
    return pl.select(pl.when(pl.Series(~null)).then(pl.Series(values))).to_series()
