"""Add up dated events of collections to rows of accounts by quarter, from which the disconnection report is filled in.

What a kind of event says is known of every account once the file has an event of that kind; of a kind that occurs
nowhere nothing is known, and its items are "not given".
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from calc.columns.dataset import NONE
from calc.columns.datasets.account_quarters import ACCOUNT_QUARTERS
from calc.columns.datasets.collection_events import (
    COLLECTION_ACCOUNTS,
    COLLECTION_EVENTS,
    COLLECTION_KINDS,
    NEEDS_AMOUNT,
    NEEDS_NUMBER,
)
from calc.columns.gated import Gated
from calc.errors import InputError, PublishRefusedError, Reason
from calc.filing.checked_rows import checked_rows, refuse_unplaced
from calc.units import NO_DAY, to_day

_QUARTERS: Final = (1, 2, 3, 4)
_KEY: Final = ("account_id", "quarter")
_AMOUNTS: Final = {
    "billed_cents": "billed",
    "late_charges_collected_cents": "late_charge_collected",
    "deposits_collected_cents": "deposit_collected",
    "disconnection_fees_cents": "disconnection_fee",
    "restoration_fees_cents": "restoration_fee",
    "collection_fees_cents": "collection_fee",
    "other_fees_cents": "other_fee",
}
_COUNTS: Final = {
    "late_charged": "late_charge",
    "notices": "notice",
    "disconnections": "disconnection",
    "restorations": "restoration",
    "deposits_collected": "deposit_collected",
    "plans": "plan",
    "plans_completed": "plan_completed",
    "plans_broken": "plan_broken",
}
_NUMBERS: Final = {"restoration_minutes": "restoration", "plan_months": "plan"}
_AGES: Final = {
    "arrearage_1_30_cents": (1, 30),
    "arrearage_31_60_cents": (31, 60),
    "arrearage_61_90_cents": (61, 90),
    "arrearage_91_cents": (91, 1_000_000),
}
_KIND_OF: Final[Mapping[str, str]] = {**_AMOUNTS, **_COUNTS, **_NUMBERS, **dict.fromkeys(_AGES, "arrearage")}
"""The kind of event that each column comes of."""


def rows_of_events(events: str, accounts: str, year: int, folder: Path) -> pl.DataFrame:
    """Return rows of the dataset `account_quarters` that dated events of a calendar year add up to.

    An account has a row for each quarter in which it was served, and for each in which something happened.

    Args:
        events: Files of the dataset `collection_events`; what is dated outside of the year is set aside.
        accounts: Files of the dataset `collection_accounts`.
        year: The calendar year.
        folder: Where `refused.parquet` is written if rows are refused.

    Raises:
        InputError: Files cannot be read, lack a column, or name no account.
        PublishRefusedError: Rows are refused, an account stands twice, or events are of an account that is not there.
    """
    places = checked_rows(COLLECTION_ACCOUNTS, accounts, folder, refuse_unplaced)
    if not places.height:
        raise InputError(f"{accounts}: has no rows of accounts")
    repeated = int(places["account_id"].is_duplicated().sum())
    if repeated:
        raise PublishRefusedError(f"{accounts}: {repeated:,} rows have the account of another row; keep one for each")
    happened = checked_rows(COLLECTION_EVENTS, events, folder, _refuse_incomplete)
    strangers = happened.join(places, on="account_id", how="anti") if happened.height else happened
    if strangers.height:
        raise PublishRefusedError(
            f"{events}: {strangers.height:,} events are of accounts that {accounts} does not have; add these accounts"
        )
    return _added_up(happened, places, year)


def _refuse_incomplete(_: pl.DataFrame, gated: Gated) -> None:
    """Refuse events that lack the amount, or the days past due, of their kind."""
    kind = gated.values["kind"]
    for name, needed in (("amount_cents", NEEDS_AMOUNT), ("number", NEEDS_NUMBER)):
        takes = np.array([each in needed for each in COLLECTION_KINDS])[kind]
        gated.refuse(takes & (gated.values[name] == NONE), Reason.missing_value, name, "kind")


def _added_up(events: pl.DataFrame, places: pl.DataFrame, year: int) -> pl.DataFrame:
    starts = [to_day(date(year, month, 1)) for month in (1, 4, 7, 10)] + [to_day(date(year + 1, 1, 1))]
    known = {COLLECTION_KINDS[code] for code in events["kind"].unique().to_list()} if events.height else set[str]()
    quarter = pl.sum_horizontal(pl.col("date") >= start for start in starts[:4]).cast(pl.Int64)
    own = events.filter(pl.col("date").is_between(starts[0], starts[4] - 1)).with_columns(quarter=quarter)
    figures = own.group_by(_KEY).agg(*_figures()) if own.height else None
    rows = pl.concat([_served(places, starts), *([figures.select(_KEY)] if figures is not None else [])]).unique()
    if figures is not None:
        rows = rows.join(figures, on=_KEY, how="left")
    rows = rows.with_columns(
        (pl.lit(NONE) if kind not in known else pl.col(name).fill_null(0) if name in rows.columns else pl.lit(0)).alias(
            name
        )
        for name, kind in _KIND_OF.items()
    )
    of_account = places.select("account_id", "class", "zip", pl.col("income_qualified") > 0)
    return (
        rows.join(of_account, on="account_id").select(each.name for each in ACCOUNT_QUARTERS.columns).sort(_KEY)
    )  # fmt: skip


def _served(places: pl.DataFrame, starts: list[int]) -> pl.DataFrame:
    """Return accounts and the quarters in which they were served."""
    began = pl.col("service_started_date")
    ended = pl.col("service_ended_date")
    quarters = [
        places.filter(
            (began == NO_DAY) | (began < starts[quarter]), (ended == NO_DAY) | (ended >= starts[quarter - 1])
        ).select("account_id", quarter=pl.lit(quarter, dtype=pl.Int64))
        for quarter in _QUARTERS
    ]
    return pl.concat(quarters)


def _figures() -> list[pl.Expr]:
    """Return what the events of an account and quarter add up to, by column."""

    def of(kind: str) -> pl.Expr:
        return pl.col("kind") == COLLECTION_KINDS.index(kind)

    last = pl.col("date") == pl.col("date").filter(of("arrearage")).max()
    numbers = [
        pl.when((of(kind) & (pl.col("number") == NONE)).any())
        .then(NONE)
        .otherwise(pl.col("number").filter(of(kind)).sum())
        .alias(name)
        for name, kind in _NUMBERS.items()
    ]
    ages = [
        pl.col("amount_cents").filter(of("arrearage"), last, pl.col("number").is_between(*bounds)).sum().alias(name)
        for name, bounds in _AGES.items()
    ]
    return [
        *(pl.col("amount_cents").filter(of(kind)).sum().alias(name) for name, kind in _AMOUNTS.items()),
        *(of(kind).sum().cast(pl.Int64).alias(name) for name, kind in _COUNTS.items() if name != "late_charged"),
        of("late_charge").any().cast(pl.Int64).alias("late_charged"),
        *numbers,
        *ages,
    ]
