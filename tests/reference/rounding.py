"""Twin of the rounding rule: an exact fraction of cents (or of any unit) becomes a whole number, once."""

from fractions import Fraction

HALF = Fraction(1, 2)


def round_fraction(value: Fraction, mode: str) -> int:
    """Whole number for ``value``: half_up (ties away from zero), half_even, down (toward zero) or up (away from it).

    The magnitude is rounded and the sign put back. Rule 3403(o) names no mode; half_up is the project's default.
    """
    sign = -1 if value < 0 else 1
    whole, part = divmod(abs(value), 1)
    if mode == "half_up":
        goes_up = part >= HALF
    elif mode == "half_even":
        goes_up = part > HALF or (part == HALF and whole % 2 == 1)
    elif mode == "down":
        goes_up = False
    elif mode == "up":
        goes_up = part > 0
    else:
        raise ValueError(f"unknown rounding mode {mode!r}")
    return sign * (int(whole) + (1 if goes_up else 0))
