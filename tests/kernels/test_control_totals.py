"""The sums by group against their twin, among them sums beyond 64 bits."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.kernels.control_totals import LOW_BITS, grouped_sums
from tests.reference import control_totals as twin

GROUPS = 4
CENTS = st.integers(-(2**63), 2**63 - 1) | st.integers(-(10**12), 10**12)


def sums(rows: list[tuple[int, int]]) -> dict[int, int]:
    group = np.array([place for place, _ in rows], dtype=np.uint8)
    low, high = (np.zeros(GROUPS, dtype=np.int64) for _ in range(2))
    grouped_sums(group, np.array([cents for _, cents in rows], dtype=np.int64), low, high)
    return {place: (int(high[place]) << LOW_BITS) + int(low[place]) for place in range(GROUPS)}


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, GROUPS - 1), CENTS), max_size=50))
def test_sums_are_those_of_the_twin(rows: list[tuple[int, int]]) -> None:
    assert sums(rows) == dict.fromkeys(range(GROUPS), 0) | twin.grouped_sums(rows)


def test_a_sum_beyond_64_bits_does_not_wrap() -> None:
    assert sums([(1, 2**63 - 1)] * 5 + [(2, -(2**63))] * 3) == {0: 0, 1: 5 * (2**63 - 1), 2: -3 * 2**63, 3: 0}
