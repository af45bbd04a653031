"""`puccalc remit`: a night's unclaimed monies, less claims, entered in a ledger."""

from pathlib import Path
from typing import Annotated, Any

import typer

from calc.bulk.run import reread
from calc.cli.ledger_answer import Ledger, LedgerNight, deposits, is_new
from calc.cli.options import Json, print_json
from calc.ledger import claims as claim_rows
from calc.ledger import cover, entered, entering, folder, remittances
from calc.units import format_cents


def remit(
    night: LedgerNight,
    out: Ledger,
    claims: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Remitted monies paid to customers since: deposit_id, date, amount (or amount_cents)."
        ),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Remit unclaimed and overdue deposits, less claims of customers, rule (s); twice remits nothing twice.

    remittance.parquet has the rows with their last day without six points and what 30 days' delay costs, claims.parquet
    what was taken off and carried forward, cover.html the list to print, summary.json the sums. Exit 3 names an
    altered entry.
    """
    opened = reread.reread(night)
    paid_back = claim_rows.read_claims(claims) if claims else claim_rows.NONE
    with folder.opened(out) as ledger:
        shown = entering.enter(
            ledger,
            entered.REMITTANCE,
            opened,
            lambda: remittances.remittance(opened, ledger, paid_back),
            lambda found, number: {cover.FILE: cover.cover(found, opened, number)},
        )
    if json:
        print_json(shown)
    elif is_new(shown, out):
        _print(shown, out)


def _print(shown: dict[str, Any], out: Path) -> None:
    gross, claims, net, carried, delay = (
        format_cents(shown[name])
        for name in (
            "gross_cents", "claims_deducted_cents", "net_cents", "claims_carried_cents", "delay_30_days_cents",
        )
    )  # fmt: skip
    typer.echo(f"To be paid {net}: {gross} of {deposits(shown['rows'])} less claims of {claims}")
    typer.echo(f"  entry {shown['entry']} of {out}; {out / cover.FILE} to print and sign")
    typer.echo(f"Claims carried forward: {carried}; if paid 30 days later: {delay} more")
    if shown["remitted_before_rows"]:
        typer.echo(
            f"Remitted before and still unclaimed in this night: {deposits(shown['remitted_before_rows'])}; give them "
            "their remitted_date in the next extract"
        )
