"""Compute status, interest, surcharge and remittance of deposits and construction advances; rule (q).

Months are looked up: two tables give, for each day on which a trigger may fall, the day deemed unclaimed and the first
day of the six points. Dates are epoch days, NO_DAY where there is none; whatever is dated after the as-of day has not
happened.
"""

from typing import Final

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.accrual import Accrual, year_place
from calc.kernels.arrays import Int64
from calc.kernels.deposit_columns import Deposits, Reading, Results
from calc.kernels.intmath import round_remainder, rounded_quotient, rounding, with_product
from calc.kernels.unclaimed_terms import Terms
from calc.units import FIRST_DAY, NO_DAY

KINDS: Final = ("deposit", "construction_advance", "overcharge_refund", "cost_adjustment_credit")
STATUSES: Final = ("not_received", "active", "waiting", "unclaimed", "overdue", "remitted", "returned", "excluded")
DEPOSIT, ADVANCE = 0, 1
NOT_RECEIVED, ACTIVE, WAITING, UNCLAIMED, OVERDUE, REMITTED, RETURNED, EXCLUDED = range(8)


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
    accrual: Accrual,
    days: tuple[int, int, int, int],
    bias: int,
    even: bool,
) -> tuple[int, int]:
    """Return rounded base interest and rounded total interest in cents.

    Base is held x rates over [first, stop); total adds surcharged x points over [surcharge_first, stop). Each is
    rounded once; with `by_year` each calendar year's part is rounded and the parts are summed (rounding point `year`).

    Args:
        held: Cents that earn the rates, before the day `turn` and from it on.
        surcharged: Cents that earn the points, likewise.
        accrual: Accrual tables.
        days: First day; day `turn`, from which the second amounts earn; first day of the points; day after the last: as
            positions in the indices.
        bias: From `intmath.rounding`.
        even: From `intmath.rounding`.
    """
    first, turn, surcharge_first, stop = days
    denominator = accrual.denominator
    base = 0
    total = 0
    while first < stop:
        part_stop = stop
        if accrual.by_year:
            next_year = accrual.year_start[year_place(first + FIRST_DAY, accrual.year_start) + 1]
            part_stop = min(stop, int(next_year) - FIRST_DAY)
        late = min(max(first, surcharge_first), part_stop)
        pair = with_turn((0, 0), held, accrual.rates, first, turn, part_stop, denominator)
        base += round_remainder(pair[0], pair[1], denominator, bias, even)
        pair = with_turn(pair, surcharged, accrual.points, late, turn, part_stop, denominator)
        total += round_remainder(pair[0], pair[1], denominator, bias, even)
        first = part_stop
    return base, total


@kernel(fills=("results",))
def unclaimed(
    deposits: Deposits, accrual: Accrual, terms: Terms, reading: Reading, as_of: int, results: Results
) -> None:
    """Fill status, interest and remittance of each row on the as-of day, rule (o), (q); rounds the total once per row.

    Kinds other than deposits and advances are EXCLUDED, rows received after the as-of day NOT_RECEIVED; their amounts
    are 0.

    Args:
        deposits: Rows.
        accrual: Accrual tables.
        terms: From `term_tables`.
        reading: How the rules are read.
        as_of: Epoch day.
        results: Filled.
    """
    rates, points, denominator = accrual.rates, accrual.points, accrual.denominator
    no_rate = results.no_rate  # a local name, since the compiler would count references to it in the loop
    bias, even = rounding(denominator, accrual.mode)
    one_product = not (accrual.by_year or reading.plus_accrued or reading.net_of_owed or reading.owed_at_service_end)
    for row in range(results.status.size):
        received = int(deposits.received_day[row])
        if deposits.kind[row] > ADVANCE or received > as_of:
            results.status[row] = EXCLUDED if deposits.kind[row] > ADVANCE else NOT_RECEIVED
            results.accrued_days[row] = 0
            results.base_interest_cents[row] = 0
            results.surcharge_interest_cents[row] = 0
            results.interest_cents[row] = 0
            results.interest_due_cents[row] = 0
            results.deemed_unclaimed_day[row] = NO_DAY
            results.surcharge_from_day[row] = NO_DAY
            results.remittance_cents[row] = 0
            no_rate[row] = False
            continue

        paid = int(deposits.paid_day[row]) if deposits.paid_day[row] <= as_of else NO_DAY
        remitted = int(deposits.remitted_day[row]) if deposits.remitted_day[row] <= as_of else NO_DAY
        trigger = NO_DAY
        if deposits.service_ended_day[row] <= as_of and (deposits.efforts_made[row] or not reading.efforts_for_both):
            trigger = int(deposits.service_ended_day[row])
        if deposits.order_payable_day[row] <= as_of and deposits.efforts_made[row]:
            trigger = min(trigger, int(deposits.order_payable_day[row]))
        deemed = NO_DAY
        surcharge_from = NO_DAY
        if trigger != NO_DAY:
            deemed = int(terms.deemed_of[np.uint64(trigger - FIRST_DAY)])
            surcharge_from = int(terms.surcharge_of[np.uint64(trigger - FIRST_DAY)])

        first = received + accrual.start_shift
        stop = max(first, min(paid, remitted, as_of) + accrual.end_shift)
        results.accrued_days[row] = stop - first
        surcharge_first = min(max(first, surcharge_from), stop)
        if deposits.kind[row] == ADVANCE and not deposits.interest_payable[row]:
            first = surcharge_first
        no_rate[row] = first < stop and (first < accrual.first_day or stop > accrual.stop_day)

        first -= FIRST_DAY
        surcharge_first -= FIRST_DAY
        stop -= FIRST_DAY
        principal = int(deposits.principal_cents[row])
        if one_product:
            rate_difference = int(rates[np.uint64(stop)] - rates[np.uint64(first)])
            both_difference = rate_difference + int(points[np.uint64(stop)] - points[np.uint64(surcharge_first)])
            base = rounded_quotient(principal, rate_difference, denominator, bias, even)
            total = rounded_quotient(principal, both_difference, denominator, bias, even)
        else:
            turn = stop
            ended = int(deposits.service_ended_day[row])
            if reading.owed_at_service_end and deposits.kind[row] == DEPOSIT and ended < min(paid, remitted):
                turn = ended + accrual.start_shift - FIRST_DAY
            left = max(0, principal - int(deposits.amounts_owed_cents[row]))
            accrued = 0
            if reading.plus_accrued:
                pair = with_turn((0, 0), (principal, left), rates, first, turn, surcharge_first, denominator)
                accrued = round_remainder(pair[0], pair[1], denominator, bias, even)
            before = left if reading.net_of_owed else principal
            base, total = base_and_total(
                (principal, left), (before + accrued, left + accrued), accrual, (first, turn, surcharge_first, stop),
                bias, even,
            )  # fmt: skip

        found = status_of(paid, remitted, deemed, surcharge_from, as_of)
        net = principal + total - int(deposits.posted_cents[row]) - int(deposits.amounts_owed_cents[row])
        results.status[row] = found
        results.base_interest_cents[row] = base
        results.surcharge_interest_cents[row] = total - base
        results.interest_cents[row] = total
        results.interest_due_cents[row] = total - deposits.posted_cents[row]
        results.deemed_unclaimed_day[row] = deemed
        results.surcharge_from_day[row] = surcharge_from
        results.remittance_cents[row] = max(0, net) if UNCLAIMED <= found <= REMITTED else 0
