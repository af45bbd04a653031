"""Match gated transactions with the deposits that they belong to: which count, in the order of their days.

In: a part of the deposits and these deposits' transactions. Out: gated deposits, their sound transactions as events,
and the reasons of every transaction.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from calc.columns.contract import DEPOSITS, TRANSACTIONS
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.owned import Owned
from calc.columns.plain import plain
from calc.errors import Reason
from calc.kernels.arrays import Array, Int64
from calc.kernels.event_kinds import PRINCIPAL, DatedEvents
from calc.units import FIRST_DAY

_DAY_BITS = 16
"""Enough for the days from FIRST_DAY through LAST_DAY."""


class Events(NamedTuple):
    """Sound transactions by deposit and day.

    `rows` are the deposits that have any, `offset` is where each one's events begin (and one entry more), and `columns`
    are day (epoch days), kind (code) and amount (cents).
    """

    rows: Int64
    offset: Int64
    columns: tuple[Array, Array, Array]

    def of(self, rows: slice) -> DatedEvents:
        """Return a kernel's events for some of the deposits: their offsets, and day, kind and amount of all events."""
        return DatedEvents(self.offset[rows.start : rows.stop + 1], *self.columns)


class Matched(NamedTuple):
    """Gated deposits, the transactions that count for them, and a bitmask of reasons for each transaction."""

    gated: Gated
    events: Events
    transaction_reasons: Int64

    def at(self, places: Int64) -> "Matched":
        """Return some of the deposits, in their order, with their transactions."""
        place = np.full(self.gated.reasons.size, -1, dtype=np.int64)
        place[places] = np.arange(places.size)
        kept = np.flatnonzero(place[self.events.rows] >= 0)
        counts = np.diff(self.events.offset)[kept]
        offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        of = np.repeat(self.events.offset[kept] - offset[:-1], counts) + np.arange(offset[-1])
        day, kind, amount = (column[of] for column in self.events.columns)
        events = Events(place[self.events.rows[kept]], offset, (day, kind, amount))
        return self._replace(gated=self.gated.at(places), events=events)


def match(
    frame: pl.DataFrame,
    transactions: pl.DataFrame,
    flagged: Int64 | None = None,
    flagged_transactions: Int64 | None = None,
) -> Matched:
    """Gate deposits and transactions and match them; refuse what is refused of either on any as-of day.

    Raises:
        InputError: Columns of either frame are missing or unusable.
    """
    gated = gate(DEPOSITS, frame, flagged)
    given = gated_transactions(transactions, flagged_transactions)
    owner = _owners(frame, transactions, gated, given)
    refused = owner[(given.reasons != 0) & (owner >= 0)]
    gated.refuse_at(refused, Reason.bad_transaction, "deposit_id")
    return Matched(gated, _events(owner, gated, given), given.reasons)


def match_owned(frame: pl.DataFrame, own: Owned, flagged: Int64 | None = None) -> Matched:
    """Gate deposits and put transactions beside them that were gated and matched before; as `match` otherwise.

    Raises:
        InputError: Columns of the frame are missing or unusable.
    """
    gated, given = gate(DEPOSITS, frame, flagged), own.gated
    return Matched(gated, _events(own.rows, gated, given), given.reasons)


def gated_transactions(frame: pl.DataFrame, flagged: Int64 | None = None) -> Gated:
    """Gate transactions by themselves; a posting or debt below zero is refused as negative_amount.

    Raises:
        InputError: Columns are missing or unusable.
    """
    given = gate(TRANSACTIONS, frame, flagged)
    below = (given.values["amount_cents"] < 0) & (given.values["kind"] != PRINCIPAL)
    given.refuse(below, Reason.negative_amount, "amount_cents", rests_on=("kind", "amount_cents"))
    return given


def _owners(frame: pl.DataFrame, transactions: pl.DataFrame, gated: Gated, given: Gated) -> Int64:
    """Return the row of each transaction's deposit, -1 if there is none; refuse what cannot be matched."""
    ids = plain(transactions["deposit_id"]).cast(pl.String).to_frame()
    if "deposit_id" in given.unusable:
        ids = ids.select(pl.when(~pl.Series(given.unusable["deposit_id"])).then("deposit_id"))
    deposits = plain(frame["deposit_id"]).cast(pl.String).to_frame().with_row_index("row")
    moved = deposits.join(ids, on="deposit_id", how="semi")
    repeated = moved.filter(moved["deposit_id"].is_duplicated())
    gated.refuse_at(repeated["row"].cast(pl.Int64).to_numpy(), Reason.duplicate_key, "deposit_id")
    found = ids.join(moved.unique("deposit_id"), on="deposit_id", how="left", maintain_order="left")
    owner: Int64 = found["row"].cast(pl.Int64).fill_null(-1).to_numpy()
    given.refuse(owner < 0, Reason.unknown_deposit, "deposit_id")
    return owner


def _events(owner: Int64, gated: Gated, given: Gated) -> Events:
    """Collect the events of deposits without a bad transaction."""
    kept = np.flatnonzero(given.reasons == 0)
    kept = kept[gated.reasons[owner[kept]] & Reason.bad_transaction == 0]
    day = given.values["date"]
    order = (owner[kept] << _DAY_BITS) + (day[kept] - FIRST_DAY)
    if (np.diff(order) < 0).any():
        kept = kept[np.argsort(order, kind="stable")]
    rows, begin = np.unique(owner[kept], return_index=True)
    offset = np.append(begin, kept.size).astype(np.int64)
    columns = (day[kept], given.values["kind"][kept], given.values["amount_cents"][kept])
    return Events(rows, offset, columns)
