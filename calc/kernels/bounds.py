"""Fill the nulls of whole-number and date columns and count values out of bounds, in one pass.

In: a column's values, which of them are present (empty: all; what lies under a null may be anything), and inclusive
bounds. Out: the values with a substitute for nulls, and the number of present values out of bounds.
"""

import numpy as np
import numpy.typing as npt

from calc.kernels._jit import inner, kernel
from calc.kernels.calendar import Int32, Int64

Bool = npt.NDArray[np.bool_]
Numbers = Int32 | Int64


@inner
def fill_nulls(
    values: Numbers, present: Bool, lowest: int, highest: int, missing: int, filled: Numbers, outside: Int64
) -> None:  # fmt: skip
    """Do the work of both kernels. There is no branch within the loop: random nulls would make it ten times as slow."""
    every = present.size == 0
    count = 0
    for row in range(filled.size):
        value = values[row]
        there = every or present[row]
        count += there & ((value < lowest) | (value > highest))
        filled[row] = value if there else missing
    outside[0] = count


@kernel("int64[], boolean[], int64, int64, int64, int64[:], int64[:]")
def filled_numbers(
    numbers: Int64, present: Bool, lowest: int, highest: int, missing: int, filled: Int64, outside: Int64
) -> None:  # fmt: skip
    """Copy whole numbers with `missing` in place of nulls; set outside[0] to how many lie out of bounds (inclusive)."""
    fill_nulls(numbers, present, lowest, highest, missing, filled, outside)


@kernel("int32[], boolean[], int64, int64, int64, int32[:], int64[:]")
def filled_days(
    days: Int32, present: Bool, lowest: int, highest: int, missing: int, filled: Int32, outside: Int64
) -> None:  # fmt: skip
    """Copy epoch days with `missing` in place of nulls; set outside[0] to how many lie out of bounds (inclusive)."""
    fill_nulls(days, present, lowest, highest, missing, filled, outside)
