"""Every dataset: what its columns are called, hold, may leave out and mean, and what its results are called.

The gate reads this table, and so do the bulk job, the service, the sample, `puccalc columns` and `docs/columns.md`; a
column is added here and nowhere else.
"""

from typing import Final

import polars as pl

from calc.columns.dataset import (
    NONE,
    Column,
    Dataset,
    Holds,
    Result,
    answer,
    bills,
    check_columns,
    count,
    day,
    flag,
    money,
    text,
    word,
)
from calc.kernels.deposit_limit import LIMITS_OF, MAY_ASK, SOURCES
from calc.kernels.event_kinds import EVENTS
from calc.kernels.fixed_credit import BASES
from calc.kernels.unclaimed import KINDS, STATUSES
from calc.units import CENTS_MAX

__all__ = [
    "ACCOUNTS", "DATASETS", "DEPOSITS", "EVERY", "HEATING", "INPUTS", "INTEREST", "NONE", "PARTICIPANTS", "SERVICES",
    "TRANSACTIONS", "Column", "Dataset", "Holds", "Result", "check_columns",
]  # fmt: skip

SERVICES: Final = ("electric", "gas")
HEATING: Final = ("electric", "gas", "other")

_SERVICE: Final = word("service", "The utility service, whose rule applies.", SERVICES)
_SERVICE_RESULT: Final = Result("service", pl.Enum(SERVICES), "The utility service, as given.")
_DEPOSIT_ID: Final = "The utility's own number of the deposit."
_ACCOUNT_ID: Final = "The utility's own number of the account."
_DAYS_MAX: Final = 36_600
_LATE_MAX: Final = 10_000

