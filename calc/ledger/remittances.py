"""Remittances: unclaimed monies for the energy assistance organization, rule (q), less claims, rule (s).

Comes in: a published night, a ledger, claims. Goes out: a row for each unclaimed or overdue deposit that the ledger has
not remitted, with the last day on which no six points are added and what a delay of 30 days would cost.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from calc.bulk.publish.results import read_results
from calc.bulk.run.reread import Reread
from calc.ledger import claims as claim_rows
from calc.ledger.entered import REMITTANCE, REMITTANCE_FILE, REMITTANCES, remitted
from calc.ledger.folder import Ledger, parquet
from calc.ledger.posted import with_posted

TO_REMIT: Final = ("unclaimed", "overdue")
DELAY_DAYS: Final = 30
_WHO: Final = ("deposit_id", "account_id", "service", "status")
_MONEY: Final = ("principal_cents", "interest_cents", "posted_cents", "amounts_owed_cents")


@dataclass(frozen=True, slots=True)
class Remittance:
    """What a night remits.

    Attributes:
        rows: Rows of REMITTANCES, those with the earliest last day first.
        claims: Claims that were deducted or are carried forward.
        new_claims: How many of them the ledger did not know.
        remitted_before: Deposits that the ledger remitted and the night still has as unclaimed or overdue.
    """

    rows: pl.DataFrame
    claims: pl.DataFrame
    new_claims: int
    remitted_before: int

    @property
    def figures(self) -> dict[str, int]:
        """Sums for the ledger, summary.json and the terminal."""
        gross_cents, deducted_cents, carried_cents, delay_cents = (
            int(column.sum())
            for column in (
                self.rows["remittance_cents"], self.claims["deducted_cents"], self.claims["carried_cents"],
                self.rows["delay_30_days_cents"],
            )
        )  # fmt: skip
        return {
            "rows": self.rows.height,
            "gross_cents": gross_cents,
            "claims_deducted_cents": deducted_cents,
            "net_cents": gross_cents - deducted_cents,
            "claims_carried_cents": carried_cents,
            "delay_30_days_cents": delay_cents,
            "remitted_before_rows": self.remitted_before,
        }

    @property
    def is_new(self) -> bool:
        """Whether there is anything that the ledger does not have: a deposit to remit, or a claim."""
        return self.rows.height + self.new_claims > 0

    @property
    def files(self) -> dict[str, bytes]:
        """The rows and the claims of an entry."""
        return {REMITTANCE_FILE: parquet(self.rows), claim_rows.FILE: parquet(self.claims)}


def remittance(night: Reread, ledger: Ledger, claims: pl.DataFrame) -> Remittance:
    """Work out what a night remits beside what a ledger has remitted.

    Args:
        night: The night.
        ledger: The ledger.
        claims: From `claims.read_claims`.

    Raises:
        InputError: The night's inputs, from which interest 30 days later is computed, are gone or changed.
        PublishRefusedError: They give other figures than the night published.
    """
    as_of = night.job.as_of
    before = remitted(ledger)
    open_rows = (
        read_results(night.folder, "deposits", night.manifest)
        .filter(pl.col("status").cast(pl.String).is_in(TO_REMIT))
        .select(*(pl.col(name).cast(pl.String) for name in _WHO), *_MONEY, "surcharge_from_date")
        .collect(engine="streaming")
    )
    rows = _rows(open_rows.join(before, on="deposit_id", how="anti"), night, ledger)
    gross_cents = int(rows["remittance_cents"].sum())
    found, new = claim_rows.deducted(claims, ledger, REMITTANCE, as_of, gross_cents)
    return Remittance(rows, found, new, open_rows.join(before, on="deposit_id", how="semi").height)


def _rows(rows: pl.DataFrame, night: Reread, ledger: Ledger) -> pl.DataFrame:
    as_of = night.job.as_of
    again = _later(night, rows["deposit_id"], as_of)
    net = pl.col("principal_cents") + pl.col("interest_cents") - pl.col("posted_cents") - pl.col("amounts_owed_cents")
    last_day = pl.col("surcharge_from_date").dt.offset_by("-1d")
    return (
        with_posted(rows, night, ledger)
        .join(again, on="deposit_id", how="left")
        .with_columns(
            remittance_cents=pl.max_horizontal(pl.lit(0), net),
            last_day_without_six_points=last_day,
            days_left=(last_day - pl.lit(as_of)).dt.total_days(),
            delay_30_days_cents=pl.col("later_interest_cents") - pl.col("interest_cents"),
        )
        .select(list(REMITTANCES))
        .cast(REMITTANCES)
        .sort("last_day_without_six_points", "deposit_id", nulls_last=True)
    )


def _later(night: Reread, ids: pl.Series, as_of: date) -> pl.DataFrame:
    """Interest of some deposits if they are remitted 30 days later."""
    if not ids.len():
        return pl.DataFrame(schema={"deposit_id": pl.String, "later_interest_cents": pl.Int64})
    later = as_of + timedelta(days=DELAY_DAYS)
    return night.deposits(ids, later=later).select("deposit_id", "later_interest_cents")
