"""Control totals: sums of cents by group, exact whatever the number of rows.

In: a group's place a row and an amount a row, in cents. Out: per group the sum in two halves; 64 bits alone would wrap
without a word.
"""

import numpy as np
import numpy.typing as npt

from calc.kernels._jit import kernel

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]

LOW_BITS = 32
_LOW_MASK = (1 << LOW_BITS) - 1


@kernel("uint8[], int64[], int64[:], int64[:]")
def grouped_sums(group: UInt8, amount_cents: Int64, low: Int64, high: Int64) -> None:
    """Add every amount to its group: the sum is `(high << 32) + low`, up to 2^31 rows."""
    for row in range(group.size):
        place = group[row]
        amount = amount_cents[row]
        low[place] += amount & _LOW_MASK
        high[place] += amount >> LOW_BITS
