"""`puccalc report`: the yearly reports to the Commission, as workbook, page, PDF and Parquet."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from calc.cli.options import count, message, parse_switches, run_uncompiled
from calc.cli.program_options import ProgramFile, Results, Switches, Tariff
from calc.filing import account_rows, collection_events, disconnections, forms, pipp, suppression
from calc.filing import report as report_cells
from calc.program import credits as program_credits
from calc.program import program_file, statement
from calc.rules import resolve

if TYPE_CHECKING:
    from calc.filing.report import Report

_LEAST: Final = 15
"""Fewest households of which a public form shows a figure."""

app = typer.Typer(
    no_args_is_help=True,
    help="Yearly reports to the Commission, rules 3412(l) and 3407(g).",
    epilog="Example: puccalc report pipp --year 2026 --program program.toml --results out -o filing",
)

Year = Annotated[int, typer.Option(parser=count(2014, 2100), metavar="YEAR", help="The year of the report.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the report is written.")]
Public = Annotated[
    bool, typer.Option("--public", help="Suppress figures of few households, and what would give them away.")
]
Least = Annotated[
    int | None,
    typer.Option(
        "--least-households", parser=count(2, 1_000), metavar="COUNT", help="Fewest households shown, by default 15."
    ),
]
Pdf = Annotated[bool, typer.Option("--pdf", help="Write a PDF too: needs puccalc[letter].")]


@app.callback()
def report() -> None:
    """Yearly reports to the Commission, rules 3412(l) and 3407(g)."""


@app.command("pipp", epilog="Example: puccalc report pipp --year 2026 --program program.toml --results out -o filing")
def pipp_report(
    year: Year,
    program: ProgramFile,
    out: Out,
    results: Results = None,
    tariff: Tariff = "default",
    switches: Switches = None,
    *,
    public: Public = False,
    least_households: Least = None,
    pdf: Pdf = False,
) -> None:
    """The affordability program's annual report, due 31 December, for the twelve months that end on 31 October."""
    run_uncompiled()
    folders = results or []
    loaded = program_file.load_program(program)
    _, last = program_credits.program_year_days(year)
    rules = resolve.load_rules(last, switches=parse_switches(switches), tariff=tariff)
    books = statement.statement_of(loaded, folders, year, rules)
    filled = pipp.pipp_report(books, program_credits.months_of(folders, year), loaded.fuels)
    _write(filled, out, least_households, public=public, as_pdf=pdf)


@app.command(
    "disconnections",
    epilog="Example: puccalc report disconnections --year 2026 --accounts quarters.csv --utility Example -o filing",
)
def disconnection_report(
    year: Year,
    accounts: Annotated[
        str,
        typer.Option(
            "--accounts",
            metavar="FILE",
            help="Rows of account_quarters (puccalc columns account_quarters); with --events, of collection_accounts.",
        ),
    ],
    out: Out,
    utility: Annotated[str, typer.Option("--utility", metavar="NAME", help="The utility's name.")] = "",
    events: Annotated[
        str | None,
        typer.Option("--events", metavar="FILE", help="Dated events: puccalc columns collection_events."),
    ] = None,
    *,
    public: Public = False,
    least_households: Least = None,
    pdf: Pdf = False,
) -> None:
    """The report on disconnections for nonpayment in a calendar year, due 1 March.

    It is filled in from rows of accounts by quarter or, with --events, from dated events of collections.
    """
    run_uncompiled()
    if events is None:
        rows = account_rows.account_rows(accounts, out)
    else:
        rows = collection_events.rows_of_events(events, accounts, year, out)
    _write(disconnections.disconnection_report(rows, year, utility), out, least_households, public=public, as_pdf=pdf)


def _write(filled: "Report", out: Path, least: int | None, *, public: bool, as_pdf: bool) -> None:
    if public:
        filled = suppression.public_form(filled, _LEAST if least is None else least)
    missing = [f"{section.part} {section.item}" for section in filled.sections if _lacks(section.rows)]
    names = forms.write(filled, out, as_pdf=as_pdf)
    message(f"Due {filled.due}. Written to {out}: {', '.join(names)}")
    if missing:
        message(f"Not given: {', '.join(dict.fromkeys(missing))}")


def _lacks(rows: "tuple[tuple[str, tuple[report_cells.Cell, ...]], ...]") -> bool:
    return any(cell.status == report_cells.NOT_SUPPLIED for _, cells in rows for cell in cells)
