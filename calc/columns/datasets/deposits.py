"""Declare the datasets of deposits, their transactions, and periods of interest."""

from typing import Final

from calc.columns.dataset import Column, Dataset, Holds, Owner, Result
from calc.columns.datasets.shared_columns import ACCOUNT_ID, CLASS, SERVICE, SERVICE_RESULT
from calc.columns.declared_columns import day, flag, money, text, word
from calc.columns.result_type import DATE, INT32, INT64, TEXT, one_of
from calc.errors import Reason
from calc.kernels.event_kinds import EVENTS
from calc.kernels.unclaimed import KINDS, STATUSES
from calc.units import CENTS_MAX

DEPOSIT_ID: Final = "The utility's own number of the deposit."

PAYMENTS: Final = ("at_return", "annual")
"""Times of interest payment that a customer may choose, rule (o)(I)."""

STOP_DATE: Final = "Day on which a notice was sent that ends interest, where the jurisdiction has such a notice."

DEPOSITS: Final = Dataset(
    "deposits",
    ("deposit_id",),
    (
        text("deposit_id", DEPOSIT_ID),
        text("account_id", ACCOUNT_ID),
        SERVICE,
        word("kind", "What the money is; overcharge refunds and adjustment credits are left out.", KINDS, default=0),
        money("principal_cents", "Amount of the deposit or construction advance, in cents."),
        day("received_date", "Day of receipt, the first that earns; for an advance, the day on which it is owed."),
        day("paid_date", "Day on which the money was paid back to the customer.", nullable=True),
        day("remitted_date", "Day on which the money was remitted as unclaimed.", nullable=True),
        day("service_ended_date", "Day on which service was terminated; empty while service goes on.", nullable=True),
        day("order_payable_date", "Day on which a final Commission order made the money payable.", nullable=True),
        flag("efforts_made", "Whether reasonable efforts were made to locate the customer.", default=True),
        flag("interest_payable", "For an advance: whether the tariff makes interest payable on it.", default=True),
        money("posted_cents", "Interest already paid or credited, in cents.", optional=True),
        money("amounts_owed_cents", "What the customer owes for service, in cents.", optional=True),
        CLASS,
        day("stop_date", STOP_DATE, optional=True),
        text("customer_id", "The customer; counts where the deposit's account has no row of its own.", optional=True),
        word(
            "interest_payment", "When the customer asked for interest: at the return, or annually.", PAYMENTS, default=0
        ),
    ),
    (
        Result("deposit_id", TEXT, DEPOSIT_ID),
        Result("account_id", TEXT, ACCOUNT_ID),
        SERVICE_RESULT,
        Result(
            "status",
            one_of(STATUSES),
            "Where the money stands on the as-of date.",
            label="Status",
            words=(
                ("not_received", "Received only after the as-of date."),
                ("active", "Held; service goes on and no order made it payable."),
                ("waiting", "Service ended or an order made it payable; not yet unclaimed."),
                ("unclaimed", "Unclaimed for more than two years; to be remitted within four months."),
                ("overdue", "The four months have passed; six percentage points are added to the rate."),
                ("remitted", "Remitted on or before the as-of date."),
                ("returned", "Paid back to the customer on or before the as-of date."),
                ("excluded", "An overcharge refund or a cost adjustment credit: not unclaimed monies."),
            ),
        ),
        Result(
            "accrued_days",
            INT32,
            "Days that earned interest, from receipt to the end date.",
            label="Days that earned interest",
        ),
        Result(
            "base_interest_cents",
            INT64,
            "Interest at the deposit rate, in cents.",
            label="Interest at the deposit rate",
        ),
        Result(
            "surcharge_interest_cents",
            INT64,
            "Interest of the six added percentage points, in cents.",
            label="Interest of the six points",
        ),
        Result("interest_cents", INT64, "Interest in all, rounded once, in cents.", label="Interest"),
        Result(
            "interest_due_cents",
            INT64,
            "Interest less what was already posted, in cents; may be negative.",
            label="Interest not yet posted",
        ),
        Result(
            "deemed_unclaimed_date",
            DATE,
            "First day on which the money is deemed unclaimed.",
            label="Deemed unclaimed on",
            nullable=True,
        ),
        Result(
            "surcharge_from_date",
            DATE,
            "First day on which the six points are added.",
            label="Six points more from",
            nullable=True,
        ),
        Result(
            "remittance_cents",
            INT64,
            "Principal and interest less postings and debts, in cents; 0 unless unclaimed, overdue or remitted.",
            label="To be remitted",
        ),
        Result(
            "principal_cents",
            INT64,
            "Principal held at the end date, in cents; of money paid out, what was paid out.",
            label="Principal",
        ),
        Result("posted_cents", INT64, "Interest already paid or credited, in cents.", label="Interest posted"),
        Result("amounts_owed_cents", INT64, "What the customer owes for service, in cents.", label="Owed"),
    ),
    "One row per deposit or construction advance.",
    total_by="status",
    totals=(
        "principal_cents",
        "base_interest_cents",
        "surcharge_interest_cents",
        "interest_cents",
        "posted_cents",
        "interest_due_cents",
        "remittance_cents",
    ),
    row_bytes=22,
)

TRANSACTIONS: Final = Dataset(
    "transactions",
    (),
    (
        text("deposit_id", DEPOSIT_ID),
        day("date", "Day of the event."),
        word("kind", "What happened: a receipt or refund of principal, a posting of interest, a debt.", EVENTS),
        Column(
            "amount_cents",
            Holds.MONEY,
            "Amount in cents; of principal, receipts are positive and refunds negative.",
            default=0,
            lowest=-CENTS_MAX,
        ),
    ),
    meaning="Events of deposits. Principal rows replace the deposit's principal_cents and received_date; posting and "
    "owed rows add to posted_cents and amounts_owed_cents.",
    owner=Owner("deposits", ("deposit_id",), Reason.bad_transaction, Reason.unknown_deposit),
    row_bytes=14,
)
"""Events of deposits: no key, and no results but those of the deposits."""

INTEREST: Final = Dataset(
    "interest",
    (),
    (
        money("principal_cents", "Amount of the deposit, in cents."),
        day("received_date", "Day of receipt, the first that earns."),
        day("through_date", "Day through which interest is counted; by default it does not earn itself."),
        CLASS,
        day("stop_date", STOP_DATE, optional=True),
    ),
    (
        Result("interest_cents", INT64, "Simple interest, rounded once, in cents.", label="Interest"),
        Result("days", INT32, "Days that earn interest.", label="Days that earn interest"),
    ),
    "One row per deposit and period; for quotes, batches and notebooks.",
)
