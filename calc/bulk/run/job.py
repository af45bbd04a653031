"""What a nightly run is asked to do."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from calc.bulk.inputs.source import PART_ROWS

MAX_BAD_SHARE: Final = Fraction(5, 1000)
"""Share of a dataset's rows that may be quarantined before a run refuses to publish."""
MAX_UNMATCHED_SHARE: Final = Fraction(2, 100)
"""Share of the open deposits that may have no row of their account and service in the accounts."""
MAX_REPEATED_SHARE: Final = Fraction(2, 100)
"""Share of the transactions that may repeat a line before them: two equal payments on a day can be real."""
MAX_PRINCIPAL_MISMATCH_SHARE: Final = Fraction(1)
"""Share of the deposits with receipts among the transactions whose own principal may differ from what these give: all,
since transactions replace it; they are told whatever the share."""
MAX_GONE_SHARE: Final = Fraction(5, 100)
"""Share of the previous run's open deposits that may be missing from the deposits."""
_MOST_THREADS: Final = 4


def available_threads() -> int:
    """Cores that this process may use, at most four: parts in memory are as many."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_THREADS)


@dataclass(frozen=True, slots=True)
class NightlyJob:
    """A job; inputs are names of files, folders or globs.

    `jurisdiction` is a folder of `data/rules/`, one for the whole night. `tariff` is a shipped name or a file,
    `switches` are those of `--set`, `known_on` takes the rates as they were known on that day, `customers` insists
    on totals by customer, `keep_columns` passes columns through that the contract does not name, `mapping` is a map
    of extracts, `limit` takes the first rows of each dataset alone, `expect_sha256` is what was recorded of input
    files, `sensitivities` asks every row again under each other open reading, not a sample alone. Threads and rows
    a part change neither results nor totals.
    """

    as_of: date
    deposits: str | None
    out: Path
    transactions: str | None = None
    accounts: str | None = None
    participants: str | None = None
    events: str | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    """Inputs of datasets that topics declare beside these, by the dataset's name."""
    max_bad_share: Fraction = MAX_BAD_SHARE
    max_unmatched_share: Fraction = MAX_UNMATCHED_SHARE
    max_repeated_share: Fraction = MAX_REPEATED_SHARE
    max_principal_mismatch_share: Fraction = MAX_PRINCIPAL_MISMATCH_SHARE
    max_gone_share: Fraction = MAX_GONE_SHARE
    jurisdiction: str = "us-co"
    tariff: str = "default"
    switches: Mapping[str, str] = field(default_factory=dict)
    known_on: date | None = None
    threads: int = field(default_factory=available_threads)
    part_rows: int = PART_ROWS
    customers: bool = False
    keep_columns: bool = False
    mapping: Path | None = None
    limit: int | None = None
    expect_sha256: Mapping[str, str] = field(default_factory=dict)
    sensitivities: bool = False

    @property
    def inputs(self) -> dict[str, str]:
        """Dataset -> what was named; `calc.bulk.run.graph` puts them in order."""
        named = {
            "transactions": self.transactions,
            "deposits": self.deposits,
            "accounts": self.accounts,
            "participants": self.participants,
            "events": self.events,
            **self.more,
        }
        return {name: each for name, each in named.items() if each is not None}
