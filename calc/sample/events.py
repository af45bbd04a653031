"""Events of participants' years: of every kind, before the first bill, on bill days, and after the last.

Bad participants have none, nor those without a first bill, so that every row here is good.
"""

from typing import Final, NamedTuple

import numpy as np
import polars as pl

from calc.columns.contract import SERVICES
from calc.kernels.arrays import Bool, Int64
from calc.kernels.participant_events import HEATS, KINDS, SAYS_NO, SAYS_YES
from calc.sample.draw import Draw
from calc.units import NO_DAY

_BEFORE_DAYS, _SPAN_DAYS = 20, 380
"""The first day is so long before the first bill; the last comes after the last bill."""
_PER_MILLE: Final = {
    "move": 60, "heating": 40, "regulated_gas": 40, "income": 120, "rate_change": 200, "leap_grant": 400,
    "missed_payment": 150, "partial_payment": 120, "payment": 300, "budget_billing": 60, "exit": 30, "move_out": 15,
}  # fmt: skip
"""How many of a thousand participants have an event of a kind."""
_CENTS: Final = {
    "move": (40_000, 360_000), "income": (100_000, 6_000_000), "rate_change": (40_000, 360_000),
    "leap_grant": (5_000, 90_000), "partial_payment": (100, 9_000), "payment": (1_000, 30_000),
}  # fmt: skip
_WORDS: Final = {"regulated_gas": (SAYS_YES[0], SAYS_NO[0]), "budget_billing": (SAYS_YES[1], SAYS_NO[1])}


class _Events(NamedTuple):
    """Events of one kind: the participants' places, days, amounts and words."""

    kind: str
    place: Int64
    day: Int64
    amount_cents: list[int] | list[None]
    word: list[str] | list[None]


def chunk(draw: Draw, participants: pl.DataFrame, bad: Int64) -> pl.DataFrame:
    """All events of one chunk's participants, by participant and day; `bad` ones have none."""
    good = np.ones(participants.height, dtype=np.bool_)
    good[bad] = False
    participants = participants.filter(pl.Series(good), pl.col("first_bill_date").is_not_null())
    draw = draw.narrowed(participants.height)
    first_bill = participants["first_bill_date"].to_physical().fill_null(NO_DAY).to_numpy().astype(np.int64)
    gas = (participants["service"] == SERVICES[1]).to_numpy()
    every = [_of_kind(kind, draw, first_bill, gas) for kind in KINDS]
    place = np.concatenate([events.place for events in every])
    day = np.concatenate([events.day for events in every])
    kind = np.repeat(np.arange(len(KINDS)), [events.place.size for events in every])
    order = np.lexsort([kind, day, place])
    amounts = pl.Series([cents for events in every for cents in events.amount_cents], dtype=pl.Int64)
    words = pl.Series([word for events in every for word in events.word], dtype=pl.String)
    return pl.DataFrame({
        "participant_id": participants["participant_id"].gather(place[order]),
        "service": participants["service"].gather(place[order]),
        "date": pl.Series(day[order].astype(np.int32)).cast(pl.Date),
        "kind": pl.Series(KINDS).gather(kind[order]),
        "amount_cents": amounts.gather(order),
        "word": words.gather(order),
    })  # fmt: skip


def _of_kind(kind: str, draw: Draw, first_bill: Int64, gas: Bool) -> _Events:
    """A participant has one event of a kind at most; of those on a bill day, the bill is a month's first."""
    some = np.flatnonzero(draw.chance(_PER_MILLE[kind]))
    day = first_bill - _BEFORE_DAYS + draw.whole(0, _SPAN_DAYS)
    day = np.where(draw.chance(100), first_bill, day)[some]
    nothing: list[None] = [None] * some.size
    amount = draw.whole(*_CENTS[kind])[some].tolist() if kind in _CENTS else nothing
    if kind in {"heating", "move"}:  # gas service with another primary heat has no band
        heat = np.where(gas, draw.whole(0, 1), draw.whole(0, len(HEATS) - 1))[some]
        word = [HEATS[code] for code in heat.tolist()] if kind == "heating" else nothing
    elif kind in _WORDS:
        word = [_WORDS[kind][code] for code in draw.whole(0, 1)[some].tolist()]
    else:
        word = nothing
    return _Events(kind, some, day, amount, word)
