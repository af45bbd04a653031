"""Compute the fixed credit, rules 3412, 4412: eligibility, unaffordable portion, LEAP order, recalculation, months."""

from typing import Final, NamedTuple

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int8, Int64, Int64Matrix
from calc.kernels.arrearage import spread
from calc.kernels.income_plan import PlanTerms, affordable, bounded, is_bounded
from calc.units import PPM

BASES: Final = ("none", "fpl_200", "ami_80", "leap")
TESTS: Final = ("fpl_200", "ami_80", "leap")
MONTHS: Final = 12


@kernel(fills=("basis", "dropped_bits"))
def eligibility(
    income_cents: Int64,
    household_size: Int64,
    county: Int64,
    leap_qualified: Bool,
    poverty_limit_cents: Int64,
    median_limit_cents: Int64Matrix,
    leap_limit_cents: Int64,
    basis: Int8,
    dropped_bits: Int8,
) -> None:
    """Fill the first of BASES whose yearly limit is at least the income, rule (c)(I).

    There is no branch in the loop: the next row's answer cannot be predicted from this one's.

    Args:
        income_cents: Yearly household income, cents, shape (rows,).
        household_size: Persons.
        county: Row of `median_limit_cents`.
        leap_qualified: Whether LEAP has already qualified the household.
        poverty_limit_cents: By household size, 1-30, cents a year; -1 where no guideline is known.
        median_limit_cents: By county and household size, 1-8, likewise.
        leap_limit_cents: By household size, 1-30, likewise.
        basis: Filled: position in BASES; 0 is not eligible.
        dropped_bits: Filled: bit i is set where TESTS[i] had no limit.
    """
    for row in range(basis.size):
        income = income_cents[row]
        size = household_size[row]
        poverty = poverty_limit_cents[np.uint64(size)]
        leap = leap_limit_cents[np.uint64(size)]
        known = size < median_limit_cents.shape[1]
        median = median_limit_cents[np.uint64(county[row]), np.uint64(size if known else 0)]
        median = median if known else -1
        found = 3 if leap_qualified[row] | (income <= leap) else 0
        found = 2 if income <= median else found
        basis[row] = 1 if income <= poverty else found
        dropped_bits[row] = int(poverty < 0) | int(median < 0) << 1 | int(leap < 0) << 2


@inner
def recalculation_due(new_cents: int, basis_cents: int, recalculation_ppm: int) -> bool:
    """Tell whether the new bill differs from its basis by a quarter or more, rule (e)(V).

    new != basis and |new - basis| x 4 >= basis, where the quarter is `recalculation_ppm`; exact.
    """
    return new_cents != basis_cents and abs(new_cents - basis_cents) * PPM >= basis_cents * recalculation_ppm


@inner
def credit_within(
    bill_cents: int, credit_cents: int, program_cents: int, month: int, least_cents: int, most_cents: int
) -> int:
    """Return a month's program credit within a plan's bounds, cents.

    Args:
        bill_cents: The year's bill.
        credit_cents: What it exceeds the year's payments by.
        program_cents: What a grant leaves of that.
        month: 0, 1, ... 11.
        least_cents: Least credit of a month that has one.
        most_cents: Highest credit of a month.
    """
    part = spread(program_cents, MONTHS, month)
    need = spread(bill_cents, MONTHS, month) - spread(credit_cents, MONTHS, month) + part
    return bounded(part, need, least_cents, most_cents)


class Participants(NamedTuple):
    """Columns of participants, shape (rows,).

    Attributes:
        service: Code of the service, shape (rows,).
        income_cents: Yearly household income, cents.
        share_ppm: Share of income, ppm.
        minimum_monthly_cents: The tariff's minimum monthly payment, cents.
        full_annual_bill_cents: New yearly bill, cents.
        basis_bill_cents: Bill on which credits rest now, cents; -1 means a new participant, whose basis is the new
            bill.
        months_remaining: Months m that are left in the year.
        leap_grant_cents: LEAP grant, cents.
        arrearage_cents: Arrearage, cents.
    """

    service: Int8
    income_cents: Int64
    share_ppm: Int64
    minimum_monthly_cents: Int64
    full_annual_bill_cents: Int64
    basis_bill_cents: Int64
    months_remaining: Int64
    leap_grant_cents: Int64
    arrearage_cents: Int64


