"""Compute the deposit limit, rule (j): a 90 or 60 days' bill, rounded down; what bars a deposit; what is due back."""

from typing import Final, NamedTuple

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int8, Int32, Int64
from calc.units import FIRST_DAY, NO_DAY

SOURCES: Final = ("account", "premises", "class")
GROUNDS: Final = ("past_service", "good_payment_history", "energy_assistance")
LIMITS_OF: Final = ("account", "customer")
"""Whose limit decides excess and available."""
MAY_ASK: Final = ("yes", "no", "not_checked")
YES, NO, NOT_CHECKED = range(3)
MONTHLY_AVERAGE, PEAK_CONSECUTIVE = 0, 1


@inner
def daily_average_limit(billed_cents: int, billed_days: int, days: int) -> int:
    """Return floor(billed x days / billed days) in cents; rounded down because it is a ceiling."""
    return billed_cents * days // billed_days


class Estimates(NamedTuple):
    """What the limit can be estimated from, shape (rows,).

    Attributes:
        billed_cents: Billed to the account.
        billed_days: Days of those bills; 0 means no such estimate.
        premises_billed_cents: Billed at the premises.
        premises_billed_days: Days of those bills, or 0.
        class_billed_cents: Billed to the class.
        class_billed_days: Days of those bills, or 0.
    """

    billed_cents: Int64
    billed_days: Int64
    premises_billed_cents: Int64
    premises_billed_days: Int64
    class_billed_cents: Int64
    class_billed_days: Int64


class Limits(NamedTuple):
    """Results of accounts, shape (rows,).

    Attributes:
        limit_cents: The limit, rounded down.
        excess_cents: Held above the limit.
        available_cents: What may still be asked.
        return_due: Whether a deposit is held and due back.
        source: Position in SOURCES of the estimate used.
    """

    limit_cents: Int64
    excess_cents: Int64
    available_cents: Int64
    return_due: Bool
    source: Int8


@kernel(fills=("limits",))
def deposit_limit(
    estimates: Estimates,
    in_advance: Bool,
    late_payments: Int64,
    return_qualified_day: Int32,
    ground_bits: Int8,
    held_cents: Int64,
    limit_days: int,
    limit_in_advance_days: int,
    late_payments_max: int,
    qualified_by_day: int,
    limits: Limits,
) -> None:
    """Fill limit = floor(billed x 90 / days) of the first estimate that has days, and excess and available amounts.

    All arrays have shape (rows,); amounts are cents. The estimates, in order: the account's own bills, the premises',
    the class average; the gate refuses rows without any.

    Args:
        estimates: What the limit can be estimated from, shape (rows,).
        in_advance: Whether bills are payable in advance.
        late_payments: Late payments in the last twelve months; -1 means fewer than twelve months of history, so the
            deposit is not due back yet, unless `return_qualified_day` says so.
        return_qualified_day: Epoch day on which records first showed twelve good months, or NO_DAY.
        ground_bits: From `grounds`; nothing is available where a bit is set.
        held_cents: Deposits held.
        limit_days: Days of the limit (90).
        limit_in_advance_days: Days of the limit for bills payable in advance (60).
        late_payments_max: Most late payments with which the deposit is due back.
        qualified_by_day: Last epoch day of `return_qualified_day` on which the deposit is due back.
        limits: Results of accounts, shape (rows,).
    """
    for row in range(limits.limit_cents.size):
        days = limit_in_advance_days if in_advance[row] else limit_days
        if estimates.billed_days[row] > 0:
            limits.source[row] = 0
            limit = daily_average_limit(estimates.billed_cents[row], estimates.billed_days[row], days)
        elif estimates.premises_billed_days[row] > 0:
            limits.source[row] = 1
            limit = daily_average_limit(estimates.premises_billed_cents[row], estimates.premises_billed_days[row], days)
        else:
            limits.source[row] = 2
            limit = daily_average_limit(
                estimates.class_billed_cents[row], max(1, estimates.class_billed_days[row]), days
            )
        held = held_cents[row]
        limits.limit_cents[row] = limit
        limits.excess_cents[row] = max(0, held - limit)
        limits.available_cents[row] = 0 if ground_bits[row] else max(0, limit - held)
        timely = 0 <= late_payments[row] <= late_payments_max or return_qualified_day[row] <= qualified_by_day
        limits.return_due[row] = held > 0 and timely


