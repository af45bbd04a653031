"""Compute status, interest, surcharge and remittance of deposits and construction advances; rule (q).

Months are looked up: two tables give, for each day on which a trigger may fall, the day deemed unclaimed and the first
day of the six points. Dates are epoch days, NO_DAY where there is none; whatever is dated after the as-of day has not
happened.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.accrual import year_place
from calc.kernels.arrays import Bool, Int8, Int32, Int64
from calc.kernels.calendar import add_months, all_days, extend_past_days_off
from calc.kernels.intmath import round_remainder, rounded_quotient, rounding, with_product
from calc.units import FIRST_DAY, NO_DAY

KINDS: Final = ("deposit", "construction_advance", "overcharge_refund", "cost_adjustment_credit")
STATUSES: Final = ("not_received", "active", "waiting", "unclaimed", "overdue", "remitted", "returned", "excluded")
DEPOSIT, ADVANCE = 0, 1
EXTENDED: Final = {"none": (False, False), "payment": (False, True), "statute": (True, True)}
"""weekend_extension -> whether the two years, and whether the four months, are extended when they end on a day off."""
NOT_RECEIVED, ACTIVE, WAITING, UNCLAIMED, OVERDUE, REMITTED, RETURNED, EXCLUDED = range(8)


def term_tables(
    abandonment_months: int,
    grace_months: int,
    deemed_after_days: int,
    surcharge_after_days: int,
    extended: tuple[bool, bool],
    holidays: Int64,
) -> tuple[Int32, Int32]:
    """Build the day deemed unclaimed and the first day of the surcharge for a trigger on each day from FIRST_DAY on.

    deemed = add_months(T, 24) + 1 day; surcharge from = add_months(deemed, 4) + 1 day, rule (q)(I) and (II).

    Args:
        abandonment_months: Months from the trigger (24).
        grace_months: Months from the day deemed unclaimed (4).
        deemed_after_days: 1, or 0 under the other reading.
        surcharge_after_days: 1, or 0 under the other reading.
        extended: Whether each period ends on a business day, a value of EXTENDED.
        holidays: Epoch days of all holidays in the years that the periods reach.

    Returns:
        Two tables of epoch days, for triggers from FIRST_DAY through LAST_DAY.
    """

    def period_end(days: Int64, months: int, extend: bool) -> Int64:
        end = add_months(days, months)
        return extend_past_days_off(end, holidays) if extend else end

    deemed = period_end(all_days(), abandonment_months, extended[0]) + deemed_after_days
    surcharge = period_end(deemed, grace_months, extended[1]) + surcharge_after_days
    return deemed.astype(np.int32), surcharge.astype(np.int32)


@inner
def status_of(paid: int, remitted: int, deemed: int, surcharge_from: int, as_of: int) -> int:
    """Return the code of STATUSES for money received on or before the as-of day; later tests override earlier ones.

    Days after the as-of day are passed as NO_DAY. There is no branch: the next row's status cannot be predicted from
    this one's.
    """
    status = ACTIVE
    if deemed != NO_DAY:
        status = WAITING
    if deemed <= as_of:
        status = UNCLAIMED
    if surcharge_from <= as_of:
        status = OVERDUE
    if paid <= as_of:
        status = RETURNED
    if remitted <= as_of and remitted <= paid:
        status = REMITTED
    return status


@inner
def with_turn(
    pair: tuple[int, int],
    amounts: tuple[int, int],
    index: Int64,
    first: int,
    turn: int,
    stop: int,
    denominator: int,
) -> tuple[int, int]:
    """Add what an amount earns over [first, stop) to a quotient and remainder; from `turn` on another amount earns.

    Args:
        pair: Quotient and remainder so far, cents over `denominator`.
        amounts: Cents before `turn`, and from it on.
        index: Accrual index.
        first: First day, as a position in `index`.
        turn: Day from which the second amount earns, likewise.
        stop: Day after the last, likewise.
        denominator: Of the index.
    """
    turn = min(max(first, turn), stop)
    pair = with_product(pair, amounts[0], int(index[turn] - index[first]), denominator)
    if turn < stop:
        pair = with_product(pair, amounts[1], int(index[stop] - index[turn]), denominator)
    return pair


@inner
def base_and_total(
    held: tuple[int, int],
    surcharged: tuple[int, int],
    rates: Int64,
    points: Int64,
    first: int,
    turn: int,
    surcharge_first: int,
    stop: int,
    denominator: int,
    bias: int,
    even: bool,
    year_start: Int32,
    by_year: bool,
) -> tuple[int, int]:
    """Return rounded base interest and rounded total interest in cents.

    Base is held x rates over [first, stop); total adds surcharged x points over [surcharge_first, stop). Each is
    rounded once; with `by_year` each calendar year's part is rounded and the parts are summed (rounding point `year`).

    Args:
        held: Cents that earn the rates, before the day `turn` and from it on.
        surcharged: Cents that earn the points, likewise.
        rates: Accrual index of the rates.
        points: Accrual index of the points.
        first: First day, as a position in the indices.
        turn: Day from which the second amounts earn, likewise.
        surcharge_first: First day of the points, likewise.
        stop: Day after the last, likewise.
        denominator: Of both indices.
        bias: From `intmath.rounding`.
        even: From `intmath.rounding`.
        year_start: Epoch day of each 1 January.
        by_year: Whether to round each calendar year separately.
    """
    base = 0
    total = 0
    while first < stop:
        part_stop = stop
        if by_year:
            part_stop = min(stop, int(year_start[year_place(first + FIRST_DAY, year_start) + 1]) - FIRST_DAY)
        late = min(max(first, surcharge_first), part_stop)
        pair = with_turn((0, 0), held, rates, first, turn, part_stop, denominator)
        base += round_remainder(pair[0], pair[1], denominator, bias, even)
        pair = with_turn(pair, surcharged, points, late, turn, part_stop, denominator)
        total += round_remainder(pair[0], pair[1], denominator, bias, even)
        first = part_stop
    return base, total


@kernel(
    fills=(
        "status",
        "accrued_days",
        "base_interest_cents",
        "surcharge_interest_cents",
        "interest_cents",
        "interest_due_cents",
        "deemed_unclaimed_day",
        "surcharge_from_day",
        "remittance_cents",
        "no_rate",
    )
)
def unclaimed(
    principal_cents: Int64,
    received_day: Int32,
    paid_day: Int32,
    remitted_day: Int32,
    service_ended_day: Int32,
    order_payable_day: Int32,
    kind: Int8,
    efforts_made: Bool,
    interest_payable: Bool,
    posted_cents: Int64,
    amounts_owed_cents: Int64,
    rates: Int64,
    points: Int64,
    deemed_of: Int32,
    surcharge_of: Int32,
    year_start: Int32,
    as_of: int,
    rates_first: int,
    rates_stop: int,
    start_shift: int,
    end_shift: int,
    denominator: int,
    mode: int,
    by_year: bool,
    efforts_for_both: bool,
    plus_accrued: bool,
    net_of_owed: bool,
    owed_at_service_end: bool,
    status: Int8,
    accrued_days: Int32,
    base_interest_cents: Int64,
    surcharge_interest_cents: Int64,
    interest_cents: Int64,
    interest_due_cents: Int64,
    deemed_unclaimed_day: Int32,
    surcharge_from_day: Int32,
    remittance_cents: Int64,
    no_rate: Bool,
) -> None:
    """Fill status, interest and remittance of each row on the as-of day, rule (o), (q); rounds the total once per row.

    Kinds other than deposits and advances are EXCLUDED, rows received after the as-of day NOT_RECEIVED; their amounts
    are 0.

    Args:
        principal_cents: Cents, shape (rows,).
        received_day: Epoch days.
        paid_day: Epoch days, NO_DAY where there is none, as for the days below.
        remitted_day: Epoch days.
        service_ended_day: Epoch days.
        order_payable_day: Epoch days.
        kind: Code of KINDS.
        efforts_made: Whether reasonable efforts were made to locate the customer.
        interest_payable: Whether interest is payable on an advance; if not, only the surcharge period earns.
        posted_cents: Interest posted, cents.
        amounts_owed_cents: Debts, cents.
        rates: Accrual index of the rates, from FIRST_DAY on.
        points: Accrual index of the six points, from FIRST_DAY on.
        deemed_of: First table of `term_tables`.
        surcharge_of: Second table of `term_tables`.
        year_start: Epoch day of each 1 January, from `calendar.year_starts`.
        as_of: Epoch day.
        rates_first: First epoch day that has a rate.
        rates_stop: Epoch day after the last that has a rate.
        start_shift: Days added to the start, of `calendar.DAY_ENDS`.
        end_shift: Days added to the end, of `calendar.DAY_ENDS`.
        denominator: Common to both indices.
        mode: Rounding mode, a value of `intmath.ROUNDING_MODES`.
        by_year: Whether to round each calendar year separately.
        efforts_for_both: Whether the end of service, too, is a trigger only if efforts were made.
        plus_accrued: Whether the points also run on interest accrued up to the surcharge, rounded to whole cents.
        net_of_owed: Whether the points run only on principal above the debts.
        owed_at_service_end: Whether a deposit's debts are taken from its principal on the day service ended, rule (n),
            so that only what is left earns from then on; a deposit paid or remitted by then earns in full.
        status: Filled: code of STATUSES.
        accrued_days: Filled: days that count.
        base_interest_cents: Filled.
        surcharge_interest_cents: Filled: total less base.
        interest_cents: Filled: total.
        interest_due_cents: Filled: total less postings; negative where more was posted.
        deemed_unclaimed_day: Filled: epoch day, or NO_DAY.
        surcharge_from_day: Filled: epoch day, or NO_DAY.
        remittance_cents: Filled: max(0, principal + total - postings - debts) for unclaimed, overdue and remitted rows,
            else 0.
        no_rate: Filled: whether the row earns on a day without a rate; its amounts mean nothing then.
    """
    bias, even = rounding(denominator, mode)
    one_product = not (by_year or plus_accrued or net_of_owed or owed_at_service_end)
    for row in range(status.size):
        received = int(received_day[row])
        if kind[row] > ADVANCE or received > as_of:
            status[row] = EXCLUDED if kind[row] > ADVANCE else NOT_RECEIVED
            accrued_days[row] = 0
            base_interest_cents[row] = 0
            surcharge_interest_cents[row] = 0
            interest_cents[row] = 0
            interest_due_cents[row] = 0
            deemed_unclaimed_day[row] = NO_DAY
            surcharge_from_day[row] = NO_DAY
            remittance_cents[row] = 0
            no_rate[row] = False
            continue

        paid = int(paid_day[row]) if paid_day[row] <= as_of else NO_DAY
        remitted = int(remitted_day[row]) if remitted_day[row] <= as_of else NO_DAY
        trigger = NO_DAY
        if service_ended_day[row] <= as_of and (efforts_made[row] or not efforts_for_both):
            trigger = int(service_ended_day[row])
        if order_payable_day[row] <= as_of and efforts_made[row]:
            trigger = min(trigger, int(order_payable_day[row]))
        deemed = NO_DAY
        surcharge_from = NO_DAY
        if trigger != NO_DAY:
            deemed = int(deemed_of[np.uint64(trigger - FIRST_DAY)])
            surcharge_from = int(surcharge_of[np.uint64(trigger - FIRST_DAY)])

        first = received + start_shift
        stop = max(first, min(paid, remitted, as_of) + end_shift)
        accrued_days[row] = stop - first
        surcharge_first = min(max(first, surcharge_from), stop)
        if kind[row] == ADVANCE and not interest_payable[row]:
            first = surcharge_first
        no_rate[row] = first < stop and (first < rates_first or stop > rates_stop)

        first -= FIRST_DAY
        surcharge_first -= FIRST_DAY
        stop -= FIRST_DAY
        principal = int(principal_cents[row])
        if one_product:
            rate_difference = int(rates[np.uint64(stop)] - rates[np.uint64(first)])
            both_difference = rate_difference + int(points[np.uint64(stop)] - points[np.uint64(surcharge_first)])
            base = rounded_quotient(principal, rate_difference, denominator, bias, even)
            total = rounded_quotient(principal, both_difference, denominator, bias, even)
        else:
            turn = stop
            if owed_at_service_end and kind[row] == DEPOSIT and service_ended_day[row] < min(paid, remitted):
                turn = int(service_ended_day[row]) + start_shift - FIRST_DAY
            left = max(0, principal - int(amounts_owed_cents[row]))
            accrued = 0
            if plus_accrued:
                pair = with_turn((0, 0), (principal, left), rates, first, turn, surcharge_first, denominator)
                accrued = round_remainder(pair[0], pair[1], denominator, bias, even)
            before = left if net_of_owed else principal
            base, total = base_and_total(
                (principal, left), (before + accrued, left + accrued), rates, points, first, turn, surcharge_first,
                stop, denominator, bias, even, year_start, by_year,
            )  # fmt: skip

        found = status_of(paid, remitted, deemed, surcharge_from, as_of)
        net = principal + total - int(posted_cents[row]) - int(amounts_owed_cents[row])
        status[row] = found
        base_interest_cents[row] = base
        surcharge_interest_cents[row] = total - base
        interest_cents[row] = total
        interest_due_cents[row] = total - posted_cents[row]
        deemed_unclaimed_day[row] = deemed
        surcharge_from_day[row] = surcharge_from
        remittance_cents[row] = max(0, net) if UNCLAIMED <= found <= REMITTED else 0
