"""Keep twelve months spread to the cent as three numbers instead of a list; rules 3412, 4412 (e).

A schedule is (cents of each month, number of first months with a cent more, first month); months count from 0. It runs
from its first month for as long as the total was spread over, or is cut off at the end of the year.
"""

from calc.kernels._jit import inner
from calc.kernels.fixed_credit import MONTHS

Schedule = tuple[int, int, int]


@inner
def schedule(total_cents: int, months: int, first: int) -> Schedule:
    """Spread a total over months from month `first` on, the extra cents in the first of them."""
    return total_cents // months, total_cents % months, first


@inner
def of_month(plan: Schedule, month: int) -> int:
    """Return a month's entry, cents."""
    each, extra, first = plan
    return each + int(month - first < extra)


@inner
def rest_of_year(plan: Schedule, month: int) -> int:
    """Return the sum of the entries from a month through the twelfth, cents."""
    each, extra, first = plan
    left = MONTHS - month
    return each * left + min(max(0, extra - (month - first)), left)