@kernel(fills=("limit_cents",))
def limit_from_months(
    offset: Int64,
    bill_cents: Int64,
    in_advance: Bool,
    months: int,
    months_in_advance: int,
    method: int,
    limit_cents: Int64,
) -> None:
    """Fill the limit from monthly bills: floor(sum x m / n) of n months, or the sum of the highest m consecutive ones.

    Args:
        offset: Row r owns bills offset[r] ... offset[r + 1] - 1, oldest first; shape (rows + 1,).
        bill_cents: Cents, shape (bills,).
        in_advance: Whether bills are payable in advance, shape (rows,).
        months: m (3).
        months_in_advance: m where bills are payable in advance (2).
        method: MONTHLY_AVERAGE or PEAK_CONSECUTIVE.
        limit_cents: Filled: cents, rounded down; -1 where there are fewer than m months.
    """
    for row in range(limit_cents.size):
        begin, finish = int(offset[row]), int(offset[row + 1])
        count = months_in_advance if in_advance[row] else months
        limit_cents[row] = -1
        if finish - begin < count:
            continue
        window = 0
        total = 0
        peak = 0
        for month in range(begin, finish):
            bill = int(bill_cents[np.uint64(month)])
            total += bill
            window += bill
            if month - begin >= count:
                window -= int(bill_cents[np.uint64(month - count)])
            peak = max(peak, window)
        limit_cents[row] = peak if method == PEAK_CONSECUTIVE else total * count // (finish - begin)


@kernel(fills=("ground_bits", "may_ask"))
def grounds(
    applied_day: Int32,
    clean_past_service: Int8,
    good_payment_ended_day: Int32,
    assistance_last_day: Int32,
    assistance_now: Int8,
    assistance_from_day: Int32,
    good_payment_window_days: int,
    ground_bits: Int8,
    may_ask: Int8,
) -> None:
    """Fill which grounds bar a deposit, rules (c), (d) and (e), and whether one may be asked for.

    Rule (d): the twelve good months ended within the window before the application. Rule (e): help now, or a last day
    of help on or after the day 12 months before the application. A last day after the application is help that goes on.
    There is no branch in the loop: the next row's answer cannot be predicted from this one's.

    Args:
        applied_day: Day of application, epoch days, shape (rows,).
        clean_past_service: 1, 0, or -1 where not stated.
        good_payment_ended_day: Epoch day on which the twelve good months ended, NO_DAY where not stated.
        assistance_last_day: Last epoch day of energy assistance, NO_DAY where not stated.
        assistance_now: 1, 0, or -1 where not stated.
        assistance_from_day: For each day from FIRST_DAY on, the epoch day 12 months before it.
        good_payment_window_days: Length of the window of rule (d), days.
        ground_bits: Filled: bit i is set where GROUNDS[i] bars a deposit.
        may_ask: Filled: position in MAY_ASK; NOT_CHECKED where nothing was stated.
    """
    for row in range(ground_bits.size):
        applied = int(applied_day[row])
        ended, helped = int(good_payment_ended_day[row]), int(assistance_last_day[row])
        clean, now = clean_past_service[row], assistance_now[row]
        ever_helped = helped != NO_DAY
        in_window = (applied - good_payment_window_days <= ended) & (ended <= applied)
        assisted = ever_helped & (int(assistance_from_day[np.uint64(applied - FIRST_DAY)]) <= helped)
        bits = int(clean == 1) | int(in_window) << 1 | int((now == 1) | assisted) << 2
        said = ever_helped | (ended != NO_DAY) | (clean >= 0) | (now >= 0)
        answer = YES if said else NOT_CHECKED
        ground_bits[row] = bits
        may_ask[row] = NO if bits else answer
