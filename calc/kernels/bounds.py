"""Fill the nulls of whole-number and date columns and count values out of bounds, in one pass.

In: a column's values, which of them are present (empty: all; what lies under a null may be anything), and inclusive
bounds. Out: the values with a substitute for nulls, and the number of present values out of bounds.
"""

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int32, Int64

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


@kernel(fills=("filled", "outside"))
def filled_numbers(
    numbers: Int64, present: Bool, lowest: int, highest: int, missing: int, filled: Int64, outside: Int64
) -> None:  # fmt: skip
    """Copy whole numbers with `missing` in place of nulls; set outside[0] to how many lie out of bounds (inclusive)."""
    fill_nulls(numbers, present, lowest, highest, missing, filled, outside)


@kernel(fills=("filled", "outside"))
def filled_days(
    days: Int32, present: Bool, lowest: int, highest: int, missing: int, filled: Int32, outside: Int64
) -> None:  # fmt: skip
    """Copy epoch days with `missing` in place of nulls; set outside[0] to how many lie out of bounds (inclusive)."""
    fill_nulls(days, present, lowest, highest, missing, filled, outside)
