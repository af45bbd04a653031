"""Fixed credit, rules 3412 and 4412: eligibility screen, unaffordable portion, LEAP order, recalculation, months."""

from typing import Final

import numpy as np
import numpy.typing as npt

from calc.kernels._jit import inner, kernel
from calc.kernels.arrearage import spread
from calc.kernels.calendar import Int64
from calc.units import PPM

Int8 = npt.NDArray[np.int8]
Bool = npt.NDArray[np.bool_]

BASES: Final = ("none", "fpl_200", "ami_80", "leap")
TESTS: Final = ("fpl_200", "ami_80", "leap")
MONTHS: Final = 12


@kernel("int64[], int64[], int64[], boolean[], int64[], int64[,], int64[], int8[:], int8[:]")
def eligibility(
    income_cents: Int64,
    household_size: Int64,
    county: Int64,
    leap_qualified: Bool,
    poverty_limit_cents: Int64,
    median_limit_cents: Int64,
    leap_limit_cents: Int64,
    basis: Int8,
    dropped_bits: Int8,
) -> None:
    """First of BASES whose yearly limit holds the income, rule (c)(I).

    Bit i of `dropped_bits` is set where TESTS[i] had no limit. Limits are by household size (poverty, LEAP: 1-30;
    median: by county and 1-8), -1 where no guideline is known. No branch: the next row's answer cannot be guessed from
    this one's.
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
    """New differs from basis by a quarter or more: new != basis and |new - basis| x 4 >= basis; rule (e)(V)."""
    return new_cents != basis_cents and abs(new_cents - basis_cents) * PPM >= basis_cents * recalculation_ppm


@inner
def affordable(income_cents: int, share_ppm: int, minimum_monthly_cents: int) -> int:
    """floor(income x share) a year; without income 12 x the tariff's minimum monthly payment, rule (e)(I) and (III)."""
    if income_cents == 0:
        return MONTHS * minimum_monthly_cents
    return income_cents * share_ppm // PPM


@kernel(
    "int8[], int64[], int64[], int64[], int64[], int64[], int64[], int64[], int64[], boolean[], int64[], "
    "int64[:], int64[:], int64[:], int64[:], int64[:], int64[:], boolean[:], int64[:,]"
)
def fixed_credit(
    service: Int8,
    income_cents: Int64,
    share_ppm: Int64,
    minimum_monthly_cents: Int64,
    full_annual_bill_cents: Int64,
    basis_bill_cents: Int64,
    months_remaining: Int64,
    leap_grant_cents: Int64,
    arrearage_cents: Int64,
    leap_offset: Bool,
    recalculation_ppm: Int64,
    affordable_annual_cents: Int64,
    fixed_credit_annual_cents: Int64,
    program_credit_annual_cents: Int64,
    leap_to_unaffordable_cents: Int64,
    leap_to_arrearage_cents: Int64,
    leap_to_account_cents: Int64,
    due: Bool,
    monthly_credit_cents: Int64,
) -> None:
    """Unaffordable portion = max(0, bill - affordable), the LEAP grant's parts, and twelve monthly credits to the cent.

    `leap_offset` and `recalculation_ppm` are by service. `basis_bill_cents` -1 means a new participant: the new bill.
    Not due: everything on the basis. Due: the new bill's figures; months 1 ... 12 - m keep the basis' entries and the m
    remaining take the first m of the new schedule. Rules (b)(VI), (e)(I)-(V), (g)(V).
    """
    for row in range(due.size):
        own = np.uint64(service[row])
        basis = basis_bill_cents[row] if basis_bill_cents[row] >= 0 else full_annual_bill_cents[row]
        due[row] = recalculation_due(full_annual_bill_cents[row], basis, recalculation_ppm[own])
        bill = full_annual_bill_cents[row] if due[row] else basis
        limit = affordable(income_cents[row], share_ppm[row], minimum_monthly_cents[row])
        grant = leap_grant_cents[row]
        offset_grant = grant if leap_offset[own] else 0

        credit = max(0, bill - limit)
        to_unaffordable = min(offset_grant, credit)
        to_arrearage = min(offset_grant - to_unaffordable, arrearage_cents[row])
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
