"""`puccalc rates compute` and `rates table` for a jurisdiction whose rate follows a rule of its own."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from calc.cli import terminal
from calc.cli.options import print_json
from calc.errors import UsageError
from calc.rates.ruled import figures as ruled_figures
from calc.rates.ruled import periods as ruled
from calc.rates.ruled import table as ruled_table
from calc.rules import jurisdictions

Jurisdiction = Annotated[
    str, typer.Option("--jurisdiction", metavar="ID", help="Whose rules: an id of `puccalc jurisdictions`.")
]


def is_colorado(jurisdiction: str) -> bool:
    """Whether the jurisdiction is Colorado; UsageError, naming those that exist, where there is none of that id."""
    return jurisdictions.load_jurisdiction(jurisdiction).id == jurisdictions.COLORADO


def refuse_colorados_options(jurisdiction: str, *, series: Path | None, switches: list[str] | None) -> None:
    """UsageError where an option is given that the rule of another jurisdiction has no use for."""
    for option, given in (("--series", series), ("--set", switches)):
        if given:
            raise UsageError(f"{option} goes with the rule of us-co, not with that of {jurisdiction}: leave it out")


def compute(jurisdiction: str, year: int, quarter: int | None, existing_ppm: int | None, *, json: bool) -> None:
    """Print a year's rate, or the rates of its quarters."""
    rates = ruled.rate_of_period(jurisdiction, year, quarter, existing_ppm=existing_ppm)
    shown = [ruled_figures.figures(jurisdiction, rate) for rate in rates]
    if json:
        one = len(shown) == 1
        print_json(shown[0] if one else {"jurisdiction": jurisdiction, "year": year, "periods": shown})
        return
    for each in shown:
        _print_period(each)


def table(jurisdiction: str, known_on: date | None, *, json: bool) -> None:
    """Print the rates in force, by effective date."""
    rows = [ruled_figures.row_figures(row) for row in ruled_table.load_ruled_table(jurisdiction, known_on).rows]
    if json:
        print_json(rows)
        return
    printed = terminal.Table("effective from", "percent", "source", "note", title=f"Deposit rates of {jurisdiction}")
    for row in rows:
        printed.add_row(*(row[key] for key in ("effective_from", "rate_percent", "source", "note")))
    terminal.print_tables(printed)


def _print_period(shown: Mapping[str, Any]) -> None:
    steps = terminal.Table(show_header=False, title=f"Deposit rate of {shown['jurisdiction']}, {shown['period']}")
    figures = shown.get("months") or shown.get("days") or []
    window = f"{shown['window_first']} to {shown['window_last']}, {len(figures)} figures" if figures else ""
    exact = shown["average_exact"]
    for name, text in (
        ("method", str(shown.get("method", "")).replace("_", " ")),
        ("window", window),
        ("average", exact and f"{shown['average_percent']} ({exact} exactly)"),
        ("existing rate", shown["existing_percent"]),
        ("computed", shown["computed_percent"]),
        ("published", shown["published_percent"]),
        ("rate", f"{shown['rate_percent']} percent from {shown['effective_from']}, {shown['source']}"),
        ("note", shown["note"]),
        ("rules", ", ".join(dict.fromkeys(each["rule"] for each in shown["citations"]))),
        ("series", shown["provenance"].get("series")),
    ):
        if text:
            steps.add_row(name, text)
    terminal.print_tables(steps)
