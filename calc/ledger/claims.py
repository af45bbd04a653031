"""Claims: unclaimed monies that customers were paid after they had been remitted, rule (s), off later remittances.

Comes in: a file of claims, and what a ledger has deducted. Goes out: what one remittance deducts, the oldest claims
first and never below zero, and what is carried forward. A claim counts once, however often a file brings it.
"""

from datetime import date
from typing import Final

import polars as pl

from calc.bulk.inputs.source import open_source
from calc.columns.dataset import Dataset
from calc.columns.declared_columns import day, money, text
from calc.columns.gate import gate
from calc.columns.typed_rows import rows_of
from calc.errors import InputError, reason_codes
from calc.ledger.folder import Ledger

CLAIMS: Final = Dataset(
    "claims",
    (),
    (
        text("deposit_id", "The deposit whose money had been remitted."),
        day("date", "Day on which the customer was paid."),
        money("amount_cents", "What the customer was paid, in cents."),
    ),
    meaning="Unclaimed monies that were paid to customers after they had been remitted, rule (s).",
)
FILE: Final = "claims.parquet"
_CLAIM: Final = {"deposit_id": pl.String, "date": pl.Date, "amount_cents": pl.Int64}
NONE: Final = pl.DataFrame(schema=_CLAIM)
"""No claims."""
_ORDER: Final = ("date", "deposit_id", "amount_cents", "copy")
SCHEMA: Final = pl.Schema({**_CLAIM, "copy": pl.Int64, "deducted_cents": pl.Int64, "carried_cents": pl.Int64})
"""Columns of an entry's claims: `copy` tells equal claims of a day apart; deducted now, and carried forward."""


def read_claims(named: str) -> pl.DataFrame:
    """Read a file of claims: deposit_id, date, amount_cents (or amount, in dollars).

    Raises:
        InputError: The file cannot be read, or a row of it cannot: it names the first.
    """
    source = open_source(CLAIMS, named)
    frames = [NONE]
    for part in source.parts():
        chunk = part.load()
        gated = gate(CLAIMS, chunk.frame, chunk.flagged)
        places = gated.reasons.nonzero()[0]
        if places.size:
            row = int(chunk.rows_at(places[:1])[0])
            reasons = ", ".join(reason_codes(int(gated.reasons[places[0]])))
            raise InputError(
                f"{chunk.file}: row {row} is no claim ({reasons}): a claim has deposit_id, date (YYYY-MM-DD) and "
                "amount_cents, or amount in dollars; nothing was done"
            )
        frames.append(rows_of(CLAIMS, chunk.frame, gated).cast(pl.Schema(_CLAIM)))
    return pl.concat(frames)


def deducted(
    claims: pl.DataFrame, ledger: Ledger, kind: str, as_of: date, gross_cents: int
) -> tuple[pl.DataFrame, int]:
    """Deduct claims from a remittance: those carried forward and new ones, in order of their dates.

    Args:
        claims: From `read_claims`; those dated after the as-of day are none yet.
        ledger: The ledger.
        kind: Of the entries that deduct claims.
        as_of: Day of the remittance.
        gross_cents: What would be remitted without claims.

    Returns:
        Rows of SCHEMA: claims that are new, or of which something was left; and the number of new ones.
    """
    before = ledger.rows(kind, FILE, SCHEMA).sort("entry")
    known = before.unique([*_CLAIM, "copy"], keep="last")
    happened = claims.filter(pl.col("date") <= as_of)
    numbered = happened.with_columns(copy=pl.int_range(pl.len()).over(*_CLAIM).cast(pl.Int64))
    new = numbered.join(known, on=[*_CLAIM, "copy"], how="anti").with_columns(left_cents=pl.col("amount_cents"))
    left = known.filter(pl.col("carried_cents") > 0).select(*_CLAIM, "copy", left_cents="carried_cents")
    pending = pl.concat([left, new.select(left.columns)]).sort(*_ORDER)
    before_it = pl.col("left_cents").cum_sum() - pl.col("left_cents")
    deducted_cents = pl.min_horizontal("left_cents", pl.max_horizontal(pl.lit(0), pl.lit(gross_cents) - before_it))
    found = pending.with_columns(deducted_cents=deducted_cents).with_columns(
        carried_cents=pl.col("left_cents") - pl.col("deducted_cents")
    )
    return found.select(list(SCHEMA)).cast(SCHEMA), new.height
