import numpy as np
import pytest

from benchmarks.baselines.discontinuance import DISCONTINUANCE, RESTORATION
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, flags, rules, unwritten
from calc.columns import collection
from calc.kernels import discontinuance as kernels
from calc.units import DAY_SECONDS, NO_DAY, NO_MOMENT

FIRST, LAST = 20_000, 21_000
"""Epoch days of 2024 to 2027."""


@pytest.mark.parametrize("rows", SIZES)
def test_discontinuance(race: Race, rows: int) -> None:
    random = draw(rows)
    rule = rules().electric.discontinuance
    day = random.integers(FIRST, LAST, rows)

    def near(share: float, back: int) -> np.ndarray:
        return np.where(flags(random, rows, share), day - random.integers(0, back, rows), NO_DAY).astype(np.int32)

    comparison = Comparison(
        kernels.discontinuance,
        rows,
        columns={
            "at": day * DAY_SECONDS + random.integers(6, 18, rows) * 3_600,
            "past_due_cents": amounts(random, rows, 90_000),
            "due_day": (day - random.integers(0, 90, rows)).astype(np.int32),
            "residential": flags(random, rows, 0.9),
            "participant": flags(random, rows, 0.2),
            "preexisting_cents": amounts(random, rows, 30_000, share=0.3),
            "certificate_day": near(0.1, 200),
            "other_certificate_day": near(0.05, 500),
            "applied_day": near(0.1, 90),
            "low_f": random.integers(0, 80, rows),
            "high_f": random.integers(40, 110, rows),
            "emergency": flags(random, rows, 0.01),
            "office_closed_day": near(0.02, 2),
        },
        parameters={
            "rule": collection.values_of(rule),
            "holiday": collection.holidays(),
            "next_certificate_day": collection.months_later(rule.certificate_months),
        },
        results={"bars": unwritten(rows, np.int16), "warnings": unwritten(rows, np.int8)},
    )
    race(comparison, DISCONTINUANCE, copy_most=None)


@pytest.mark.parametrize("rows", SIZES)
def test_restoration(race: Race, rows: int) -> None:
    random = draw(rows)
    at = random.integers(FIRST, LAST, rows) * DAY_SECONDS + random.integers(0, DAY_SECONDS, rows)
    comparison = Comparison(
        kernels.restoration,
        rows,
        columns={
            "requested": at,
            "acted": at + random.integers(0, 7_200, rows),
            "gas": flags(random, rows, 0.5),
            "advanced_meter": flags(random, rows, 0.5),
            "closes": np.full(rows, NO_MOMENT),
            "after_hours_paid": flags(random, rows, 0.1),
            "restored": np.where(flags(random, rows, 0.8), at + random.integers(0, 500_000, rows), NO_MOMENT),
        },
        parameters={"rule": collection.values_of(rules().electric.restoration), "business": collection.business_days()},
        results={
            "same_day": unwritten(rows, np.bool_),
            "restore_by": unwritten(rows),
            "due_day": unwritten(rows, np.int32),
            "late_days": unwritten(rows),
            "credit_cents": unwritten(rows),
        },
    )
    race(comparison, RESTORATION, copy_most=None)
