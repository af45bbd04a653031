"""`puccalc rates diff`: two tables of rates day by day, the effect on deposits, nights that rest on restated rates."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from calc.cli import effect
from calc.cli.options import Json, Switches, parse_switches
from calc.compare import rate_tables
from calc.rates.fred import snapshot
from calc.rules import resolve
from calc.units import format_percent

_TABLE = "current, shipped, known:DATE or FILE.csv."


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help=f"A table of rates: {_TABLE}")],
    after: Annotated[str, typer.Argument(metavar="B", help="The table that is compared with it.")],
    deposits: effect.Deposits = None,
    mapping: effect.Map = None,
    as_of: effect.AsOf = None,
    results: Annotated[
        list[Path] | None,
        typer.Option(
            "--results", metavar="DIR", help="Name this night if it rests on rates that B restates; repeatable."
        ),
    ] = None,
    out: effect.Folder = None,
    switches: Switches = None,
    *,
    json: Json = False,
) -> None:
    """Compare two tables of rates: days on which they differ, the effect on deposits, nights that rest on A.

    Results are named, never changed: run the night again to restate them.
    """
    rules = resolve.load_rules(as_of or snapshot.current_series().next_month, switches=parse_switches(switches))
    tables = [rate_tables.named_table(name, rules.electric.annual_rate) for name in (before, after)]
    on = as_of or min(each.end_date for each in tables) - timedelta(days=1)
    spans = rate_tables.differing_spans(*tables)
    restated, others = rate_tables.restated_nights(results or [], *tables)
    sides = [(rules, each) for each in tables]
    found = effect.effects({"deposits": deposits}, mapping, on, *sides)
    shown: dict[str, Any] = {
        "before": {"table": before, "sha256": tables[0].checksum},
        "after": {"table": after, "sha256": tables[1].checksum},
        "as_of": on.isoformat(),
        "spans": [
            {
                "from": span.first.isoformat(), "through": span.last.isoformat(), "was_percent": _percent(span.was_ppm),
                "is_percent": _percent(span.now_ppm),
            }
            for span in spans
        ],
        "restated_results": [
            {**each._asdict(), "as_of": each.as_of.isoformat(), "restated_from": each.restated_from.isoformat()}
            for each in restated
        ],
        "other_results": others,
    }  # fmt: skip
    if effect.hand_over(found, shown, out, json=json):
        return
    _print(shown, on)
    effect.print_effects(found)


def _percent(ppm: int | None) -> str | None:
    return None if ppm is None else format_percent(ppm)


def _print(shown: dict[str, Any], on: date) -> None:
    if not shown["spans"]:
        typer.echo("the rate is the same on every day")
    for span in shown["spans"]:
        was, now = (span[key] or "none" for key in ("was_percent", "is_percent"))
        typer.echo(f"{span['from']} through {span['through']}: was {was}, is {now}")
    for each in shown["restated_results"]:
        typer.echo(
            f"{each['folder']}: run {each['run_id']} as of {each['as_of']} rests on rates that B restates from "
            f"{each['restated_from']} on; its results stand as they are"
        )
    for each in shown["other_results"]:
        typer.echo(f"run {each['run_id']} as of {each['as_of']} rests on {each['rests_on']}: not restated")
    if shown["effect"]:
        typer.echo(f"as of {on}:")
