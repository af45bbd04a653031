"""The rounding of the twins against results by hand and published cases (C... names them)."""

from fractions import Fraction

import pytest

from tests.reference.rounding import round_fraction


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down", "up"),
    [
        ("0", 0, 0, 0, 0),
        ("0.5", 1, 0, 0, 1),
        ("1.5", 2, 2, 1, 2),
        ("2.5", 3, 2, 2, 3),
        ("2.4999", 2, 2, 2, 3),
        ("2.0001", 2, 2, 2, 3),
        ("2.5001", 3, 3, 2, 3),
        ("-2.5", -3, -2, -2, -3),
        ("3578.5", 3579, 3578, 3578, 3579),  # C068, in cents
    ],
)
def test_rounding_modes(value: str, half_up: int, half_even: int, down: int, up: int) -> None:
    rounded = [round_fraction(Fraction(value), mode) for mode in ("half_up", "half_even", "down", "up")]
    assert rounded == [half_up, half_even, down, up]


@pytest.mark.parametrize("average", ["4.215", "4.395", "1.595"])
def test_averages_that_binary_floats_round_down(average: str) -> None:
    assert Fraction(round_fraction(Fraction(average) * 100, "half_up"), 100) == Fraction(average) + Fraction("0.005")


def test_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rounding mode"):
        round_fraction(Fraction(1), "nearest")
