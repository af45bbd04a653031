"""`puccalc post`: what a night's interest is posted, entered in a ledger."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from calc.bulk.run import reread
from calc.cli.options import Json, day, print_json
from calc.ledger import entered, folder, postings
from calc.units import format_cents


def post(
    night: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="The ledger's folder, made if need be.")],
    since: Annotated[
        date | None,
        typer.Option(
            parser=day,
            metavar="DATE",
            help="Count yearly days after this one too, where they had no night of their own.",
        ),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Post the interest of returned deposits, and on the yearly day of those paid annually; twice posts nothing twice.

    postings.parquet has what this night posts, transactions.parquet all that the ledger posted, for --transactions of
    the next night, and to_recover.parquet what was posted beyond the interest. Exit 3 names an altered entry.
    """
    opened = reread.reread(night)
    with folder.opened(out) as ledger:
        found = postings.postings(opened, ledger, since=since)
        entry = ledger.entry_of(entered.POSTING, opened)
        again = entry is not None and not found.posted.height
        if entry is None or not again:
            entry = ledger.append(entered.POSTING, opened, found.files, found.figures)
    shown = {"run_id": opened.run_id, "entry": entry.number, "again": again, **found.figures}
    if json:
        print_json(shown)
    else:
        _print(shown, out)


def _print(shown: dict[str, Any], out: Path) -> None:
    if shown["again"]:
        typer.echo(f"Nothing is posted: run {shown['run_id']} was posted before, as entry {shown['entry']} of {out}")
        return
    posted = f"Posted {format_cents(shown['amount_cents'])} to {shown['rows']:,} deposits"
    typer.echo(f"{posted}, as entry {shown['entry']} of {out}")
    if shown["to_recover_rows"]:
        amount, rows = format_cents(shown["to_recover_cents"]), shown["to_recover_rows"]
        typer.echo(f"To recover: {amount} of {rows:,} deposits to which more was posted than they earned")
    if shown["unread_rows"]:
        amount, rows = format_cents(shown["unread_cents"]), shown["unread_rows"]
        typer.echo(f"The night did not know of {amount} that this ledger posted to {rows:,} deposits; not posted again")
        typer.echo(f"  For the next night: --transactions {out / entered.TRANSACTIONS_FILE}, beside your own")
    if shown["remitted_before_rows"]:
        typer.echo(f"Nothing is posted to {shown['remitted_before_rows']:,} deposits that this ledger remitted")
