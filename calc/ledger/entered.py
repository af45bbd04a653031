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
RETURN: Final = "return"
RETURNS_FILE: Final = "returns.parquet"
OPEN: Final = ("active", "waiting", "unclaimed", "overdue")
"""Statuses of money that the utility holds."""
_WHO: Final = {"deposit_id": pl.String, "account_id": pl.String, "service": pl.String}
_MONEY: Final = ("principal_cents", "interest_cents", "posted_cents", "amounts_owed_cents", "remittance_cents")
POSTINGS: Final = pl.Schema(
    {**_WHO, "posting_date": pl.Date, "amount_cents": pl.Int64, "why": pl.String, "undated_cents": pl.Int64}
)
"""Columns of postings; `undated_cents` is what the deposits' own column `posted_cents` had that night."""
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
RETURNS: Final = pl.Schema(
    {
        **_WHO,
        "status": pl.String,
        "received_date": pl.Date,
        "why": pl.String,
        **dict.fromkeys(
            ("held_cents", "principal_cents", "interest_due_cents", "to_recover_cents", "amount_cents"), pl.Int64
        ),
    }
)
"""Columns of returns; `held_cents` is the deposit's whole principal, `principal_cents` what of it is returned."""


def remitted(ledger: Ledger) -> pl.DataFrame:
    """Ids of the deposits that a ledger has remitted, those of which debts left nothing among them."""
    return ledger.rows(REMITTANCE, REMITTANCE_FILE, REMITTANCES).select("deposit_id").unique()
