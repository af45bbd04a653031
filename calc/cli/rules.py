"""`puccalc rules`: what two versions of the rules say differently, and what that changes for a portfolio."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calc import datafiles
from calc.cli import effect
from calc.cli.options import Json, Switches, parse_switches
from calc.compare import values
from calc.errors import UsageError
from calc.rates.ruled import in_force
from calc.rules import resolve
from calc.units import parse_date

if TYPE_CHECKING:
    from calc.rates.computing.table import RateTable
    from calc.rules.resolve import Rules

app = typer.Typer(
    no_args_is_help=True,
    help="Rules: what two versions of them say differently.",
    epilog="Example: puccalc rules diff older-release/data@2026-09-30 us-co@2026-09-30",
)
_VERSION = "[ID or data FOLDER@]DATE, e.g. us-co@2026-09-30, or 2026-09-30."


@app.callback()
def rules() -> None:
    """Rules: what two versions of them say differently."""


@app.command(epilog="Example: puccalc rules diff 2026-09-30 us-md@2026-09-30 --deposits deposits.parquet")
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help=f"A version: {_VERSION}")],
    after: Annotated[str, typer.Argument(metavar="B", help="The version that is compared with it.")],
    deposits: effect.Deposits = None,
    participants: effect.Participants = None,
    mapping: effect.Map = None,
    as_of: effect.AsOf = None,
    out: effect.Folder = None,
    after_switches: Annotated[
        list[str] | None, typer.Option("--set-b", metavar="SWITCH=VALUE", help="Another reading of B; repeatable.")
    ] = None,
    switches: Switches = None,
    *,
    json: Json = False,
) -> None:
    """Compare two versions of the rules value by value, each with its citation; with files, the figures under both.

    A version is a jurisdiction on a day, or the data folder of another release. --set reads both sides otherwise,
    --set-b the second one alone. Figures are those of --as-of, by default B's day, each side by its own rates.
    """
    common, own = parse_switches(switches), parse_switches(after_switches)
    rates = deposits is not None
    first, second = _version(before, common, rates=rates), _version(after, {**common, **own}, rates=rates)
    on = as_of or second[0].on
    changes = values.rule_changes(first[0], second[0])
    found = effect.effects({"deposits": deposits, "participants": participants}, mapping, on, first, second)
    shown: dict[str, Any] = {
        **{
            key: {
                "version": name,
                "jurisdiction": side.jurisdiction,
                "on": side.on.isoformat(),
                "sha256": side.checksum,
            }
            for key, name, (side, _) in (("before", before, first), ("after", after, second))
        },
        "as_of": on.isoformat(),
        "changes": [_plain(each) for each in changes],
    }
    if effect.hand_over(found, shown, out, json=json):
        return
    if not changes:
        typer.echo("the rules say the same")
    for each in shown["changes"]:
        cited = each["citation_after"] or each["citation_before"]
        typer.echo(f"{each['name']}: was {each['before']}, is {each['after']}{f' ({cited})' if cited else ''}")
    effect.print_effects(found)


def _version(name: str, switches: dict[str, str], *, rates: bool) -> "tuple[Rules, RateTable | None]":
    """Return the rules that a version's name stands for, and their rates where these are needed."""
    whose, _, day = name.rpartition("@")
    try:
        on = parse_date(day)
    except ValueError as error:
        raise UsageError(f"{name}: the day {error}; a version is {_VERSION}") from error
    folder = Path(whose) if whose and (Path(whose) / datafiles.MANIFEST).is_file() else None
    with datafiles.chosen_root(folder) if folder else nullcontext():
        found = resolve.load_rules(on, switches=switches, jurisdiction="us-co" if folder else whose or "us-co")
        return found, in_force.rates_in_force(found) if rates else None


def _plain(change: "values.ValueChange") -> dict[str, Any]:
    return {name: _value(value) for name, value in change._asdict().items()}


def _value(value: Any) -> Any:  # noqa: ANN401 - what a rule holds
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
