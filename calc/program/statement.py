"""Make the statements of a program year: books of each fuel and of both, as JSON, CSV and a page to print.

The same inputs give the same bytes on any day. `books.json` is written last: where it stands, the other files do.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from calc import atomic_write
from calc.bulk.publish.output import read_manifest
from calc.errors import UsageError
from calc.program.books import Books, keep_books
from calc.program.credits import Credits, credits_of, months_of, program_year_days, without_months
from calc.program.high_use import UNITS, as_csv, highest_use, listed
from calc.program.program_file import Fuel, ProgramFile
from calc.report.explaining.provenance import provenance
from calc.report.explaining.step import Law, Step, as_dicts
from calc.report.explaining.text import format_figure
from calc.rules.resolve import Rules

_TEMPLATES: Final = Path(__file__).with_name("templates")
_SUMMED: Final = (
    "usage_credits_cents", "arrearage_credits_cents", "program_cost_cents", "cost_to_recover_cents", "recovery_cents",
    "net_cents",
)  # fmt: skip


class FuelStatement(NamedTuple):
    """Hold one fuel's books, where its credits come from, and the households of high use (None: no file was named).

    `without_months` counts participants of the results that have no bill of the year there, and so are in no figure.
    """

    books: Books
    source: str
    credits: Credits | None
    without_months: int
    high_use: pl.DataFrame | None


class Statement(NamedTuple):
    """Hold a program year's statements by fuel, and what they rest on."""

    utility: str
    year: int
    fuels: Mapping[str, FuelStatement]
    rules: Rules
    rests_on: Mapping[str, Any]


def statement_of(program: ProgramFile, folders: Sequence[Path], year: int, rules: Rules) -> Statement:
    """Make the statements of a program year.

    Args:
        program: The program's file.
        folders: Folders with published results.
        year: The program year, which ends on 31 October of it.
        rules: Rules on its last day.

    Raises:
        UsageError: Credits are neither in the results nor typed in, or are both.
        InputError: Results or a file of use cannot be read.
    """
    months = months_of(folders, year)
    fuels = {name: _fuel(name, fuel, months, folders, rules) for name, fuel in program.fuels.items()}
    manifests = [read_manifest(folder) or {} for folder in folders]
    rests_on = {
        "program_sha256": hashlib.sha256(program.content).hexdigest(),
        "results": [{"run_id": each.get("run_id"), "as_of": each.get("as_of")} for each in manifests],
    }
    return Statement(program.utility, year, fuels, rules, rests_on)


def _fuel(
    name: str, fuel: Fuel, months: pl.DataFrame | None, folders: Sequence[Path], rules: Rules
) -> FuelStatement:  # fmt: skip
    typed = (fuel.usage_credits_cents, fuel.arrearage_credits_cents)
    found = credits_of(months, name) if months is not None else None
    if found is not None and any(each is not None for each in typed):
        raise UsageError(
            f"[{name}] usage_credits or arrearage_credits are typed in, and the results have bills of the year: "
            "leave them out of the program's file, or give no --results"
        )
    if found is None and None in typed:
        raise UsageError(
            f"the credits of {name} are not known: give --results of nights whose participant_months hold bills of the "
            "program year (participants need a first_bill_date), or type usage_credits and arrearage_credits into "
            f"[{name}]"
        )
    usage, arrearage = (found.usage_cents, found.arrearage_cents) if found else typed
    law = Law(rules, name)
    high_use = listed(fuel.usage, name, law.own.program) if fuel.usage else None
    books = keep_books(usage or 0, arrearage or 0, fuel, law)
    left_out = without_months(folders, months, name) if found and months is not None else 0
    return FuelStatement(books, "participant_months" if found else "typed_in", found, left_out, high_use)


def as_data(statement: Statement) -> dict[str, Any]:
    """Return statements as JSON values: cents as whole numbers, days as ISO text."""
    first, last = program_year_days(statement.year)
    combined = {name: sum(getattr(each.books, name) for each in statement.fuels.values()) for name in _SUMMED}
    return {
        "utility": statement.utility,
        "year": statement.year,
        "first_date": first.isoformat(),
        "last_date": last.isoformat(),
        "report_due_date": date(statement.year, 12, 31).isoformat(),
        "filing_due": any(each.books.filing_due for each in statement.fuels.values()),
        "services": {name: _as_data(name, each, statement.rules) for name, each in statement.fuels.items()},
        "combined": combined,
        **provenance(statement.rules, None, "", provisional=False),
        **statement.rests_on,
    }


def _as_data(name: str, found: FuelStatement, rules: Rules) -> dict[str, Any]:
    figures = found.books._asdict()
    steps, fees = figures.pop("steps"), figures.pop("fees")
    counted = found.credits._asdict() if found.credits else {}
    high = None
    if found.high_use is not None:
        most = highest_use(name, rules.service(name).program)
        high = {"above": most, "unit": UNITS[name], "households": found.high_use.height}
    return {
        **figures,
        "credits_source": found.source,
        "participants": counted.get("participants"),
        "bills": counted.get("bills"),
        "planned_bills": counted.get("planned_bills"),
        "participants_without_months": found.without_months,
        "leap_to_unaffordable_cents": counted.get("leap_cents"),
        "high_use": high,
        "fees": {each.name: {key: value for key, value in each._asdict().items() if key != "name"} for each in fees},
        "steps": as_dicts(steps),
    }


def write(statement: Statement, folder: Path) -> list[str]:
    """Write the statements into a folder, each file whole or not at all, and return their names.

    Args:
        statement: The statements.
        folder: Made where it is not there; files of the same names are replaced.

    Raises:
        OutputError: A file cannot be written.
    """
    atomic_write.make_folders(folder)
    files = {"books.csv": _as_csv(statement), "statement.html": _page(statement)}
    for name, each in statement.fuels.items():
        if each.high_use is not None:
            files[f"high_use_{name}.csv"] = as_csv(each.high_use)
    for name, content in files.items():
        atomic_write.write_atomically(folder / name, content)
    atomic_write.write_json(folder / "books.json", as_data(statement))
    return [*files, "books.json"]


def _as_csv(found: Statement) -> bytes:
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(("service", "line", "figure", "value", "working", "citation", "quote"))
    for name, each in found.fuels.items():
        for step in each.books.steps:
            citations = _citations(step)
            for figure, value in step.figures.items():
                told = (format_figure(figure, value), step.formula, "; ".join(rule for rule, _ in citations))
                rows.writerow((name, step.label, figure, *told, "; ".join(quote for _, quote in citations)))
    return file.getvalue().encode("utf-8")


def _citations(step: Step) -> list[tuple[str, str]]:
    values = [(each.citation.rule, each.citation.quote) for each in step.parameters]
    return [*values, *((each.rule, each.quote) for each in step.passages)]


def _page(found: Statement) -> bytes:
    import jinja2  # noqa: PLC0415 - only the page needs it

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    lines = {
        name: [
            {
                "label": step.label,
                "figures": [format_figure(figure, value) for figure, value in step.figures.items()],
                "working": step.formula,
                "citations": _citations(step),
            }
            for step in each.books.steps
        ]
        for name, each in found.fuels.items()
    }
    page = environment.get_template("statement.html").render(
        data=as_data(found), lines=lines, format_figure=format_figure
    )
    return page.encode("utf-8")
