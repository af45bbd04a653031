"""`puccalc returns`: deposits of a night that are due back, and what is held above the limit, entered in a ledger."""

import json as json_text
from pathlib import Path
from typing import Annotated, Any

import typer

from calc.bulk.run import reread
from calc.cli.options import Json, print_json
from calc.ledger import entered, folder
from calc.ledger import returns as night_returns
from calc.units import format_cents


def returns(
    night: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run with accounts.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="The ledger's folder, made if need be.")],
    *,
    json: Json = False,
) -> None:
    """List deposits to be paid back: due back under rule (l), or above the limit of rule (j), newest first.

    returns.parquet has the rows, summary.json the sums. What the ledger has listed is not listed again while the
    night holds it unchanged. Exit 3 names an altered entry.
    """
    opened = reread.reread(night)
    with folder.opened(out) as ledger:
        found = night_returns.returns(opened, ledger)
        entry = ledger.entry_of(entered.RETURN, opened)
        again = entry is not None and not found.rows.height
        number = entry.number if entry is not None and again else len(ledger.entries) + 1
        shown = {"as_of": opened.job.as_of.isoformat(), "run_id": opened.run_id, "entry": number, **found.figures}
        if not again:
            summary = f"{json_text.dumps(shown, indent=2)}\n".encode()
            ledger.append(entered.RETURN, opened, {**found.files, "summary.json": summary}, found.figures)
    if json:
        print_json({**shown, "again": again})
    else:
        _print(shown, out, again=again)


def _print(shown: dict[str, Any], out: Path, *, again: bool) -> None:
    if again:
        typer.echo(f"Nothing is returned: run {shown['run_id']} was listed before, as entry {shown['entry']} of {out}")
        return
    amount, due_back, excess = (format_cents(shown[f"{name}_cents"]) for name in ("amount", "due_back", "excess"))
    typer.echo(f"To be paid back {amount} of {shown['rows']:,} deposits, as entry {shown['entry']} of {out}")
    typer.echo(f"  due back with interest, rule (l): {due_back}; above the limit, rule (j): {excess}")
    if shown["listed_before_rows"]:
        typer.echo(f"Listed before and still held: {shown['listed_before_rows']:,} deposits")
