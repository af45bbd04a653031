"""What falls due in the days after a night: unclaimed monies, six points, yearly postings, and what is due back today.

Comes in: a published night. Goes out: a row for each deposit, or account, and day, of what the rules ask for then.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from calc.bulk.publish.results import read_results
from calc.bulk.run.reread import Reread
from calc.columns.contract import ACCOUNTS, DEPOSITS
from calc.ledger.entered import OPEN
from calc.ledger.postings import annual_days

DAYS: Final = 120
SCHEMA: Final = pl.Schema(
    {"date": pl.Date, "what": pl.String, "deposit_id": pl.String, "account_id": pl.String, "service": pl.String,
     "amount_cents": pl.Int64}
)  # fmt: skip
WORDS: Final = {
    "overdue": "six points run already: to remit now, rule (q)(II)",
    "due_back": "deposits of the account due back, rule (l)",
    "above_limit": "held above the account's limit, rule (j)",
    "posting": "annual interest, rule (o)(I)",
    "deemed_unclaimed": "deemed unclaimed, rule (q)(I): four months to remit",
    "last_day_without_six_points": "last day to remit without six points, rule (q)(II)",
}
"""What may fall due, in the order in which a day lists it; amounts are principal, held, or held too much."""


def due_dates(night: Reread, days: int = DAYS) -> pl.DataFrame:
    """List what falls due from the as-of day through so many days after it.

    Args:
        night: The night.
        days: How far to look ahead.

    Returns:
        Rows of SCHEMA by day; what is due now is dated the as-of day.

    Raises:
        InputError: The night's inputs, which say who asked for annual payment, are gone or changed.
    """
    first = night.job.as_of
    last = first + timedelta(days=days)
    rows = [pl.DataFrame(schema=SCHEMA)]
    if DEPOSITS.name in night.manifest["datasets"]:
        rows += [_unclaimed(night, first, last), _posted(night, first, last)]
    if ACCOUNTS.name in night.manifest["datasets"]:
        rows += _of_accounts(night, first)
    order = {what: place for place, what in enumerate(WORDS)}
    return (
        pl.concat(rows)
        .sort("date", pl.col("what").replace_strict(order, return_dtype=pl.Int8), "account_id", "deposit_id")
        .select(list(SCHEMA))
    )


def by_day(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum rows of SCHEMA by day and what falls due: date, what, rows, amount_cents."""
    return rows.group_by("date", "what", maintain_order=True).agg(
        rows=pl.len().cast(pl.Int64), amount_cents=pl.col("amount_cents").sum()
    )


def _deposits(night: Reread) -> pl.LazyFrame:
    return read_results(night.folder, DEPOSITS.name, night.manifest).select(
        "deposit_id", *(pl.col(name).cast(pl.String) for name in ("account_id", "service", "status")),
        "deemed_unclaimed_date", "surcharge_from_date", amount_cents="principal_cents",
    )  # fmt: skip


def _unclaimed(night: Reread, first: date, last: date) -> pl.DataFrame:
    status, last_day = pl.col("status"), pl.col("surcharge_from_date").dt.offset_by("-1d")
    deposits = _deposits(night)
    found = (
        deposits.filter(status == "overdue").with_columns(what=pl.lit("overdue"), date=pl.lit(first)),
        deposits.filter(status == "waiting").with_columns(
            what=pl.lit("deemed_unclaimed"), date=pl.col("deemed_unclaimed_date")
        ),
        deposits.filter(status.is_in(("waiting", "unclaimed"))).with_columns(
            what=pl.lit("last_day_without_six_points"), date=last_day
        ),
    )
    return (
        pl.concat(found)
        .filter(pl.col("date").is_between(first, last))
        .select(list(SCHEMA))
        .cast(SCHEMA)
        .collect(engine="streaming")
    )


def _posted(night: Reread, first: date, last: date) -> pl.DataFrame:
    days = annual_days(night, first, last)
    return (
        _deposits(night)
        .filter(pl.col("status").is_in(OPEN))
        .join(days.lazy(), on="deposit_id")
        .with_columns(what=pl.lit("posting"))
        .select(list(SCHEMA))
        .cast(SCHEMA)
        .collect(engine="streaming")
    )


def _of_accounts(night: Reread, first: date) -> list[pl.DataFrame]:
    accounts = read_results(night.folder, ACCOUNTS.name, night.manifest).with_columns(
        date=pl.lit(first), deposit_id=pl.lit(None), service=pl.col("service").cast(pl.String)
    )
    found = (
        accounts.filter(pl.col("return_due")).with_columns(what=pl.lit("due_back"), amount_cents="held_cents"),
        accounts.filter(~pl.col("return_due") & (pl.col("excess_cents") > 0)).with_columns(
            what=pl.lit("above_limit"), amount_cents="excess_cents"
        ),
    )
    return [each.select(list(SCHEMA)).cast(SCHEMA).collect(engine="streaming") for each in found]
