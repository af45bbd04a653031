"""Options of the commands that start from a program's file and the results of its nights."""

from pathlib import Path
from typing import Annotated

import typer

from calc.cli.options import count

ProgramFile = Annotated[
    Path, typer.Option("--program", metavar="FILE.toml", help="What no result holds; docs/program.md.")
]
ProgramYear = Annotated[int, typer.Option(parser=count(2014, 2100), metavar="YEAR", help="Ends on 31 October of it.")]
Results = Annotated[
    list[Path] | None, typer.Option("--results", metavar="DIR", help="Output of a nightly run; repeatable.")
]
Tariff = Annotated[str, typer.Option("--tariff", metavar="NAME|FILE", help="The utility's tariff.")]
Switches = Annotated[
    list[str] | None, typer.Option("--set", metavar="SWITCH=VALUE", help="Another reading; repeatable.")
]
