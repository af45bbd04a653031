"""Declare the dataset of accounts by quarter, from which the disconnection report is filled in."""

from typing import Final

from calc.columns.dataset import NONE, Column, Dataset
from calc.columns.datasets.shared_columns import ACCOUNT_ID
from calc.columns.declared_columns import answer, count, money, text

_MOST: Final = 1_000_000


def _number(name: str, meaning: str) -> Column:
    return count(name, meaning, 0, _MOST, optional=True, default=NONE)


def _cents(name: str, meaning: str) -> Column:
    return money(name, meaning, optional=True, default=NONE)


VINTAGES: Final = ("1_30", "31_60", "61_90", "91")
"""Days past due of an arrearage, as the names of its columns have them; the last is 91 and more."""

ACCOUNT_QUARTERS: Final = Dataset(
    "account_quarters",
    ("account_id", "quarter"),
    (
        text("account_id", ACCOUNT_ID),
        count("quarter", "Quarter of the calendar year.", 1, 4),
        text("class", "Residential class of the customer."),
        text("zip", "Zip code of the service address, five digits.", pattern=r"^[0-9]{5}$"),
        answer("income_qualified", "Whether the customer takes part in the affordability program or LEAP."),
        _cents("billed_cents", "What was billed, in cents."),
        answer("late_charged", "Whether a late payment charge was charged."),
        _cents("late_charges_collected_cents", "Late payment charges collected, in cents."),
        *(
            _cents(f"arrearage_{each}_cents", f"Arrearage of {each.replace('_', '-')} days past due, in cents.")
            for each in VINTAGES[:-1]
        ),
        _cents("arrearage_91_cents", "Arrearage of 91 days past due and more, in cents."),
        _number("notices", "Disconnection notices sent."),
        _number("disconnections", "Disconnections for nonpayment."),
        _number("restorations", "Restorations of service after them."),
        count(
            "restoration_minutes", "Minutes from the customer's qualifying action to restoration, of all of them.", 0,
            10**9, optional=True, default=NONE,
        ),
        _cents("deposits_collected_cents", "Deposits collected for restoring service, in cents."),
        _number("deposits_collected", "Deposits collected for restoring service."),
        _number("plans", "New installment payment plans."),
        _number("plan_months", "Months of the repayment terms of the new plans, added up."),
        _number("plans_completed", "Installment payment plans completed."),
        _number("plans_broken", "Installment payment plans broken."),
        _cents("disconnection_fees_cents", "Fees collected for disconnecting service, in cents."),
        _cents("restoration_fees_cents", "Fees collected for restoring service, in cents."),
        _cents("collection_fees_cents", "Collection fees of customers that were disconnected, in cents."),
        _cents("other_fees_cents", "Other charges and fees collected for past due amounts, in cents."),
    ),
    meaning="One row per residential account and quarter; an absent column or a blank says that nothing is known.",
)  # fmt: skip
