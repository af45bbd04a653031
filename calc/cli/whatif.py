"""`puccalc whatif`: a portfolio of participants under changed parameters, side by side."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc.bulk.inputs import source
from calc.bulk.run import job as nightly_job
from calc.cli import terminal
from calc.cli.options import Json, day, message, print_json
from calc.columns import contract
from calc.filing import forms
from calc.program import program_file
from calc.rules import guidelines
from calc.whatif import figures, portfolio, scenario_file

if TYPE_CHECKING:
    from calc.filing.report import Report, Section
    from calc.whatif.portfolio import Sums
    from calc.whatif.scenario_file import Study

_NAME: Final = 18
"""Width of the names of rows on a terminal."""
_EDGE: Final = 3
"""What a table draws beside a column."""


def whatif(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The scenarios; docs/whatif.md.")],
    *,
    participants: Annotated[
        str | None, typer.Option(metavar="FILE", help="The portfolio, in place of the one that FILE.toml names.")
    ] = None,
    as_of: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="The day, in place of the one in FILE.toml.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write whatif.xlsx, .html and .parquet here.")
    ] = None,
    json: Json = False,
) -> None:
    """Cost, credits, burden by income band, winners and losers, and the fee, under changed parameters side by side."""
    study = scenario_file.load_study(file, participants=participants, as_of=as_of)
    fuels = program_file.load_program(study.program).fuels if study.program else {}
    rows = source.open_source(contract.PARTICIPANTS, study.participants)
    sums = portfolio.evaluate(rows, study, guidelines.load_guidelines(), nightly_job.available_threads())
    rows.check_unchanged()
    report = figures.compared(study, sums, fuels)
    if sums.refused_rows:
        reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(sums.refused.items()))
        message(f"{sums.refused_rows:,} of {sums.rows:,} rows are left out of every scenario: {reasons}")
    if out:
        message(f"Written to {out}: {', '.join(forms.write(report, out, name='whatif'))}")
    if json:
        print_json(_as_data(study, sums, report))
    else:
        _print(report)


def _as_data(study: "Study", sums: "Sums", report: "Report") -> dict[str, Any]:
    return {
        "title": study.title,
        "as_of": study.as_of.isoformat(),
        "rows": sums.rows,
        "refused_rows": sums.refused_rows,
        "reasons": dict(sums.refused),
        "fewest_households": study.fewest_households,
        "income_bands_percent": list(study.bands),
        "scenarios": [
            {"name": each.name, "tariff": each.rules.tariff.name, "parameters": dict(each.changes)}
            for each in study.scenarios
        ],
        "figures": list(forms.long_rows(report)),
    }


def _print(report: "Report") -> None:
    tables = []
    for section in report.sections:
        for columns in _fitting(section, terminal.Console().width):
            heads = (
                terminal.Column(section.heads[each], justify="right", width=_width(section, each)) for each in columns
            )
            table = terminal.Table(
                terminal.Column(section.heads[0], width=_NAME), *heads,
                title=f"{section.part}: {section.title}", caption=section.note or None,
            )  # fmt: skip
            for name, cells in section.rows:
                table.add_row(name, *(cells[each - 1].text for each in columns))
            tables.append(table)
    terminal.print_tables(*tables)


def _fitting(section: "Section", width: int) -> Iterator[list[int]]:
    """Yield columns that stand beside each other within a width, so that no figure is cut."""
    beside: list[int] = []
    left = width - _NAME - _EDGE - 1
    for column in range(1, len(section.heads)):
        own = _width(section, column) + _EDGE
        if beside and own > left:
            yield beside
            beside, left = [], width - _NAME - _EDGE - 1
        beside.append(column)
        left -= own
    yield beside


def _width(section: "Section", column: int) -> int:
    """Return the width that a column's figures need, and the words of its heading."""
    words = section.heads[column].split()
    return max(len(text) for text in (" " * 10, *words, *(cells[column - 1].text for _, cells in section.rows)))
