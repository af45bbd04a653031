"""Compare the principal that the deposits' file states with the one that their transactions give.

In: deposits matched with their transactions, before and after settlement. Out: the deposits whose stated principal
equals none of the sums that the ledger gives.
"""

from typing import NamedTuple

import numpy as np

from calc.columns.gated import Gated
from calc.columns.matching import Matched
from calc.kernels.arrays import Int64
from calc.kernels.event_kinds import PRINCIPAL


class AtOdds(NamedTuple):
    """Rows of deposits that disagree with their ledger, both principals in cents, and how many were compared."""

    rows: Int64
    stated_cents: Int64
    ledger_cents: Int64
    compared: int


def at_odds(matched: Matched, settled: Gated, as_of_day: int) -> AtOdds:
    """List good deposits with principal transactions whose stated principal does not follow from them.

    A file may state what is held on the as-of day or at the end of the ledger, what the last refund paid out, or what
    was received, by the as-of day or in all. One of these must match to the cent. `ledger_cents` is the first of them.

    Args:
        matched: Deposits matched with their transactions.
        settled: The same deposits after settlement.
        as_of_day: Epoch day.
    """
    rows, offset = matched.events.rows, matched.events.offset
    day, kind, amount = matched.events.columns
    first = offset[:-1]
    if not rows.size:
        nothing = np.empty(0, dtype=np.int64)
        return AtOdds(nothing, nothing, nothing, 0)
    principal = np.where(kind == PRINCIPAL, amount, 0)
    receipts = np.maximum(principal, 0)
    last_refund = np.maximum.reduceat(np.where(principal < 0, day, 0), first)
    before_refund = day < np.repeat(last_refund, np.diff(offset))
    stated = matched.gated.values["principal_cents"][rows]
    held = settled.values["principal_cents"][rows]
    in_all = np.add.reduceat(principal, first)
    paid_out = np.add.reduceat(np.where(before_refund, principal, 0), first)
    agree = (
        (stated == held)
        | (stated == in_all)
        | ((stated == paid_out) & (in_all == 0))
        | (stated == np.add.reduceat(receipts, first))
        | (stated == np.add.reduceat(np.where(day <= as_of_day, receipts, 0), first))
    )
    compared = np.logical_or.reduceat(kind == PRINCIPAL, first) & (settled.reasons[rows] == 0)
    odd = compared & ~agree
    return AtOdds(rows[odd], stated[odd], held[odd], int(np.count_nonzero(compared)))
