"""Hold rows of one dataset beside the rows of another that they belong to, as transactions belong to deposits."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from calc.columns.gated import Gated
from calc.kernels.arrays import Array, Int64


class Owned(NamedTuple):
    """Sound rows in the order in which they came.

    `rows` are the places of their owners in the owners' frame, `values` their columns as the gate gives them.
    """

    rows: Int64
    values: Mapping[str, Array]

    def at(self, places: Int64, owners: int) -> "Owned":
        """Return the rows of some of so many owners, whose places are those among them."""
        place = np.full(owners, -1, dtype=np.int64)
        place[places] = np.arange(places.size)
        kept = place[self.rows] >= 0
        return Owned(place[self.rows][kept], {name: column[kept] for name, column in self.values.items()})

    @property
    def gated(self) -> Gated:
        """The rows as the gate left them, without a reason."""
        return Gated(dict(self.values), np.zeros(self.rows.size, dtype=np.int64), {}, [])
