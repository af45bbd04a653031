"""Whole numbers and days as they were read: nulls filled, and rows out of bounds counted, in one pass.

In: a column's values, which of them are given (empty: every one; what lies under a null may be anything) and bounds,
both within. Out: the values with another in place of nulls, and how many of those given are out of bounds.
"""

import numpy as np
import numpy.typing as npt

from calc.kernels._jit import inner, kernel
from calc.kernels.calendar import Int32, Int64

Bool = npt.NDArray[np.bool_]
Numbers = Int32 | Int64


@inner
def fill_nulls(
    values: Numbers, given: Bool, lowest: int, highest: int, missing: int, filled: Numbers, outside: Int64
) -> None:  # fmt: skip
    """The body of both kernels; no branch within the loop, or random nulls would cost ten times as much."""
    every = given.size == 0
    count = 0
    for row in range(filled.size):
        value = values[row]
        there = every or given[row]
        count += there & ((value < lowest) | (value > highest))
        filled[row] = value if there else missing
    outside[0] = count


@kernel("int64[], boolean[], int64, int64, int64, int64[:], int64[:]")
def filled_numbers(
    numbers: Int64, given: Bool, lowest: int, highest: int, missing: int, filled: Int64, outside: Int64
) -> None:  # fmt: skip
    """Each number, `missing` where it is null; outside[0] is how many are out of bounds."""
    fill_nulls(numbers, given, lowest, highest, missing, filled, outside)


@kernel("int32[], boolean[], int64, int64, int64, int32[:], int64[:]")
def filled_days(
    days: Int32, given: Bool, lowest: int, highest: int, missing: int, filled: Int32, outside: Int64
) -> None:  # fmt: skip
    """Each epoch day, `missing` where it is null; outside[0] is how many are out of bounds."""
    fill_nulls(days, given, lowest, highest, missing, filled, outside)
