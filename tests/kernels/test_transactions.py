"""Balances, a few events at a time; whole deposits are compared with the twin in tests/columns."""

from typing import Any

import numpy as np
import pytest

from calc.kernels import transactions as kernels
from calc.kernels.deposit_columns import Balances, OwnFigures
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL, DatedEvents
from calc.kernels.transactions import EVENTS_MAX, GROSS_MAX
from calc.units import CENTS_MAX, NO_DAY

AS_OF = 100
Event = tuple[int, int, int]
"""Day, kind, cents."""


def dated(events: list[Event]) -> DatedEvents:
    """The events of one row."""
    days, kinds, cents = zip(*events, strict=True) if events else ((), (), ())
    offset = np.array([0, len(events)], dtype=np.int64)
    return DatedEvents(offset, np.array(days, np.int32), np.array(kinds, np.int8), np.array(cents, np.int64))


def balances(
    events: list[Event], *, paid: int = NO_DAY, remitted: int = NO_DAY, posted: int = 0, owed: int = 0
) -> dict[str, int]:
    """Results for one row with 77 cents of its own, received on day 7."""
    results: dict[str, type[Any]] = {
        "held": np.int64, "received": np.int32, "paid": np.int32, "posted": np.int64, "owed": np.int64,
        "moved": np.bool_, "negative": np.bool_, "beyond": np.bool_,
    }  # fmt: skip
    room = {name: np.ones(1, dtype=dtype) for name, dtype in results.items()}
    own = [np.array([figure], dtype=dtype) for figure, dtype in (
        (77, np.int64), (7, np.int32), (paid, np.int32), (remitted, np.int32), (posted, np.int64), (owed, np.int64),
    )]  # fmt: skip
    kernels.balances(dated(events), OwnFigures._make(own), AS_OF, Balances._make(room.values()))
    return {name: int(column[0]) for name, column in room.items()}


GOOD = {"posted": 0, "owed": 0, "moved": 1, "negative": 0, "beyond": 0}


@pytest.mark.parametrize(
    ("events", "row", "held", "received", "paid"),
    [
        ([(10, PRINCIPAL, 50)], {}, 50, 10, NO_DAY),
        ([(10, PRINCIPAL, 50), (20, PRINCIPAL, 30), (30, PRINCIPAL, -60)], {}, 20, 10, NO_DAY),
        ([(10, PRINCIPAL, 50), (AS_OF, PRINCIPAL, 30), (AS_OF + 1, PRINCIPAL, 99)], {}, 80, 10, NO_DAY),
        ([(AS_OF + 1, PRINCIPAL, 50), (AS_OF + 2, PRINCIPAL, -50)], {}, 0, AS_OF + 1, NO_DAY),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50)], {}, 50, 10, 30),
        ([(10, PRINCIPAL, 50), (20, PRINCIPAL, -30), (30, PRINCIPAL, -20), (40, PRINCIPAL, 0)], {}, 20, 10, 30),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50), (40, PRINCIPAL, 5)], {}, 5, 10, NO_DAY),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50), (40, PRINCIPAL, 5), (40, PRINCIPAL, -5)], {}, 0, 10, 40),
        ([(10, PRINCIPAL, 50), (10, PRINCIPAL, -50)], {}, 0, 10, 10),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50)], {"paid": 20}, 50, 10, 20),
        ([(10, PRINCIPAL, 50), (20, PRINCIPAL, 9)], {"paid": 20}, 59, 10, 20),
        ([(10, PRINCIPAL, 50), (20, PRINCIPAL, 9)], {"paid": 19}, 50, 10, 19),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50)], {"paid": 31}, 50, 10, 30),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50)], {"remitted": 20}, 50, 10, 30),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50)], {"remitted": 30}, 0, 10, 30),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, -50)], {"remitted": 31}, 50, 10, 30),
        ([(10, PRINCIPAL, 50), (30, PRINCIPAL, 9)], {"remitted": AS_OF + 1}, 59, 10, NO_DAY),
        ([(10, PRINCIPAL, CENTS_MAX), (20, PRINCIPAL, 5), (20, PRINCIPAL, -5)], {}, CENTS_MAX, 10, NO_DAY),
    ],
)
def test_balances(events: list[Event], row: dict[str, int], held: int, received: int, paid: int) -> None:
    assert balances(events, **row) == GOOD | {"held": held, "received": received, "paid": paid}


