"""What the commands with a ledger share: their arguments, and what they say of a night that was entered before."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

LedgerNight = Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run.")]
Ledger = Annotated[
    Path, typer.Option("--out", "-o", metavar="FOLDER", help="The ledger's folder, made if need be.")
]  # fmt: skip


def is_new(summary: Mapping[str, Any], out: Path) -> bool:
    """Whether a night was entered just now; says so where it was before, and that its rates are provisional."""
    if summary["again"]:
        typer.echo(f"Nothing is new: run {summary['run_id']} was entered before, as entry {summary['entry']} of {out}")
        return False
    if summary["provisional"]:
        typer.echo("PROVISIONAL: the night rests on a rate whose months are not all published")
    return True


def deposits(rows: int) -> str:
    """So many deposits, in words."""
    return f"{rows:,} deposit{'' if rows == 1 else 's'}"
