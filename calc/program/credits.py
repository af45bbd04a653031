"""Add up a program year's credits out of nightly results: months of participants whose bills are dated in it.

Several results may hold the same bill: the one of the latest night counts. A bill after the night of its results is
planned, not billed, and left out of the books.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from calc.bulk.publish.output import read_manifest
from calc.bulk.publish.results import read_results
from calc.errors import InputError
from calc.rules.jurisdictions import COLORADO

MONTHS_DATASET = "participant_months"
_KEY = ("participant_id", "service", "bill_date")
_SUMS = ("program_credit_cents", "arrearage_credit_cents", "leap_to_unaffordable_cents")


class Credits(NamedTuple):
    """Hold what bills of a program year carried for one fuel, in cents.

    Attributes:
        usage_cents: Program credits for usage.
        arrearage_cents: Credits for arrearage.
        leap_cents: LEAP grants that covered the unaffordable portion.
        participants: Participants with a bill of the year in the program.
        bills: Their bills.
        planned_bills: Bills of the year that lie after the night of their results, left out.
    """

    usage_cents: int
    arrearage_cents: int
    leap_cents: int
    participants: int
    bills: int
    planned_bills: int


def program_year_days(year: int) -> tuple[date, date]:
    """Return the first and last day of a program year: 1 November to 31 October of its year."""
    return date(year - 1, 11, 1), date(year, 10, 31)


def months_of(folders: Sequence[Path], year: int) -> pl.DataFrame | None:
    """Read the bills of a program year.

    Args:
        folders: Folders with published results.
        year: The program year.

    Returns:
        A row for each bill of the year, that of the latest night, with `planned`, those after an exit among them; None
            if the results hold no bill of the year.

    Raises:
        InputError: Nothing was published in a folder, or its night is of another jurisdiction.
    """
    first, last = program_year_days(year)
    found = []
    for place, folder in enumerate(folders):
        manifest = read_manifest(folder)
        if manifest is None or MONTHS_DATASET not in manifest["datasets"]:
            if manifest is None:
                read_results(folder, MONTHS_DATASET)  # says what is missing
            continue
        whose = manifest.get("jurisdiction", COLORADO)
        if whose != COLORADO:
            raise InputError(
                f"{folder}: is a night of {whose}: books and report are those of Colorado's program; leave it out"
            )
        as_of = date.fromisoformat(manifest["as_of"])
        rows = read_results(folder, MONTHS_DATASET)
        of_year = pl.col("bill_date").is_between(first, last)
        found.append(
            rows.filter(of_year)
            .with_columns(pl.lit(as_of).alias("night"), (pl.col("bill_date") > as_of).alias("planned"))
            .with_columns(pl.lit(place).alias("place"))
            .collect()
        )
    if not found:
        return None
    every = pl.concat(found).sort("night", "place", maintain_order=True)
    return every.unique(_KEY, keep="last", maintain_order=True) if every.height else None


def billed_in_program(months: pl.DataFrame) -> pl.DataFrame:
    """Return the bills of participants in the program that are no longer planned."""
    return months.filter(pl.col("in_program") & ~pl.col("planned"))


def without_months(folders: Sequence[Path], months: pl.DataFrame, service: str) -> int:
    """Count the participants of one fuel in the results that have no bill of the year among the months.

    Args:
        folders: Folders with published results.
        months: From `months_of`.
        service: "electric" or "gas".
    """
    known = months.filter(pl.col("service").cast(pl.String) == service)["participant_id"].unique()
    others: set[str] = set()
    for folder in folders:
        manifest = read_manifest(folder) or {"datasets": {}}
        if "participants" in manifest["datasets"]:
            own = read_results(folder, "participants").filter(pl.col("service").cast(pl.String) == service)
            others |= set(own.select("participant_id").collect()["participant_id"].to_list())
    return len(others - set(known.to_list()))


def credits_of(months: pl.DataFrame, service: str) -> Credits | None:
    """Add up the credits of one fuel.

    Args:
        months: From `months_of`.
        service: "electric" or "gas".

    Returns:
        The credits; None if no bill of the fuel was billed in the year: then nothing is known of them.
    """
    own = months.filter((pl.col("service").cast(pl.String) == service) & pl.col("in_program"))
    billed = billed_in_program(own)
    if not billed.height:
        return None
    usage, arrearage, leap = (sum(billed[name].to_list()) for name in _SUMS)
    participants = billed["participant_id"].n_unique()
    return Credits(usage, arrearage, leap, participants, billed.height, own.height - billed.height)
