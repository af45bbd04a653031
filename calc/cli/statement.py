"""`puccalc statement DIR DEPOSIT_ID`: one deposit's life as a paper for the customer."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from calc import atomic_write
from calc.cli.options import day, message, run_uncompiled
from calc.statements import deposit_life, paper
from calc.statements import statement as deposit_statement

Night = Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run, or a run's own folder.")]
DepositId = Annotated[str, typer.Argument(metavar="DEPOSIT_ID", help="The deposit's id.")]
Out = Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="The paper, a .pdf or .html file.")]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="The customer's name.")]
Utility = Annotated[str, typer.Option("--utility", metavar="NAME", help="The utility's name.")]
Dated = Annotated[
    date | None, typer.Option(parser=day, metavar="DATE", help="The day of the paper; by default left to fill in.")
]


def statement(
    folder: Night, deposit_id: DepositId, out: Out, name: Name = "", utility: Utility = "", dated: Dated = None
) -> None:
    """A statement of one deposit: what happened, interest part by part, the six points, the rules' words, how to check.

    The deposit is computed anew from the night's own inputs. Exit 3 where one of them is gone or has changed, 4 where
    the computation does not lead to what was published.
    """
    form = paper.form_of(out)
    run_uncompiled()
    life = deposit_life.deposit_life(folder, deposit_id)
    made = deposit_statement.statement(life, name=name, utility=utility, dated=dated, file=Path(out).name)
    write(made, form, out)


def write(made: "paper.Paper", form: "paper.Form", out: str) -> None:
    """Write a paper to a file, whole or not at all."""
    content = paper.written(made, form)
    atomic_write.write_atomically(Path(out), content)
    message(f"Wrote {out}, {len(content):,} bytes.")
