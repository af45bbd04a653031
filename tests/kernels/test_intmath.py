"""The rounded division against Python's integers, up to its proven bound and on the cases that break weaker ones."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calc.kernels import intmath
from calc.kernels.calendar import YEAR_UNITS
from tests.reference.rounding import round_fraction

DENOMINATOR = 10**6 * YEAR_UNITS
MODES = list(intmath.ROUNDING_MODES)


def rounded(amount: int, difference: int, denominator: int, mode: str) -> int:
    code = intmath.ROUNDING_MODES[mode]
    bias, even = intmath.rounding(denominator, code)
    args = (np.int64(amount), np.int64(difference), np.int64(denominator), bias, even)
    return int(intmath.rounded_quotient(*args))  # type: ignore[arg-type]  # int64, as the kernels pass them


def test_modes_by_hand() -> None:
    # 5 x 1 / 10 = 0.5 and 15 x 1 / 10 = 1.5: the ties; 14/10 and 16/10 beside them.
    expected = {"half_up": (1, 2, 1, 2), "half_even": (0, 2, 1, 2), "down": (0, 1, 1, 1), "up": (1, 2, 2, 2)}
    for mode, figures in expected.items():
        assert tuple(rounded(amount, 1, 10, mode) for amount in (5, 15, 14, 16)) == figures


@given(
    amount=st.integers(0, 10**12),
    difference=st.integers(0, 2 * 10**6 * YEAR_UNITS * 146),
    mode=st.sampled_from(MODES),
    scale=st.sampled_from((1, 50)),
)
@example(amount=10**12, difference=10**6 * YEAR_UNITS * 146, mode="half_up", scale=1)
def test_any_product(amount: int, difference: int, mode: str, scale: int) -> None:
    denominator = DENOMINATOR * scale
    assert rounded(amount, difference, denominator, mode) == round_fraction(
        Fraction(amount * difference, denominator), mode
    )


def test_next_to_whole_and_half_numbers() -> None:
    """Products one unit on either side of a whole or half quotient, where an estimate is off most easily."""
    random = Random(5)  # noqa: S311 - test data
    half = DENOMINATOR // 2
    tried = 0
    while tried < 20_000:
        amount = random.randint(1, 10**12)
        quotient = random.randint(0, 10**14)
        target = quotient * DENOMINATOR + random.choice((0, half))
        difference = target // amount
        for near in (difference, difference + 1):
            if 0 <= near < 2**48:
                mode = random.choice(MODES)
                expected = round_fraction(Fraction(amount * near, DENOMINATOR), mode)
                assert rounded(amount, near, DENOMINATOR, mode) == expected
                tried += 1


def test_largest_quotients_that_are_proven() -> None:
    random = Random(6)  # noqa: S311 - test data
    for _ in range(20_000):
        amount = random.randint(2**45, 2**52)
        difference = intmath.QUOTIENT_MAX * DENOMINATOR // amount - random.randint(0, 1000)
        mode = random.choice(MODES)
        assert rounded(amount, difference, DENOMINATOR, mode) == round_fraction(
            Fraction(amount * difference, DENOMINATOR), mode
        )


@given(amount=st.integers(-(10**12), 10**12), difference=st.integers(0, 2**48))
@example(amount=-1, difference=DENOMINATOR)
@example(amount=-1, difference=1)
def test_floor_of_either_sign(amount: int, difference: int) -> None:
    args = (np.int64(amount), np.int64(difference), np.int64(DENOMINATOR))
    found = intmath.floor_divide(*args)  # type: ignore[arg-type]  # int64, as the kernels pass them
    assert tuple(map(int, found)) == divmod(amount * difference, DENOMINATOR)


@pytest.mark.parametrize("mode", MODES)
def test_parts_are_rounded_once(mode: str) -> None:
    for quotient, remainder in ((3, 5), (4, 5), (3, 15), (3, 0), (3, 10), (3, 4), (3, 6)):
        bias, even = intmath.rounding(10, intmath.ROUNDING_MODES[mode])
        expected = round_fraction(quotient + Fraction(remainder, 10), mode)
        assert intmath.round_parts(quotient, remainder, 10, bias, even) == expected
