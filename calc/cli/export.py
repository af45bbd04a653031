"""`puccalc export`: a night's lists in dollars, as a workbook, CSV or Parquet."""

from pathlib import Path
from typing import Annotated

import typer

from calc.cli.options import Json, print_json, word
from calc.errors import UsageError
from calc.export import formats, lists

_FORMATS = ("xlsx", "csv", "parquet")


def export(
    night: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE.xlsx|FOLDER", help="The workbook, or the folder of files.")
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format", parser=word(_FORMATS), metavar="FORMAT", help="xlsx, csv or parquet; by default as -o says."
        ),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Write lists to work from: interest due, due back, to remit, monthly credits, quarantine with the column named.

    Money is in dollars, in Parquet in whole cents. A list too long for a sheet becomes a CSV file beside the workbook.
    """
    form = form or ("xlsx" if out.suffix.lower() == ".xlsx" else "csv")
    if form == "xlsx" and out.suffix.lower() != ".xlsx":
        raise UsageError(f"-o {out}: name a file that ends in .xlsx, or give --format csv or parquet for a folder")
    frames = {name: frame.collect(engine="streaming") for name, frame in lists.lists_of(night).items()}
    places = formats.write_workbook(out, frames) if form == "xlsx" else formats.write_folder(out, frames, form)
    rows = {name: frame.height for name, frame in frames.items()}
    if json:
        print_json({"lists": {name: {"rows": rows[name], "path": str(path)} for name, path in places.items()}})
        return
    for name, path in places.items():
        typer.echo(f"{name}: {rows[name]:,} rows, {path}")
