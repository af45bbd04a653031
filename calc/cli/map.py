"""`puccalc map`: maps for extracts that are not as the contract has them."""

from typing import Annotated

import typer

from calc.bulk.inputs import map_suggestion
from calc.cli.options import word

app = typer.Typer(
    no_args_is_help=True,
    help="Maps for extracts as they come: names, dates, words, encoding.",
    epilog="Example: puccalc map suggest extract.csv",
)


@app.callback()
def extract_map() -> None:
    """Maps for extracts as they come: names, dates, words, encoding."""


@app.command(epilog="Example: puccalc map suggest extract.csv > map.toml")
def suggest(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A CSV, Parquet or Excel extract; FILE.xlsx#Sheet names a sheet.")
    ],
    dataset: Annotated[
        str | None,
        typer.Option(
            parser=word(("deposits", "accounts", "participants", "transactions")), metavar="NAME",
            help="What it holds; by default the dataset that its columns are most like.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Propose a map for `run nightly --map`, from an extract's column names and a sample of its values."""
    typer.echo(map_suggestion.suggest_map(file, dataset), nl=False)
