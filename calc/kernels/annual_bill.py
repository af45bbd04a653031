"""Compute the full annual bill from use by month and a rate schedule, and whether a recalculation is due, (e)(V).

A month's bill is the fixed charge, the tiers of the use, riders per unit and riders in percent, exact in units of 1e-15
dollars, rounded once, half up, to the cent; the year's is the sum of its months'.
"""

from typing import Final, NamedTuple

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Int8, Int64, Int64Matrix
from calc.kernels.fixed_credit import MONTHS, recalculation_due
from calc.kernels.intmath import with_product

PARTS_OF_A_CENT: Final = 10**13
"""Thousandths of a unit x millionths of a dollar x parts per million in a cent."""
USE_PARTS: Final = 1_000
"""Thousandths in a unit of use."""
CHANGES: Final = ("no_basis", "none", "not_due", "due")
"""What a bill is to the one on which credits rest."""
NO_BASIS: Final = -1


class Prices(NamedTuple):
    """Group prices by schedule and calendar month: row schedule x 12 + month, January first.

    Attributes:
        fixed_micros: Fixed charge, millionths of a dollar.
        rider_micros: Riders per unit together, millionths of a dollar; may be below zero.
        base_parts: One and the percentages taken of fixed charge and tiers, ppm.
        rider_parts: One and the percentages taken of riders per unit too, ppm.
        tier_offset: Where each row's tiers begin, shape (schedules x 12 + 1,).
        tier_through_thousandths: Use through which a tier goes; a row's last one has no end.
        tier_micros: Its price per unit, millionths of a dollar.
    """

    fixed_micros: Int64
    rider_micros: Int64
    base_parts: Int64
    rider_parts: Int64
    tier_offset: Int64
    tier_through_thousandths: Int64
    tier_micros: Int64


@inner
def tiered(use_thousandths: int, row: int, prices: Prices) -> int:
    """Return what the tiers of a row of prices charge for a month's use, in 1e-9 dollars."""
    charged, below = 0, 0
    for tier in range(prices.tier_offset[row], prices.tier_offset[row + 1]):
        upto = min(use_thousandths, prices.tier_through_thousandths[tier])
        charged += max(0, upto - below) * prices.tier_micros[tier]
        below = max(below, upto)
    return charged


@inner
def monthly_bill(use_thousandths: int, row: int, prices: Prices) -> int:
    """Return a month's bill in cents, rounded once, half up; below zero, half a cent is rounded away from zero.

    Args:
        use_thousandths: The month's use, thousandths of a unit, at most 1e9.
        row: Row of the prices.
        prices: Prices by schedule and month.
    """
    base = prices.fixed_micros[row] * USE_PARTS + tiered(use_thousandths, row, prices)
    riders = use_thousandths * prices.rider_micros[row]
    of_base = with_product((0, 0), base, prices.base_parts[row], PARTS_OF_A_CENT)
    whole, part = with_product(of_base, riders, prices.rider_parts[row], PARTS_OF_A_CENT)
    return whole + int(2 * part >= PARTS_OF_A_CENT + int(whole < 0))


@kernel(fills=("monthly_bill_cents", "full_annual_bill_cents", "change"))
def annual_bill(
    service: Int8,
    schedule: Int64,
    first_month: Int64,
    use_thousandths: Int64Matrix,
    basis_bill_cents: Int64,
    prices: Prices,
    recalculation_ppm: Int64,
    monthly_bill_cents: Int64Matrix,
    full_annual_bill_cents: Int64,
    change: Int8,
) -> None:
    """Fill twelve monthly bills, their sum, and what it is to the bill on which the credits rest, rule (e)(V).

    Args:
        service: Code of the service, shape (rows,).
        schedule: Position of the row's schedule in the prices.
        first_month: Calendar month of the first use, 1 through 12.
        use_thousandths: Use of twelve months, thousandths of a unit, shape (rows, 12).
        basis_bill_cents: Bill on which credits rest now, cents; NO_BASIS for a new participant.
        prices: Prices by schedule and month.
        recalculation_ppm: By service: change that makes a recalculation due, ppm.
        monthly_bill_cents: Filled, shape (rows, 12), in the order of the use.
        full_annual_bill_cents: Filled.
        change: Filled: position in CHANGES.
    """
    for row in range(change.size):
        total = 0
        for place in range(MONTHS):
            month = (first_month[row] - 1 + place) % MONTHS
            cents = monthly_bill(use_thousandths[row, place], schedule[row] * MONTHS + month, prices)
            monthly_bill_cents[row, place] = cents
            total += cents
        full_annual_bill_cents[row] = total
        basis = basis_bill_cents[row]
        own = 1 + int(total != basis) + int(recalculation_due(total, basis, recalculation_ppm[service[row]]))
        change[row] = own if basis >= 0 else 0
