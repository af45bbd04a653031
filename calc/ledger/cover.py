"""The cover list of a remittance, to print and sign: sums, deposits with their last days, claims taken off."""

from typing import Final

import polars as pl

from calc.bulk.run.reread import Reread
from calc.ledger.remittances import Remittance
from calc.statements.paper import Column, Paper, Section, dollars, written

FILE: Final = "cover.html"
ROWS_MAX: Final = 5_000
"""Deposits that are printed; where there are more, the list says where they stand."""
_COLUMNS: Final = (
    Column("Deposit, account, service"),
    Column("Principal", "number"),
    Column("Interest", "number"),
    Column("Deducted", "number"),
    Column("Remitted", "number"),
    Column("Last day"),
)
_CENTS: Final = ("principal_cents", "interest_cents", "posted_and_owed_cents", "remittance_cents")
_BASIS: Final = (
    "Unclaimed deposits and construction advances with interest, less interest posted before and what the customer "
    "owes, rule 3403(q) and 4403(q). Claims are what customers were paid after their monies had been "
    "remitted, paragraph (s)."
)
_MARK: Final = "PROVISIONAL: rests on a rate that is not final"
_LAST_DAY: Final = "The last day is the last one on which no six points are added, paragraph (q)(II)."


def cover(remitted: Remittance, night: Reread, entry: int) -> bytes:
    """Make the cover list of an entry as an HTML page.

    Args:
        remitted: The remittance.
        night: The night.
        entry: Number of the ledger's entry.
    """
    figures, as_of = remitted.figures, night.job.as_of
    late = remitted.rows.filter(pl.col("status") == "overdue").height
    facts = (
        ("To be paid", dollars(figures["net_cents"])),
        ("Unclaimed monies", f"{dollars(figures['gross_cents'])} of {remitted.rows.height:,} deposits and advances"),
        ("Claims taken off", dollars(figures["claims_deducted_cents"])),
        ("Claims carried forward", dollars(figures["claims_carried_cents"])),
        ("With six points already", f"{late:,}"),
        ("If paid 30 days later", f"{dollars(figures['delay_30_days_cents'])} more"),
        ("As of", f"{as_of:%B} {as_of.day}, {as_of.year}: run {night.run_id}, entry {entry} of the ledger"),
    )
    made = Paper(
        subject="Remittance of unclaimed monies to the energy assistance organization",
        sender="",
        to=(),
        dated="",
        facts=facts,
        paragraphs=(_BASIS,),
        sections=tuple(each for each in (_deposits(remitted), _claims(remitted)) if each.rows or each.paragraphs),
        made=as_of,
        mark=_MARK if night.named["provisional"] else "",
        signed=True,
    )
    return written(made, "html")


def _deposits(found: Remittance) -> Section:
    deposits = found.rows.with_columns(posted_and_owed_cents=pl.col("posted_cents") + pl.col("amounts_owed_cents"))
    rows = tuple(
        (
            f"{row['deposit_id']}, {row['account_id']}, {row['service']}",
            *(dollars(row[name]) for name in _CENTS),
            str(row["last_day_without_six_points"] or ""),
        )
        for row in deposits.head(ROWS_MAX).iter_rows(named=True)
    )
    total = ("Total", *(dollars(int(deposits[name].sum())) for name in _CENTS), "")
    more = deposits.height - len(rows)
    beyond = f" The first {len(rows):,} are printed; {more:,} more stand in remittance.parquet." if more else ""
    told = f"Deducted is what was posted before and what is owed. {_LAST_DAY}{beyond}"
    return Section("Deposits and advances", (told,), _COLUMNS, (*rows, total), totals=1)


def _claims(found: Remittance) -> Section:
    columns = (
        Column("Deposit"), Column("Paid to the customer on"), Column("Paid", "number"), Column("Taken off", "number"),
        Column("Carried forward", "number"),
    )  # fmt: skip
    rows = tuple(
        (row["deposit_id"], str(row["date"]), *(dollars(row[name]) for name in _CLAIM_CENTS))
        for row in found.claims.iter_rows(named=True)
    )
    return Section("Claims, rule (s)", (), columns, rows)


_CLAIM_CENTS: Final = ("amount_cents", "deducted_cents", "carried_cents")
