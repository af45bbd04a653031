"""Interest and limits under clauses that Colorado's rules do not have; Colorado's rows never come here.

Interest: least principal, least time of holding, rates that change with the length of holding, and interest that
becomes principal on a day of the year. Between two such days interest is simple: a product with a difference of accrual
indices, divided and rounded once, as in `accrual`. Limits: of an account's bills, by the method of its class.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Int8, Int32, Int32Matrix, Int64
from calc.kernels.intmath import rounded_quotient, rounding
from calc.units import FIRST_DAY

EVERY_CLASS: Final = -1
CLASSES: Final = ("residential", "non_residential")
EARNED, NO_RATE, TOO_LARGE = 0, 1, 2
"""What came of a row: its interest, a day without a rate, or an amount beyond the bounds of exact division."""
AMOUNT_MAX: Final = 10**13
"""Largest principal with interest, in cents, for which a year's interest is divided exactly."""
DAYS, AVERAGE_MONTHS, HIGHEST_CONSECUTIVE, HIGHEST_MONTHS, YEAR_TWELFTHS = range(5)
METHODS: Final = {
    "days": DAYS,
    "average_months": AVERAGE_MONTHS,
    "highest_consecutive": HIGHEST_CONSECUTIVE,
    "highest_months": HIGHEST_MONTHS,
    "year_twelfths": YEAR_TWELFTHS,
}
NO_LIMIT: Final = -1
"""The limit of a row whose bills are too few for its method."""
_YEAR_DAYS: Final = 365
_LEAP_YEAR_DAYS: Final = 366


@inner
def stepped_difference(
    start: int,
    first: int,
    stop: int,
    deposit_class: int,
    indices: tuple[Int64, Int64, Int64],
    steps: tuple[Int32, Int64, Int64],
) -> tuple[int, bool]:
    """Return the difference of the accrual index over [first, stop), and whether each day of it has a rate.

    Args:
        start: Epoch day of receipt, from which the steps count.
        first: First epoch day that earns.
        stop: Epoch day after the last.
        deposit_class: Place in CLASSES.
        indices: Accrual index of the rate, accrual index of one, count of days without a rate; from FIRST_DAY on.
        steps: First day of each step by day of receipt, its rate in ppm x scale, its class; the longest holding last.
    """
    of_rate, of_one, unrated = indices
    step_day, step_ppm, step_class = steps
    total = 0
    upper = stop
    for step in range(step_ppm.size - 1, -1, -1):
        if step_class[step] == EVERY_CLASS or step_class[step] == deposit_class:
            begin = max(first, min(upper, int(step_day[step, start - FIRST_DAY])))
            total += int(step_ppm[step]) * int(of_one[upper - FIRST_DAY] - of_one[begin - FIRST_DAY])
            upper = begin
    total += int(of_rate[upper - FIRST_DAY] - of_rate[first - FIRST_DAY])
    return total, unrated[upper - FIRST_DAY] == unrated[first - FIRST_DAY]


class InterestTables(NamedTuple):
    """Hold what a jurisdiction's clauses and rates give for `clause_interest` to look up.

    Attributes:
        of_rate: Accrual index of the rate from FIRST_DAY on, in ppm x units of a year x scale.
        of_one: Accrual index of a rate of one, likewise without the scale.
        unrated: Count of the days without a rate before each day from FIRST_DAY on.
        held_day: By day of receipt, the day on which a deposit was held for the least time.
        capital_day: By day, the day after the next day at whose end interest becomes principal; empty for none.
        step_day: By step and day of receipt, the first day of the step's rate, shape (steps, days).
        step_ppm: Rate of each step, ppm x scale; the longest holding last.
        step_class: Class of each step, a place in CLASSES or EVERY_CLASS.
        least_principal_cents: A smaller deposit earns nothing.
        more_than: Whether a deposit has to be held beyond held_day.
        from_first_day: Whether it earns from its first day, rather than from held_day.
        start_shift: Days added to the start, of `calendar.DAY_ENDS`.
        end_shift: Days added to the end, likewise.
        denominator: What the indices are multiples of; even and below 2**61.
        mode: Rounding mode, a value of `intmath.ROUNDING_MODES`.
    """

    of_rate: Int64
    of_one: Int64
    unrated: Int64
    held_day: Int32
    capital_day: Int32
    step_day: Int32Matrix
    step_ppm: Int64
    step_class: Int64
    least_principal_cents: int
    more_than: bool
    from_first_day: bool
    start_shift: int
    end_shift: int
    denominator: int
    mode: int


