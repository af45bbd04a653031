"""Sum cents by group for control totals, exact for any number of rows.

In: each row's group number and amount in cents. Out: each group's sum in two halves; 64 bits alone would overflow
silently.
"""

from calc.kernels._jit import kernel
from calc.kernels.arrays import Int64, UInt8

LOW_BITS = 32
_LOW_MASK = (1 << LOW_BITS) - 1


@kernel(fills=("low", "high"))
def grouped_sums(group: UInt8, amount_cents: Int64, low: Int64, high: Int64) -> None:
    """Add every amount to its group's sum, which is `(high << 32) + low`; safe up to 2^31 rows.

    Args:
        group: Group number of each row, shape (rows,).
        amount_cents: Cents, shape (rows,).
        low: Added to: lower halves, shape (groups,).
        high: Added to: upper halves, shape (groups,).
    """
    for row in range(group.size):
        place = group[row]
        amount = amount_cents[row]
        low[place] += amount & _LOW_MASK
        high[place] += amount >> LOW_BITS
