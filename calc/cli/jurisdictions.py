"""`puccalc jurisdictions`: whose rules are at hand, and what is missing in a folder of another's."""

from pathlib import Path
from typing import Annotated, Any

import typer

from calc.cli import terminal
from calc.cli.options import Json, message, print_json, run_uncompiled
from calc.errors import InputError
from calc.rates.ruled import checking
from calc.rates.ruled import listing as ruled_listing

app = typer.Typer(
    invoke_without_command=True,
    help="The jurisdictions whose rules are at hand; `check FOLDER` says what is missing in another's.",
    epilog="Example: puccalc jurisdictions --json",
)


@app.callback()
def jurisdictions(context: typer.Context, json: Json = False) -> None:
    """The jurisdictions whose rules are at hand; `check FOLDER` says what is missing in another's."""
    if context.invoked_subcommand is not None:
        return
    run_uncompiled()
    listed = ruled_listing.listing()
    if json:
        print_json(listed)
    else:
        _print_listing(listed)


@app.command(epilog="Example: puccalc jurisdictions check data/rules/us-ms")
def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder like those of data/rules/.")],
    json: Json = False,
) -> None:
    """Say what is missing or wrong in a folder of a jurisdiction's rules, with file and line."""
    run_uncompiled()
    found = checking.check_folder(folder)
    if json:
        print_json({"faults": found.faults, "remarks": found.remarks})
    else:
        for each in found.faults:
            typer.echo(each)
    for each in [] if json else found.remarks:
        message(f"Note: {each}")
    if found.faults:
        raise InputError(f"{folder}: {len(found.faults)} to put right")
    message(f"{folder}: complete")


def _print_listing(listed: list[dict[str, Any]]) -> None:
    printed = terminal.Table("id", "name", "rule", "has rules for", "rates", title="Jurisdictions")
    for each in listed:
        first, last = each["rates_from"], each["rates_through"]
        rates = f"{first} to {last}" if first else "to be given" if "rate_rule" in each["rules"] else "none"
        printed.add_row(each["id"], each["name"], each["rule"], ", ".join(map(_words, each["rules"])), rates)
    terminal.print_tables(printed)


def _words(name: str) -> str:
    return name.replace("_", " ")