@kernel(fills=("interest_cents", "first_day", "outcome"))
def clause_interest(
    principal_cents: Int64,
    start_day: Int32,
    end_day: Int32,
    deposit_class: Int8,
    tables: InterestTables,
    interest_cents: Int64,
    first_day: Int32,
    outcome: Int8,
) -> None:
    """Fill interest in cents, the first day that earns, and what came of each row.

    Args:
        principal_cents: Principal, at most 10**12 cents, shape (rows,).
        start_day: Day of receipt, epoch days, FIRST_DAY to LAST_DAY.
        end_day: Last date of the period, or the day of the event that stops interest; not before start_day.
        deposit_class: Place in CLASSES.
        tables: Hold what a jurisdiction's clauses and rates give for `clause_interest` to look up.
        interest_cents: Filled; 0 where nothing is earned or the outcome is not EARNED.
        first_day: Filled, the first epoch day that earns; the day after the last where none does.
        outcome: Filled, EARNED, NO_RATE or TOO_LARGE.
    """
    bias, even = rounding(tables.denominator, tables.mode)
    indices = (tables.of_rate, tables.of_one, tables.unrated)
    steps = (tables.step_day, tables.step_ppm, tables.step_class)
    denominator, capital_day = tables.denominator, tables.capital_day
    for row in range(interest_cents.size):
        start = int(start_day[row])
        end = int(end_day[row])
        held = int(tables.held_day[start - FIRST_DAY])
        stop = max(start + tables.start_shift, end + tables.end_shift)
        interest_cents[row] = 0
        outcome[row] = EARNED
        first_day[row] = stop
        if principal_cents[row] < tables.least_principal_cents or end < held + int(tables.more_than):
            continue
        first = min(stop, (start if tables.from_first_day else held) + tables.start_shift)
        first_day[row] = first
        amount = int(principal_cents[row])
        while first < stop and outcome[row] == EARNED:
            part_stop = stop if capital_day.size == 0 else min(stop, int(capital_day[first - FIRST_DAY]))
            difference, rated = stepped_difference(start, first, part_stop, int(deposit_class[row]), indices, steps)
            if not rated:
                outcome[row] = NO_RATE
            elif amount > AMOUNT_MAX:
                outcome[row] = TOO_LARGE
            else:
                amount += rounded_quotient(amount, difference, denominator, bias, even)
            first = part_stop
        if outcome[row] == EARNED:
            interest_cents[row] = amount - int(principal_cents[row])


def by_months(bills: Int64, method: Int64, months: Int64) -> Any:  # noqa: ANN401 - a column of truth values
    """Return which rows have enough monthly bills for their method, as `months_limit` counts them.

    Args:
        bills: Number of monthly bills, shape (rows,).
        method: Method of the row's class.
        months: Months of the row's class.
    """
    takes_months = (method != NO_LIMIT) & (method != DAYS)
    return takes_months & (bills >= months) & ((method != YEAR_TWELFTHS) | (bills == 12))


@inner
def months_limit(bills: Int64, method: int, months: int) -> int:
    """Return the ceiling of monthly bills in cents, rounded down, of a method by months.

    NO_LIMIT where there are fewer bills than months, or for twelfths of a year other than twelve.
    """
    if bills.size < months or (method == YEAR_TWELFTHS and bills.size != 12):
        return NO_LIMIT
    if method == HIGHEST_CONSECUTIVE:
        most = 0
        for place in range(bills.size - months + 1):
            most = max(most, int(bills[place : place + months].sum()))
        return most
    if method == HIGHEST_MONTHS:
        ordered = np.sort(bills)
        return int(ordered[bills.size - months :].sum())
    parts = 12 if method == YEAR_TWELFTHS else bills.size
    return int(bills.sum()) * months // parts


@inner
def billed_limit(billed_cents: int, billed_days: int, method: int, months: int, days: int) -> int:
    """Return the ceiling of a bill by days in cents, rounded down; NO_LIMIT where the method needs monthly bills.

    A method by average months or twelfths of the year takes a whole year's bill, of 365 or 366 days.
    """
    if billed_cents < 0 or billed_days <= 0:
        return NO_LIMIT
    if method == DAYS:
        return billed_cents * days // billed_days
    if method in (AVERAGE_MONTHS, YEAR_TWELFTHS) and billed_days in (_YEAR_DAYS, _LEAP_YEAR_DAYS):
        return billed_cents * months // 12
    return NO_LIMIT


@kernel(fills=("limit_cents",))
def clause_limit(
    offset: Int64,
    bill_cents: Int64,
    billed_cents: Int64,
    billed_days: Int64,
    deposit_class: Int8,
    class_method: Int64,
    class_months: Int64,
    class_days: Int64,
    least_deposit_cents: int,
    limit_cents: Int64,
) -> None:
    """Fill the most that may be held of each account, in cents; NO_LIMIT where its bills are too few.

    Args:
        offset: Row r owns bills offset[r] ... offset[r + 1] - 1, oldest first; shape (rows + 1,).
        bill_cents: Monthly bills, cents.
        billed_cents: What was billed in billed_days, cents; negative where nothing is known.
        billed_days: Days for billed_cents; 0 where nothing is known.
        deposit_class: Place in CLASSES.
        class_method: Method of each class, a value of METHODS, or NO_LIMIT where the class has none.
        class_months: Months of each class.
        class_days: Days of each class.
        least_deposit_cents: The limit is at least this.
        limit_cents: Filled, cents.
    """
    for row in range(limit_cents.size):
        place = int(deposit_class[row])
        method, months, days = int(class_method[place]), int(class_months[place]), int(class_days[place])
        bills = bill_cents[offset[row] : offset[row + 1]]
        limit = NO_LIMIT
        if method not in (NO_LIMIT, DAYS):
            limit = months_limit(bills, method, months)
        if limit == NO_LIMIT and method != NO_LIMIT:
            limit = billed_limit(int(billed_cents[row]), int(billed_days[row]), method, months, days)
        limit_cents[row] = NO_LIMIT if limit == NO_LIMIT else max(limit, least_deposit_cents)
