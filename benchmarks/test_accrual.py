import numpy as np
import pytest

from benchmarks.baselines.interest import INTEREST, INTEREST_BY_PERIODS
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import AS_OF_DAY, SIZES, amounts, draw, later, received, tables, unwritten
from calc.kernels import accrual


def deposits(rows: int) -> Comparison:
    random = draw(rows)
    start = received(random, rows)
    accruals = tables()
    return Comparison(
        accrual.interest,
        rows,
        columns={
            "principal_cents": amounts(random, rows, 60_000),
            "start_day": start,
            "end_day": np.minimum(later(random, start, 4_000), np.int32(AS_OF_DAY)),
        },
        parameters={
            "index": accruals.rates, "start_shift": 0, "end_shift": 0,
            "denominator": accruals.denominator, "mode": accruals.mode,
        },
        results={"interest_cents": unwritten(rows)},
    )  # fmt: skip


@pytest.mark.parametrize("rows", SIZES)
def test_interest(race: Race, rows: int) -> None:
    """Baselines are given the kernel's own accrual index."""
    race(deposits(rows), INTEREST, copy_most=1.8, baselines_least={"NumPy": 6})


@pytest.mark.parametrize("rows", SIZES)
def test_interest_by_periods(race: Race, rows: int) -> None:
    """Baselines say the rule as it stands: days of each period of one rate, times the rate."""
    race(
        deposits(rows), INTEREST_BY_PERIODS, title="interest, by periods", baselines_least={"Polars": 30, "DuckDB": 30}
    )
