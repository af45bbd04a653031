"""Days on which the two years and the four months of rule (q) end, by the day of the trigger, as tables.

Months are looked up: two tables give, for each day on which a trigger may fall, the day deemed unclaimed and the first
day of the six points.
"""

from typing import Final, NamedTuple

import numpy as np

from calc.kernels.arrays import Int32, Int64
from calc.kernels.calendar import add_months, all_days, extend_past_days_off

EXTENDED: Final = {"none": (False, False), "payment": (False, True), "statute": (True, True)}
"""weekend_extension -> whether the two years, and whether the four months, are extended when they end on a day off."""


class Terms(NamedTuple):
    """What a trigger leads to, by the day of the trigger from FIRST_DAY through LAST_DAY.

    Attributes:
        deemed_of: Epoch day deemed unclaimed.
        surcharge_of: First epoch day of the six points.
    """

    deemed_of: Int32
    surcharge_of: Int32


def term_tables(
    abandonment_months: int,
    grace_months: int,
    deemed_after_days: int,
    surcharge_after_days: int,
    extended: tuple[bool, bool],
    holidays: Int64,
) -> Terms:
    """Build the day deemed unclaimed and the first day of the surcharge for a trigger on each day from FIRST_DAY on.

    deemed = add_months(T, 24) + 1 day; surcharge from = add_months(deemed, 4) + 1 day, rule (q)(I) and (II).

    Args:
        abandonment_months: Months from the trigger (24).
        grace_months: Months from the day deemed unclaimed (4).
        deemed_after_days: 1, or 0 under the other reading.
        surcharge_after_days: 1, or 0 under the other reading.
        extended: Whether each period ends on a business day, a value of EXTENDED.
        holidays: Epoch days of all holidays in the years that the periods reach.
    """

    def period_end(days: Int64, months: int, extend: bool) -> Int64:
        end = add_months(days, months)
        return extend_past_days_off(end, holidays) if extend else end

    deemed = period_end(all_days(), abandonment_months, extended[0]) + deemed_after_days
    surcharge = period_end(deemed, grace_months, extended[1]) + surcharge_after_days
    return Terms(deemed.astype(np.int32), surcharge.astype(np.int32))
