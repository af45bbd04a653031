import numpy as np
import pytest

from benchmarks.baselines.plans import BUDGET_BILLING, DOWN_PAYMENTS, INSTALLMENTS
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, flags, unwritten
from calc.kernels import plans


@pytest.mark.parametrize("rows", SIZES)
def test_down_payments(race: Race, rows: int) -> None:
    random = draw(rows)
    due = amounts(random, rows, 90_000)
    comparison = Comparison(
        plans.down_payments,
        rows,
        columns={
            "due_cents": due,
            "stated_cents": np.where(flags(random, rows, 0.2), due // 2, plans.NOT_STATED),
            "undercharge_months": np.where(flags(random, rows, 0.1), 6, plans.NOT_STATED),
        },
        parameters={"share_ppm": 100_000},
        results={"least_cents": unwritten(rows), "down_cents": unwritten(rows)},
    )
    race(comparison, DOWN_PAYMENTS)


@pytest.mark.parametrize("rows", SIZES)
def test_installments(race: Race, rows: int) -> None:
    random = draw(rows)
    offset = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(random.integers(1, 13, rows))])
    comparison = Comparison(
        plans.installments,
        rows,
        columns={"total_cents": amounts(random, rows, 90_000), "offset": offset},
        parameters={},
        results={"installment_cents": unwritten(int(offset[-1]))},
        entries=frozenset({"installment_cents"}),
    )
    race(comparison, INSTALLMENTS)


@pytest.mark.parametrize("rows", SIZES)
def test_budget_billing(race: Race, rows: int) -> None:
    random = draw(rows)
    comparison = Comparison(
        plans.budget_billing,
        rows,
        columns={
            "arrears_cents": amounts(random, rows, 90_000, share=0.5),
            "year_cents": amounts(random, rows, 300_000),
            "actual_cents": np.where(flags(random, rows, 0.5), 120_000, plans.NOT_STATED),
        },
        parameters={"payments": 11},
        results={"payment_cents": unwritten(rows), "settlement_cents": unwritten(rows)},
    )
    race(comparison, BUDGET_BILLING)
