"""`puccalc sample`: a synthetic portfolio to try the nightly run on."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calc import sample as portfolio
from calc.cli.options import Json, message, print_json

if TYPE_CHECKING:
    from calc.sample import Written


class Format(Enum):
    """How the files are written."""

    parquet = "parquet"
    csv = "csv"


def sample(
    rows: Annotated[int, typer.Option(min=1, max=10**9, help="How many deposits.", metavar="N")],
    out: Annotated[Path, typer.Option(help="Folder for the files; made where there is none.", metavar="DIR")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.", metavar="S")] = 1,
    file_format: Annotated[
        Format, typer.Option("--format", help="CSV has money in dollars, and faults that only text can hold.")
    ] = Format.parquet,
    customers: Annotated[
        bool, typer.Option("--customers", help="Deposits and accounts name customers, some with several accounts.")
    ] = False,
    json: Json = False,
) -> None:
    """Write deposits, accounts, participants and transactions that nobody has, with every case and 0.1 % bad rows.

    At least one row is bad for each reason, where there are a few hundred rows.
    """
    files = portfolio.write_sample(rows, seed, out, file_format.value, message, customers=customers)
    if json:
        print_json({"rows": rows, "seed": seed, "format": file_format.value, "files": [_shown(file) for file in files]})
    else:
        written = ", ".join(f"{file.rows} {file.dataset}" for file in files)
        bad = sum(sum(file.bad_rows.values()) for file in files)
        typer.echo(f"Wrote {written} to {out}; {bad} of these rows are bad on purpose.")


def _shown(file: "Written") -> dict[str, Any]:
    return {
        "dataset": file.dataset,
        "path": str(file.path),
        "rows": file.rows,
        "bad_rows": sum(file.bad_rows.values()),
        "reasons": file.bad_rows,
    }
