"""`puccalc rates`: how a year's deposit rate comes about, and the table of rates in force."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calc.cli import rates_ruled, terminal
from calc.cli.options import (
    Json,
    Switches,
    count,
    day,
    message,
    parse_switches,
    print_json,
    run_uncompiled,
    share_ppm,
)
from calc.cli.rates_calendar import calendar
from calc.cli.rates_diff import diff
from calc.cli.rates_impact import impact
from calc.cli.rates_letter import letter
from calc.cli.rates_refresh import refresh
from calc.cli.rates_register import approve, propose
from calc.cli.rates_sensitivities import sensitivities
from calc.cli.rates_verify import verify
from calc.errors import UsageError
from calc.rates import proposal as rate_proposal
from calc.rates.computing import annual as annual_rate
from calc.rates.computing import table as rate_table
from calc.rates.fred import series as rate_series
from calc.rates.fred import snapshot
from calc.rates.register import entries as rate_register
from calc.rates.ruled import figures as ruled_figures
from calc.rules import resolve, schema
from calc.units import format_percent

if TYPE_CHECKING:
    from calc.rates.computing.annual import AnnualRateResult
    from calc.rates.computing.table import RateRow
    from calc.rates.fred.series import MonthlySeries
    from calc.rules.resolve import Rules

app = typer.Typer(
    no_args_is_help=True,
    help="The yearly rate of interest on deposits, rules (o)(II).",
    epilog="Example: puccalc rates compute --year 2024",
)
app.command(epilog="Example: FRED_API_KEY=... puccalc rates refresh --cross-check")(refresh)
app.command(epilog='Example: puccalc rates propose --year 2027 --by "A. Smith"')(propose)
app.command(epilog='Example: puccalc rates approve --year 2027 --by "B. Jones"')(approve)
app.command(epilog="Example: puccalc rates impact --year 2027 --deposits deposits.parquet")(impact)
app.command(epilog="Example: puccalc rates diff known:2026-06-30 current --deposits deposits.parquet")(diff)
app.command(epilog="Example: puccalc rates calendar --year 2027 --ics dates.ics")(calendar)
app.command(epilog="Example: puccalc rates sensitivities --year 2027")(sensitivities)
app.command(epilog="Example: puccalc rates letter --year 2027 -o letter.pdf")(letter)
app.command(epilog="Example: puccalc rates verify letter.pdf")(verify)


@app.command(epilog="Example: puccalc rates compute --year 2024 --existing 1.69 --json")
def compute(
    year: Annotated[int, typer.Option(parser=count(1955, 2100), help="The calendar year of the rate.", metavar="YEAR")],
    existing: Annotated[
        int | None, typer.Option(parser=share_ppm, metavar="PERCENT", help="Rate in force on 31 December before.")
    ] = None,
    series: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Months (month, rate_percent[, status]) instead of those in use."),
    ] = None,
    jurisdiction: rates_ruled.Jurisdiction = "us-co",
    quarter: Annotated[
        int | None, typer.Option(parser=count(1, 4), metavar="1-4", help="One quarter, where rates are quarterly.")
    ] = None,
    switches: Switches = None,
    json: Json = False,
) -> None:
    """One year's rate: the twelve months, their average, the test against the existing rate.

    Where --existing or --series differ from the figures in use, the rate is what the rule makes of them, and a
    published rate is only noted.
    """
    run_uncompiled()
    if not rates_ruled.is_colorado(jurisdiction):
        rates_ruled.refuse_colorados_options(jurisdiction, series=series, switches=switches)
        rates_ruled.compute(jurisdiction, year, quarter, existing, json=json)
        return
    if quarter is not None:
        raise UsageError("us-co sets a rate a year: leave --quarter out")
    rules = _rules(date(year, 1, 1), switches)
    given = None if series is None else rate_series.MonthlySeries.from_csv(series)
    result = annual_rate.rate_of_year(year, rules.electric.annual_rate, series=given, existing_ppm=existing)
    if result.existing_ppm is None:
        message(f"No rate is known for {year - 1}-12-31: the average is the rate. Give one with --existing.")
    shown = _year_json(result, rules, given or snapshot.current_series())
    if json:
        print_json(shown)
    else:
        _print_year(shown)


@app.command(epilog="Example: puccalc rates table --known-on 2024-06-30")
def table(
    known_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="Only what was known on this day.")
    ] = None,
    jurisdiction: rates_ruled.Jurisdiction = "us-co",
    switches: Switches = None,
    json: Json = False,
) -> None:
    """The rates in force, by effective date."""
    run_uncompiled()
    if not rates_ruled.is_colorado(jurisdiction):
        rates_ruled.refuse_colorados_options(jurisdiction, series=None, switches=switches)
        rates_ruled.table(jurisdiction, known_on, json=json)
        return
    rules = _rules(known_on or snapshot.current_series().next_month, switches)
    rows = rate_table.load_rate_table(rules.electric.annual_rate, known_on=known_on).rows
    if json:
        print_json([ruled_figures.row_figures(row) for row in rows])
    else:
        _print_rows(rows)


def _rules(on: date, switches: list[str] | None) -> "Rules":
    """Rules of a day; years before the table's first are computed by the earliest rule at hand."""
    return resolve.load_rules(max(on, date(rate_table.FIRST_YEAR, 1, 1)), switches=parse_switches(switches))


