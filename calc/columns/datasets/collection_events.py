"""Declare what the disconnection report is filled in from where a utility keeps dated events: events, and accounts."""

from typing import Final

from calc.columns.dataset import NONE, Dataset
from calc.columns.datasets.shared_columns import ACCOUNT_ID
from calc.columns.declared_columns import answer, count, day, money, text, word

COLLECTION_KINDS: Final = (
    "billed",
    "late_charge",
    "late_charge_collected",
    "arrearage",
    "notice",
    "disconnection",
    "restoration",
    "deposit_collected",
    "plan",
    "plan_completed",
    "plan_broken",
    "disconnection_fee",
    "restoration_fee",
    "collection_fee",
    "other_fee",
)
NEEDS_AMOUNT: Final = (
    "billed", "late_charge_collected", "arrearage", "deposit_collected", "disconnection_fee", "restoration_fee",
    "collection_fee", "other_fee",
)  # fmt: skip
NEEDS_NUMBER: Final = ("arrearage",)
"""Kinds that say nothing without a number; a restoration or plan without one counts, its time is then not known."""

COLLECTION_EVENTS: Final = Dataset(
    "collection_events",
    (),
    (
        text("account_id", ACCOUNT_ID),
        day("date", "Day of the event."),
        word("kind", "What happened.", COLLECTION_KINDS),
        money(
            "amount_cents",
            "In cents: what was billed or collected, or is past due.",
            optional=True,
            default=NONE,
        ),
        count(
            "number",
            "Days past due of an arrearage, minutes from the customer's qualifying action to restoration, months of a "
            "plan.",
            0,
            1_000_000,
            optional=True,
            default=NONE,
        ),
    ),
    meaning="Dated events of collections from residential accounts, rules 3407(g) and 4407(g). Of arrearages those of "
    "an account's last day with one in a quarter count. Of a kind that occurs nowhere in the file nothing is known.",
)

COLLECTION_ACCOUNTS: Final = Dataset(
    "collection_accounts",
    ("account_id",),
    (
        text("account_id", ACCOUNT_ID),
        text("class", "Residential class of the customer."),
        text("zip", "Zip code of the service address, five digits.", pattern=r"^[0-9]{5}$"),
        answer("income_qualified", "Whether the customer takes part in the affordability program or LEAP."),
        day("service_started_date", "First day of service; empty: before the year.", optional=True),
        day("service_ended_date", "Last day of service; empty: after the year.", optional=True),
    ),
    meaning="Residential accounts of a year, for the disconnection report from dated events.",
)
