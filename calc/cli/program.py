"""`puccalc program`: a utility's affordability program: its books, and the yearly system benefit charge."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc import atomic_write
from calc.bulk.inputs import source
from calc.cli.options import Json, count, day, message, parse_switches, print_json, run_uncompiled, word
from calc.cli.program_options import ProgramFile, ProgramYear, Results, Switches, Tariff
from calc.columns import contract
from calc.errors import UsageError
from calc.program import annual_bills as program_bills
from calc.program import benefit_charge, charge_letter, program_file, statement
from calc.program import credits as program_credits
from calc.report.explaining import provenance, step
from calc.report.explaining import text as report_text
from calc.rules import resolve, schema
from calc.units import format_cents

if TYPE_CHECKING:
    from calc.program.benefit_charge import Charge, YearsCharge
    from calc.program.charge_letter import Form

_FORMS: "Final[tuple[Form, ...]]" = ("pdf", "html", "txt")
_STDOUT: Final = "-"

app = typer.Typer(
    no_args_is_help=True,
    help="The affordability program: its books and the benefit charge, rules 3412, 4412.",
    epilog="Example: puccalc program books --program program.toml --results out --year 2026 -o books",
)


@app.callback()
def program() -> None:
    """The affordability program: its books and the benefit charge, rules 3412, 4412."""


@app.command(epilog="Example: puccalc program books --program program.toml --results out --year 2026 -o books")
def books(
    program: ProgramFile,
    year: ProgramYear,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the statements are written.")],
    results: Results = None,
    tariff: Tariff = "default",
    switches: Switches = None,
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
        if own["participants_without_months"]:
            message(
                f"{own['participants_without_months']:,} {name} participants of the results have no bill of the year "
                "there and are in no figure: they have no first_bill_date, or one outside the year."
            )
    message(f"Written to {out}: {', '.join(names)}")
    if json:
        print_json(data)
        return
    for name, own in data["services"].items():
        typer.echo(f"{name}, {data['first_date']} through {data['last_date']}")
        for key in ("program_cost_cents", "cost_to_recover_cents", "recovery_cents", "net_cents"):
            label = key.removesuffix("_cents").replace("_", " ")
            typer.echo(f"  {label:<24}{report_text.format_figure(key, own[key]):>16}")
        typer.echo(f"  {'out of balance':<24}{report_text.format_figure('', own['out_of_balance']):>16}")
        typer.echo(f"  {'filing due':<24}{report_text.format_figure('', own['filing_due']):>16}")
        for fee, figures in own["fees"].items():
            typer.echo(f"  {f'proposed fee, {fee}':<24}{report_text.format_figure('_cents', figures['fee_cents']):>16}")


@app.command(
    epilog="Example: puccalc program bills --participants p.parquet --annual-bills use.parquet --as-of 2027-01-01 "
    "--tariff example -o bills"
)
def bills(
    participants: Annotated[str, typer.Option(metavar="FILE", help="Participants; the bill may be left out.")],
    annual_bills: Annotated[
        str, typer.Option("--annual-bills", metavar="FILE", help="Use of twelve months and a rate schedule for each.")
    ],
    as_of: Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day whose prices are in force.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where bills and events are written.")],
    results: Annotated[
        Path | None,
        typer.Option("--results", metavar="DIR", help="The latest night: the basis is then that of its months."),
    ] = None,
    tariff: Annotated[
        str, typer.Option("--tariff", metavar="NAME|FILE", help="The utility's tariff, with its rate schedules.")
    ] = "default",
    *,
    json: Json = False,
) -> None:
    """Full annual bills of all participants at a day's prices, and which are a quarter or more from their basis."""
    rules = resolve.load_rules(as_of, tariff=tariff)
    if not rules.tariff.rate_schedules:
        raise UsageError(f"--tariff {tariff}: names no file of rate schedules; docs/annual-bill.md says how to")
    people, use = (
        source.open_source(dataset, named)
        for dataset, named in ((program_bills.MAY_LACK_BILL, participants), (contract.ANNUAL_BILLS, annual_bills))
    )
    found = program_bills.bill_participants(people, use, rules, as_of, results=results)
    summary = program_bills.summary_of(found, rules, as_of)
    message(f"Written to {out}: {', '.join(program_bills.write(found, summary, as_of, out))}")
    if json:
        print_json(summary)
        return
    for name, value in summary.items():
        if isinstance(value, int):
            label = name.removesuffix("_cents").replace("_", " ")
            typer.echo(f"{label:<20}{report_text.format_figure(name, value):>18}")
    for name, rows in summary["refused"].items():
        message(f"{rows:,} rows of {name} are refused: {out / f'refused_{name}.parquet'} says why.")


