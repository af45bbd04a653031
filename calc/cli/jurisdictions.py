"""`puccalc jurisdictions`: whose rules are at hand, and what each has rules for."""

from typing import Any

from calc.cli import terminal
from calc.cli.options import Json, print_json, run_uncompiled
from calc.rates.ruled import listing as ruled_listing


def jurisdictions(json: Json = False) -> None:
    """The jurisdictions whose rules are at hand, and what each has rules for."""
    run_uncompiled()
    listed = ruled_listing.listing()
    if json:
        print_json(listed)
    else:
        _print_listing(listed)


def _print_listing(listed: list[dict[str, Any]]) -> None:
    printed = terminal.Table("id", "name", "rule", "has rules for", "rates", title="Jurisdictions")
    for each in listed:
        first, last = each["rates_from"], each["rates_through"]
        rates = f"{first} to {last}" if first else "to be given"
        printed.add_row(each["id"], each["name"], each["rule"], ", ".join(map(_words, each["rules"])), rates)
    terminal.print_tables(printed)


def _words(name: str) -> str:
    return name.replace("_", " ")
