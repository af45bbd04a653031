"""Compute the twelve months of a participant's year from its figures and dated events; rules 3412, 4412 (e), (g)(V).

Row r owns the events offset[r] ... offset[r + 1] - 1, by day and, within a day, in the order of KINDS. An event acts on
the first bill dated after it; what lies between two bills acts together: new figures first, then grants, then an exit.
"""

import numpy as np

from calc.kernels._jit import kernel
from calc.kernels.arrays import Bool, BoolMatrix, Int8, Int32, Int32Matrix, Int64, Int64Matrix
from calc.kernels.calendar import month_place
from calc.kernels.fixed_credit import MONTHS, affordable
from calc.kernels.participant_events import BUDGET_BILLING, EXIT, LEAP_GRANT, MISSED_PAYMENT, MOVE_OUT, RATE_CHANGE
from calc.kernels.schedules import of_month, rest_of_year, schedule
from calc.kernels.year_arrearage import arrearage_parts
from calc.kernels.year_figures import is_yes, new_figures, with_cause
from calc.kernels.year_grants import cover
from calc.units import CENTS_MAX

GOOD, NO_BAND, BEYOND = range(3)
"""Whether a row can be computed; it is refused where an event leaves no band or grants sum to more than CENTS_MAX."""


@kernel(
    fills=(
        "refused", "bill_day", "in_program", "basis_cents", "share_ppm", "expected_bill_cents", "fixed_credit_cents",
        "leap_to_unaffordable_cents", "program_credit_cents", "leap_to_arrearage_cents", "leap_to_account_cents",
        "arrearage_credit_cents", "copayment_cents", "planned_payment_cents", "arrearage_outstanding_cents", "causes",
        "due_on_exit_cents", "credit_to_recover_cents",
    )
)  # fmt: skip
def participant_year(
    offset: Int64, event_day: Int32, event_kind: Int8, event_amount_cents: Int64, event_word: Int8, service: Int8,
    primary_heating: Int8, regulated_gas: Bool, household_income_cents: Int64, own_share_ppm: Int64,
    full_annual_bill_cents: Int64, basis_bill_cents: Int64, months_remaining: Int64, leap_grant_cents: Int64,
    arrearage_cents: Int64, arrearage_months_left: Int64, arrearage_copayments_cents: Int64, first_bill_day: Int32,
    as_of: int, month_start: Int32, account_class: Int64Matrix, of_class: Int64Matrix, leap_offset: Bool,
    conditional: Bool, annual_timing: Bool, recalculation_ppm: Int64, refused: Int8, bill_day: Int32Matrix,
    in_program: BoolMatrix,
    basis_cents: Int64Matrix, share_ppm: Int64Matrix, expected_bill_cents: Int64Matrix, fixed_credit_cents: Int64Matrix,
    leap_to_unaffordable_cents: Int64Matrix, program_credit_cents: Int64Matrix, leap_to_arrearage_cents: Int64Matrix,
    leap_to_account_cents: Int64Matrix, arrearage_credit_cents: Int64Matrix, copayment_cents: Int64Matrix,
    planned_payment_cents: Int64Matrix, arrearage_outstanding_cents: Int64Matrix, causes: Int64Matrix,
    due_on_exit_cents: Int64Matrix, credit_to_recover_cents: Int64Matrix,
) -> None:  # fmt: skip
    """Fill what each bill of the year carries.

    Args:
        offset: Row r owns events offset[r] ... offset[r + 1] - 1; shape (rows + 1,).
        event_day: Epoch days, shape (events,).
        event_kind: Codes of KINDS.
        event_amount_cents: Cents; only where the kind has an amount.
        event_word: Codes of WORDS, or NO_WORD; only where the kind has a word.
        service: Code of the service, shape (rows,).
        primary_heating: Code of the primary heat.
        regulated_gas: Whether the household has regulated gas service.
        household_income_cents: Yearly income, cents.
        own_share_ppm: The row's own share of income, ppm; -1 for the tariff's. It holds within the band of the class.
        full_annual_bill_cents: Full annual bill, cents.
        basis_bill_cents: Bill on which credits rest now, cents; -1 for the full annual bill.
        months_remaining: Months for which the full annual bill counts, where it differs from the basis by enough.
        leap_grant_cents: LEAP grant that acts on bill 1, cents.
        arrearage_cents: Outstanding at bill 1, cents.
        arrearage_months_left: Months of arrearage credits left at bill 1.
        arrearage_copayments_cents: Copayments left, cents.
        first_bill_day: Epoch days.
        as_of: Epoch day; later events have not happened.
        month_start: From `calendar.month_starts`, at least a year past LAST_DAY.
        account_class: By service, and by 2 x primary heat + regulated gas: position in `of_class`, or -1.
        of_class: By class: the tariff's share, the band's lowest and highest share (ppm), minimum monthly payment
            (cents).
        leap_offset: By service: whether grants are applied to the unaffordable portion and arrearage.
        conditional: By service: whether a missed payment withholds the next arrearage credit.
        annual_timing: By service: whether grants also cover credits given earlier in the year.
        recalculation_ppm: By service: change of the bill from which new rates count, ppm.
        refused: Filled: GOOD, NO_BAND or BEYOND, shape (rows,).
        bill_day: Filled: epoch days, shape (rows, 12), as all that follow.
        in_program: Filled; where false, all but grants, what falls due and causes is 0.
        basis_cents: Filled: basis bill.
        share_ppm: Filled.
        expected_bill_cents: Filled.
        fixed_credit_cents: Filled: gross of grants.
        leap_to_unaffordable_cents: Filled: the grants' part of it.
        program_credit_cents: Filled: the rest.
        leap_to_arrearage_cents: Filled.
        leap_to_account_cents: Filled.
        arrearage_credit_cents: Filled.
        copayment_cents: Filled.
        planned_payment_cents: Filled: expected bill less credit, or the budget plan's payment; plus copayment.
        arrearage_outstanding_cents: Filled: after the bill.
        causes: Filled: what took effect, packed by `year_figures.with_cause`.
        due_on_exit_cents: Filled: arrearage that falls due.
        credit_to_recover_cents: Filled: credits given that a grant covered afterwards.
    """
    for row in range(refused.size):
        own = np.uint64(service[row])
        offsets = leap_offset[own]
        figures = (
            int(household_income_cents[row]),
            int(basis_bill_cents[row]) if basis_bill_cents[row] >= 0 else int(full_annual_bill_cents[row]),
            int(primary_heating[row]),
            int(regulated_gas[row]),
        )
        first_place = month_place(int(first_bill_day[row]), month_start)
        day_of_month = int(first_bill_day[row]) - int(month_start[first_place])
        _, changed_basis, _ = new_figures(
            figures, (RATE_CHANGE, int(full_annual_bill_cents[row]), -1), int(recalculation_ppm[own])
        )
        own_change = MONTHS - int(months_remaining[row]) if changed_basis == RATE_CHANGE else MONTHS
        share = 0
        gross = bills = program = schedule(0, 1, 0)
        pool = given = granted = 0
        outstanding = int(arrearage_cents[row])
        months_left = int(arrearage_months_left[row])
        copayments = int(arrearage_copayments_cents[row])
        budget = False
        carried = level = 0
        takes_part = True
        refused[row] = GOOD
        event, stop = int(offset[row]), int(offset[row + 1])

        for month in range(MONTHS):
            place = first_place + month
            bill = min(int(month_start[place]) + day_of_month, int(month_start[place + 1]) - 1)
            noted = 0
            rebased = month == 0
            if takes_part and month == own_change:
                figures = (figures[0], int(full_annual_bill_cents[row]), figures[2], figures[3])
                rebased = True
                noted = with_cause(noted, RATE_CHANGE) if month > 0 else noted
            grant = int(leap_grant_cents[row]) if month == 0 else 0
            leaves = missed = planned_anew = False
            while takes_part and not leaves and event < stop and event_day[event] < bill and event_day[event] <= as_of:
                kind, amount, word = int(event_kind[event]), int(event_amount_cents[event]), int(event_word[event])
                figures, cause, acts = new_figures(figures, (kind, amount, word), int(recalculation_ppm[own]))
                rebased = rebased or acts
                noted = with_cause(noted, cause)
                if kind == LEAP_GRANT:
                    grant = min(grant + amount, CENTS_MAX + 1)
                elif kind == MISSED_PAYMENT:
                    missed = True
                elif kind == BUDGET_BILLING:
                    budget, planned_anew = is_yes(word), True
                leaves = kind in (EXIT, MOVE_OUT)
                event += 1
            granted += grant
            if granted > CENTS_MAX:
                refused[row] = BEYOND
                grant = granted = 0

            if rebased:
                found = int(account_class[own, 2 * figures[2] + figures[3]])
                if found < 0:
                    refused[row] = NO_BAND
                    found = 0
                share = int(own_share_ppm[row])
                if not of_class[found, 1] <= share <= of_class[found, 2]:
                    share = int(of_class[found, 0])
                limit = affordable(figures[0], share, int(of_class[found, 3]))
                gross = schedule(max(0, figures[1] - limit), MONTHS, month)
                bills = schedule(figures[1], MONTHS, month)
                program = gross

            to_arrearage = 0
            to_account = grant
            recovered = 0
            if offsets and (grant > 0 or (rebased and pool > 0)):
                total = rest_of_year(gross, month)
                coverable = given if annual_timing[own] else 0
                pool, recovered, to_arrearage, to_account = cover(pool + grant, total, coverable, outstanding)
                program = schedule(total - pool, MONTHS - month, month)
                given -= recovered
                outstanding -= to_arrearage
            due = 0
            if leaves:
                takes_part = False
                last = min(pool, outstanding)
                to_arrearage += last
                to_account += pool - last
                due = outstanding - last
                pool = outstanding = 0

            expected = credit = program_credit = arrearage_credit = copayment = payment = 0
            if takes_part:
                expected, credit = of_month(bills, month), of_month(gross, month)
                program_credit = of_month(program, month)
                given += program_credit
                pool -= credit - program_credit
                copayments = min(copayments, outstanding)
                arrearage_credit, copayment = arrearage_parts(
                    outstanding, copayments, months_left, missed and conditional[own]
                )
                months_left -= 1
                copayments -= copayment
                outstanding -= arrearage_credit + copayment
                if budget and (rebased or planned_anew):
                    left = rest_of_year(bills, month) - rest_of_year(gross, month) + carried
                    level = left // (MONTHS - month)
                carried += expected - credit
                payment = level if budget and month < MONTHS - 1 else carried
                carried -= payment

            bill_day[row, month] = bill
            in_program[row, month] = takes_part
            basis_cents[row, month] = figures[1] if takes_part else 0
            share_ppm[row, month] = share if takes_part else 0
            expected_bill_cents[row, month] = expected
            fixed_credit_cents[row, month] = credit
            leap_to_unaffordable_cents[row, month] = credit - program_credit
            program_credit_cents[row, month] = program_credit
            leap_to_arrearage_cents[row, month] = to_arrearage
            leap_to_account_cents[row, month] = to_account
            arrearage_credit_cents[row, month] = arrearage_credit
            copayment_cents[row, month] = copayment
            planned_payment_cents[row, month] = payment + copayment
            arrearage_outstanding_cents[row, month] = outstanding
            causes[row, month] = noted
            due_on_exit_cents[row, month] = due
            credit_to_recover_cents[row, month] = recovered

        while takes_part and event < stop and event_day[event] <= as_of:
            kind = int(event_kind[event])
            if kind in (EXIT, MOVE_OUT):
                takes_part = False
                due_on_exit_cents[row, MONTHS - 1] = outstanding
                arrearage_outstanding_cents[row, MONTHS - 1] = 0
                causes[row, MONTHS - 1] = with_cause(int(causes[row, MONTHS - 1]), kind)
            event += 1
