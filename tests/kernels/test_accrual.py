"""Interest on one amount and on dated events against the twin; the published day-count figures stand in tests/cases."""

from datetime import date
from random import Random

import numpy as np
import pytest

from calc.columns.interest import over_events
from calc.kernels import accrual, calendar
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.resolve import load_rules
from calc.units import FIRST_DAY, LAST_DAY, to_date
from tests import portfolio
from tests.reference import interest as twin
from tests.reference import rate_table as rate_twin

DENOMINATOR = 10**6 * calendar.YEAR_UNITS


@pytest.fixture(scope="module")
def table() -> RateTable:
    return load_rate_table(load_rules(date(2026, 9, 30)).electric.annual_rate)


@pytest.fixture(scope="module")
def rate_on(table: RateTable) -> rate_twin.RateTable:
    effective = {row.effective_from: row.rate_ppm for row in table.rows}
    return rate_twin.RateTable(rate_twin.rates_from(effective, to_date(table.end_day)))


def test_index_is_a_prefix_sum() -> None:
    index = np.empty(4, dtype=np.int64)
    accrual.accrual_index(np.array([2, 3, 5]), np.array([10, 100, 1000]), index)
    assert index.tolist() == [0, 20, 320, 5320]


def test_largest_index_leaves_room() -> None:
    """A hundred per cent a year on every day stays below 2^48, the bound that the division is proven under."""
    for day_count in ("actual_actual", "actual_365", "actual_360", "thirty_e_360"):
        weights = calendar.day_weights(day_count)
        index = np.empty(weights.size + 1, dtype=np.int64)
        accrual.accrual_index(np.full(weights.size, 10**6), weights, index)
        assert 0 < index[-1] < 2**48


def test_place_of_every_year() -> None:
    starts = calendar.year_starts()
    for day in (FIRST_DAY, -1, 0, 364, 365, LAST_DAY):
        assert accrual.year_place(day, starts) == to_date(day).year - 1955


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