def _year_json(result: "AnnualRateResult", rules: "Rules", series: "MonthlySeries") -> dict[str, Any]:
    """Keys of the contract."""
    return {
        "year": result.year,
        **rate_proposal.figures(result),
        "average_is": result.average_is,
        "published_percent": None if result.published_ppm is None else format_percent(result.published_ppm),
        "rate_percent": format_percent(result.rate_ppm),
        "effective_from": result.effective_from.isoformat(),
        "source": result.source,
        "note": result.note,
        "provisional_because": rate_proposal.doubt(result) if result.source == "provisional" else "",
        "switches": dict(rules.switches),
        "citations": _citations(rules),
        "provenance": {
            "series": series.provenance,
            "series_sha256": series.checksum,
            "rules_sha256": rules.checksum,
            "register_sha256": rate_register.load_register().checksum,
        },
    }


def _citations(rules: "Rules") -> list[dict[str, str]]:
    """Citation of each value of the annual rate's rule, electric and gas."""
    fields = type(rules.electric.annual_rate).__slots__
    return [
        {
            "service": service,
            "value": name,
            "rule": citation.rule,
            "quote": citation.quote,
            "reading": citation.reading,
        }
        for service in schema.SERVICES
        for name, citation in rules.service(service).citations.items()
        if name in fields
    ]


def _print_year(shown: dict[str, Any]) -> None:
    months = terminal.Table("month", "percent", "status", title=f"Deposit rate of {shown['year']}")
    for month in shown["months"]:
        months.add_row(*month.values())
    steps = terminal.Table(show_header=False)
    existing = shown["existing_percent"]
    side, points = shown["average_is"], f"{shown['difference_bp']} basis points"
    tested = f"{points} {side} the existing rate" if existing and side != "equal" else points
    taken = "the existing rate continues" if shown["decision"] == "keep" else "the average is the rate"
    for name, text in (
        ("sum", shown["sum_percent"]),
        ("average", f"{shown['average_percent']} ({shown['average_exact']} exactly)"),
        ("existing rate", existing or "none"),
        ("difference", tested if existing else "no existing rate"),
        ("decision", f"{shown['decision']}: {taken}"),
        ("rate", f"{shown['rate_percent']} percent from {shown['effective_from']}, {shown['source']}"),
        ("note", shown["note"]),
        ("provisional", shown["provisional_because"]),
        ("rules", ", ".join(dict.fromkeys(citation["rule"] for citation in shown["citations"]))),
        ("switches", ", ".join(f"{name}={value}" for name, value in shown["switches"].items())),
        ("series", shown["provenance"]["series"]),
    ):
        if text:
            steps.add_row(name, text)
    terminal.print_tables(months, steps)


def _print_rows(rows: "tuple[RateRow, ...]") -> None:
    printed = terminal.Table("effective from", "percent", "source", "known on", "note", title="Deposit rates")
    for row in rows:
        shown = ruled_figures.row_figures(row)
        printed.add_row(*(shown[key] for key in ("effective_from", "rate_percent", "source", "known_on", "note")))
    terminal.print_tables(printed)
