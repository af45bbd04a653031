"""`puccalc remit`: a night's unclaimed monies, less claims, entered in a ledger."""

import json as json_text
from pathlib import Path
from typing import Annotated, Any

import typer

from calc.bulk.run import reread
from calc.cli.options import Json, print_json
from calc.ledger import claims as claim_rows
from calc.ledger import cover, entered, folder, remittances
from calc.units import format_cents


def remit(
    night: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="The ledger's folder, made if need be.")],
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
        found = remittances.remittance(opened, ledger, paid_back)
        entry = ledger.entry_of(entered.REMITTANCE, opened)
        again = entry is not None and not found.is_new
        number = entry.number if entry is not None and again else len(ledger.entries) + 1
        shown = {"as_of": opened.job.as_of.isoformat(), "run_id": opened.run_id, "entry": number, **found.figures}
        if not again:
            files = {
                **found.files,
                cover.FILE: cover.cover(found, as_of=opened.job.as_of, run_id=opened.run_id, entry=number),
                "summary.json": f"{json_text.dumps(shown, indent=2)}\n".encode(),
            }
            ledger.append(entered.REMITTANCE, opened, files, found.figures)
    if json:
        print_json({**shown, "again": again})
    else:
        _print(shown, out, again=again)


def _print(shown: dict[str, Any], out: Path, *, again: bool) -> None:
    if again:
        typer.echo(
            f"Nothing is remitted: run {shown['run_id']} was remitted before, as entry {shown['entry']} of {out}"
        )
        return
    gross, claims, net, carried, delay = (
        format_cents(shown[name])
        for name in (
            "gross_cents", "claims_deducted_cents", "net_cents", "claims_carried_cents", "delay_30_days_cents",
        )
    )  # fmt: skip
    typer.echo(f"To be paid {net}: {gross} of {shown['rows']:,} deposits less claims of {claims}")
    typer.echo(f"  entry {shown['entry']} of {out}; {out / cover.FILE} to print and sign")
    typer.echo(f"Claims carried forward: {carried}; if paid 30 days later: {delay} more")
    if shown["remitted_before_rows"]:
        typer.echo(
            f"Remitted before and still unclaimed in this night: {shown['remitted_before_rows']:,} deposits; give them "
            "their remitted_date in the next extract"
        )
