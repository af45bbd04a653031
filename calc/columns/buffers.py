"""Read a column's memory as arrays: its values, and which of them are present.

In: a Polars series. Out: arrays for kernels to read. What lies in the place of a null may be anything.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from calc.columns.lazy_polars import pl
from calc.kernels.arrays import Array, Bool

_VIEW_WORDS: Final = 2
_LAID_OUT: Final[dict[str, Any]] = {"int32": np.int32, "int64": np.int64, "string_view": np.uint64}
"""Arrow types that can be read, and the NumPy types of their memory."""


class Buffers(NamedTuple):
    """Values by row, and which rows have one (empty: every row)."""

    values: Array
    present: Bool


def buffers_of(column: "pl.Series") -> Buffers:
    """Return a column's memory as arrays.

    Args:
        column: Int32, Int64, or text.

    Returns:
        Values of shape (rows,), or string views of shape (rows, 2).

    Raises:
        TypeError: The column is of any other type.
    """
    array: Any = column.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    kind = str(array.type)
    if kind not in _LAID_OUT:
        raise TypeError(f"{column.name} comes as {kind}, not as one of {', '.join(_LAID_OUT)}")
    valid, data = array.buffers()[:2]
    stop = array.offset + len(array)
    values = np.frombuffer(data if stop else b"", dtype=_LAID_OUT[kind])
    if kind == "string_view":
        values = values.reshape(-1, _VIEW_WORDS)
    first_byte, first_bit = divmod(array.offset, 8)
    bits = np.frombuffer(valid if valid is not None and stop else b"", dtype=np.uint8)[first_byte : -(-stop // 8)]
    present = np.unpackbits(bits, bitorder="little").view(np.bool_)[first_bit:]
    return Buffers(values[array.offset : stop], present[: len(array)])