class Credits(NamedTuple):
    """Results of participants, shape (rows,) but for the months.

    Attributes:
        affordable_annual_cents: Rounded down.
        fixed_credit_annual_cents: Unaffordable portion.
        program_credit_annual_cents: Unaffordable portion less the grant's part.
        leap_to_unaffordable_cents: The grant's first part.
        leap_to_arrearage_cents: The grant's second part.
        leap_to_account_cents: The rest of the grant.
        due: Whether a recalculation is due.
        monthly_credit_cents: Shape (rows, 12): spread to the cent, extra cents on the first months.
    """

    affordable_annual_cents: Int64
    fixed_credit_annual_cents: Int64
    program_credit_annual_cents: Int64
    leap_to_unaffordable_cents: Int64
    leap_to_arrearage_cents: Int64
    leap_to_account_cents: Int64
    due: Bool
    monthly_credit_cents: Int64Matrix


@kernel(fills=("results",))
def fixed_credit(
    participants: Participants,
    leap_offset: Bool,
    recalculation_ppm: Int64,
    plan: PlanTerms,
    results: Credits,
) -> None:
    """Fill unaffordable portion = max(0, bill - affordable), the LEAP grant's parts and twelve monthly results.

    Recalculation not due: every figure uses the basis bill. Due: the figures use the new bill; months 1 ... 12 - m keep
    the basis' entries, and the m remaining months take the first m of the new schedule. Rules (b)(VI), (e)(I)-(V),
    (g)(V). A plan's floors and caps of payment and of credit come after the grant's part.

    Args:
        participants: Columns of participants, shape (rows,).
        leap_offset: By service: whether the grant is applied to the unaffordable portion and arrearage.
        recalculation_ppm: By service: change that makes a recalculation due, ppm.
        plan: By service: what a percentage-of-income plan sets besides.
        results: Results of participants, shape (rows,) but for the months.
    """
    service, full_annual_bill_cents, basis_bill_cents = (
        participants.service,
        participants.full_annual_bill_cents,
        participants.basis_bill_cents,
    )
    income_cents, share_ppm, minimum_monthly_cents = (
        participants.income_cents,
        participants.share_ppm,
        participants.minimum_monthly_cents,
    )
    leap_grant_cents, arrearage_cents, months_remaining = (
        participants.leap_grant_cents,
        participants.arrearage_cents,
        participants.months_remaining,
    )
    due, affordable_annual_cents, fixed_credit_annual_cents = (
        results.due,
        results.affordable_annual_cents,
        results.fixed_credit_annual_cents,
    )
    program_credit_annual_cents, leap_to_unaffordable_cents, leap_to_arrearage_cents = (
        results.program_credit_annual_cents,
        results.leap_to_unaffordable_cents,
        results.leap_to_arrearage_cents,
    )
    leap_to_account_cents, monthly_credit_cents = results.leap_to_account_cents, results.monthly_credit_cents
    for row in range(due.size):
        own = np.uint64(service[row])
        new = full_annual_bill_cents[row]
        basis = basis_bill_cents[row] if basis_bill_cents[row] >= 0 else new
        due[row] = recalculation_due(new, basis, recalculation_ppm[own])
        bill = new if due[row] else basis
        limit = affordable(
            income_cents[row], share_ppm[row], minimum_monthly_cents[row],
            plan.monthly_income[own],
            plan.payment_least_cents[own], plan.payment_most_cents[own],
        )  # fmt: skip
        grant = leap_grant_cents[row]
        offset_grant = grant if leap_offset[own] else 0

        credit = max(0, bill - limit)
        to_unaffordable = min(offset_grant, credit)
        arrearage = arrearage_cents[row] if plan.grant_to_arrearage[own] else 0
        to_arrearage = min(offset_grant - to_unaffordable, arrearage)
        program = credit - to_unaffordable
        affordable_annual_cents[row] = limit
        fixed_credit_annual_cents[row] = credit
        program_credit_annual_cents[row] = program
        leap_to_unaffordable_cents[row] = to_unaffordable
        leap_to_arrearage_cents[row] = to_arrearage
        leap_to_account_cents[row] = grant - to_unaffordable - to_arrearage

        basis_credit = max(0, basis - limit)
        basis_program = basis_credit - min(offset_grant, basis_credit)
        kept = MONTHS - months_remaining[row] if due[row] else MONTHS
        for month in range(MONTHS):
            if month < kept:
                monthly_credit_cents[row, month] = spread(basis_program, MONTHS, month)
            else:
                monthly_credit_cents[row, month] = spread(program, MONTHS, month - kept)

        least, most = plan.credit_least_cents[own], plan.credit_most_cents[own]
        if is_bounded(least, most):
            within = 0
            for month in range(MONTHS):
                within += credit_within(bill, credit, program, month, least, most)
                if month < kept:
                    monthly = credit_within(basis, basis_credit, basis_program, month, least, most)
                else:
                    monthly = credit_within(bill, credit, program, month - kept, least, most)
                monthly_credit_cents[row, month] = monthly
            program_credit_annual_cents[row] = within
            fixed_credit_annual_cents[row] = to_unaffordable + within
