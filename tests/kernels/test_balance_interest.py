"""Interest on balances, a few events at a time; whole deposits are compared with the twin in tests/columns."""

from random import Random

import numpy as np
import pytest

from calc.kernels import balance_interest as kernels
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL
from calc.units import CENTS_MAX, FIRST_DAY, NO_DAY
from tests.kernels.test_transactions import Event, dated

DENOMINATOR = 1000
DAILY = np.arange(40_000)
INDICES = (DAILY * 7, DAILY * 11)
"""The rates gain 7 a day and the points 11."""
Pair = tuple[int, int]


def on_balance(
    events: list[Event],
    since: int,
    until: int,
    late: int,
    shift: int = 0,
    closing: int = NO_DAY,
    less: int = 0,
    applied: int = NO_DAY,
    owed: int = 0,
) -> tuple[Pair, Pair]:
    given, own, days = dated(events), (0, len(events)), (since, late, until)
    standing = (0, owed)
    return kernels.on_balance(given, own, INDICES, standing, *days, shift, closing, applied, less, DENOMINATOR)


def on_changes(
    events: list[Event], since: int, until: int, late: int, shift: int = 0, closing: int = NO_DAY
) -> tuple[Pair, Pair]:
    """The sums as floor and remainder."""
    given, own = dated(events), (0, len(events))
    found = kernels.on_changes(given, own, INDICES, since, late, until, shift, closing, DENOMINATOR)
    base, more = (divmod(quotient * DENOMINATOR + remainder, DENOMINATOR) for quotient, remainder in found)
    return base, more


MOVES: list[Event] = [
    (10, PRINCIPAL, 50), (10, POSTING, 9), (20, PRINCIPAL, 40), (20, PRINCIPAL, -10), (25, OWED, 8),
    (30, PRINCIPAL, -60), (50, PRINCIPAL, 10**6),
]  # fmt: skip
"""50 cents from day 10, 80 from day 20, 20 from day 30."""


@pytest.mark.parametrize(
    ("since", "late", "until", "options", "cent_days", "late_cent_days"),
    [
        (10, 50, 50, {}, 10 * 50 + 10 * 80 + 20 * 20, 0),
        (10, 25, 50, {}, 10 * 50 + 10 * 80 + 20 * 20, 5 * 80 + 20 * 20),
        (10, 30, 40, {}, 10 * 50 + 10 * 80 + 10 * 20, 10 * 20),
        (25, 25, 45, {}, 5 * 80 + 15 * 20, 5 * 80 + 15 * 20),
        (40, 42, 45, {}, 5 * 20, 3 * 20),
        (45, 45, 45, {}, 0, 0),
        (11, 26, 50, {"shift": 1}, 10 * 50 + 10 * 80 + 19 * 20, 5 * 80 + 19 * 20),
        (10, 15, 50, {"less": 30}, 10 * 50 + 10 * 80 + 20 * 20, 5 * 20 + 10 * 50 + 20 * 0),
        (10, 15, 50, {"less": 90}, 10 * 50 + 10 * 80 + 20 * 20, 0),
        (10, 15, 31, {"closing": 30}, 10 * 50 + 10 * 80 + 1 * 80, 5 * 50 + 10 * 80 + 1 * 80),
        (10, 15, 21, {"closing": 20}, 10 * 50 + 1 * 90, 5 * 50 + 1 * 90),
        # Debts applied to the deposit from a day on: the 8 cents of day 25, and 3 more that no event brings.
        (10, 22, 50, {"applied": 22}, 10 * 50 + 5 * 80 + 5 * 72 + 20 * 12, 3 * 80 + 5 * 72 + 20 * 12),
        (10, 27, 50, {"applied": 27}, 10 * 50 + 7 * 80 + 3 * 72 + 20 * 12, 3 * 72 + 20 * 12),
        (10, 22, 50, {"applied": 22, "owed": 3}, 10 * 50 + 2 * 80 + 3 * 77 + 5 * 69 + 20 * 9, 3 * 77 + 5 * 69 + 20 * 9),
    ],
)
def test_interest_on_balances_by_hand(
    since: int, late: int, until: int, options: dict[str, int], cent_days: int, late_cent_days: int
) -> None:
    expected = divmod(7 * cent_days, DENOMINATOR), divmod(11 * late_cent_days, DENOMINATOR)
    assert on_balance(MOVES, since, until, late, **options) == expected
    if not options.keys() & {"less", "applied"}:
        assert on_changes(MOVES, since, until, late, **options) == expected


def test_many_events_against_fractions() -> None:
    """Amounts up to the bound: quotient and remainder are those of the exact sums, day by day."""
    random = Random(5)  # noqa: S311 - test data
    for _ in range(200):
        days = sorted(random.choices(range(FIRST_DAY, FIRST_DAY + 300), k=random.randint(1, 12)))
        events: list[Event] = []
        held = 0
        for day in days:
            change = random.choice((random.randint(0, CENTS_MAX - held), -random.randint(0, held)))
            held += change
            events.append((day, PRINCIPAL, change))
        since, late, until = sorted(random.choices(range(FIRST_DAY, FIRST_DAY + 301), k=3))
        less = random.choice((0, random.randint(0, CENTS_MAX)))
        held_on = {day: sum(cents for dated, _, cents in events if dated <= day) for day in range(since, until)}
        base = sum(held_on.values()) * 7
        more = sum(max(0, held_on[day] - less) for day in range(late, until)) * 11
        expected = divmod(base, DENOMINATOR), divmod(more, DENOMINATOR)
        assert on_balance(events, since, until, late, less=less) == expected
        if less == 0:
            assert on_changes(events, since, until, late) == expected
