import numpy as np
import pytest

from benchmarks.baselines.interest import INTEREST_OVER_EVENTS
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import AS_OF_DAY, SIZES, draw, offsets, received, tables, unwritten
from calc.kernels import events

MOST_EVENTS = 4


@pytest.mark.parametrize("rows", SIZES)
def test_interest_over_events(race: Race, rows: int) -> None:
    random = draw(rows)
    accruals = tables()
    offset = offsets(random, rows, MOST_EVENTS)
    count = int(offset[-1])
    day = received(random, count)
    day[offset[:-1]] = np.minimum.reduceat(day, offset[:-1])
    amount = random.integers(-5_000, 20_000, count)
    amount[offset[:-1]] += MOST_EVENTS * 5_000
    comparison = Comparison(
        events.interest_over_events,
        rows,
        columns={
            "offset": offset,
            "event_day": day,
            "amount_cents": amount,
            "end_day": np.full(rows, AS_OF_DAY, dtype=np.int32),
        },
        parameters={
            "index": accruals.rates, "year_start": accruals.year_start, "start_shift": 0, "end_shift": 0,
            "denominator": accruals.denominator, "mode": accruals.mode, "by_year": False,
        },
        results={"interest_cents": unwritten(rows)},
        entries=frozenset({"event_day", "amount_cents"}),
    )  # fmt: skip
    race(comparison, INTEREST_OVER_EVENTS, copy_most=1.8)
