"""Tables that the kernels of other jurisdictions' clauses look up: accrual, holding, steps, capitalization, limits.

Input: a jurisdiction's clauses and its rates. Output: columns by day from FIRST_DAY on, exact. A table is built once
for a set of clauses and rates, whatever the number of rows.
"""

from functools import lru_cache
from math import gcd
from typing import Final, NamedTuple

import numpy as np

from calc.kernels import accrual, calendar
from calc.kernels import jurisdictions as kernels
from calc.kernels.arrays import Int32, Int64
from calc.kernels.intmath import ROUNDING_MODES
from calc.kernels.jurisdictions import InterestTables
from calc.rates.computing.table import RateTable
from calc.rules.deposit_clauses import AppliesTo, ClassLimit, InterestClauses, LimitClauses
from calc.units import FIRST_DAY, LAST_DAY, PPM

_WHOLE_BP: Final = 10_000


@lru_cache(maxsize=64)
def clause_tables(clauses: InterestClauses, rates: RateTable) -> InterestTables:
    """Build the tables of a jurisdiction's clauses on interest under a rate table."""
    scale = _WHOLE_BP // gcd(_WHOLE_BP, clauses.rate_share_bp)
    share = clauses.rate_share_bp * scale // _WHOLE_BP
    weights = calendar.day_weights(clauses.day_count)
    rate_ppm = rates.rate_ppm_by_day(FIRST_DAY, LAST_DAY)
    steps = sorted(clauses.rate_steps, key=lambda step: step.after_months)
    start_shift, end_shift = calendar.DAY_ENDS[clauses.day_ends]
    return InterestTables(
        of_rate=_index(rate_ppm * share, weights),
        of_one=_index(np.ones(rate_ppm.size, dtype=np.int64), weights),
        unrated=_unrated(rates),
        held_day=_after(clauses.holding_months, clauses.holding_days),
        capital_day=_capital_days(clauses.capitalized_month, clauses.capitalized_day),
        step_day=np.stack([_after(step.after_months, 1) for step in steps])
        if steps
        else np.empty((0, calendar.TABLE_DAYS), dtype=np.int32),
        step_ppm=np.array([step.rate_ppm * share for step in steps], dtype=np.int64),
        step_class=np.array([class_code(step.applies_to) for step in steps], dtype=np.int64),
        least_principal_cents=clauses.least_principal_cents,
        more_than=clauses.holding_more_than,
        from_first_day=clauses.holding_from_first_day,
        start_shift=start_shift,
        end_shift=end_shift,
        denominator=PPM * calendar.YEAR_UNITS * scale,
        mode=ROUNDING_MODES[clauses.rounding_mode],
    )


def class_code(applies_to: AppliesTo) -> int:
    """Return the place of a class in the kernels' CLASSES, or EVERY_CLASS."""
    return kernels.EVERY_CLASS if applies_to == "all" else kernels.CLASSES.index(applies_to)


def _index(rate_ppm: Int64, weights: Int64) -> Int64:
    index = np.empty(rate_ppm.size + 1, dtype=np.int64)
    accrual.accrual_index(rate_ppm, weights, index)
    return index


def _unrated(rates: RateTable) -> Int64:
    """Return the count of days without a rate before each day from FIRST_DAY on."""
    has_rate = np.zeros(calendar.TABLE_DAYS, dtype=np.bool_)
    for start, stop, _ in rates.segments(FIRST_DAY, LAST_DAY + 1):
        has_rate[start - FIRST_DAY : stop - FIRST_DAY] = True
    return np.concatenate(([0], np.cumsum(~has_rate))).astype(np.int64)


def _after(months: int, days: int) -> Int32:
    """Return the epoch day some months and days after each day from FIRST_DAY on."""
    return (calendar.add_months(calendar.all_days(), months) + days).astype(np.int32)


def _capital_days(month: int | None, day: int | None) -> Int32:
    """Return, by day, the day after the next one that has a month and day; empty where interest stays simple."""
    if month is None or day is None:
        return np.empty(0, dtype=np.int32)
    starts = calendar.year_starts().astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[M]")
    months = starts + np.timedelta64(month - 1, "M")
    last = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    days = np.minimum(months.astype("datetime64[D]") + np.timedelta64(day - 1, "D"), last).astype(np.int64)
    return (days[np.searchsorted(days, calendar.all_days())] + 1).astype(np.int32)


class LimitTables(NamedTuple):
    """Hold what `kernels.clause_limit` takes of each class, in the order of its arguments."""

    method: Int64
    months: Int64
    days: Int64
    least_deposit_cents: int


@lru_cache(maxsize=64)
def limit_tables(clauses: LimitClauses) -> LimitTables:
    """Build the tables of a jurisdiction's limits by class."""
    own = [_limit_of(clauses, name) for name in kernels.CLASSES]
    return LimitTables(
        np.array([kernels.NO_LIMIT if each is None else kernels.METHODS[each.method] for each in own], dtype=np.int64),
        np.array([0 if each is None else each.months for each in own], dtype=np.int64),
        np.array([0 if each is None else each.days for each in own], dtype=np.int64),
        clauses.least_deposit_cents,
    )


def _limit_of(clauses: LimitClauses, deposit_class: str) -> ClassLimit | None:
    """Return the limit of a class: its own, otherwise that of all classes; None where there is none."""
    for applies_to in (deposit_class, "all"):
        for each in clauses.limits:
            if each.applies_to == applies_to:
                return each
    return None


def split(total_cents: int, shares_ppm: tuple[int, ...]) -> tuple[int, ...]:
    """Split cents by shares that make one: rounded down, and what that leaves a cent each to the largest shares first.

    Args:
        total_cents: The amount, at least 0.
        shares_ppm: Shares in ppm; equal ones in their order.
    """
    parts = [total_cents * share // PPM for share in shares_ppm]
    by_size = sorted(range(len(parts)), key=lambda place: (-shares_ppm[place], place))
    for place in by_size[: total_cents - sum(parts)]:
        parts[place] += 1
    return tuple(parts)
