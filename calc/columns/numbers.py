"""Convert columns of whole numbers and of days to arrays, and find the rows out of bounds.

In: Polars series of Int64, or of Int32 for epoch days. Out: arrays. A kernel handles all rows in one pass; only if it
counts rows out of bounds are their positions looked up.
"""

import numpy as np

from calc.columns.buffers import buffers_of
from calc.columns.lazy_polars import pl
from calc.kernels import bounds
from calc.kernels.arrays import Array, Int64


def within(column: "pl.Series", lowest: int, highest: int, missing: int) -> tuple[Array, Int64]:
    """Fill nulls and find values out of bounds.

    Args:
        column: Int64, or Int32 for epoch days.
        lowest: Lowest value allowed.
        highest: Highest value allowed.
        missing: Replaces nulls.

    Returns:
        The values, which the caller may change, and the positions of those out of bounds.
    """
    values, present = buffers_of(column)
    filled, outside = np.empty_like(values), np.zeros(1, dtype=np.int64)
    if values.size:  # an empty frame, read for its types alone, must not wait for the compiler
        kernel = bounds.filled_days if column.dtype == pl.Int32 else bounds.filled_numbers
        kernel(values, present, lowest, highest, missing, filled, outside)
    if not outside[0]:
        return filled, np.empty(0, dtype=np.int64)
    places: Int64 = np.flatnonzero((values < lowest) | (values > highest))
    return filled, places[present[places]] if present.size else places
