"""Declare the datasets of payment plans: installment plans and budget billing."""

from typing import Final

from calc.columns.dataset import NONE, Dataset, Result
from calc.columns.datasets.shared_columns import ACCOUNT_ID, SERVICE, SERVICE_RESULT
from calc.columns.declared_columns import count, money, text
from calc.columns.result_type import INT64, TEXT, list_of, one_of

_ACCOUNT: Final = text("account_id", ACCOUNT_ID)
_ACCOUNT_RESULT: Final = Result("account_id", TEXT, ACCOUNT_ID)
_STANDING: Final = Result(
    "rule_text",
    one_of(("in_force", "proposed")),
    "Whether the text that decides is in force or was only proposed.",
    label="Text of the rule",
    words=(("in_force", "The text is in force."), ("proposed", "The text was proposed and is not in force.")),
)

INSTALLMENT_PLANS: Final = Dataset(
    "installment_plans",
    ("account_id", "service"),
    (
        _ACCOUNT,
        SERVICE,
        money("due_cents", "What is due and the plan is to pay, in cents."),
        count(
            "months", "Monthly installments; after undercharges as many as undercharge_months.", 1, 12, optional=True
        ),
        money(
            "down_payment_cents", "Down payment, in cents; by default the least that the rule asks for.",
            optional=True, default=NONE, within="from the rule's share of what is due, rounded up, through all of it",
        ),
        count(
            "undercharge_months", "Months for which errors of the utility ran that are now billed.", 1, 120,
            optional=True,
        ),
    ),
    (
        _ACCOUNT_RESULT,
        SERVICE_RESULT,
        Result("down_payment_cents", INT64, "Down payment of the plan, in cents.", label="Down payment"),
        Result(
            "least_down_payment_cents", INT64, "Least down payment that the rule asks for, in cents.",
            label="Least down payment",
        ),
        Result(
            "installment_cents", list_of(INT64), "Each monthly installment, in cents; they sum to what is left.",
            label="Installments",
        ),
        _STANDING,
    ),
    "One row per account with an amount to be paid in installments.",
    total_by="rule_text",
    totals=("down_payment_cents", "installment_cents"),
)  # fmt: skip

BUDGET_PLANS: Final = Dataset(
    "budget_plans",
    ("account_id", "service"),
    (
        _ACCOUNT,
        SERVICE,
        money("arrears_cents", "Arrears that the plan takes in, in cents.", optional=True),
        money(
            "last_year_billed_cents", "Last year's billing to the premises, adjusted for changes of rates, in cents."
        ),
        money(
            "actual_billed_cents", "Actual charges of the plan's year, in cents; empty while they are not known.",
            optional=True, default=NONE,
        ),
    ),
    (
        _ACCOUNT_RESULT,
        SERVICE_RESULT,
        Result("payment_cents", INT64, "Each of the eleven equal payments, in cents.", label="Monthly payment"),
        Result(
            "settlement_cents", INT64, "Settlement in the twelfth month, in cents; below zero it is a credit.",
            label="Settlement in the twelfth month",
        ),
        Result(
            "settlement_basis", one_of(("planned", "actual")), "Whether actual charges of the year are known.",
            label="Settlement rests on",
            words=(("planned", "Last year's adjusted billing."), ("actual", "Actual charges of the year.")),
        ),
        _STANDING,
    ),
    "One row per account that chooses budget billing.",
    total_by="settlement_basis",
    totals=("payment_cents", "settlement_cents"),
)  # fmt: skip
