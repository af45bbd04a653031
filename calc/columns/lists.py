"""Store columns with several whole numbers per row as one array, with the position where each row's numbers begin."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from calc.kernels.arrays import Int64


class Lists(NamedTuple):
    """Lists of whole numbers by row: row r has values[offset[r]:offset[r + 1]]."""

    offset: Int64
    values: Int64

    def at(self, places: Int64) -> "Lists":
        """Return the lists of some of the rows."""
        lengths = np.diff(self.offset)[places]
        offset = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])
        taken = np.repeat(self.offset[places] - offset[:-1], lengths) + np.arange(offset[-1])
        return Lists(offset, self.values[taken])

    def tolist(self) -> list[list[int]]:
        """Return each row's list."""
        bounds, values = self.offset.tolist(), self.values.tolist()
        return [values[start:stop] for start, stop in pairwise(bounds)]
