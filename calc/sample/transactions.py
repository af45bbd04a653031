"""Transactions of one deposit in twenty: receipts and refunds that add up to it, postings, amounts owed.

Principal rows begin with a receipt on the received date; what remains is the deposit's principal, or nothing where it
was paid back, the last refund being on that day. Bad deposits have none, so that every row here is good.
"""

from typing import Final, NamedTuple

import numpy as np
import polars as pl

from calc.kernels.arrays import Bool, Int64
from calc.kernels.event_kinds import EVENTS
from calc.kernels.unclaimed import ADVANCE, KINDS
from calc.sample.deposits import LAST_DAY
from calc.sample.draw import Draw
from calc.units import NO_DAY

SHARE_PER_MILLE: Final = 52
"""A little above one in twenty: those without principal, or of a kind that is no deposit, fall away."""
PRINCIPAL, POSTING, OWED = EVENTS
POSTINGS_MAX: Final = 3
CHANGED_FROM_CENTS: Final = 100
"""Smaller deposits come in one receipt, so that no order of a part paid back and a part added empties them."""


class _Events(NamedTuple):
    """Events of one kind: the deposits' places, days and amounts."""

    kind: str
    place: Int64
    day: Int64
    amount_cents: Int64


def chunk(draw: Draw, deposits: pl.DataFrame, bad: Int64) -> pl.DataFrame:
    """All transactions of one chunk's deposits, by deposit and day; `bad` deposits have none."""
    some = draw.chance(SHARE_PER_MILLE)
    some[bad] = False
    deposits = deposits.filter(
        pl.Series(some),
        pl.col("principal_cents") > 0,
        pl.col("kind").fill_null(KINDS[0]).is_in(KINDS[: ADVANCE + 1]),
    )
    return _of(draw.narrowed(deposits.height), deposits)


def _of(draw: Draw, deposits: pl.DataFrame) -> pl.DataFrame:
    principal = deposits["principal_cents"].to_numpy()
    received, paid, remitted, ended = (
        deposits[name].to_physical().fill_null(NO_DAY).to_numpy().astype(np.int64)
        for name in ("received_date", "paid_date", "remitted_date", "service_ended_date")
    )
    last = np.minimum(np.minimum(paid, remitted), np.minimum(ended, LAST_DAY))
    with_principal = draw.chance(800)
    roomy = with_principal & (last - received > 2) & (principal >= CHANGED_FROM_CENTS)
    added = np.where(roomy & draw.chance(400), 1 + principal // 2 * draw.whole(0, 999) // 1000, 0)
    refunded = np.where(roomy & draw.chance(300), 1 + principal * draw.whole(0, 999) // 1000, 0)
    between = np.maximum(last - received - 2, 0)
    day_added = received + 1 + draw.whole(0, between)
    day_refunded = received + 1 + draw.whole(0, between)

    def events(kind: str, rows: Bool, day: Int64, amount_cents: Int64) -> _Events:
        return _Events(kind, np.flatnonzero(rows), day[rows], amount_cents[rows])

    every = [
        events(PRINCIPAL, with_principal, received, principal + refunded - added),
        events(PRINCIPAL, added > 0, day_added, added),
        events(PRINCIPAL, refunded > 0, day_refunded, -refunded),
        events(PRINCIPAL, with_principal & (paid < remitted), paid, -principal),
    ]
    years = np.where(draw.chance(600), np.minimum((last - received) // 365, POSTINGS_MAX), 0)
    posted = 1 + principal * draw.whole(2, 45) // 1000
    every += [events(POSTING, years >= year, received + 365 * year, posted) for year in range(1, POSTINGS_MAX + 1)]
    every.append(events(OWED, draw.chance(250), received + draw.whole(0, last - received), draw.whole(1, 30_000)))
    return _in_order(deposits, every)


def _in_order(deposits: pl.DataFrame, every: list[_Events]) -> pl.DataFrame:
    place = np.concatenate([events.place for events in every])
    day = np.concatenate([events.day for events in every])
    kind = np.repeat([EVENTS.index(events.kind) for events in every], [events.place.size for events in every])
    order = np.lexsort([day, place])
    return pl.DataFrame({
        "deposit_id": deposits["deposit_id"].gather(place[order]),
        "date": pl.Series(day[order].astype(np.int32)).cast(pl.Date),
        "kind": pl.Series(EVENTS).gather(kind[order]),
        "amount_cents": np.concatenate([events.amount_cents for events in every])[order],
    })  # fmt: skip
