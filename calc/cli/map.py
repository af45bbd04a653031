"""`puccalc map`: maps for extracts that are not as the contract has them."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from calc.bulk.inputs import map_file, map_preview, map_suggestion, xlsx_file
from calc.cli.options import message, word

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
    """Propose a map for `run nightly --map`, from an extract's column names and a sample of its values.

    The map goes to stdout. Five rows before and after it, and what would be refused of them, are shown on stderr.
    """
    text = map_suggestion.suggest_map(file, dataset)
    typer.echo(text, nl=False)
    ((name, mapped),) = map_file.parse_map(file, text).datasets.items()
    path, sheet = xlsx_file.split_sheet(file)
    rows = map_preview.preview(Path(path), sheet, mapped, map_file.MAPPED[name], hides_incomes=True)
    for number, row in enumerate(rows, 1):
        _show(number, row)


def _show(number: int, row: "tuple[map_preview.Cell, ...]") -> None:
    """Show a row's values as they stand in the extract and as they are taken, without what would steer a terminal."""
    message(f"row {number}")
    row = tuple(replace(each, header=_printable(each.header), before=_printable(each.before)) for each in row)
    columns = zip(*((each.header, each.before, each.column) for each in row), strict=True)
    given, before, names = (max(len(text) for text in texts) for texts in columns)
    for each in row:
        refused = f"   REFUSED: {', '.join(each.reasons)}" if each.reasons else ""
        stands = f"{each.header:<{given}}  {each.before:<{before}}"
        message(f"  {stands}  ->  {each.column:<{names}}  {_printable(each.after)}{refused}".rstrip())


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
