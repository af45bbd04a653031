"""Deposits and construction advances: dates in order, every status on the last days of September and October 2026."""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from calc.columns.contract import SERVICES
from calc.columns.evaluation import dates
from calc.errors import Reason
from calc.kernels.arrays import Bool, Int64
from calc.kernels.unclaimed import ADVANCE, KINDS
from calc.sample.draw import Draw, ids, or_null, picked
from calc.sample.faults import Change, Faults
from calc.sample.layout import Layout
from calc.units import CENTS_MAX, NO_DAY, to_day

FIRST_YEAR, LAST_YEAR = 1990, 2026
FIRST_DAY: Final = to_day(date(FIRST_YEAR, 1, 1))
LAST_DAY: Final = to_day(date(LAST_YEAR, 12, 31))
HELD, REFUNDED, SETTLED, LEFT, REMITTED, CLAIMED = range(6)
"""Held in service; paid back in service; paid back after its end; left behind; remitted; remitted and later claimed."""


def _edges() -> Int64:
    """Edges of the calendar, ascending: month ends, leap days among them, 1 January and 1 March."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    starts = [to_day(date(year, month, 1)) for year in years for month in (1, 3)]
    ends = [to_day(date(year + month // 12, month % 12 + 1, 1)) - 1 for year in years for month in range(1, 13)]
    return np.array(sorted(starts + ends), dtype=np.int64)


_EDGES: Final = _edges()
_NEWEST_EDGE: Final = np.searchsorted(_EDGES, np.arange(FIRST_DAY, LAST_DAY + 1), side="right") - 1
"""By day from the first through the last: the place of the newest edge."""


def chunk(draw: Draw, layout: Layout, first: int) -> pl.DataFrame:
    """Good rows `first`, `first` + 1, ... of the deposits."""
    numbers = np.arange(first, first + draw.rows)
    account, service = layout.of_deposits(numbers)
    received = _some_on_edges(draw, FIRST_DAY + _towards_the_end(draw))
    kind = draw.choice(880, 80, 15, 15)  # code 4 is null, a deposit
    fate = draw.choice(420, 200, 170, 130, 60)
    ended, paid, remitted = _endings(draw, received, fate)
    payable = np.where(draw.chance(60), received + draw.whole(0, LAST_DAY - received), NO_DAY)
    principal = _principal(draw, advance=kind == ADVANCE)
    posted = principal * draw.whole(0, 150) // 1000
    return pl.DataFrame({
        "deposit_id": ids("D", numbers),
        "account_id": ids("A", account),
        "service": picked(service, SERVICES),
        "kind": picked(kind, (*KINDS, None)),
        "principal_cents": principal,
        "received_date": _dates(received),
        "paid_date": _dates(paid),
        "remitted_date": _dates(remitted),
        "service_ended_date": _dates(ended),
        "order_payable_date": _dates(_some_on_edges(draw, payable, received)),
        "efforts_made": picked(draw.choice(850, 80), (True, False, None)),
        "interest_payable": picked(
            np.where(kind == ADVANCE, draw.choice(600, 250), draw.choice(300, 5)), (True, False, None)
        ),
        "posted_cents": or_null(np.where(draw.chance(450), posted, 0), draw.chance(300)),
        "amounts_owed_cents": or_null(np.where(draw.chance(150), draw.whole(1, 40_000), 0), draw.chance(300)),
    })  # fmt: skip


def _towards_the_end(draw: Draw) -> Int64:
    """Days from the first: more of them recent than old."""
    days = LAST_DAY - FIRST_DAY
    return np.maximum(draw.whole(0, days), draw.whole(0, days))


def _some_on_edges(draw: Draw, days: Int64, lowest: Int64 | int = FIRST_DAY) -> Int64:
    """A fifth of the days moved back to the newest edge or the one before, not before `lowest`."""
    moved = draw.chance(200) & (days <= LAST_DAY)
    newest = _NEWEST_EDGE[days[moved] - FIRST_DAY]
    days[moved] = _EDGES[np.maximum(newest - draw.chance(500)[moved], 0)]
    return np.maximum(days, lowest)


def _endings(draw: Draw, received: Int64, fate: Int64) -> tuple[Int64, Int64, Int64]:
    """Days of service ended, paid and remitted; NO_DAY where not by the end of the last year."""
    some_day = _some_on_edges(draw, received + draw.whole(0, LAST_DAY - received), received)
    recently = _some_on_edges(draw, np.maximum(received, LAST_DAY - draw.whole(0, 1400)), received)
    long_ago = np.maximum(received, some_day - 850)
    ended = np.choose(fate, [NO_DAY, NO_DAY, some_day, recently, long_ago, long_ago])
    remitted = np.where(fate >= REMITTED, _some_on_edges(draw, ended + draw.whole(740, 1000), ended), NO_DAY)
    claimed = remitted + draw.whole(0, 300) * draw.chance(800)
    paid = np.choose(fate, [NO_DAY, some_day, ended + draw.whole(0, 90), NO_DAY, NO_DAY, claimed])
    ended, paid, remitted = (np.where(days > LAST_DAY, NO_DAY, days) for days in (ended, paid, remitted))
    return ended, paid, remitted


def _principal(draw: Draw, *, advance: Bool) -> Int64:
    """Cents: 50 to 600 dollars, mostly in steps of five; advances more; a few large, a few zero."""
    plain = np.where(draw.chance(700), 500 * draw.whole(10, 120), draw.whole(5_000, 60_000))
    plain = np.where(advance, 100 * draw.whole(500, 20_000), plain)
    large = np.where(draw.chance(3), draw.whole(1_000_000, 50_000_000), plain)
    return np.where(draw.chance(3), 0, large)


def _dates(days: Int64) -> pl.Series:
    return dates(days.astype(np.int32))


def _before_received(column: str) -> Change:
    return lambda row, _: {"kind": "deposit", column: row["received_date"] - timedelta(days=30)}


def _before_the_rates(day: date) -> Change:
    return {"kind": "deposit", "received_date": day, "paid_date": None, "remitted_date": None}


FAULTS: Final[Faults] = {
    Reason.missing_value: (
        {"principal_cents": None},
        {"received_date": None},
        {"account_id": None},
        {"service": None},
    ),
    Reason.negative_amount: ({"principal_cents": -20_000}, {"posted_cents": -1}, {"amounts_owed_cents": -4_550}),
    Reason.out_of_range: (
        {"principal_cents": CENTS_MAX + 1},
        {"received_date": date(1954, 12, 31)},
        {"paid_date": date(2101, 1, 1)},
    ),
    Reason.date_order: tuple(
        _before_received(column)
        for column in ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")
    ),
    Reason.unknown_value: ({"service": "water"}, {"kind": "loan"}),
    Reason.duplicate_key: (lambda _, following: {"deposit_id": following["deposit_id"]},),
    Reason.no_rate_in_force: (_before_the_rates(date(1989, 12, 31)), _before_the_rates(date(1975, 2, 28))),
}
TEXT_FAULTS: Final[Faults] = {
    Reason.not_a_number: (
        {"principal": "1,250.00"},
        {"principal": "$200.00"},
        {"principal": "(35.00)"},
        {"posted": "2e2"},
        {"amounts_owed": "NaN"},
    ),
    Reason.too_many_decimals: ({"principal": "200.005"}, {"posted": "0.125"}),
    Reason.bad_date: (
        {"received_date": "2023-02-29"},
        {"received_date": "03/15/2024"},
        {"received_date": "2024-2-1"},
        {"paid_date": "20240301"},
    ),
}
