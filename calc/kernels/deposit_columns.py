"""Name the groups of columns of deposits that kernels take and fill, and how the rules are read for them."""

from typing import NamedTuple

from calc.kernels.arrays import Bool, Int8, Int32, Int64


class Deposits(NamedTuple):
    """Columns of deposits and advances, shape (rows,). Days are epoch days, NO_DAY where there is none.

    Attributes:
        principal_cents: Cents.
        received_day: Day received.
        paid_day: Day paid back.
        remitted_day: Day remitted.
        service_ended_day: Day service ended.
        order_payable_day: Day from which an order of the Commission is payable.
        kind: Code of KINDS.
        efforts_made: Whether reasonable efforts were made to locate the customer.
        interest_payable: Whether interest is payable on an advance; if not, only the surcharge period earns.
        posted_cents: Interest posted, cents.
        amounts_owed_cents: Debts, cents.
    """

    principal_cents: Int64
    received_day: Int32
    paid_day: Int32
    remitted_day: Int32
    service_ended_day: Int32
    order_payable_day: Int32
    kind: Int8
    efforts_made: Bool
    interest_payable: Bool
    posted_cents: Int64
    amounts_owed_cents: Int64


class Reading(NamedTuple):
    """How the rules are read.

    Attributes:
        efforts_for_both: Whether the end of service, too, is a trigger only if efforts were made.
        plus_accrued: Whether the points also run on interest accrued up to the surcharge, rounded to whole cents.
        net_of_owed: Whether the points run only on principal above the debts.
        owed_at_service_end: Whether a deposit's debts are taken from its principal on the day service ended, rule (n),
            so that only what is left earns from then on; a deposit paid or remitted by then earns in full.
    """

    efforts_for_both: bool
    plus_accrued: bool
    net_of_owed: bool
    owed_at_service_end: bool


class Results(NamedTuple):
    """Results of deposits and advances, shape (rows,).

    Attributes:
        status: Code of STATUSES.
        accrued_days: Days that count.
        base_interest_cents: Interest at the rates.
        surcharge_interest_cents: Total less base.
        interest_cents: Total.
        interest_due_cents: Total less postings; negative where more was posted.
        deemed_unclaimed_day: Epoch day, or NO_DAY.
        surcharge_from_day: Epoch day, or NO_DAY.
        remittance_cents: max(0, principal + total - postings - debts) for unclaimed, overdue and remitted rows, else 0.
        no_rate: Whether the row earns on a day without a rate; its amounts mean nothing then.
    """

    status: Int8
    accrued_days: Int32
    base_interest_cents: Int64
    surcharge_interest_cents: Int64
    interest_cents: Int64
    interest_due_cents: Int64
    deemed_unclaimed_day: Int32
    surcharge_from_day: Int32
    remittance_cents: Int64
    no_rate: Bool


class OwnFigures(NamedTuple):
    """What deposits say of themselves, beside their events, shape (rows,). Amounts in cents, days as epoch days.

    Attributes:
        principal_cents: Principal.
        received_day: Day received.
        paid_day: Day paid back, or NO_DAY.
        remitted_day: Day remitted, or NO_DAY.
        posted_cents: Postings.
        amounts_owed_cents: Debts.
    """

    principal_cents: Int64
    received_day: Int32
    paid_day: Int32
    remitted_day: Int32
    posted_cents: Int64
    amounts_owed_cents: Int64


class Balances(NamedTuple):
    """What deposits and their events say on the as-of day, shape (rows,). Amounts in cents, days as epoch days.

    Attributes:
        held_cents: Principal.
        first_day: Day received.
        returned_day: Day paid, or NO_DAY.
        posted_in_all_cents: Postings, the row's and its events'.
        owed_in_all_cents: Debts, the row's and its events'.
        moved: Whether principal events replaced the row's own; false for refused rows.
        negative: Whether a day ends below zero. Amounts are 0 then.
        beyond: Whether a day's balance or a sum is above 10**12 cents, or exceeds GROSS_MAX or EVENTS_MAX. Amounts are
            0 then.
    """

    held_cents: Int64
    first_day: Int32
    returned_day: Int32
    posted_in_all_cents: Int64
    owed_in_all_cents: Int64
    moved: Bool
    negative: Bool
    beyond: Bool


class HeldDeposits(NamedTuple):
    """Deposits on the as-of day, from `balances` and `unclaimed`, shape (rows,). Amounts in cents, days as epoch days.

    Attributes:
        moved: Whether principal events replaced the row's own.
        status: Code of `unclaimed.STATUSES`.
        first_day: Day received.
        returned_day: Day paid, or NO_DAY.
        remitted_day: Day remitted, or NO_DAY.
        service_ended_day: Day service ended, or NO_DAY.
        accrued_days: Days that count.
        surcharge_from_day: First day of the six points, or NO_DAY.
        kind: Code of `unclaimed.KINDS`.
        interest_payable: Whether interest is payable on an advance.
        held_cents: Principal.
        posted_cents: Postings in all.
        amounts_owed_cents: Debts in all.
    """

    moved: Bool
    status: Int8
    first_day: Int32
    returned_day: Int32
    remitted_day: Int32
    service_ended_day: Int32
    accrued_days: Int32
    surcharge_from_day: Int32
    kind: Int8
    interest_payable: Bool
    held_cents: Int64
    posted_cents: Int64
    amounts_owed_cents: Int64


class Earned(NamedTuple):
    """What deposits with events have earned, in cents, shape (rows,).

    Attributes:
        base_interest_cents: Interest at the rates.
        surcharge_interest_cents: Total less base.
        interest_cents: Total.
        interest_due_cents: Total less postings; negative where more was posted.
        remittance_cents: max(0, principal + total - postings - debts) for unclaimed, overdue and remitted rows, else 0.
    """

    base_interest_cents: Int64
    surcharge_interest_cents: Int64
    interest_cents: Int64
    interest_due_cents: Int64
    remittance_cents: Int64
