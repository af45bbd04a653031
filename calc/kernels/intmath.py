"""Exact rounded division of products that pass 64 bits, and the rounding modes.

Interest is `amount x difference / denominator`: cents times a difference of accrual indices, a product of up to 95
bits. The quotient is estimated in float64, the remainder formed in wrapping int64 (exact modulo 2**64, and the true
one fits), and the quotient corrected by one.

Bound. Let u = 2**-53. `float(amount)` is exact, since amounts stay below 2**53; `float(difference)`, the inverse and
the two products each add a relative error of at most u. The estimate of a quotient q is off by at most q (4u +
O(u^2)), and adding the bias (0, 1/2, or 1 less a unit of the denominator) rounds once more, by at most q u. For q <=
3 x 2**49 that is less than 15/16, so the floor of the estimate is within one of the true floor, for quotients of either
sign, and one correction is enough.
Amounts of at most 10**12 cents at 106 % a year over 1955-2100 give q < 2**48, and the six points on principal with
accrued interest, the worst case, 1.3 x 10**15 < 3 x 2**49. The estimate is the only float on the way of a cent, and
the remainder decides.
"""

from math import floor
from typing import Final

from calc.kernels._jit import JIT, inner

HALF_UP: Final = 0
HALF_EVEN: Final = 1
DOWN: Final = 2
UP: Final = 3
ROUNDING_MODES: Final = {"half_up": HALF_UP, "half_even": HALF_EVEN, "down": DOWN, "up": UP}
QUOTIENT_MAX: Final = 3 * 2**49
"""Largest quotient for which the division is proven."""


if JIT:

    @inner
    def wrapping_remainder(amount: int, difference: int, quotient: int, denominator: int) -> int:
        """Amount x difference - quotient x denominator, modulo 2**64."""
        return amount * difference - quotient * denominator

else:

    def wrapping_remainder(amount: int, difference: int, quotient: int, denominator: int) -> int:
        """Amount x difference - quotient x denominator, in Python integers (NumPy's would warn where Numba's wrap)."""
        return int(amount) * int(difference) - int(quotient) * int(denominator)


@inner
def quotient_estimate(amount: int, difference: int, denominator: int, bias: int) -> int:
    """Integer within one of floor((amount x difference + bias) / denominator); the one float on the way of a cent.

    The inverse and the bias' share do not depend on the row: the compiler computes them before the loop.
    """
    inverse = 1.0 / float(denominator)
    return floor(float(amount) * float(difference) * inverse + float(bias) * inverse)


@inner
def rounding(denominator: int, mode: int) -> tuple[int, bool]:
    """What the numerator gains so that rounding becomes a floor, and whether ties then go to the even neighbour.

    `denominator` is even, so that its half is whole. Computed once before a loop over rows.
    """
    if mode == DOWN:
        return 0, False
    if mode == UP:
        return denominator - 1, False
    return denominator // 2, mode == HALF_EVEN


@inner
def rounded_quotient(amount: int, difference: int, denominator: int, bias: int, even: bool) -> int:
    """round(amount x difference / denominator), both factors >= 0, denominator even and below 2**61, rounded once.

    `bias` and `even` come from `rounding`.
    """
    quotient = quotient_estimate(amount, difference, denominator, bias)
    remainder = wrapping_remainder(amount, difference, quotient, denominator) + bias
    quotient += int(remainder >= denominator)
    quotient -= int(remainder < 0)
    if even and (remainder in (0, denominator)):
        quotient -= quotient & 1
    return quotient


@inner
def floor_divide(amount: int, difference: int, denominator: int) -> tuple[int, int]:
    """Floor and remainder (0 <= remainder < denominator) of amount x difference / denominator; amount of either sign.

    For sums of several products: add the floors, add the remainders, normalise and round once. Adding float estimates
    instead would lose the bound, and truncation instead of floor is wrong below zero.
    """
    quotient = quotient_estimate(amount, difference, denominator, 0)
    remainder = wrapping_remainder(amount, difference, quotient, denominator)
    step = int(remainder >= denominator) - int(remainder < 0)
    return quotient + step, remainder - step * denominator


@inner
def with_product(pair: tuple[int, int], amount: int, difference: int, denominator: int) -> tuple[int, int]:
    """Quotient and remainder with amount x difference added; 0 <= remainder < denominator before and after."""
    whole, part = floor_divide(amount, difference, denominator)
    part += pair[1]
    carry = int(part >= denominator)
    return pair[0] + whole + carry, part - carry * denominator


@inner
def round_remainder(quotient: int, remainder: int, denominator: int, bias: int, even: bool) -> int:
    """round(quotient + remainder / denominator) for a value >= 0, 0 <= remainder < denominator, rounded once."""
    remainder += bias
    quotient += int(remainder >= denominator)
    if even and remainder == denominator:
        quotient -= quotient & 1
    return quotient


@inner
def round_parts(quotient: int, remainder: int, denominator: int, bias: int, even: bool) -> int:
    """round(quotient + remainder / denominator) for a value >= 0, remainder >= 0 and below 2**61, rounded once."""
    return round_remainder(quotient + remainder // denominator, remainder % denominator, denominator, bias, even)
