"""Declare the dataset of annual bills: use by month and a rate schedule, from which the full annual bill comes."""

from dataclasses import replace
from typing import Final

from calc.columns.dataset import NONE, Dataset, Result
from calc.columns.datasets.shared_columns import SERVICE, SERVICE_RESULT
from calc.columns.declared_columns import count, money, monthly_use, text
from calc.columns.result_type import DATE, INT64, TEXT, list_of, one_of
from calc.kernels.annual_bill import CHANGES
from calc.rules.rate_schedule import USE_MAX_THOUSANDTHS

_PARTICIPANT_ID: Final = "The utility's own number of the participant."

ANNUAL_BILLS: Final = Dataset(
    "annual_bills",
    ("participant_id", "service"),
    (
        text("participant_id", _PARTICIPANT_ID),
        SERVICE,
        text("rate_schedule", "Code of the rate schedule, one of those that the tariff's file has."),
        replace(
            monthly_use(
                "monthly_use_thousandths",
                "Use of twelve months in a row, oldest first, in thousandths of a unit.",
                tuple(f"monthly_use_{month:02}_thousandths" for month in range(1, 13)),
                USE_MAX_THOUSANDTHS,
            ),
            optional=False,
        ),
        count("first_month", "Calendar month of the first use, 1 for January.", 1, 12, optional=True, default=1),
        money(
            "basis_bill_cents",
            "Annual bill that the present credits rest on, in cents; empty for a new participant.",
            optional=True,
            default=NONE,
        ),
    ),
    (
        Result("participant_id", TEXT, _PARTICIPANT_ID),
        SERVICE_RESULT,
        Result("rate_schedule", TEXT, "Code of the rate schedule, as given.", label="Rate schedule"),
        Result(
            "rates_effective_from", DATE, "Day from which its prices are in force.", label="Prices in force from"
        ),
        Result(
            "full_annual_bill_cents", INT64, "The twelve monthly bills together, in cents.", label="Full annual bill"
        ),
        Result(
            "monthly_bill_cents", list_of(INT64), "Each monthly bill, in cents, in the order of the use.",
            label="Monthly bills",
        ),
        Result(
            "bill_change", one_of(CHANGES), "What the bill is to the one on which the credits rest.",
            label="Against the bill before",
            words=(
                ("no_basis", "No bill before is given."),
                ("none", "It is the same."),
                ("not_due", "It differs by less than a quarter: the credits stay."),
                ("due", "It differs by a quarter or more: a recalculation is due."),
            ),
        ),
    ),
    "One row per participant and service: use of twelve months, billed at the standard prices in force.",
    total_by="bill_change",
    totals=("full_annual_bill_cents", "monthly_bill_cents"),
)  # fmt: skip
