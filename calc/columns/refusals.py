"""Find which columns the reasons of refused rows are about; only refused rows cost work.

In: bitmasks of reasons, and the refusals recorded while checking, under the contract's names. Out: the refused rows,
their reasons and, with each reason, the columns that it is about, under the input's names.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from calc.columns.allowed import allowed_for
from calc.columns.contract import Dataset
from calc.columns.lazy_polars import pl
from calc.errors import Reason, reason_codes
from calc.kernels.arrays import Bool, Int64

AS_OF: Final = "as_of"
"""Stands for the as-of day among the columns: it is stated once, not by each row."""
_OF_A_DEPOSIT: Final = {
    Reason.bad_transaction: ("deposit_id",),
    Reason.unknown_deposit: ("deposit_id",),
    Reason.negative_balance: ("principal_cents",),
}
_BITS: Final = 32
"""Number of refusals distinguished at a time, next to the rows' numbers."""
_OF_A_KEY: Final = Reason.duplicate_key | Reason.depends_on_quarantined


class Refusal(NamedTuple):
    """A reason, the columns it is about (none: the row as a whole), and the positions of the rows that have it.

    The column at fault comes first; columns that it was compared with follow.
    """

    reason: Reason
    columns: tuple[str, ...]
    places: Int64

    @property
    def about(self) -> str:
        """The columns as text: "paid_date and received_date"."""
        return " and ".join(self.columns)


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """Refused rows in order: positions, bitmasks of reasons, and at least one refusal for each reason of each row.

    `allowed` says for each refusal what would be allowed in its columns.
    """

    places: Int64
    masks: Int64
    refusals: tuple[Refusal, ...]
    allowed: tuple[str, ...]

    def texts(self) -> "tuple[pl.Series, pl.Series, pl.Series]":
        """Return list columns `reasons` (codes) and, parallel to it, `reason_columns` and `reason_allowed`.

        A reason with several refusals has theirs joined by a comma (`reason_allowed`: by a semicolon): "paid_date and
        received_date, remitted_date and received_date".
        """
        first, kinds = self._kinds()
        found = np.array([np.isin(self.places[first], refusal.places) for refusal in self.refusals])
        codes, columns, allowed = [], [], []
        for kind, row in enumerate(first.tolist()):
            numbers = self._by_reason(found[:, kind])
            codes.append(reason_codes(int(self.masks[row])))
            columns.append([", ".join(self.refusals[number].about for number in each) for each in numbers])
            allowed.append(["; ".join(self.allowed[number] for number in each) for each in numbers])
        of_row = pl.Series(kinds.reshape(-1), dtype=pl.UInt32)
        named = (("reasons", codes), ("reason_columns", columns), ("reason_allowed", allowed))
        reasons, about, within = (
            pl.Series(name, texts, dtype=pl.List(pl.String)).gather(of_row) for name, texts in named
        )
        return reasons, about, within

    def _kinds(self) -> tuple[Int64, Int64]:
        """Group rows that have the same refusals; return the first row of each group and each row's group."""
        kinds = np.zeros(self.places.size, dtype=np.int64)
        for number, refusal in enumerate(self.refusals, 1):
            kinds <<= 1
            kinds[np.searchsorted(self.places, refusal.places)] |= 1
            if number % _BITS == 0:
                kinds = np.unique(kinds, return_inverse=True)[1]
        _, first, kinds = np.unique(kinds, return_index=True, return_inverse=True)
        return first, kinds

    def _by_reason(self, found: Bool) -> list[list[int]]:
        """Group the numbers of a row's refusals by reason."""
        numbers: dict[Reason, list[int]] = {}
        for number in np.flatnonzero(found).tolist():
            numbers.setdefault(self.refusals[number].reason, []).append(number)
        return list(numbers.values())


def refused_rows(
    dataset: Dataset, reasons: Int64, refusals: Iterable[Refusal], names: Mapping[str, str] | None = None
) -> RefusedRows:
    """List the refused rows of a frame and what their reasons are about.

    A refusal counts only if the row still has its reason. A reason without a refusal (a repeated key or a bad line,
    known before the columns were read) is about the dataset's key, the deposit's id, or the row as a whole.

    Args:
        dataset: Contract of the frame.
        reasons: Bitmask of reasons by row, 0 where good.
        refusals: Refusals recorded while checking.
        names: The input's names by the contract's, from `names_in`.
    """
    names = names or {}
    places: Int64 = np.flatnonzero(reasons)
    masks = reasons[places]
    found: dict[tuple[Reason, tuple[str, ...]], list[Int64]] = {}
    explained = np.zeros(places.size, dtype=np.int64)
    for reason, columns, rows in refusals:
        own = rows[reasons[rows] & reason != 0]
        if own.size:
            found.setdefault((reason, columns), []).append(own)
            explained[np.searchsorted(places, own)] |= reason
    open_masks = masks & ~explained
    for reason in (each for each in Reason if (open_masks & each).any()):
        found.setdefault((reason, _usual(dataset, reason)), []).append(places[open_masks & reason != 0])
    order = {column.name: number for number, column in enumerate(dataset.columns)}
    in_order = sorted(found, key=lambda each: (each[0], [order.get(name, len(order)) for name in each[1]]))
    return RefusedRows(
        places,
        masks,
        tuple(
            Refusal(reason, tuple(names.get(name, name) for name in columns), _ascending(rows))
            for reason, columns in in_order
            for rows in [found[reason, columns]]
        ),
        tuple(
            allowed_for(dataset, reason, columns, names.get(columns[0], columns[0]) if columns else "")
            for reason, columns in in_order
        ),
    )


def _ascending(places: list[Int64]) -> Int64:
    """Merge positions in ascending order, without repeats."""
    first, *others = places
    if not others and (np.diff(first) > 0).all():
        return first
    return np.unique(np.concatenate(places))


def names_in(dataset: Dataset, present: Collection[str], as_read: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the input's name of each of the contract's columns.

    Args:
        dataset: Contract of the input.
        present: Columns that the input has; amounts may be there under the name of their decimals.
        as_read: Names in the file by names in the input, if a map renamed the columns.
    """
    found = {}
    for column in (part for whole in dataset.columns for part in (whole, *whole.month_columns)):
        decimal = column.decimal_name
        name = decimal if decimal in present and decimal else column.name
        found[column.name] = (as_read or {}).get(name, name)
    return found


def _usual(dataset: Dataset, reason: Reason) -> tuple[str, ...]:
    return dataset.key if reason & _OF_A_KEY else _OF_A_DEPOSIT.get(reason, ())
