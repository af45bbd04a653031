"""`puccalc tariff`: what two tariffs choose differently, and what that changes for participants."""

from typing import Annotated, Any

import typer

from calc.cli import effect
from calc.cli.answer import today
from calc.cli.options import Json, Switches, parse_switches
from calc.compare import values
from calc.report.explaining import text as report_text
from calc.rules import resolve

app = typer.Typer(
    no_args_is_help=True,
    help="Tariffs: what two of them choose differently.",
    epilog="Example: puccalc tariff diff default my-tariff.toml --participants participants.parquet",
)


@app.callback()
def tariff() -> None:
    """Tariffs: what two of them choose differently."""


@app.command(epilog="Example: puccalc tariff diff default my-tariff.toml --participants participants.parquet")
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A tariff: a shipped name or a FILE.toml.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The tariff that is compared with it.")],
    participants: effect.Participants = None,
    mapping: effect.Map = None,
    as_of: effect.AsOf = None,
    out: effect.Folder = None,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", metavar="ID", help="Whose rules.")] = "us-co",
    switches: Switches = None,
    *,
    json: Json = False,
) -> None:
    """Compare two tariffs value by value; with --participants, the credits under both, in cents."""
    on, chosen = as_of or today(), parse_switches(switches)
    sides = [
        (resolve.load_rules(on, switches=chosen, tariff=name, jurisdiction=jurisdiction), None)
        for name in (before, after)
    ]
    changes = values.tariff_changes(*(rules.tariff for rules, _ in sides))
    found = effect.effects({"participants": participants}, mapping, on, *sides)
    shown: dict[str, Any] = {
        **{
            key: {"tariff": rules.tariff.name, "title": rules.tariff.title, "sha256": rules.tariff.checksum}
            for key, (rules, _) in zip(("before", "after"), sides, strict=True)
        },
        "as_of": on.isoformat(),
        "changes": [{"name": each.name, "before": each.before, "after": each.after} for each in changes],
    }
    if effect.hand_over(found, shown, out, json=json):
        return
    if not changes:
        typer.echo("the tariffs choose the same")
    for each in changes:
        unit = each.name.replace(".", "_") if "_ppm." in each.name or "_cents." in each.name else each.name
        name = "_ppm" if "_ppm" in unit else "_cents" if "_cents" in unit else ""
        before, after = (report_text.format_figure(name, value) for value in (each.before, each.after))
        typer.echo(f"{each.name}: was {before}, is {after}")
    effect.print_effects(found)
