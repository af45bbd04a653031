"""Write a report as a workbook, a page to print and Parquet: the same report gives the same bytes on any day."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import polars as pl

from calc import atomic_write
from calc.filing.report import Cell, Report, Section

_TEMPLATES: Final = Path(__file__).with_name("templates")
_FORMATS: Final = {"cents": "#,##0.00", "hundredths": "#,##0.00", "count": "#,##0", "text": "@"}
_WIDTH: Final = 34
_BAR: Final = 320
"""Length of the longest bar of a chart, in pixels."""
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's day of making, the same for every run


def write(report: Report, folder: Path, *, name: str = "") -> list[str]:
    """Write a report's files, each whole or not at all, and return their names.

    Args:
        report: The report.
        folder: Made where it is not there; files of the same names are replaced.
        name: The files' name without suffix; empty: the report's, its year, and whether it is the public form.

    Raises:
        OutputError: A file cannot be written.
    """
    atomic_write.make_folders(folder)
    name = name or f"{report.name}_{report.year}{'_public' if report.public else ''}"
    files = {".xlsx": _workbook(report), ".html": _page(report), ".parquet": _parquet(report)}
    for suffix, content in files.items():
        atomic_write.write_atomically(folder / f"{name}{suffix}", content)
    return [f"{name}{suffix}" for suffix in files]


def long_rows(report: Report) -> Iterator[dict[str, Any]]:
    """Yield a row for each cell: part, item, title, row, column, value (whole number), unit, text, status."""
    for section in report.sections:
        for name, cells in section.rows:
            for head, cell in zip(section.heads[1:], cells, strict=True):
                number = cell.value if isinstance(cell.value, int) else None
                yield {
                    "part": section.part, "item": section.item, "title": section.title, "row": name, "column": head,
                    "value": number, "unit": cell.unit, "text": cell.text, "status": cell.status,
                }  # fmt: skip


def _parquet(report: Report) -> bytes:
    schema = {
        "part": pl.String, "item": pl.String, "title": pl.String, "row": pl.String, "column": pl.String,
        "value": pl.Int64, "unit": pl.String, "text": pl.String, "status": pl.String,
    }  # fmt: skip
    return parquet_bytes(pl.DataFrame(list(long_rows(report)), schema=schema))


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Return a frame as a Parquet file."""
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _workbook(report: Report) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - for workbooks alone

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": report.title, "created": _MADE})
        formats = {unit: book.add_format({"num_format": form}) for unit, form in _FORMATS.items()}
        formats["text"].set_text_wrap()
        bold, title = book.add_format({"bold": True}), book.add_format({"bold": True, "font_size": 14})
        grey = book.add_format({"italic": True, "font_color": "#565c65"})
        for part, sections in groupby(report.sections, lambda each: each.part):
            sheet = book.add_worksheet(part[:31])
            sheet.set_column(0, 0, 44)
            sheet.set_column(1, 30, _WIDTH // 2)
            sheet.write_string(0, 0, f"{report.title}, {report.year}: {part}", title)
            facts = (report.utility, report.period, report.rule, *([f"due {report.due}"] if report.due else []))
            sheet.write_string(1, 0, "; ".join(facts), grey)
            row = 3
            for section in sections:
                row = _sheet_section(sheet, section, row, formats, bold, grey)
    return buffer.getvalue()


def _sheet_section(sheet: Any, section: Section, row: int, formats: dict[str, Any], bold: Any, grey: Any) -> int:  # noqa: ANN401 - xlsxwriter ships no types
    """Write a section below a row and return the row below it."""
    sheet.write_string(row, 0, f"{section.item} {section.title}", bold)
    row += 1
    if section.note:
        sheet.write_string(row, 0, section.note, grey)
        row += 1
    for column, head in enumerate(section.heads):
        sheet.write_string(row, column, head, bold)
    for name, cells in section.rows:
        row += 1
        sheet.write_string(row, 0, name)
        for column, cell in enumerate(cells, 1):
            if cell.status != "given":
                sheet.write_string(row, column, cell.text, grey)
            elif isinstance(cell.value, int):
                scale = 1 if cell.unit == "count" else 100
                sheet.write_number(row, column, cell.value / scale, formats[cell.unit])
            else:
                sheet.write_string(row, column, cell.text, formats["text"])
    return row + 2


def _page(report: Report) -> bytes:
    import jinja2  # noqa: PLC0415 - for pages alone

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    parts = [
        (part, [(each, _bars(each)) for each in of]) for part, of in groupby(report.sections, lambda each: each.part)
    ]
    return environment.get_template("report.html").render(report=report, parts=parts).encode("utf-8")


def _bars(section: Section) -> list[tuple[str, int, str]]:
    """Return name, length in pixels and text of each bar of a section's chart, where something of it was given.

    A chart of a column leaves out the total, a chart of a row draws it by the headings.
    """
    if not section.chart:
        return []
    drawn: list[tuple[str, Cell]] = []
    if section.chart in section.heads:
        column = section.heads.index(section.chart) - 1
        drawn = [(name, cells[column]) for name, cells in section.rows[: -1 if section.total else None]]
    else:
        drawn = list(zip(section.heads[1:], dict(section.rows)[section.chart], strict=True))
    if all(cell.status != "given" for _, cell in drawn):
        return []
    amounts = [cell.value if isinstance(cell.value, int) else 0 for _, cell in drawn]
    most = max([1, *amounts])
    return [
        (name, max(0, amount) * _BAR // most, cell.text) for (name, cell), amount in zip(drawn, amounts, strict=True)
    ]
