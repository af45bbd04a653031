"""Name the types of columns, once for the whole program: what a kernel's annotations say is what it is compiled for.

A column is a contiguous array with an entry per row, per event or per day; a matrix has a second dimension.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Int8 = npt.NDArray[np.int8]
Int16 = npt.NDArray[np.int16]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt8 = npt.NDArray[np.uint8]
UInt64 = npt.NDArray[np.uint64]
Bool = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]
"""A column of any of these types; no kernel takes it."""

Int32Matrix = np.ndarray[tuple[int, int], np.dtype[np.int32]]
Int64Matrix = np.ndarray[tuple[int, int], np.dtype[np.int64]]
UInt8Matrix = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
UInt64Matrix = np.ndarray[tuple[int, int], np.dtype[np.uint64]]
BoolMatrix = np.ndarray[tuple[int, int], np.dtype[np.bool_]]
