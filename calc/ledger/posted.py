"""What was posted to deposits in all: what a night knows, and what of a ledger's postings it does not.

A night knows of a ledger's posting where it has read it as a transaction of that day and amount, or where the deposits'
own column `posted_cents` has risen since by as much: that column is to hold all that was paid or credited.
"""

from typing import Final

import polars as pl

from calc.bulk.run.reread import Reread
from calc.ledger.entered import POSTING, POSTINGS, POSTINGS_FILE
from calc.ledger.folder import Ledger

_LINE: Final = ("deposit_id", "date", "amount_cents")


def with_posted(rows: pl.DataFrame, night: Reread, ledger: Ledger) -> pl.DataFrame:
    """Add to rows of a night what a ledger posted.

    Args:
        rows: deposit_id and posted_cents, as the night has them, among others.
        night: The night.
        ledger: The ledger.

    Returns:
        The rows with posted_cents in all; `undated_cents`, what the deposits' own column has of it; and `unread_cents`,
        what the ledger posted and the night does not know.

    Raises:
        InputError: The night's transactions are gone or changed.
    """
    ids = rows.select("deposit_id")
    entered = ledger.rows(POSTING, POSTINGS_FILE, POSTINGS).join(ids, on="deposit_id", how="semi").sort("entry")
    ours = entered.select("deposit_id", date="posting_date", amount_cents="amount_cents")
    dated = _dated(night, ids)
    read = _numbered(ours).join(_numbered(dated), on=[*_LINE, "copy"], how="semi")
    first = entered.group_by("deposit_id", maintain_order=True).agg(first_cents=pl.col("undated_cents").first())
    sums = {"dated_cents": dated, "ledger_cents": ours, "read_cents": read}
    for name, lines in sums.items():
        rows = rows.join(
            lines.group_by("deposit_id").agg(pl.col("amount_cents").sum().alias(name)), on="deposit_id", how="left"
        )
    none = pl.lit(0, dtype=pl.Int64)
    risen = pl.max_horizontal(none, pl.col("undated_cents") - pl.col("first_cents"))
    return (
        rows.join(first, on="deposit_id", how="left")
        .with_columns(pl.col(*sums, "first_cents").fill_null(0))
        .with_columns(undated_cents=pl.col("posted_cents") - pl.col("dated_cents"))
        .with_columns(unread_cents=pl.max_horizontal(none, pl.col("ledger_cents") - pl.col("read_cents") - risen))
        .with_columns(posted_cents=pl.col("posted_cents") + pl.col("unread_cents"))
        .drop(*sums, "first_cents")
    )


def _dated(night: Reread, ids: pl.DataFrame) -> pl.DataFrame:
    """Postings among the night's transactions: deposit_id, date, amount_cents."""
    nothing = pl.DataFrame(schema={"deposit_id": pl.String, "date": pl.Date, "amount_cents": pl.Int64})
    transactions = night.transactions(ids) if ids.height else None
    if transactions is None:
        return nothing
    happened = (pl.col("kind") == "posting") & (pl.col("date") <= night.job.as_of)
    return transactions.filter(happened).select(nothing.columns)


def _numbered(lines: pl.DataFrame) -> pl.DataFrame:
    """Equal lines told apart by their place among them."""
    return lines.with_columns(copy=pl.int_range(pl.len()).over(*_LINE))
