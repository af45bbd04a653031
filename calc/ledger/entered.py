"""What a ledger has entered of deposits: what was posted to them, and which of them were remitted."""

from typing import Final

import polars as pl

from calc.ledger.folder import Ledger

POSTING: Final = "posting"
REMITTANCE: Final = "remittance"
POSTINGS_FILE: Final = "postings.parquet"
TO_RECOVER_FILE: Final = "to_recover.parquet"
TRANSACTIONS_FILE: Final = "transactions.parquet"
REMITTANCE_FILE: Final = "remittance.parquet"
_WHO: Final = {"deposit_id": pl.String, "account_id": pl.String, "service": pl.String}
_MONEY: Final = ("principal_cents", "interest_cents", "posted_cents", "amounts_owed_cents", "remittance_cents")
POSTINGS: Final = pl.Schema(
    {**_WHO, "posting_date": pl.Date, "amount_cents": pl.Int64, "why": pl.String, "posted_in_all_cents": pl.Int64}
)
"""Columns of postings; `posted_in_all_cents` is what is posted to the deposit with it."""
REMITTANCES: Final = pl.Schema(
    {
        **_WHO,
        "status": pl.String,
        **dict.fromkeys(_MONEY, pl.Int64),
        "last_day_without_six_points": pl.Date,
        "days_left": pl.Int64,
        "delay_30_days_cents": pl.Int64,
    }
)
"""Columns of a remittance; `days_left` to the last day is below zero once it has passed."""


def posted_in_all(ledger: Ledger) -> pl.DataFrame:
    """What is posted to each deposit after a ledger's postings: deposit_id, ledger_cents."""
    rows = ledger.rows(POSTING, POSTINGS_FILE, POSTINGS)
    return rows.group_by("deposit_id").agg(ledger_cents=pl.col("posted_in_all_cents").max())


def remitted(ledger: Ledger) -> pl.DataFrame:
    """Ids of the deposits of which a ledger has remitted money."""
    rows = ledger.rows(REMITTANCE, REMITTANCE_FILE, REMITTANCES)
    return rows.filter(pl.col("remittance_cents") > 0).select("deposit_id").unique()