def test_postings_and_debts() -> None:
    events = [(9, POSTING, 1), (20, OWED, 10), (20, POSTING, 2), (AS_OF, OWED, 20), (AS_OF + 1, OWED, 500)]
    expected = GOOD | {"posted": 8, "owed": 136}
    own = {"held": 77, "received": 7, "paid": NO_DAY, "moved": 0}
    assert balances(events, posted=5, owed=106) == expected | own
    found = balances([*events[:1], (10, PRINCIPAL, 50), *events[1:]], posted=5, owed=106)
    assert found == expected | {"held": 50, "received": 10, "paid": NO_DAY}
    assert balances([], posted=8, owed=136) == expected | own


@pytest.mark.parametrize(
    ("events", "negative", "beyond"),
    [
        ([(10, PRINCIPAL, 50), (20, PRINCIPAL, -51)], 1, 0),
        ([(10, PRINCIPAL, 50), (20, PRINCIPAL, -51), (21, PRINCIPAL, 1)], 1, 0),
        ([(10, PRINCIPAL, 50), (20, PRINCIPAL, -51), (20, POSTING, 1), (AS_OF + 1, PRINCIPAL, 1)], 1, 0),
        ([(10, PRINCIPAL, CENTS_MAX), (20, PRINCIPAL, 1)], 0, 1),
        ([(10, PRINCIPAL, CENTS_MAX), (20, PRINCIPAL, 1), (21, PRINCIPAL, -1)], 0, 1),
        ([(10, PRINCIPAL, 1), (11, PRINCIPAL, -2), (20, PRINCIPAL, CENTS_MAX), (21, PRINCIPAL, 2)], 1, 1),
        ([(10, PRINCIPAL, 50), (20, OWED, CENTS_MAX), (20, OWED, 1)], 0, 1),
        ([(20, POSTING, CENTS_MAX), (20, POSTING, 1)], 0, 1),
    ],
)
def test_refused_rows_have_no_amounts(events: list[Event], negative: int, beyond: int) -> None:
    found = balances(events, posted=5, owed=6)
    refused = {"held": 0, "posted": 0, "owed": 0, "moved": 0, "negative": negative, "beyond": beyond}
    assert found == found | refused


def test_more_events_than_sums_can_hold_are_refused() -> None:
    for count, beyond in ((EVENTS_MAX, 0), (EVENTS_MAX + 1, 1)):
        found = balances([(20, POSTING, 1)] * count)
        assert (found["beyond"], found["posted"]) == (beyond, 0 if beyond else EVENTS_MAX)
    assert (EVENTS_MAX + 1) * CENTS_MAX < 2**63


def test_more_in_and_out_in_a_day_than_the_division_is_proven_for_is_refused() -> None:
    for count, beyond in ((GROSS_MAX // CENTS_MAX, 0), (GROSS_MAX // CENTS_MAX + 1, 1)):
        events = [(20, PRINCIPAL, CENTS_MAX), (20, PRINCIPAL, -CENTS_MAX)] * count
        assert balances(events)["beyond"] == beyond
        assert balances(events[::-1])["beyond"] == beyond
        assert balances([(19, PRINCIPAL, CENTS_MAX), *events[2:]])["beyond"] == beyond


def test_within_a_day_a_balance_may_be_below_zero_or_above_the_bound() -> None:
    below = [(10, PRINCIPAL, -50), (10, PRINCIPAL, 50), (10, PRINCIPAL, 1)]
    assert balances(below) == GOOD | {"held": 1, "received": 10, "paid": NO_DAY}
    above = [(10, PRINCIPAL, CENTS_MAX), (20, POSTING, 0), (20, PRINCIPAL, 9), (20, PRINCIPAL, -9)]
    assert balances(above) == GOOD | {"held": CENTS_MAX, "received": 10, "paid": NO_DAY}


def test_days_before_1970_are_negative() -> None:
    events = [(-5_000, POSTING, 3), (-4_000, PRINCIPAL, 50), (-3_000, PRINCIPAL, -50)]
    assert balances(events) == GOOD | {"held": 50, "received": -4_000, "paid": -3_000, "posted": 3}
