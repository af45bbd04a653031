"""What the row gate gives: columns as arrays, the reasons of each row, and which columns these are about.

Calculators add reasons of their own by `refuse`, so that none is without its columns.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from calc.columns.lists import Lists
from calc.columns.refusals import Refusal
from calc.errors import Reason

Int64 = npt.NDArray[np.int64]
Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


class Gated(NamedTuple):
    """A frame's columns as arrays by name (the columns of text stay in the frame) and the reasons of each row.

    `unusable` has, for a column with values that were refused or are missing, the mask of those rows; `refusals` say
    which columns a reason is about. `lists` are the columns of several amounts a row.
    """

    values: dict[str, Array]
    reasons: Int64
    unusable: dict[str, Mask]
    refusals: list[Refusal]
    lists: Mapping[str, Lists] = MappingProxyType({})

    def at(self, places: Int64) -> "Gated":
        """Some of the rows, which columns their reasons are about left out."""
        columns = ({name: column[places] for name, column in each.items()} for each in (self.values, self.unusable))
        values, unusable = columns
        lists = {name: each.at(places) for name, each in self.lists.items()}
        return Gated(values, self.reasons[places], unusable, [], lists)

    def copy(self) -> "Gated":
        """The same, for further reasons that are not to show in this one."""
        return self._replace(reasons=self.reasons.copy(), refusals=[*self.refusals])

    def refuse(
        self, rows: Mask, reason: Reason, *about: str, rests_on: tuple[str, ...] | None = None
    ) -> Int64:  # fmt: skip
        """Add a reason to rows, save those in which a column that the refusal rests on is unusable; their places.

        `about` are the columns that the reason is about, what it lies in first. It rests on them unless `rests_on` says
        on which.
        """
        places = np.flatnonzero(rows)
        if not places.size:
            return places
        for name in about if rests_on is None else rests_on:
            if name in self.unusable:
                places = places[~self.unusable[name][places]]
        return self.refuse_at(places, reason, *about)

    def refuse_at(self, places: Int64, reason: Reason, *about: str) -> Int64:
        """Add a reason to the rows at some places, which are given back."""
        if places.size:
            self.reasons[places] |= int(reason)
            self.refusals.append(Refusal(reason, about, places))
        return places

    def spoil(self, name: str, refusal: Refusal) -> None:
        """Refuse rows for what a column holds, which is unusable there."""
        if self.refuse_at(refusal.places, refusal.reason, *refusal.columns).size:
            self.unusable.setdefault(name, np.zeros(self.reasons.size, dtype=np.bool_))[refusal.places] = True
