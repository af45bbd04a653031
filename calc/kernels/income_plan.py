"""What a percentage-of-income plan sets beside the share of income: base of the income, floors and caps, conditions.

Colorado's rules set none of it: with a year's income, no floor and no cap, every figure is what it is without them.
"""

from typing import NamedTuple

from calc.kernels._jit import inner
from calc.kernels.arrays import Bool, Int64
from calc.units import CENTS_MAX, PPM

MONTHS_OF_INCOME = 12


class PlanTerms(NamedTuple):
    """What a plan sets, by service.

    Attributes:
        monthly_income: Whether the share is taken of a twelfth of the year's income and rounded down each month.
        payment_least_cents: Least payment a month, cents; 0 without one.
        payment_most_cents: Highest payment a month, cents; CENTS_MAX without one.
        credit_least_cents: Least credit of a month that has one, cents; 0 without it.
        credit_most_cents: Highest credit a month, cents; CENTS_MAX without one.
        grant_to_arrearage: Whether what a grant leaves after the unaffordable portion goes to the arrearage.
        credit_conditional: Whether a missed payment withholds the next bill's credit.
        arrearage_waits: Whether an arrearage credit that is withheld waits for the next payment, instead of being
            spread over the months that remain; a partial payment then withholds it as well.
    """

    monthly_income: Bool
    payment_least_cents: Int64
    payment_most_cents: Int64
    credit_least_cents: Int64
    credit_most_cents: Int64
    grant_to_arrearage: Bool
    credit_conditional: Bool
    arrearage_waits: Bool


@inner
def affordable(
    income_cents: int, share_ppm: int, minimum_monthly_cents: int, monthly: bool, least_cents: int, most_cents: int
) -> int:
    """Return the yearly affordable bill in cents.

    floor(income x share), rule (e)(I) and (III) of 3412 and 4412, or 12 x floor(income / 12 x share) of a monthly
    income; without income 12 x the tariff's minimum monthly payment; at least and at most 12 x the plan's bounds.
    """
    if income_cents == 0:
        payments = MONTHS_OF_INCOME * minimum_monthly_cents
    elif monthly:
        payments = income_cents * share_ppm // (MONTHS_OF_INCOME * PPM) * MONTHS_OF_INCOME
    else:
        payments = income_cents * share_ppm // PPM
    return min(max(payments, MONTHS_OF_INCOME * least_cents), MONTHS_OF_INCOME * most_cents)


@inner
def is_bounded(least_cents: int, most_cents: int) -> bool:
    """Tell whether a month's credit has a floor or a cap."""
    return least_cents > 0 or most_cents < CENTS_MAX


@inner
def bounded(credit_cents: int, need_cents: int, least_cents: int, most_cents: int) -> int:
    """Return a month's credit within the plan's bounds and at most what is needed, cents; without a credit 0.

    Args:
        credit_cents: What the bill exceeds payment and grants by.
        need_cents: What grants leave of the bill.
        least_cents: The plan's least credit.
        most_cents: The plan's highest credit.
    """
    if credit_cents == 0:
        return 0
    return min(max(credit_cents, least_cents), most_cents, need_cents)