@app.command(epilog="Example: puccalc program charge --year 2027 -o charge.pdf")
def charge(
    year: Annotated[int, typer.Option(parser=count(2021, 2100), metavar="YEAR", help="The calendar year.")],
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="FILE", help="The letter as .pdf, .html or .txt; - for text to stdout."),
    ] = None,
    letters: Annotated[
        Path | None,
        typer.Option("--letters", metavar="FILE.csv", help="Charges that letters stated: effective_from, charge."),
    ] = None,
    month: Annotated[
        int | None,
        typer.Option(
            "--month", parser=count(1, 12), metavar="MONTH", help="Month of the index of a projection, by default 7."
        ),
    ] = None,
    rounding: Annotated[
        str, typer.Option("--rounding", parser=word(schema.ROUNDINGS), metavar="MODE", help="Rounding of a projection.")
    ] = "half_up",
    dated: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="The day of the letter; by default left to fill in.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """The energy assistance system benefit charge of a year, rules 3412(m) and 4412(m); a projection is called one."""
    run_uncompiled()
    form = _form(out)
    law = step.Law(resolve.load_rules(date(year, 1, 1)), "electric")
    typed = benefit_charge.charges_of_letters(letters) if letters else []
    chosen = benefit_charge.USUAL_MONTH if month is None else month
    found = benefit_charge.charge_of_year(year, law, typed, month=chosen, rounding=rounding)
    if found.charge.status == "projection":
        message(
            f"PROJECTION: no letter states the charge of {year}; month {chosen} and rounding {rounding} are chosen."
        )
    if out is not None:
        content = charge_letter.letter(found, form, dated=dated)
        if out == _STDOUT:
            sys.stdout.buffer.write(content)
            return
        atomic_write.write_atomically(Path(out), content)
        message(f"Wrote {out}, {len(content):,} bytes.")
    if json:
        print_json(_charge_data(found, law))
        return
    typer.echo("effective from  charge a month and fuel")
    for each in found.known if found.charge in found.known else (*found.known, found.charge):
        typer.echo(f"{each.effective_from}      {format_cents(each.charge_cents):>6}  {each.status}: {each.source}")


def _form(out: str | None) -> "Form":
    given = "txt" if out in {None, _STDOUT} else Path(out or "").suffix.removeprefix(".").lower()
    for each in _FORMS:
        if each == given:
            return each
    raise UsageError(f"-o {out}: name a .pdf, .html or .txt file, or - for text to stdout")


def _charge_data(found: "YearsCharge", law: "step.Law") -> dict[str, Any]:
    october, january = found.starts
    return {
        "year": found.year,
        **_row(found.charge),
        "effective_by_m": october.isoformat(),
        "effective_by_m_i": january.isoformat(),
        "index_month": found.month,
        "rounding": found.rounding,
        "known": [_row(each) for each in found.known],
        "steps": step.as_dicts(found.steps),
        **provenance.provenance(law.rules, None, "", provisional=found.charge.status == "projection"),
    }


def _row(each: "Charge") -> dict[str, Any]:
    return {
        **each._asdict(),
        "effective_from": each.effective_from.isoformat(),
        "charge": format_cents(each.charge_cents),
    }
