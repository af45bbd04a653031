from datetime import date

import numpy as np
import pytest

from benchmarks.baselines.annual_bill import ANNUAL_BILL
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, flags, unwritten
from calc.columns.annual_bill import schedules_in_force
from calc.kernels import annual_bill as kernels
from calc.kernels.fixed_credit import MONTHS
from calc.rules.resolve import load_rules

ON = date(2026, 9, 30)
COPY_MOST = 12
"""A row is twelve bills, each of tiers and two exact divisions beyond 64 bits."""


@pytest.mark.parametrize("rows", SIZES)
def test_annual_bill(race: Race, rows: int) -> None:
    random = draw(rows)
    service = random.choice(np.array([0, 1], dtype=np.int8), rows)
    prices = schedules_in_force(load_rules(ON, tariff="example"), ON).prices
    comparison = Comparison(
        kernels.annual_bill,
        rows,
        columns={
            "service": service,
            "schedule": service.astype(np.int64),
            "first_month": random.integers(1, 13, rows),
            "use_thousandths": random.integers(0, 1_500_000, (rows, MONTHS)),
            "basis_bill_cents": np.where(flags(random, rows, 0.9), amounts(random, rows, 200_000), kernels.NO_BASIS),
        },
        parameters={**prices._asdict(), "recalculation_ppm": np.array([250_000, 250_000])},
        results={
            "monthly_bill_cents": unwritten((rows, MONTHS)),
            "full_annual_bill_cents": unwritten(rows),
            "change": unwritten(rows, np.int8),
        },
    )
    race(comparison, ANNUAL_BILL, copy_most=COPY_MOST)
