"""Divide products larger than 64 bits exactly and round once, by rounding mode.

Interest is `amount x difference / denominator`: cents times a difference of accrual indices, a product of up to 95
bits. The quotient is estimated in float64, the remainder is formed in wrapping int64 (exact modulo 2**64, and the true
one fits), and the quotient is corrected by one.

Bound. Let u = 2**-53. `float(amount)` is exact, since amounts stay below 2**53; `float(difference)`, the inverse and
the two products each add a relative error of at most u. The estimate of a quotient q is off by at most q (4u + O(u^2)),
and adding the bias (0, 1/2, or 1 less a unit of the denominator) rounds once more, by at most q u. For q <= 3 x 2**49
that is less than 15/16, so the floor of the estimate is within one of the true floor, for quotients of either sign, and
one correction is enough.

Amounts of at most 10**12 cents at 106 % a year over 1955-2100 give q < 2**48. The worst case, the six points on
principal with accrued interest, gives 1.3 x 10**15 < 3 x 2**49. The estimate is the only float in the computation of a
cent, and the remainder decides.
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
"""Largest quotient for which the division is proven exact."""


if JIT:

    @inner
    def wrapping_remainder(amount: int, difference: int, quotient: int, denominator: int) -> int:
        """Return amount x difference - quotient x denominator, modulo 2**64."""
        return amount * difference - quotient * denominator

else:

    def wrapping_remainder(amount: int, difference: int, quotient: int, denominator: int) -> int:
        """Return the same difference in Python integers, since NumPy's would warn where Numba's wrap."""
        return int(amount) * int(difference) - int(quotient) * int(denominator)


@inner
def quotient_estimate(amount: int, difference: int, denominator: int, bias: int) -> int:
    """Estimate floor((amount x difference + bias) / denominator) within one, using the only float behind a cent.

    The inverse and the share of the bias do not depend on the row, so the compiler computes them before the loop.
    """
    inverse = 1.0 / float(denominator)
    return floor(float(amount) * float(difference) * inverse + float(bias) * inverse)


@inner
def rounding(denominator: int, mode: int) -> tuple[int, bool]:
    """Return what to add to the numerator to make rounding a floor, and whether ties then go to the even neighbor.

    Computed once before a loop over rows.

    Args:
        denominator: Even, so that its half is whole.
        mode: A value of ROUNDING_MODES.

    Returns:
        `bias` and `even`, as the functions below take them.
    """
    if mode == DOWN:
        return 0, False
    if mode == UP:
        return denominator - 1, False
    return denominator // 2, mode == HALF_EVEN


@inner
def rounded_quotient(amount: int, difference: int, denominator: int, bias: int, even: bool) -> int:
    """Return round(amount x difference / denominator), rounded once.

    Args:
        amount: At least 0.
        difference: At least 0.
        denominator: Even and below 2**61.
        bias: From `rounding`.
        even: From `rounding`.
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
    """Return floor and remainder (0 <= remainder < denominator) of amount x difference / denominator.

    For sums of several products: add the floors, add the remainders, normalize, and round once. Adding float estimates
    instead would lose the bound, and truncation instead of floor is wrong below zero.

    Args:
        amount: Of either sign.
        difference: At least 0.
        denominator: Even and below 2**61.
    """
    quotient = quotient_estimate(amount, difference, denominator, 0)
    remainder = wrapping_remainder(amount, difference, quotient, denominator)
    step = int(remainder >= denominator) - int(remainder < 0)
    return quotient + step, remainder - step * denominator


@inner
def with_product(pair: tuple[int, int], amount: int, difference: int, denominator: int) -> tuple[int, int]:
    """Add amount x difference to a quotient and remainder; 0 <= remainder < denominator before and after."""
    whole, part = floor_divide(amount, difference, denominator)
    part += pair[1]
    carry = int(part >= denominator)
    return pair[0] + whole + carry, part - carry * denominator


@inner
def round_remainder(quotient: int, remainder: int, denominator: int, bias: int, even: bool) -> int:
    """Return round(quotient + remainder / denominator) for a value >= 0, 0 <= remainder < denominator; rounds once."""
    remainder += bias
    quotient += int(remainder >= denominator)
    if even and remainder == denominator:
        quotient -= quotient & 1
    return quotient


@inner
def estimated_parts(amount: int, difference: int, denominator: int) -> tuple[int, int]:
    """Return a quotient of amount x difference / denominator within one of its floor, and the remainder it leaves.

    For sums of many products: add the quotients, add the remainders, and let `round_parts` correct and round the sums
    once. This saves the correction of every single product.

    Args:
        amount: Of either sign.
        difference: At least 0.
        denominator: Even and below 2**61.

    Returns:
        Quotient, and remainder with -denominator <= remainder < 2 x denominator; together they are exact.
    """
    quotient = quotient_estimate(amount, difference, denominator, 0)
    return quotient, wrapping_remainder(amount, difference, quotient, denominator)


@inner
def round_parts(quotient: int, remainder: int, denominator: int, bias: int, even: bool) -> int:
    """Return round(quotient + remainder / denominator); rounds once.

    Args:
        quotient: Of either sign.
        remainder: Of either sign, of at most 2**62 and at most QUOTIENT_MAX times the denominator.
        denominator: Even and below 2**61.
        bias: From `rounding`.
        even: From `rounding`.
    """
    whole = quotient_estimate(remainder, 1, denominator, bias)
    part = remainder - whole * denominator + bias
    whole += quotient + int(part >= denominator) - int(part < 0)
    if even and (part in (0, denominator)):
        whole -= whole & 1
    return whole


@inner
def where(condition: bool, amount: int) -> int:
    """Return the amount where the condition holds, else 0, without a branch that the processor might mispredict."""
    return amount & -int(condition)
