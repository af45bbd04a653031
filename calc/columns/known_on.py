"""Leave out what is dated after a day: what was known of deposits and their transactions on it."""

from typing import Final

import numpy as np

from calc.columns.gated import Gated
from calc.columns.matching import Events, Matched
from calc.units import NO_DAY

_DATES: Final = ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")


def known_on(deposits: Matched | Gated, day: int) -> Matched | Gated:
    """The same rows without what is dated after an epoch day."""
    gated = deposits.gated if isinstance(deposits, Matched) else deposits
    values = {
        name: np.where(column <= day, column, NO_DAY).astype(column.dtype) if name in _DATES else column
        for name, column in gated.values.items()
    }
    gated = gated._replace(values=values)
    if isinstance(deposits, Matched):
        return deposits._replace(gated=gated, events=_until(deposits.events, day))
    return gated


def _until(events: Events, day: int) -> Events:
    """Events on or before an epoch day; rows without any drop out."""
    kept = events.columns[0] <= day
    counts = np.add.reduceat(kept, events.offset[:-1], dtype=np.int64) if events.rows.size else events.rows
    some = counts > 0
    offset = np.concatenate([[0], np.cumsum(counts[some])]).astype(np.int64)
    first, kind, amount = (column[kept] for column in events.columns)
    return Events(events.rows[some], offset, (first, kind, amount))
