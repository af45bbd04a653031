"""Name the groups of columns that the kernel of a participant's year takes and fills."""

from typing import NamedTuple

from calc.kernels.arrays import Bool, BoolMatrix, Int8, Int32, Int32Matrix, Int64, Int64Matrix


class YearEvents(NamedTuple):
    """Events of participants' years, each row's own by day and, within a day, in the order of KINDS.

    Attributes:
        offset: Row r owns events offset[r] ... offset[r + 1] - 1; shape (rows + 1,).
        day: Epoch days, shape (events,).
        kind: Codes of KINDS.
        amount_cents: Cents; only where the kind has an amount.
        word: Codes of WORDS, or NO_WORD; only where the kind has a word.
    """

    offset: Int64
    day: Int32
    kind: Int8
    amount_cents: Int64
    word: Int8


class Participants(NamedTuple):
    """Participants' figures on bill 1, shape (rows,).

    Attributes:
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
    """

    service: Int8
    primary_heating: Int8
    regulated_gas: Bool
    household_income_cents: Int64
    own_share_ppm: Int64
    full_annual_bill_cents: Int64
    basis_bill_cents: Int64
    months_remaining: Int64
    leap_grant_cents: Int64
    arrearage_cents: Int64
    arrearage_months_left: Int64
    arrearage_copayments_cents: Int64
    first_bill_day: Int32


class YearTerms(NamedTuple):
    """What the rules and tariffs say, by service and class, and the months of the calendar.

    Attributes:
        month_start: From `calendar.month_starts`, at least a year past LAST_DAY.
        account_class: By service, and by 2 x primary heat + regulated gas: position in `of_class`, or -1.
        of_class: By class: the tariff's share, the band's lowest and highest share (ppm), minimum monthly payment
            (cents).
        leap_offset: By service: whether grants are applied to the unaffordable portion and arrearage.
        conditional: By service: whether a missed payment withholds the next arrearage credit.
        annual_timing: By service: whether grants also cover credits given earlier in the year.
        recalculation_ppm: By service: change of the bill from which new rates count, ppm.
    """

    month_start: Int32
    account_class: Int64Matrix
    of_class: Int64Matrix
    leap_offset: Bool
    conditional: Bool
    annual_timing: Bool
    recalculation_ppm: Int64


class YearBills(NamedTuple):
    """What each bill of the year carries, shape (rows, 12), but for `refused`.

    Attributes:
        refused: GOOD, NO_BAND or BEYOND, shape (rows,).
        bill_day: Epoch days.
        in_program: Where false, all but grants, what falls due and causes is 0.
        basis_cents: Basis bill.
        share_ppm: Share of income, ppm.
        expected_bill_cents: Month's part of the basis bill.
        fixed_credit_cents: Gross of grants.
        leap_to_unaffordable_cents: The grants' part of it.
        program_credit_cents: The rest.
        leap_to_arrearage_cents: The grants' part against arrearage.
        leap_to_account_cents: The rest of the grants.
        arrearage_credit_cents: Credit against arrearage.
        copayment_cents: Copayment.
        planned_payment_cents: Expected bill less credit, or the budget plan's payment; plus copayment.
        arrearage_outstanding_cents: After the bill.
        causes: What took effect, packed by `year_figures.with_cause`.
        due_on_exit_cents: Arrearage that falls due.
        credit_to_recover_cents: Credits given that a grant covered afterwards.
    """

    refused: Int8
    bill_day: Int32Matrix
    in_program: BoolMatrix
    basis_cents: Int64Matrix
    share_ppm: Int64Matrix
    expected_bill_cents: Int64Matrix
    fixed_credit_cents: Int64Matrix
    leap_to_unaffordable_cents: Int64Matrix
    program_credit_cents: Int64Matrix
    leap_to_arrearage_cents: Int64Matrix
    leap_to_account_cents: Int64Matrix
    arrearage_credit_cents: Int64Matrix
    copayment_cents: Int64Matrix
    planned_payment_cents: Int64Matrix
    arrearage_outstanding_cents: Int64Matrix
    causes: Int64Matrix
    due_on_exit_cents: Int64Matrix
    credit_to_recover_cents: Int64Matrix
