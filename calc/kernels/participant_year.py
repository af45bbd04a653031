"""Compute the twelve months of a participant's year from its figures and dated events; rules 3412, 4412 (e), (g)(V).

Row r owns the events offset[r] ... offset[r + 1] - 1, by day and, within a day, in the order of KINDS. An event acts on
the first bill dated after it; what lies between two bills acts together: new figures first, then grants, then an exit.
"""

import numpy as np

from calc.kernels._jit import kernel
from calc.kernels.calendar import month_place
from calc.kernels.fixed_credit import MONTHS
from calc.kernels.income_plan import PlanTerms, affordable, bounded, is_bounded
from calc.kernels.participant_events import (
    BUDGET_BILLING,
    EXIT,
    LEAP_GRANT,
    MISSED_PAYMENT,
    MOVE_OUT,
    PARTIAL_PAYMENT,
    RATE_CHANGE,
)
from calc.kernels.schedules import of_month, rest_of_year, schedule
from calc.kernels.year_arrearage import arrearage_parts
from calc.kernels.year_columns import Participants, YearBills, YearEvents, YearTerms
from calc.kernels.year_figures import is_yes, new_figures, with_cause
from calc.kernels.year_grants import cover
from calc.units import CENTS_MAX

GOOD, NO_BAND, BEYOND = range(3)
"""Whether a row can be computed; it is refused where an event leaves no band or grants sum to more than CENTS_MAX."""


@kernel(fills=("year_bills",))
def participant_year(
    events: YearEvents,
    participants: Participants,
    as_of: int,
    terms: YearTerms,
    plan: PlanTerms,
    year_bills: YearBills,
) -> None:
    """Fill what each bill of the year carries.

    Args:
        events: Events of each row.
        participants: Rows.
        as_of: Epoch day; later events have not happened.
        terms: What the rules and tariffs say.
        plan: What a percentage-of-income plan sets besides.
        year_bills: Filled.
    """
    (
        offset, event_day, event_kind, event_amount_cents, event_word,
    ) = events  # fmt: skip
    (
        service, primary_heating, regulated_gas, household_income_cents, own_share_ppm, full_annual_bill_cents,
        basis_bill_cents, months_remaining, leap_grant_cents, arrearage_cents, arrearage_months_left,
        arrearage_copayments_cents, first_bill_day,
    ) = participants  # fmt: skip
    (
        month_start, account_class, of_class, leap_offset, conditional, annual_timing, recalculation_ppm,
    ) = terms  # fmt: skip
    (
        refused, bill_day, in_program, basis_cents, share_ppm, expected_bill_cents, fixed_credit_cents,
        leap_to_unaffordable_cents, program_credit_cents, leap_to_arrearage_cents, leap_to_account_cents,
        arrearage_credit_cents, copayment_cents, planned_payment_cents, arrearage_outstanding_cents, causes,
        due_on_exit_cents, credit_to_recover_cents,
    ) = year_bills  # fmt: skip
    for row in range(refused.size):
        own = np.uint64(service[row])
        offsets = leap_offset[own]
        waits = plan.arrearage_waits[own]
        to_old_debt = plan.grant_to_arrearage[own]
        least, most = int(plan.credit_least_cents[own]), int(plan.credit_most_cents[own])
        has_bounds = is_bounded(least, most)
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
                elif kind == MISSED_PAYMENT or (kind == PARTIAL_PAYMENT and waits):
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
                limit = affordable(
                    figures[0], share, int(of_class[found, 3]), plan.monthly_income[own],
                    int(plan.payment_least_cents[own]), int(plan.payment_most_cents[own]),
                )  # fmt: skip
                gross = schedule(max(0, figures[1] - limit), MONTHS, month)
                bills = schedule(figures[1], MONTHS, month)
                program = gross

            to_arrearage = 0
            to_account = grant
            recovered = 0
            if offsets and (grant > 0 or (rebased and pool > 0)):
                total = rest_of_year(gross, month)
                coverable = given if annual_timing[own] else 0
                debt = outstanding if to_old_debt else 0
                pool, recovered, to_arrearage, to_account = cover(pool + grant, total, coverable, debt)
                program = schedule(total - pool, MONTHS - month, month)
                given -= recovered
                outstanding -= to_arrearage
            due = 0
            if leaves:
                takes_part = False
                last = min(pool, outstanding if to_old_debt else 0)
                to_arrearage += last
                to_account += pool - last
                due = outstanding - last
                pool = outstanding = 0

            expected = credit = program_credit = arrearage_credit = copayment = payment = 0
            if takes_part:
                expected, credit = of_month(bills, month), of_month(gross, month)
                program_credit = of_month(program, month)
                of_grants = credit - program_credit
                pool -= of_grants
                if has_bounds:
                    program_credit = bounded(program_credit, expected - of_grants, least, most)
                if missed and plan.credit_conditional[own]:
                    program_credit = 0
                credit = of_grants + program_credit
                given += program_credit
                copayments = min(copayments, outstanding)
                arrearage_credit, copayment, months_left = arrearage_parts(
                    outstanding, copayments, months_left, missed and conditional[own], waits
                )
                copayments -= copayment
                outstanding -= arrearage_credit + copayment
                if budget and (rebased or planned_anew):
                    left = rest_of_year(bills, month) - rest_of_year(gross, month) + carried
                    if has_bounds:
                        for later in range(month, MONTHS):
                            planned = of_month(program, later)
                            need = of_month(bills, later) - of_month(gross, later) + planned
                            left -= bounded(planned, need, least, most) - planned
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
