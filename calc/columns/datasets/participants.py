"""Declare the dataset of participants in the percentage-of-income program."""

from typing import Final

from calc.columns.dataset import NONE, Dataset, Result
from calc.columns.datasets.shared_columns import ACCOUNT_ID, SERVICE, SERVICE_RESULT
from calc.columns.declared_columns import count, day, flag, money, text, word
from calc.columns.result_type import BOOLEAN, INT32, INT64, TEXT, list_of, one_of
from calc.kernels.fixed_credit import BASES
from calc.kernels.participant_events import HEATS
from calc.units import CENTS_MAX

HEATING: Final = HEATS
PARTICIPANT_ID: Final = "The utility's own number of the participant."
SHARE_RESULT: Final = Result(
    "share_ppm", INT64, "Share of income that applies, in parts per million.", label="Share of income"
)
LEAP_RESULTS: Final = (
    Result(
        "leap_to_arrearage_cents", INT64, "LEAP grant to the arrearage, in cents.", label="LEAP grant to the arrearage"
    ),
    Result("leap_to_account_cents", INT64, "LEAP grant to the account, in cents.", label="LEAP grant to the account"),
)
"""Where a LEAP grant goes that the unaffordable part of the bill does not take."""

PARTICIPANTS: Final = Dataset(
    "participants",
    ("participant_id", "service"),
    (
        text("participant_id", PARTICIPANT_ID),
        text("account_id", ACCOUNT_ID),
        SERVICE,
        word("primary_heating", "Primary heating fuel, as LEAP found it.", HEATING),
        flag("regulated_gas", "Whether the household also has gas service of a regulated utility."),
        money("household_income_cents", "Gross income of the household in a year, in cents."),
        count("household_size", "Persons in the household.", 1, 30),
        text(
            "county_fips",
            "County by its five FIPS digits, the leading zero included.",
            nullable=True,
            pattern=r"^[0-9]{5}$",
        ),
        flag("leap_qualified", "Whether LEAP found the household qualified."),
        money("full_annual_bill_cents", "Full annual bill at present standard rates, in cents."),
        count(
            "share_ppm",
            "Share of income within the rule's band, in parts per million; by default the tariff's.",
            0,
            CENTS_MAX,
            optional=True,
        ),
        money(
            "basis_bill_cents",
            "Annual bill that the present credits rest on, in cents; empty for a new participant.",
            optional=True,
            default=NONE,
        ),
        count("months_remaining", "Months left in the program year.", 0, 12, optional=True, default=12),
        money("leap_grant_cents", "LEAP grant, in cents.", optional=True),
        money("arrearage_cents", "Past-due amount from before the program, in cents.", optional=True),
        count(
            "arrearage_months",
            "Months over which the arrearage is credited; by default the tariff's.",
            1,
            24,
            optional=True,
        ),
        money(
            "arrearage_copay_cents",
            "Customer's payments toward the arrearage in all, in cents; by default the tariff's.",
            optional=True,
            default=NONE,
            within="at most the rule's share of household income",
        ),
        day("first_bill_date", "Day of the first bill of the participant's year; empty: no months.", optional=True),
        count(
            "arrearage_elapsed_months",
            "Months of arrearage credits that elapsed in earlier years.",
            0,
            23,
            optional=True,
            default=0,
        ),
    ),
    (
        Result("participant_id", TEXT, PARTICIPANT_ID),
        SERVICE_RESULT,
        Result(
            "eligible",
            BOOLEAN,
            "Whether the household passes the income screen; the screen informs only.",
            label="Eligible by the screen",
        ),
        Result(
            "eligible_basis",
            one_of(BASES),
            "First test that the household passes.",
            label="Basis of eligibility",
            words=(
                ("none", "No test is passed."),
                ("fpl_200", "Income within 200 % of the federal poverty guideline."),
                ("ami_80", "Income within 80 % of the county's area median income."),
                ("leap", "LEAP found it qualified, or income within the LEAP guideline."),
            ),
        ),
        Result(
            "guideline_year",
            INT32,
            "Year of the poverty guideline that was used.",
            label="Guidelines of",
            nullable=True,
        ),
        SHARE_RESULT,
        Result(
            "affordable_annual_cents",
            INT64,
            "Affordable part of the annual bill, in cents.",
            label="Affordable share of income, a year",
        ),
        Result(
            "fixed_credit_annual_cents",
            INT64,
            "Full annual bill less the affordable part, in cents a year.",
            label="Fixed credit, a year",
        ),
        Result(
            "program_credit_annual_cents",
            INT64,
            "Fixed credit less what LEAP covered, in cents a year.",
            label="Program credit, a year",
        ),
        Result("monthly_credit_cents", list_of(INT64), "The 12 monthly credits, in cents.", label="Credits"),
        Result(
            "leap_to_unaffordable_cents",
            INT64,
            "LEAP grant to the unaffordable part of the bill, in cents.",
            label="LEAP grant to the unaffordable part",
        ),
        *LEAP_RESULTS,
        Result(
            "recalculation_due",
            BOOLEAN,
            "Whether the bill differs from its basis by a quarter or more.",
            label="Recalculation due",
        ),
        Result(
            "arrearage_credit_cents",
            list_of(INT64),
            "Arrearage credit of each month, in cents.",
            label="Arrearage credits",
        ),
        Result(
            "tests_dropped",
            TEXT,
            "Income tests for which no guideline was found, with commas between.",
            label="Tests that could not be made",
            nullable=True,
        ),
    ),
    "One row per participant of the percentage-of-income program and service.",
    total_by="eligible_basis",
    totals=(
        "fixed_credit_annual_cents",
        "program_credit_annual_cents",
        "monthly_credit_cents",
        "leap_to_unaffordable_cents",
        "leap_to_arrearage_cents",
        "leap_to_account_cents",
        "arrearage_credit_cents",
        "recalculation_due",
    ),
    gives=("participant_months",),
    row_bytes=24,
)
