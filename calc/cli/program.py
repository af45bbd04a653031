"""`puccalc program`: a utility's affordability program: its books."""

from pathlib import Path
from typing import Annotated

import typer

from calc.cli.options import Json, count, message, parse_switches, print_json, run_uncompiled
from calc.program import credits as program_credits
from calc.program import program_file, statement
from calc.report.explaining import text as report_text
from calc.rules import resolve

app = typer.Typer(
    no_args_is_help=True,
    help="The affordability program: its books, rules 3412 and 4412.",
    epilog="Example: puccalc program books --program program.toml --results out --year 2026 -o books",
)


@app.callback()
def program() -> None:
    """The affordability program: its books, rules 3412 and 4412."""


@app.command(epilog="Example: puccalc program books --program program.toml --results out --year 2026 -o books")
def books(
    program: Annotated[
        Path, typer.Option("--program", metavar="FILE.toml", help="What no result holds; docs/program.md.")
    ],
    year: Annotated[int, typer.Option(parser=count(2014, 2100), metavar="YEAR", help="Ends on 31 October of it.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the statements are written.")],
    results: Annotated[
        list[Path] | None, typer.Option("--results", metavar="DIR", help="Output of a nightly run; repeatable.")
    ] = None,
    tariff: Annotated[str, typer.Option("--tariff", metavar="NAME|FILE", help="The utility's tariff.")] = "default",
    switches: Annotated[
        list[str] | None, typer.Option("--set", metavar="SWITCH=VALUE", help="Another reading; repeatable.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Cost, recovery and balance of a program year, whether a filing is due, and fees that would balance the next."""
    run_uncompiled()
    _, last = program_credits.program_year_days(year)
    rules = resolve.load_rules(last, switches=parse_switches(switches), tariff=tariff)
    found = statement.statement_of(program_file.load_program(program), results or [], year, rules)
    names = statement.write(found, out)
    data = statement.as_data(found)
    for name, own in data["services"].items():
        if own["planned_bills"]:
            message(f"{own['planned_bills']:,} {name} bills lie after the night of their results and are left out.")
    message(f"Written to {out}: {', '.join(names)}")
    if json:
        print_json(data)
        return
    for name, own in data["services"].items():
        typer.echo(f"{name}, {data['first_date']} through {data['last_date']}")
        for key in ("program_cost_cents", "cost_to_recover_cents", "recovery_cents", "net_cents"):
            label = key.removesuffix("_cents").replace("_", " ")
            typer.echo(f"  {label:<24}{report_text.shown(key, own[key]):>16}")
        typer.echo(f"  {'out of balance':<24}{report_text.shown('', own['out_of_balance']):>16}")
        typer.echo(f"  {'filing due':<24}{report_text.shown('', own['filing_due']):>16}")
        for fee, figures in own["fees"].items():
            typer.echo(f"  {f'proposed fee, {fee}':<24}{report_text.shown('_cents', figures['fee_cents']):>16}")
