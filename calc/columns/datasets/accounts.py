"""Declare the datasets of accounts and of their customers' totals."""

from typing import Final

from calc.columns.dataset import NONE, Dataset, Result
from calc.columns.datasets.shared_columns import ACCOUNT_ID, CLASS, SERVICE, SERVICE_RESULT
from calc.columns.declared_columns import answer, bills, count, day, flag, money, text
from calc.columns.result_type import BOOLEAN, INT64, TEXT, list_of, one_of
from calc.kernels.deposit_limit import LIMITS_OF, MAY_ASK, SOURCES

_DAYS_MAX: Final = 36_600

_LATE_MAX: Final = 10_000

_MAY_ASK: Final = Result(
    "may_ask",
    one_of(MAY_ASK),
    "Whether a deposit may be asked for.",
    label="May a deposit be asked for",
    words=(
        ("yes", "No ground bars a deposit."),
        ("no", "A ground bars a deposit."),
        ("not_checked", "Nothing was said of the grounds."),
    ),
)

ACCOUNTS: Final = Dataset(
    "accounts",
    ("account_id", "service"),
    (
        text("account_id", ACCOUNT_ID),
        SERVICE,
        money("billed_cents", "All bills of the account over billed_days, in cents.", nullable=True, default=NONE),
        count("billed_days", "Days for billed_cents.", 1, _DAYS_MAX, nullable=True, default=0),
        flag("bills_in_advance", "Whether bills are payable in advance of service.", default=False),
        count(
            "late_payments_12m",
            "Late payments in the last 12 months; empty with less history.",
            0,
            _LATE_MAX,
            nullable=True,
        ),
        money(
            "premises_billed_cents",
            "Bills at the premises over premises_billed_days, in cents; counts without a bill of the account.",
            optional=True,
            default=NONE,
        ),
        count("premises_billed_days", "Days for premises_billed_cents.", 1, _DAYS_MAX, optional=True, default=0),
        money(
            "class_billed_cents",
            "Average bills of the customer class over class_billed_days, in cents; counts where there is neither.",
            optional=True,
            default=NONE,
        ),
        count("class_billed_days", "Days for class_billed_cents.", 1, _DAYS_MAX, optional=True, default=0),
        bills(
            "monthly_bill_cents",
            "Monthly bills in cents, oldest first; for the estimates by months.",
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
            "return_qualified_date",
            "Day on which records first showed 12 months with few late payments, rule (l).",
            optional=True,
        ),
        CLASS,
        text("customer_id", "The customer: its accounts of a service have one limit in all, rule (j).", optional=True),
    ),
    (
        Result("account_id", TEXT, ACCOUNT_ID),
        SERVICE_RESULT,
        Result("held_cents", INT64, "What is held of the account's open deposits, in cents.", label="Held now"),
        Result("limit_cents", INT64, "Most that may be held, rule (j), in cents.", label="Most that may be held"),
        Result(
            "excess_cents",
            INT64,
            "Held above the limit, in cents; the customer's where limit_of says so.",
            label="Held above the limit",
        ),
        Result(
            "available_cents",
            INT64,
            "What may still be asked for, in cents; 0 where barred; the customer's where limit_of says so.",
            label="Still available",
        ),
        _MAY_ASK,
        Result("barred", list_of(TEXT), "Grounds that bar a deposit, rule (c)-(e); empty where none does."),
        Result(
            "return_due",
            BOOLEAN,
            "Whether what is held is due back to the customer, rule (l).",
            label="Due back to the customer",
        ),
        Result("estimate_source", one_of(SOURCES), "Whose bill the limit was estimated from.", label="Bill of"),
        Result(
            "limit_of",
            one_of(LIMITS_OF),
            "Whose limit excess and available follow from.",
            label="Limit reckoned for",
            words=(
                ("account", "The account stands for a customer: the row names none."),
                ("customer", "All accounts of the customer for the service; each of its rows has the same figures."),
            ),
        ),
    ),
    "One row per account and service.",
    total_by="estimate_source",
    totals=(
        "held_cents",
        "limit_cents",
        "excess_cents",
        "available_cents",
    ),
    rests_on=("deposits",),
    gives=("customers",),
    row_bytes=11,
)

CUSTOMERS: Final = Dataset(
    "customers",
    ("customer_id", "service"),
    (),
    (
        Result("customer_id", TEXT, "The customer, as given."),
        SERVICE_RESULT,
        Result(
            "held_cents",
            INT64,
            "What is held of the customer's open deposits for the service, in cents.",
            label="Held now",
        ),
        Result(
            "limit_cents",
            INT64,
            "Limits of the customer's accounts for the service in all, in cents.",
            label="Most that may be held",
        ),
        Result("excess_cents", INT64, "Held above the limit, in cents.", label="Held above the limit"),
        Result(
            "available_cents",
            INT64,
            "What may still be asked for, in cents; 0 where a deposit is barred.",
            label="Still available",
        ),
        _MAY_ASK,
        Result("barred", list_of(TEXT), "Grounds that bar a deposit of any of the accounts, rule (c)-(e)."),
        Result("accounts", INT64, "Rows of accounts that were added up."),
    ),
    "One row per customer and service, where rows of accounts have a customer_id; no input of its own.",
    total_by="may_ask",
    totals=(
        "held_cents",
        "limit_cents",
        "excess_cents",
        "available_cents",
    ),
    with_column="customer_id",
)
