import numpy as np
import pytest

from benchmarks.baselines.unclaimed import UNCLAIMED_MONIES
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, flags, later, received, unclaimed_parameters, unwritten
from calc.kernels import unclaimed as kernels

RESULTS = {
    "status": np.int8, "accrued_days": np.int32, "base_interest_cents": np.int64, "surcharge_interest_cents": np.int64,
    "interest_cents": np.int64, "interest_due_cents": np.int64, "deemed_unclaimed_day": np.int32,
    "surcharge_from_day": np.int32, "remittance_cents": np.int64, "no_rate": np.bool_,
}  # fmt: skip


@pytest.mark.parametrize("rows", SIZES)
def test_unclaimed(race: Race, rows: int) -> None:
    random = draw(rows)
    day = received(random, rows)
    comparison = Comparison(
        kernels.unclaimed,
        rows,
        columns={
            "principal_cents": amounts(random, rows, 60_000),
            "received_day": day,
            "paid_day": later(random, day, 4_000, share=0.3),
            "remitted_day": later(random, day, 5_000, share=0.03),
            "service_ended_day": later(random, day, 3_000, share=0.4),
            "order_payable_day": later(random, day, 3_000, share=0.02),
            "kind": random.choice(np.array([0, 1, 2, 3], dtype=np.int8), rows, p=(0.94, 0.03, 0.02, 0.01)),
            "efforts_made": flags(random, rows, 0.95),
            "interest_payable": flags(random, rows, 0.9),
            "posted_cents": amounts(random, rows, 2_000, share=0.5),
            "amounts_owed_cents": amounts(random, rows, 20_000, share=0.1),
        },
        parameters=unclaimed_parameters(),
        results={name: unwritten(rows, dtype) for name, dtype in RESULTS.items()},
    )
    race(comparison, UNCLAIMED_MONIES)
