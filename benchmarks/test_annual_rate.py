import numpy as np

from benchmarks.baselines.annual_rate import ANNUAL_RATE
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import draw, unwritten
from calc.kernels import annual_rate as kernels
from calc.kernels.intmath import HALF_UP

YEARS = 73
RESULTS = ("sum_bp", "average_ppm", "existing_ppm", "decision", "rate_ppm")


def test_annual_rate(race: Race) -> None:
    """All years at once, once a run: a copy says nothing about it."""
    comparison = Comparison(
        kernels.annual_rate,
        YEARS,
        columns={
            "months_bp": draw(YEARS).integers(0, 800, 12 * YEARS),
            "published_ppm": np.full(YEARS, kernels.NONE, dtype=np.int64),
        },
        parameters={
            "first_existing_ppm": kernels.NONE, "average_decimals": 2, "average_rounding": HALF_UP, "threshold_bp": 25,
            "threshold_inclusive": True, "threshold_unrounded": False,
        },
        results={name: unwritten(YEARS) for name in RESULTS},
        whole=True,
    )  # fmt: skip
    race(comparison, ANNUAL_RATE, copy_most=None)
