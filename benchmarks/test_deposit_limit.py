import numpy as np
import pytest

from benchmarks.baselines.deposit_limit import DEPOSIT_LIMIT, GROUNDS, LIMIT_FROM_MONTHS
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, flags, later, offsets, received, rules, unwritten
from calc.columns.deposit_limit import months_before
from calc.kernels import deposit_limit as kernels
from calc.units import FIRST_DAY, NO_DAY


@pytest.mark.parametrize("rows", SIZES)
def test_deposit_limit(race: Race, rows: int) -> None:
    random = draw(rows)
    rule = rules().electric.deposit_limit

    def days(share: float) -> np.ndarray:
        return np.where(flags(random, rows, share), random.integers(300, 366, rows), 0)

    comparison = Comparison(
        kernels.deposit_limit,
        rows,
        columns={
            "billed_cents": amounts(random, rows, 300_000),
            "billed_days": days(0.9),
            "premises_billed_cents": amounts(random, rows, 300_000),
            "premises_billed_days": days(0.5),
            "class_billed_cents": np.full(rows, 150_000, dtype=np.int64),
            "class_billed_days": np.full(rows, 365, dtype=np.int64),
            "in_advance": flags(random, rows, 0.1),
            "late_payments": random.integers(-1, 6, rows),
            "return_qualified_day": np.full(rows, NO_DAY, dtype=np.int32),
            "ground_bits": flags(random, rows, 0.1).astype(np.int8),
            "held_cents": amounts(random, rows, 60_000, share=0.4),
        },
        parameters={
            "limit_days": rule.limit_days,
            "limit_days_in_advance": rule.limit_in_advance_days,
            "late_payments_max": rule.return_late_payments_max,
            "qualified_by_day": FIRST_DAY - 1,
        },
        results={
            "limit_cents": unwritten(rows),
            "excess_cents": unwritten(rows),
            "available_cents": unwritten(rows),
            "return_due": unwritten(rows, np.bool_),
            "source": unwritten(rows, np.int8),
        },
    )
    race(comparison, DEPOSIT_LIMIT)


@pytest.mark.parametrize("rows", SIZES)
def test_limit_from_months(race: Race, rows: int) -> None:
    random = draw(rows)
    rule = rules().electric.deposit_limit
    offset = offsets(random, rows, 12)
    comparison = Comparison(
        kernels.limit_from_months,
        rows,
        columns={
            "offset": offset,
            "bill_cents": amounts(random, int(offset[-1]), 30_000),
            "in_advance": flags(random, rows, 0.1),
        },
        parameters={
            "months": rule.limit_months,
            "months_in_advance": rule.limit_in_advance_months,
            "method": kernels.PEAK_CONSECUTIVE,
        },
        results={"limit_cents": unwritten(rows)},
        entries=frozenset({"bill_cents"}),
    )
    race(comparison, LIMIT_FROM_MONTHS)


@pytest.mark.parametrize("rows", SIZES)
def test_grounds(race: Race, rows: int) -> None:
    random = draw(rows)
    rule = rules().electric.deposit_limit
    applied = received(random, rows)
    comparison = Comparison(
        kernels.grounds,
        rows,
        columns={
            "applied_day": applied,
            "clean_past_service": random.integers(-1, 2, rows, dtype=np.int8),
            "good_payment_ended_day": later(random, applied - np.int32(120), 120, share=0.5),
            "assistance_last_day": later(random, applied - np.int32(700), 700, share=0.3),
            "assistance_now": random.integers(-1, 2, rows, dtype=np.int8),
        },
        parameters={
            "assistance_from_day": months_before(rule.assistance_window_months),
            "good_payment_window_days": rule.good_payment_window_days,
        },
        results={"ground_bits": unwritten(rows, np.int8), "may_ask": unwritten(rows, np.int8)},
    )
    race(comparison, GROUNDS)
