"""Postings: interest that is paid or credited, rule (o)(I), yearly where the customer asked for it, and at the return.

Comes in: a published night, and what a ledger has posted. Goes out: a row for each deposit to which interest is posted,
and for each of which too much was. What is posted is the interest in all less what was posted before, so that the
postings of a deposit sum to its interest, whatever nights lie between.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.publish.results import read_results
from calc.bulk.run.reread import Reread
from calc.columns.evaluation import dates
from calc.kernels.arrays import Int64
from calc.kernels.calendar import add_months
from calc.ledger.entered import (
    OPEN,
    POSTINGS,
    POSTINGS_FILE,
    TO_RECOVER_FILE,
    TRANSACTIONS_FILE,
    remitted,
)
from calc.ledger.folder import Ledger, parquet
from calc.ledger.posted import with_posted
from calc.rules.tariff_schema import POSTING_DAYS
from calc.units import EPOCH, NO_DAY, to_date, to_day

RETURNED: Final = "returned"
ANNUAL: Final = "annual"
_WHO: Final = ("deposit_id", "account_id", "service")


@dataclass(frozen=True, slots=True)
class Postings:
    """What a night posts.

    Attributes:
        posted: Rows of POSTINGS.
        to_recover: Deposits to which more was posted than they earned: `to_recover_cents`, never posted.
        unread: Deposits of which the night does not know all that the ledger posted; `unread_cents`, not posted again.
        remitted_before: Deposits that the ledger remitted with their interest, to which nothing is posted.
    """

    posted: pl.DataFrame
    to_recover: pl.DataFrame
    unread: pl.DataFrame
    remitted_before: int

    @property
    def figures(self) -> dict[str, int]:
        """Sums for the ledger and the terminal."""
        return {
            "rows": self.posted.height,
            "amount_cents": int(self.posted["amount_cents"].sum()),
            "to_recover_rows": self.to_recover.height,
            "to_recover_cents": int(self.to_recover["to_recover_cents"].sum()),
            "unread_rows": self.unread.height,
            "unread_cents": int(self.unread["unread_cents"].sum()),
            "remitted_before_rows": self.remitted_before,
        }

    @property
    def is_new(self) -> bool:
        """Whether anything is posted."""
        return self.posted.height > 0

    @property
    def files(self) -> dict[str, bytes]:
        """The files of an entry; `transactions.parquet` is what the next night reads."""
        transactions = self.posted.select(
            "deposit_id", date="posting_date", kind=pl.lit("posting"), amount_cents="amount_cents"
        )
        return {
            TRANSACTIONS_FILE: parquet(transactions),
            POSTINGS_FILE: parquet(self.posted),
            TO_RECOVER_FILE: parquet(self.to_recover),
        }


def postings(night: Reread, ledger: Ledger, *, since: date | None = None) -> Postings:
    """Work out what a night posts beside what a ledger has posted.

    Deposits returned on or before the as-of day; and where the customer asked for annual payment, open ones, on the
    tariff's yearly day.

    Args:
        night: The night.
        ledger: The ledger.
        since: Yearly days after this one count too; by default only the as-of day itself.

    Raises:
        InputError: The night's inputs, which say who asked for annual payment, are gone or changed.
    """
    results = (
        read_results(night.folder, "deposits", night.manifest)
        .select(
            *(pl.col(name).cast(pl.String) for name in (*_WHO, "status")),
            "interest_cents", "posted_cents", "interest_due_cents",
        )
        .with_columns(why=pl.when(pl.col("status") == RETURNED).then(pl.lit(RETURNED)))
    )  # fmt: skip
    rows = [results.filter((pl.col("status") == RETURNED) & _any_cents()).collect(engine="streaming")]
    as_of = night.job.as_of
    asked = annual_days(night, as_of if since is None else min(as_of, since + timedelta(days=1)), as_of)
    if asked.height:
        annual = results.join(asked.lazy(), on="deposit_id", how="semi").with_columns(why=pl.lit(ANNUAL))
        rows.append(annual.filter(pl.col("status").is_in(OPEN) & _any_cents()).collect(engine="streaming"))
    return _posted(pl.concat(rows), night, ledger)


def _any_cents() -> pl.Expr:
    return (pl.col("interest_due_cents") != 0) | (pl.col("posted_cents") != 0)


def _posted(rows: pl.DataFrame, night: Reread, ledger: Ledger) -> Postings:
    gone = remitted(ledger)
    remitted_before = rows.join(gone, on="deposit_id", how="semi").height
    rows = with_posted(rows.join(gone, on="deposit_id", how="anti"), night, ledger)
    rows = rows.with_columns(amount_cents=pl.col("interest_cents") - pl.col("posted_cents"))
    posted = rows.filter(pl.col("amount_cents") > 0).select(
        *_WHO,
        pl.lit(night.job.as_of).alias("posting_date"),
        "amount_cents",
        "why",
        "undated_cents",
    )
    over = rows.filter(pl.col("amount_cents") < 0).select(*_WHO, "why", to_recover_cents=-pl.col("amount_cents"))
    unread = rows.filter(pl.col("unread_cents") > 0).select(*_WHO, "unread_cents")
    key = "deposit_id"
    return Postings(posted.cast(POSTINGS).sort(key), over.sort(key), unread.sort(key), remitted_before)


def annual_days(night: Reread, first: date, last: date) -> pl.DataFrame:
    """List the yearly days, among some, of deposits whose customers asked for annual payment.

    Args:
        night: The night; its tariff says which day of the year it is.
        first: First day that counts.
        last: Last one.

    Returns:
        deposit_id and date, the last such day of each deposit.

    Raises:
        InputError: The night's inputs are gone or changed.
    """
    rules, _ = night.law
    nobody = pl.DataFrame(schema={"deposit_id": pl.String, "date": pl.Date})
    year_end = max(
        (day for year in range(first.year, last.year + 1) if first <= (day := date(year, 12, 31)) <= last), default=None
    )
    at_year_end = rules.tariff.posting_day == POSTING_DAYS[0]
    if (at_year_end and year_end is None) or not night.has("interest_payment"):
        return nobody
    words = night.column("interest_payment")
    asked = pl.concat([rows.filter(rows["interest_payment"] == ANNUAL).select("deposit_id") for rows in words])
    if at_year_end or not asked.height:
        return asked.with_columns(date=pl.lit(year_end, dtype=pl.Date))
    published = read_results(night.folder, "deposits", night.manifest).filter(
        pl.col("status").cast(pl.String).is_in(OPEN)
    )
    ids = published.select("deposit_id").join(asked.lazy(), on="deposit_id", how="semi").collect(engine="streaming")
    rows = night.deposits(ids["deposit_id"])
    days = _anniversaries(rows["received_date"], to_day(first), to_day(last))
    return rows.select("deposit_id", date=days).drop_nulls() if rows.height else nobody


def _anniversaries(received: pl.Series, first: int, last: int) -> pl.Series:
    """The last of the days on which whole years after receipt end; of 29 February, on 28 February of a common year."""
    days = received.to_physical().to_numpy().astype(np.int64)
    found = np.full(days.size, NO_DAY, dtype=np.int64)
    for year in range(to_date(first).year, to_date(last).year + 1):
        years = year - _years(days)
        for whole in np.unique(years[years > 0]).tolist():
            day = add_months(days, 12 * whole)
            here = (years == whole) & (first <= day) & (day <= last)
            found[here] = day[here]
    return dates(found)


def _years(days: Int64) -> Int64:
    """Years of epoch days."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + EPOCH.year
