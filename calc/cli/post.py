"""`puccalc post`: what a night's interest is posted, entered in a ledger."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from calc.bulk.run import reread
from calc.cli.ledger_answer import Ledger, LedgerNight, deposits, is_new
from calc.cli.options import Json, day, print_json
from calc.ledger import entered, entering, folder, postings
from calc.units import format_cents


def post(
    night: LedgerNight,
    out: Ledger,
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
        shown = entering.enter(ledger, entered.POSTING, opened, lambda: postings.postings(opened, ledger, since=since))
    if json:
        print_json(shown)
    elif is_new(shown, out):
        _print(shown, out)


def _print(shown: dict[str, Any], out: Path) -> None:
    posted = f"Posted {format_cents(shown['amount_cents'])} to {deposits(shown['rows'])}"
    typer.echo(f"{posted}, as entry {shown['entry']} of {out}")
    if shown["to_recover_rows"]:
        amount, rows = format_cents(shown["to_recover_cents"]), shown["to_recover_rows"]
        typer.echo(f"To recover: {amount} of {deposits(rows)} to which more was posted than they earned")
    if shown["unread_rows"]:
        amount, rows = format_cents(shown["unread_cents"]), shown["unread_rows"]
        typer.echo(f"The night did not know of {amount} that this ledger posted to {deposits(rows)}; not posted again")
        typer.echo(f"  For the next night: --transactions {out / entered.TRANSACTIONS_FILE}, beside your own")
    if shown["remitted_before_rows"]:
        typer.echo(f"Nothing is posted to {deposits(shown['remitted_before_rows'])} that this ledger remitted")
