"""Columns of whole numbers and of days as arrays, with the rows that are out of bounds.

In: Polars series of Int64, or of Int32 for epoch days. Out: arrays. A kernel settles all rows in one pass; where it has
counted rows out of bounds, they are looked for.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns.buffers import Array, buffers_of
from calc.kernels import bounds

Int64 = npt.NDArray[np.int64]


def within(column: pl.Series, lowest: int, highest: int, missing: int) -> tuple[Array, Int64]:
    """The column's values, which the caller may change, with `missing` for null; places of those out of bounds."""
    values, given = buffers_of(column)
    filled, outside = np.empty_like(values), np.zeros(1, dtype=np.int64)
    if values.size:  # or a look at the types of an empty frame would have to wait for the compiler
        kernel = bounds.filled_days if column.dtype == pl.Int32 else bounds.filled_numbers
        kernel(values, given, lowest, highest, missing, filled, outside)
    if not outside[0]:
        return filled, np.empty(0, dtype=np.int64)
    places: Int64 = np.flatnonzero((values < lowest) | (values > highest))
    return filled, places[given[places]] if given.size else places
