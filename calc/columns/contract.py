"""Every dataset: what its columns are called, hold, may leave out and mean, and what its results are called.

The gate reads these tables, and so do the bulk job, the service, the sample, `puccalc columns` and `docs/columns.md`; a
column is added to its dataset in `calc.columns.datasets` and nowhere else.
"""

from typing import Final

from calc.columns.dataset import NONE, Column, Dataset, Holds, Result, check_columns
from calc.columns.datasets.account_quarters import ACCOUNT_QUARTERS
from calc.columns.datasets.accounts import ACCOUNTS, CUSTOMERS
from calc.columns.datasets.annual_bills import ANNUAL_BILLS
from calc.columns.datasets.collection import CONTRIBUTIONS, DISCONTINUANCES, RESTORATIONS
from calc.columns.datasets.collection_events import COLLECTION_ACCOUNTS, COLLECTION_EVENTS
from calc.columns.datasets.deposits import DEPOSITS, INTEREST, TRANSACTIONS
from calc.columns.datasets.participant_year import PARTICIPANT_EVENTS, PARTICIPANT_MONTHS, PARTICIPANT_YEARS
from calc.columns.datasets.participants import HEATING, PARTICIPANTS
from calc.columns.datasets.plans import BUDGET_PLANS, INSTALLMENT_PLANS
from calc.rules.schema import SERVICES

__all__ = [
    "ACCOUNTS",
    "ACCOUNT_QUARTERS",
    "ANNUAL_BILLS",
    "BUDGET_PLANS",
    "COLLECTION_ACCOUNTS",
    "COLLECTION_EVENTS",
    "CONTRIBUTIONS",
    "CUSTOMERS",
    "DATASETS",
    "DEPOSITS",
    "DISCONTINUANCES",
    "EVERY",
    "HEATING",
    "INPUTS",
    "INSTALLMENT_PLANS",
    "INTEREST",
    "NONE",
    "PARTICIPANTS",
    "PARTICIPANT_EVENTS",
    "PARTICIPANT_MONTHS",
    "PARTICIPANT_YEARS",
    "RESTORATIONS",
    "RESULTS",
    "SERVICES",
    "TRANSACTIONS",
    "Column",
    "Dataset",
    "Holds",
    "Result",
    "check_columns",
]

DATASETS: Final = {each.name: each for each in (DEPOSITS, ACCOUNTS, PARTICIPANTS)}
"""Datasets of the nightly run that have results, by name."""
RESULTS: Final = {**DATASETS, CUSTOMERS.name: CUSTOMERS, PARTICIPANT_MONTHS.name: PARTICIPANT_MONTHS}
"""All that a nightly run may publish, by name."""
INPUTS: Final = {**DATASETS, TRANSACTIONS.name: TRANSACTIONS, PARTICIPANT_EVENTS.name: PARTICIPANT_EVENTS}
"""All that a nightly run may read, by name."""
_PLANS: Final = (INSTALLMENT_PLANS, BUDGET_PLANS, DISCONTINUANCES, RESTORATIONS, CONTRIBUTIONS)
OF_QUOTES: Final = {each.name: each for each in (INTEREST, *_PLANS, ANNUAL_BILLS, PARTICIPANT_YEARS)}
"""Datasets of quotes and batches alone, by name."""
EVERY: Final = {
    **INPUTS, **{each.name: each for each in (CUSTOMERS, PARTICIPANT_EVENTS, PARTICIPANT_MONTHS)}, **OF_QUOTES,
    **{each.name: each for each in (ACCOUNT_QUARTERS, COLLECTION_EVENTS, COLLECTION_ACCOUNTS)},
}  # fmt: skip
"""Every dataset, by name."""
