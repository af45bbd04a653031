"""Hold what the row gate returns: columns as arrays, the reasons of each row, and the columns these are about.

Calculators add their own reasons through `refuse`, so that every reason has its columns.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from calc.columns.lists import Lists
from calc.columns.refusals import Refusal
from calc.errors import Reason
from calc.kernels.arrays import Array, Bool, Int64


class Gated(NamedTuple):
    """A frame's columns as arrays by name and the reasons of each row; text columns stay in the frame.

    `unusable` holds, for each column with refused or missing values, the mask of those rows. `refusals` say which
    columns a reason is about. `lists` are the columns with several amounts per row.
    """

    values: dict[str, Array]
    reasons: Int64
    unusable: dict[str, Bool]
    refusals: list[Refusal]
    lists: Mapping[str, Lists] = MappingProxyType({})

    def at(self, places: Int64) -> "Gated":
        """Return some of the rows, without the columns that their reasons are about."""
        columns = ({name: column[places] for name, column in each.items()} for each in (self.values, self.unusable))
        values, unusable = columns
        lists = {name: each.at(places) for name, each in self.lists.items()}
        return Gated(values, self.reasons[places], unusable, [], lists)

    def copy(self) -> "Gated":
        """Return a copy to which reasons can be added without changing this one."""
        return self._replace(reasons=self.reasons.copy(), refusals=[*self.refusals])

    def refuse(
        self, rows: Bool, reason: Reason, *about: str, rests_on: tuple[str, ...] | None = None
    ) -> Int64:  # fmt: skip
        """Add a reason to rows, except those where a column that the refusal rests on is unusable.

        Args:
            rows: Mask of rows, shape (rows,).
            reason: Reason to add.
            about: Columns that the reason is about, the column at fault first.
            rests_on: Columns that the refusal rests on; `about` by default.

        Returns:
            Positions of the rows refused.
        """
        places = np.flatnonzero(rows)
        if not places.size:
            return places
        for name in about if rests_on is None else rests_on:
            if name in self.unusable:
                places = places[~self.unusable[name][places]]
        return self.refuse_at(places, reason, *about)

    def refuse_at(self, places: Int64, reason: Reason, *about: str) -> Int64:
        """Add a reason to the rows at some positions and return the positions."""
        if places.size:
            self.reasons[places] |= int(reason)
            self.refusals.append(Refusal(reason, about, places))
        return places

    def spoil(self, name: str, refusal: Refusal) -> None:
        """Refuse rows for what a column holds, and mark the column unusable there."""
        if self.refuse_at(refusal.places, refusal.reason, *refusal.columns).size:
            self.unusable.setdefault(name, np.zeros(self.reasons.size, dtype=np.bool_))[refusal.places] = True
