"""Which columns the reasons of refused rows are about. Work is done for refused rows alone.

Comes in: bitmasks of reasons, and what was found on the way, under the contract's names. Goes out: the refused rows,
their reasons and, beside each reason, the columns that it is about, under the names that the input has for them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns.allowed import allowed_for
from calc.columns.contract import Dataset
from calc.errors import Reason, reason_codes

Int64 = npt.NDArray[np.int64]

AS_OF: Final = "as_of"
"""Stands for the as-of day among the columns: it is given once and not by a row."""
_OF_A_DEPOSIT: Final = {
    Reason.bad_transaction: ("deposit_id",),
    Reason.unknown_deposit: ("deposit_id",),
    Reason.negative_balance: ("principal_cents",),
}
_BITS: Final = 32
"""Refusals that are told apart at once, beside a number of the rows."""
_OF_A_KEY: Final = Reason.duplicate_key | Reason.depends_on_quarantined


class Refusal(NamedTuple):
    """A reason, the columns that it is about (none: the row as a whole), and the places of the rows that have it.

    What a reason lies in stands first among the columns, what it was compared with after it.
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
    """Refused rows in their order: places, bitmasks of reasons, and a refusal at least for each reason of each.

    `allowed` says for each refusal what would be allowed in its columns.
    """

    places: Int64
    masks: Int64
    refusals: tuple[Refusal, ...]
    allowed: tuple[str, ...]

    def texts(self) -> tuple[pl.Series, pl.Series, pl.Series]:
        """List columns `reasons` (codes) and, beside each code, `reason_columns` and `reason_allowed`.

        A reason of several refusals has theirs with a comma (what is allowed: a semicolon) between: "paid_date and
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
        """Rows alike in their refusals are of one kind: the first row of each kind, and the kind of each row."""
        kinds = np.zeros(self.places.size, dtype=np.int64)
        for number, refusal in enumerate(self.refusals, 1):
            kinds <<= 1
            kinds[np.searchsorted(self.places, refusal.places)] |= 1
            if number % _BITS == 0:
                kinds = np.unique(kinds, return_inverse=True)[1]
        _, first, kinds = np.unique(kinds, return_index=True, return_inverse=True)
        return first, kinds

    def _by_reason(self, found: npt.NDArray[np.bool_]) -> list[list[int]]:
        """Numbers of a row's refusals, those of each reason together."""
        numbers: dict[Reason, list[int]] = {}
        for number in np.flatnonzero(found).tolist():
            numbers.setdefault(self.refusals[number].reason, []).append(number)
        return list(numbers.values())


def refused_rows(
    dataset: Dataset, reasons: Int64, refusals: Iterable[Refusal], names: Mapping[str, str] | None = None
) -> RefusedRows:
    """The refused rows of a frame; `names` leads from the contract's names to the input's, as `names_in` gives it.

    A refusal counts where the row still has its reason. A reason without one (a repeated key, a bad line: known before
    the columns were looked at) is about the dataset's key, the deposit's id or the row as a whole.
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
    """Places, each once."""
    first, *others = places
    if not others and (np.diff(first) > 0).all():
        return first
    return np.unique(np.concatenate(places))


def names_in(dataset: Dataset, present: Collection[str], as_read: Mapping[str, str] | None = None) -> dict[str, str]:
    """What an input with the columns `present` calls each of the contract's: money in dollars by its name there.

    `as_read` leads on to the names in a file, where a map gave the columns others.
    """
    found = {}
    for column in (part for whole in dataset.columns for part in (whole, *whole.month_columns)):
        dollars = column.dollars_name
        name = dollars if dollars in present and dollars else column.name
        found[column.name] = (as_read or {}).get(name, name)
    return found


def _usual(dataset: Dataset, reason: Reason) -> tuple[str, ...]:
    return dataset.key if reason & _OF_A_KEY else _OF_A_DEPOSIT.get(reason, ())
