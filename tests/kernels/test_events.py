"""Interest on dated events against the twin; the published day-count figures stand in tests/cases."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from calc.columns.interest import over_events
from calc.kernels import calendar, events
from calc.kernels.intmath import ROUNDING_MODES
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.resolve import load_rules
from calc.units import CENTS_MAX, FIRST_DAY, PPM, to_date
from tests import portfolio
from tests.reference import interest as twin
from tests.reference import rate_table as rate_twin
from tests.reference.rounding import round_fraction

DENOMINATOR = PPM * calendar.YEAR_UNITS


@pytest.fixture(scope="module")
def table() -> RateTable:
    return load_rate_table(load_rules(date(2026, 9, 30)).electric.annual_rate)


@pytest.fixture(scope="module")
def rate_on(table: RateTable) -> rate_twin.RateTable:
    effective = {row.effective_from: row.rate_ppm for row in table.rows}
    return rate_twin.RateTable(rate_twin.rates_from(effective, to_date(table.end_day)))


@pytest.mark.parametrize("rounding_point", ["posting", "year"])
@pytest.mark.parametrize("day_ends", list(calendar.DAY_ENDS))
def test_events_against_the_twin(
    table: RateTable, rate_on: rate_twin.RateTable, rounding_point: str, day_ends: str
) -> None:
    random = Random(f"{rounding_point} {day_ends}")  # noqa: S311 - test data
    for _ in range(150):
        end = portfolio.any_day(random, date(1992, 1, 1), portfolio.LAST)
        switches = {
            "day_count": random.choice(("actual_actual", "actual_365", "actual_360")),
            "day_ends": day_ends,
            "rounding_mode": random.choice(("half_up", "half_even", "down", "up")),
            "rounding_point": rounding_point,
        }
        balance = random.randint(1, 10**6)
        day = portfolio.any_day(random, portfolio.FIRST, end)
        events = [(day, balance)]
        while random.random() < 0.7:
            day = portfolio.any_day(random, day, portfolio.LAST)
            change = random.choice((random.randint(0, 10**6), -random.randint(0, balance)))
            balance += change
            events.append((day, change))
        random.shuffle(events)
        rules = load_rules(end, switches=switches)
        expected = twin.interest_events_cents(events, end, rate_on, **switches)
        assert over_events(events, end, rules=rules, rates=table) == expected, (events, end, switches)


def test_refund_by_hand() -> None:
    """200.00 from 1 January 2023, 100.00 refunded on 1 January 2024, to 1 January 2025: 2 x 1.69 + 4.93 = 8.31."""
    rules = load_rules(date(2025, 1, 1))
    rates = load_rate_table(rules.electric.annual_rate)
    events = [(date(2023, 1, 1), 20_000), (date(2024, 1, 1), -10_000)]
    assert over_events(events, date(2025, 1, 1), rules=rules, rates=rates) == 831


RATE_PPM = 10**6
INDEX = np.arange(calendar.TABLE_DAYS + 1, dtype=np.int64) * (RATE_PPM * calendar.YEAR_UNITS // 365)
"""Of a hundred per cent a year of 365 days."""


def rows_of(random: Random, counts: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Offsets, days, amounts and ends of rows with so many events: a receipt, a part of it refunded, and so on.

    The offsets do not begin at 0.
    """
    offset = 3 + np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    total = int(offset[-1])
    day = np.array(random.choices(range(FIRST_DAY - 9, FIRST_DAY + 3_000), k=total), dtype=np.int32)
    amount = np.array([random.randint(0, CENTS_MAX) for _ in range(total)], dtype=np.int64)
    for begin, stop in pairwise(offset.tolist()):
        for refund in range(begin + 1, stop, 2):
            amount[refund] = -random.randint(0, int(amount[refund - 1]))
            day[refund] = max(day[refund - 1 : refund + 1])
    end = np.array(random.choices(range(FIRST_DAY, FIRST_DAY + 3_000), k=len(counts)), dtype=np.int32)
    return offset, day, amount, end


@pytest.mark.parametrize("mode", list(ROUNDING_MODES))
@pytest.mark.parametrize(
    ("counts", "scale"),
    [
        ([2, 0, 0, 1, 3, 0], 1),
        ([0, 0], 1),
        ([1] * (2 * events.STRIPE_ROWS + 5), 1),
        ([900, 0, 1, 2_000, 1_197, 3, 5_000, 0, 4_096, 4_097, 1], 1),
        ([2, 0, 0, 1, 3, 0], 10**5),
    ],
)
def test_stripes_of_any_rows(counts: list[int], scale: int, mode: str) -> None:
    """Every row's exact sum, whatever stripe it falls into; rows without events, and with more than a stripe holds."""
    random = Random(len(counts))  # noqa: S311 - test data
    offset, day, amount, end = rows_of(random, counts)
    found = np.empty(len(counts), dtype=np.int64)
    denominator = DENOMINATOR * scale
    events.interest_over_events(
        offset, day, amount, end, INDEX, calendar.year_starts(), 1, 1, denominator, ROUNDING_MODES[mode], False, found
    )
    for row, cents in enumerate(found.tolist()):
        total = 0
        for event in range(offset[row], offset[row + 1]):
            earned = max(0, int(end[row]) + 1 - max(FIRST_DAY, int(day[event]) + 1))
            total += int(amount[event]) * earned * (RATE_PPM * calendar.YEAR_UNITS // 365)
        assert cents == round_fraction(Fraction(total, denominator), mode)
