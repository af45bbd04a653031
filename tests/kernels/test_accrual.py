"""Accrual tables; interest on single amounts is compared with the twin in tests/columns."""

import numpy as np

from calc.kernels import accrual, calendar
from calc.units import FIRST_DAY, LAST_DAY, to_date


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
