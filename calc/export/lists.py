"""The lists of a night: what they hold, which rows, in which order; money in whole cents.

Comes in: a published run. Goes out: a lazy frame a list; `_cents` columns become dollars where the list is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from calc.bulk.publish.output import MANIFEST, read_manifest
from calc.bulk.publish.results import read_results
from calc.errors import InputError

HELD: Final = ("active", "waiting", "unclaimed", "overdue")
"""Statuses of money that the utility still holds."""
TO_REMIT: Final = ("unclaimed", "overdue")
"""Statuses of money that is to be remitted."""
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class NightlyList:
    """A list of a night.

    Attributes:
        name: Name of its sheet or file.
        title: What it holds, in a line.
        datasets: Results without which there is none.
        rows: Its rows, from a function that reads a dataset's results.
    """

    name: str
    title: str
    datasets: tuple[str, ...]
    rows: Callable[[Callable[[str], pl.LazyFrame]], pl.LazyFrame]


def _interest_due(read: Callable[[str], pl.LazyFrame]) -> pl.LazyFrame:
    return (
        read("deposits")
        .filter(pl.col("status").cast(pl.String).is_in(HELD) & (pl.col("interest_due_cents") != 0))
        .select(
            "deposit_id", "account_id", "service", "status", "principal_cents", "interest_cents", "posted_cents",
            "interest_due_cents",
        )
        .sort("deposit_id")
    )  # fmt: skip


def _due_back(read: Callable[[str], pl.LazyFrame]) -> pl.LazyFrame:
    """Every open deposit of an account whose deposits are due back, with principal and interest due."""
    due = read("accounts").filter(pl.col("return_due")).select("account_id", pl.col("service").cast(pl.String))
    return (
        read("deposits")
        .filter(pl.col("status").cast(pl.String).is_in(HELD))
        .with_columns(pl.col("service").cast(pl.String))
        .join(due, on=["account_id", "service"], how="semi")
        .select(
            "account_id", "service", "deposit_id", "status", "principal_cents", "interest_due_cents",
            pay_back_cents=pl.col("principal_cents") + pl.col("interest_due_cents"),
        )
        .sort("account_id", "service", "deposit_id")
    )  # fmt: skip


def _to_remit(read: Callable[[str], pl.LazyFrame]) -> pl.LazyFrame:
    return (
        read("deposits")
        .filter(pl.col("status").cast(pl.String).is_in(TO_REMIT))
        .select(
            "deposit_id", "account_id", "service", "status", "deemed_unclaimed_date", "surcharge_from_date",
            "principal_cents", "interest_cents", "posted_cents", "amounts_owed_cents", "remittance_cents",
        )
        .sort("surcharge_from_date", "deposit_id")
    )  # fmt: skip


def _monthly_credits(read: Callable[[str], pl.LazyFrame]) -> pl.LazyFrame:
    """Credits of the twelve months of a participant's schedule, one column a month."""
    month = [
        pl.col("monthly_credit_cents").list.get(place, null_on_oob=True).alias(f"month_{place + 1}_cents")
        for place in range(MONTHS)
    ]
    return (
        read("participants")
        .select(
            "participant_id", "service", *month, year_cents=pl.col("monthly_credit_cents").list.sum(),
        )
        .sort("participant_id", "service")
    )  # fmt: skip


def _credits_by_bill(read: Callable[[str], pl.LazyFrame]) -> pl.LazyFrame:
    """Credits of each bill by calendar month, with what changed them."""
    return (
        read("participant_months")
        .select(
            "participant_id", "service",
            calendar_month=pl.col("bill_date").dt.strftime("%Y-%m"),
            bill_date=pl.col("bill_date"),
            program_credit_cents=pl.col("program_credit_cents"),
            arrearage_credit_cents=pl.col("arrearage_credit_cents"),
            copayment_cents=pl.col("copayment_cents"),
            planned_payment_cents=pl.col("planned_payment_cents"),
            due_on_exit_cents=pl.col("due_on_exit_cents"),
        )
        .sort("participant_id", "service", "bill_date")
    )  # fmt: skip


LISTS: Final = (
    NightlyList("interest due", "Interest not yet posted, of money that is held", ("deposits",), _interest_due),
    NightlyList("due back", "Deposits of accounts that are due back", ("deposits", "accounts"), _due_back),
    NightlyList("to remit", "Unclaimed monies that are to be remitted", ("deposits",), _to_remit),
    NightlyList("monthly credits", "Credits of the twelve months of a schedule", ("participants",), _monthly_credits),
    NightlyList("credits by bill", "Credits of each bill by calendar month", ("participant_months",), _credits_by_bill),
)


def lists_of(out: Path) -> dict[str, pl.LazyFrame]:
    """Return the lists of the night that a folder has published, quarantine last, by name.

    Raises:
        InputError: No run has published its results there.
    """
    manifest = read_manifest(out)
    if manifest is None:
        raise InputError(f"{out}: no {MANIFEST}: no run has published its results here")

    def read(dataset: str) -> pl.LazyFrame:
        return read_results(out, dataset, manifest)

    found = {
        each.name: each.rows(read) for each in LISTS if all(name in manifest["datasets"] for name in each.datasets)
    }
    return {**found, "quarantine": _quarantine(out, manifest)}


def _quarantine(out: Path, manifest: Mapping[str, Any]) -> pl.LazyFrame:
    """Refused rows: place, reasons, the columns that these are about, what is allowed, and the row's first column."""
    frames = [
        pl.scan_parquet(out / part["path"]).select(
            pl.lit(name).alias("dataset"), "file", "row", "line",
            pl.col("reasons").list.join(", "),
            pl.col("reason_columns").list.join("; ").alias("columns"),
            pl.col("reason_allowed").list.join("; ").alias("allowed"),
        )
        for name, each in manifest["quarantine"].items()
        for part in each["parts"]
    ]  # fmt: skip
    return pl.concat(frames) if frames else pl.LazyFrame(schema=_QUARANTINE)


_QUARANTINE: Final = pl.Schema(
    {"dataset": pl.String, "file": pl.String, "row": pl.Int64, "line": pl.Int64, "reasons": pl.String,
     "columns": pl.String, "allowed": pl.String}
)  # fmt: skip
