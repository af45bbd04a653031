"""`puccalc returns`: deposits of a night that are due back, and what is held above the limit, entered in a ledger."""

from pathlib import Path
from typing import Any

import typer

from calc.bulk.run import reread
from calc.cli.ledger_answer import Ledger, LedgerNight, deposits, is_new
from calc.cli.options import Json, print_json
from calc.ledger import entered, entering, folder
from calc.ledger import returns as night_returns
from calc.units import format_cents


def returns(
    night: LedgerNight,
    out: Ledger,
    *,
    json: Json = False,
) -> None:
    """List deposits to be paid back: due back under rule (l), or above the limit of rule (j), newest first.

    returns.parquet has the rows, summary.json the sums. What the ledger has listed is not listed again while the
    night holds it unchanged. Exit 3 names an altered entry.
    """
    opened = reread.reread(night)
    with folder.opened(out) as ledger:
        shown = entering.enter(ledger, entered.RETURN, opened, lambda: night_returns.returns(opened, ledger))
    if json:
        print_json(shown)
    elif is_new(shown, out):
        _print(shown, out)


def _print(shown: dict[str, Any], out: Path) -> None:
    amount, due_back, excess = (format_cents(shown[f"{name}_cents"]) for name in ("amount", "due_back", "excess"))
    typer.echo(f"To be paid back {amount} of {deposits(shown['rows'])}, as entry {shown['entry']} of {out}")
    typer.echo(f"  due back with interest, rule (l): {due_back}; above the limit, rule (j): {excess}")
    if shown["listed_before_rows"]:
        typer.echo(f"Listed before and still held: {deposits(shown['listed_before_rows'])}")