DEPOSITS: Final = Dataset(
    "deposits",
    ("deposit_id",),
    (
        text("deposit_id", _DEPOSIT_ID),
        text("account_id", _ACCOUNT_ID),
        _SERVICE,
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
        text("customer_id", "The customer; counts where the deposit's account has no row of its own.", optional=True),
    ),
    (
        Result("deposit_id", pl.String, _DEPOSIT_ID),
        Result("account_id", pl.String, _ACCOUNT_ID),
        _SERVICE_RESULT,
        Result(
            "status", pl.Enum(STATUSES), "Where the money stands on the as-of date.",
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
        Result("accrued_days", pl.Int32, "Days that earned interest, from receipt to the end date."),
        Result("base_interest_cents", pl.Int64, "Interest at the deposit rate, in cents."),
        Result("surcharge_interest_cents", pl.Int64, "Interest of the six added percentage points, in cents."),
        Result("interest_cents", pl.Int64, "Interest in all, rounded once, in cents."),
        Result("interest_due_cents", pl.Int64, "Interest less what was already posted, in cents; may be negative."),
        Result("deemed_unclaimed_date", pl.Date, "First day on which the money is deemed unclaimed.", nullable=True),
        Result("surcharge_from_date", pl.Date, "First day on which the six points are added.", nullable=True),
        Result(
            "remittance_cents", pl.Int64,
            "Principal and interest less postings and debts, in cents; 0 unless unclaimed, overdue or remitted.",
        ),
    ),
    "One row per deposit or construction advance.",
)  # fmt: skip

_MAY_ASK: Final = Result(
    "may_ask", pl.Enum(MAY_ASK), "Whether a deposit may be asked for.",
    words=(
        ("yes", "No ground bars a deposit."),
        ("no", "A ground bars a deposit."),
        ("not_checked", "Nothing was said of the grounds."),
    ),
)  # fmt: skip

ACCOUNTS: Final = Dataset(
    "accounts",
    ("account_id", "service"),
    (
        text("account_id", _ACCOUNT_ID),
        _SERVICE,
        money("billed_cents", "All bills of the account over billed_days, in cents.", nullable=True, default=NONE),
        count("billed_days", "Days for billed_cents.", 1, _DAYS_MAX, nullable=True, default=0),
        flag("bills_in_advance", "Whether bills are payable in advance of service.", default=False),
        count(
            "late_payments_12m", "Late payments in the last 12 months; empty with less history.", 0, _LATE_MAX,
            nullable=True,
        ),
        money(
            "premises_billed_cents", "Bills at the premises over premises_billed_days, in cents; counts without a bill "
            "of the account.", optional=True, default=NONE,
        ),
        count("premises_billed_days", "Days for premises_billed_cents.", 1, _DAYS_MAX, optional=True, default=0),
        money(
            "class_billed_cents", "Average bills of the customer class over class_billed_days, in cents; counts where "
            "there is neither.", optional=True, default=NONE,
        ),
        count("class_billed_days", "Days for class_billed_cents.", 1, _DAYS_MAX, optional=True, default=0),
        bills(
            "monthly_bill_cents", "Monthly bills in cents, oldest first; for the estimates by months.",
            tuple(f"monthly_bill_{month:02}_cents" for month in range(1, 13)),
        ),
        day("applied_date", "Day of the application for service.", optional=True),
        answer("clean_past_service", "Whether past service has billing records and no delinquency, rule (c)."),
        day("good_payment_ended_date", "Last day of 12 consecutive months of good payment, rule (d).", optional=True),
        day(
            "assistance_last_date",
            "Last day of help by LEAP, an income-qualified program or Energy Outreach Colorado, rule (e).",
            optional=True,
        ),
        answer("assistance_now", "Whether such help goes on now, rule (e)."),
        day(
            "return_qualified_date", "Day on which records first showed 12 months with few late payments, rule (l).",
            optional=True,
        ),
        text("customer_id", "The customer: its accounts of a service have one limit in all, rule (j).", optional=True),
    ),
    (
        Result("account_id", pl.String, _ACCOUNT_ID),
        _SERVICE_RESULT,
        Result("held_cents", pl.Int64, "What is held of the account's open deposits, in cents."),
        Result("limit_cents", pl.Int64, "Most that may be held, rule (j), in cents."),
        Result("excess_cents", pl.Int64, "Held above the limit, in cents; the customer's where limit_of says so."),
        Result(
            "available_cents", pl.Int64,
            "What may still be asked for, in cents; 0 where barred; the customer's where limit_of says so.",
        ),
        _MAY_ASK,
        Result("barred", pl.List(pl.String), "Grounds that bar a deposit, rule (c)-(e); empty where none does."),
        Result("return_due", pl.Boolean, "Whether what is held is due back to the customer, rule (l)."),
        Result("estimate_source", pl.Enum(SOURCES), "Whose bill the limit was estimated from."),
        Result(
            "limit_of", pl.Enum(LIMITS_OF), "Whose limit excess and available follow from.",
            words=(
                ("account", "The account stands for a customer: the row names none."),
                ("customer", "All accounts of the customer for the service; each of its rows has the same figures."),
            ),
        ),
    ),
    "One row per account and service.",
)  # fmt: skip

PARTICIPANTS: Final = Dataset(
    "participants",
    ("participant_id", "service"),
    (
        text("participant_id", "The utility's own number of the participant."),
        text("account_id", _ACCOUNT_ID),
        _SERVICE,
        word("primary_heating", "Primary heating fuel, as LEAP found it.", HEATING),
        flag("regulated_gas", "Whether the household also has gas service of a regulated utility."),
        money("household_income_cents", "Gross income of the household in a year, in cents."),
        count("household_size", "Persons in the household.", 1, 30),
        text(
            "county_fips", "County by its five FIPS digits, the leading zero included.", nullable=True,
            pattern=r"^[0-9]{5}$",
        ),
        flag("leap_qualified", "Whether LEAP found the household qualified."),
        money("full_annual_bill_cents", "Full annual bill at present standard rates, in cents."),
        count(
            "share_ppm", "Share of income within the rule's band, in parts per million; by default the tariff's.", 0,
            CENTS_MAX, optional=True,
        ),
        money(
            "basis_bill_cents", "Annual bill that the present credits rest on, in cents; empty for a new participant.",
            optional=True, default=NONE,
        ),
        count("months_remaining", "Months left in the program year.", 0, 12, optional=True, default=12),
        money("leap_grant_cents", "LEAP grant, in cents.", optional=True),
        money("arrearage_cents", "Past-due amount from before the program, in cents.", optional=True),
        count(
            "arrearage_months", "Months over which the arrearage is credited; by default the tariff's.", 1, 24,
            optional=True,
        ),
        money(
            "arrearage_copay_cents", "Customer's payments toward the arrearage in all, in cents; by default the "
            "tariff's.", optional=True, default=NONE,
        ),
    ),
    (
        Result("participant_id", pl.String, "The utility's own number of the participant."),
        _SERVICE_RESULT,
        Result("eligible", pl.Boolean, "Whether the household passes the income screen; the screen informs only."),
        Result(
            "eligible_basis", pl.Enum(BASES), "First test that the household passes.",
            words=(
                ("none", "No test is passed."),
                ("fpl_200", "Income within 200 % of the federal poverty guideline."),
                ("ami_80", "Income within 80 % of the county's area median income."),
                ("leap", "LEAP found it qualified, or income within the LEAP guideline."),
            ),
        ),
        Result("guideline_year", pl.Int32, "Year of the poverty guideline that was used.", nullable=True),
        Result("share_ppm", pl.Int64, "Share of income that applies, in parts per million."),
        Result("affordable_annual_cents", pl.Int64, "Affordable part of the annual bill, in cents."),
        Result("fixed_credit_annual_cents", pl.Int64, "Full annual bill less the affordable part, in cents a year."),
        Result("program_credit_annual_cents", pl.Int64, "Fixed credit less what LEAP covered, in cents a year."),
        Result("monthly_credit_cents", pl.List(pl.Int64), "The 12 monthly credits, in cents."),
        Result("leap_to_unaffordable_cents", pl.Int64, "LEAP grant to the unaffordable part of the bill, in cents."),
        Result("leap_to_arrearage_cents", pl.Int64, "LEAP grant to the arrearage, in cents."),
        Result("leap_to_account_cents", pl.Int64, "LEAP grant to the account, in cents."),
        Result("recalculation_due", pl.Boolean, "Whether the bill differs from its basis by a quarter or more."),
        Result("arrearage_credit_cents", pl.List(pl.Int64), "Arrearage credit of each month, in cents."),
        Result(
            "tests_dropped", pl.String, "Income tests for which no guideline was found, with commas between.",
            nullable=True,
        ),
    ),
    "One row per participant of the percentage-of-income program and service.",
)  # fmt: skip

TRANSACTIONS: Final = Dataset(
    "transactions",
    (),
    (
        text("deposit_id", _DEPOSIT_ID),
        day("date", "Day of the event."),
        word("kind", "What happened: a receipt or refund of principal, a posting of interest, a debt.", EVENTS),
        Column(
            "amount_cents", Holds.MONEY, "Amount in cents; of principal, receipts are positive and refunds negative.",
            default=0, lowest=-CENTS_MAX,
        ),
    ),
    meaning="Events of deposits. Principal rows replace the deposit's principal_cents and received_date; posting and "
    "owed rows add to posted_cents and amounts_owed_cents.",
)  # fmt: skip
"""Events of deposits: no key, and no results but those of the deposits."""

INTEREST: Final = Dataset(
    "interest",
    (),
    (
        money("principal_cents", "Amount of the deposit, in cents."),
        day("received_date", "Day of receipt, the first that earns."),
        day("through_date", "Day through which interest is counted; by default it does not earn itself."),
    ),
    (
        Result("interest_cents", pl.Int64, "Simple interest, rounded once, in cents."),
        Result("days", pl.Int32, "Days that earn interest."),
    ),
    "One row per deposit and period; for quotes, batches and notebooks.",
)

CUSTOMERS: Final = Dataset(
    "customers",
    ("customer_id", "service"),
    (),
    (
        Result("customer_id", pl.String, "The customer, as given."),
        _SERVICE_RESULT,
        Result("held_cents", pl.Int64, "What is held of the customer's open deposits for the service, in cents."),
        Result("limit_cents", pl.Int64, "Limits of the customer's accounts for the service in all, in cents."),
        Result("excess_cents", pl.Int64, "Held above the limit, in cents."),
        Result("available_cents", pl.Int64, "What may still be asked for, in cents; 0 where a deposit is barred."),
        _MAY_ASK,
        Result("barred", pl.List(pl.String), "Grounds that bar a deposit of any of the accounts, rule (c)-(e)."),
        Result("accounts", pl.Int64, "Rows of accounts that were added up."),
    ),
    "One row per customer and service, where rows of accounts have a customer_id; no input of its own.",
)

DATASETS: Final = {each.name: each for each in (DEPOSITS, ACCOUNTS, PARTICIPANTS)}
"""Datasets of the nightly run that have results, by name."""
RESULTS: Final = {**DATASETS, CUSTOMERS.name: CUSTOMERS}
"""All that a nightly run may publish, by name."""
INPUTS: Final = {**DATASETS, TRANSACTIONS.name: TRANSACTIONS}
"""All that a nightly run may read, by name."""
EVERY: Final = {**INPUTS, CUSTOMERS.name: CUSTOMERS, INTEREST.name: INTEREST}
"""Every dataset, by name."""
