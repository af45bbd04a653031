"""What extracts call the contract's columns and words, in lower case and with single blanks: to propose a map from."""

from collections.abc import Mapping
from typing import Final

SAME: Final = {
    "deposit_id": ("deposit no", "deposit number", "dep no", "dep id", "deposit", "dep number", "receipt no"),
    "account_id": ("account", "acct", "acct no", "account number", "account no", "acct id", "acct num", "acct number"),
    "service": ("svc", "service type", "commodity", "fuel", "utility", "type", "svc type", "utility type"),
    "kind": ("type", "deposit type"),
    "principal_cents": ("amount", "deposit amount", "amt", "dep amt", "deposit amt"),
    "received_date": (
        "received",
        "date received",
        "received on",
        "deposit date",
        "dep date",
        "rcvd",
        "date rcvd",
        "opened",
        "start date",
    ),
    "paid_date": ("paid", "refunded", "refund date", "returned", "date paid", "closed", "refunded on", "date refunded"),
    "remitted_date": ("remitted", "escheated", "escheat date"),
    "service_ended_date": ("service end", "service ended", "final date", "disconnected", "service end date"),
    "order_payable_date": ("order date", "order payable"),
    "posted_cents": ("posted interest", "interest posted", "interest credited"),
    "amounts_owed_cents": ("owed", "balance owed", "unpaid balance", "final bill"),
    "billed_cents": ("billed", "billed amount", "annual billing", "12 mo billed", "billed 12 mo", "12 month billing"),
    "billed_days": ("days billed", "days"),
    "late_payments_12m": ("late payments", "times late", "late pmts", "late pays", "12 mo late"),
    "participant_id": ("participant", "participant no", "customer id", "customer no"),
    "primary_heating": ("heating", "heat source", "primary heat"),
    "household_income_cents": ("income", "annual income", "household income"),
    "household_size": ("size", "persons", "members", "household members"),
    "county_fips": ("county", "fips"),
    "leap_qualified": ("leap", "leap approved"),
    "full_annual_bill_cents": ("annual bill", "full bill"),
    "date": ("transaction date", "posted on", "event date"),
    "amount_cents": ("amt", "transaction amount"),
}
"""Names that extracts give to the contract's columns."""
WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "service": {"electric": ("e", "el", "elec", "electricity"), "gas": ("g", "natural gas", "ng")},
    "primary_heating": {
        "electric": ("e", "el", "elec", "electricity"), "gas": ("g", "natural gas", "ng"),
        "other": ("o", "none", "propane", "wood"),
    },
}  # fmt: skip
FLAGS: Final = {"true": ("y", "yes", "t", "1", "x"), "false": ("n", "no", "f", "0")}
