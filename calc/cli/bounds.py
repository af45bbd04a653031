"""The bounds of a nightly run on the command line: an option for each, and a table of what was found.

What each counts and what is refused is `calc.bulk.run.bounds`'s; the defaults are those of `calc.bulk.run.job`.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calc.bulk.run import bounds as run_bounds
from calc.cli import terminal
from calc.units import format_cents

if TYPE_CHECKING:
    from rich.table import Table


def share(text: str) -> Fraction:
    """Exact share of an option, 0 to 1, in decimals."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text, re.ASCII) or Fraction(text) > 1:
        raise typer.BadParameter("the value is not a share from 0 to 1, such as 0.005")
    return Fraction(text)


MaxBad = Annotated[
    Fraction, typer.Option(parser=share, metavar="SHARE", help="Share of bad rows above which nothing is published.")
]
MaxUnmatched = Annotated[
    Fraction,
    typer.Option(parser=share, metavar="SHARE", help="The same of open deposits without a row in the accounts."),
]
MaxRepeated = Annotated[
    Fraction, typer.Option(parser=share, metavar="SHARE", help="The same of transactions that repeat a line.")
]
MaxPrincipalMismatch = Annotated[
    Fraction,
    typer.Option(
        parser=share, metavar="SHARE", help="The same of deposits whose principal is not what their transactions give."
    ),
]
MaxGone = Annotated[
    Fraction,
    typer.Option(parser=share, metavar="SHARE", help="The same of the previous run's open deposits that are gone."),
]


def bounds_table(bounds: Mapping[str, Any]) -> "Table":
    """What each bound found, of how many, the money in it, and its limit."""
    table = terminal.Table("found", "of", "dollars", "at most", "", title="Bounds", min_width=60)
    for column in table.columns[:-1]:
        column.justify, column.no_wrap = "right", True
    for name, entry in bounds.items():
        label = run_bounds.label_of(name, entry)
        if "why_not" in entry:
            table.add_row("-", "-", "", "", f"{label}: not judged, {entry['why_not']}")
            continue
        money = format_cents(entry["cents"]) if entry.get("cents") else ""
        table.add_row(f"{entry['found']:,}", f"{entry['of']:,}", money, f"{float(Fraction(entry['limit'])):.2%}", label)
        if entry["found"] and "list" in entry:
            table.add_row("", "", "", "", f"listed in {entry['list']['path']}")
    return table
