"""Write a report as a workbook, a page to print, PDF and Parquet: the same report gives the same bytes on any day."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import polars as pl

from calc import atomic_write
from calc.filing import printed
from calc.filing.report import Report, Section

_FORMATS: Final = {"cents": "#,##0.00", "hundredths": "#,##0.00", "count": "#,##0", "text": "@"}
_NAMES_WIDTH: Final = 56
_FIGURES_WIDTH: Final = 17
_LINE_POINTS: Final = 15
_LETTER: Final = 1
"""Paper of a printed sheet, as workbooks number them: US letter."""
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's day of making, the same for every run


def write(report: Report, folder: Path, *, name: str = "", as_pdf: bool = False) -> list[str]:
    """Write a report's files, each whole or not at all, and return their names.

    Args:
        report: The report.
        folder: Made where it is not there; files of the same names are replaced.
        name: The files' name without suffix; empty: the report's, its year, and whether it is the public form.
        as_pdf: Whether to write a PDF too.

    Raises:
        ExtraMissingError: A PDF was asked for, and the packages of the extra `letter` are not installed.
        OutputError: A file cannot be written.
    """
    more = {".pdf": printed.printed(report)} if as_pdf else {}
    atomic_write.make_folders(folder)
    name = name or f"{report.name}_{report.year}{'_public' if report.public else ''}"
    files = {".xlsx": _workbook(report), ".html": printed.page(report), **more, ".parquet": _parquet(report)}
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
        formats = _cell_formats(book)
        for part, sections in groupby(report.sections, lambda each: each.part):
            sheet = book.add_worksheet(part[:31])
            sheet.set_column(0, 0, _NAMES_WIDTH, formats["name"])
            sheet.set_column(1, 30, _FIGURES_WIDTH)
            sheet.set_landscape()
            sheet.set_paper(_LETTER)
            sheet.fit_to_pages(1, 0)  # as many pages as it takes, each as wide as the sheet
            sheet.set_footer("&L&A&R&P of &N")
            sheet.freeze_panes(2, 1)
            sheet.write_string(0, 0, f"{report.title}, {report.year}: {part}", formats["title"])
            facts = (report.utility, report.period, report.rule, f"due {report.due}" if report.due else "")
            sheet.write_string(1, 0, "; ".join(filter(None, facts)), formats["note"])
            row = 3
            for section in sections:
                row = _sheet_section(sheet, section, row, formats)
    return buffer.getvalue()


def _cell_formats(book: Any) -> dict[str, Any]:  # noqa: ANN401 - xlsxwriter ships no types
    """Return the formats of a workbook's cells by name; those of a total's row begin with "total "."""
    grey = {"italic": True, "font_color": "#565c65"}
    own = {
        **{unit: {"num_format": form, "text_wrap": unit == "text"} for unit, form in _FORMATS.items()},
        "missing": {**grey, "align": "right"},
        "name": {"text_wrap": True, "valign": "top"},
    }
    total = {f"total {name}": {**form, "bold": True, "top": 1} for name, form in own.items()}
    heads = {
        "title": {"bold": True, "font_size": 14},
        "note": grey,
        "item": {"bold": True},
        "head": {"bold": True, "text_wrap": True, "bottom": 1},
        "head of figures": {"bold": True, "text_wrap": True, "align": "right", "bottom": 1},
    }
    return {name: book.add_format(form) for name, form in {**own, **total, **heads}.items()}


def _sheet_section(sheet: Any, section: Section, row: int, formats: dict[str, Any]) -> int:  # noqa: ANN401 - as above
    """Write a section below a row and return the row below it."""
    sheet.write_string(row, 0, f"{section.item} {section.title}", formats["item"])
    row += 1
    if section.note:
        sheet.write_string(row, 0, section.note, formats["note"])
        row += 1
    lines = max((len(wrap(head, _FIGURES_WIDTH - 3)) for head in section.heads[1:]), default=1) or 1
    sheet.set_row(row, _LINE_POINTS * lines)
    for column, head in enumerate(section.heads):
        sheet.write_string(row, column, head, formats["head of figures" if column else "head"])
    last = len(section.rows) - 1
    for place, (name, cells) in enumerate(section.rows):
        row += 1
        of_row = "total " if section.total and place == last else ""
        sheet.write_string(row, 0, name, formats[f"{of_row}name"])
        for column, cell in enumerate(cells, 1):
            if cell.status != "given":
                sheet.write_string(row, column, cell.text, formats[f"{of_row}missing"])
            elif isinstance(cell.value, int):
                scale = 1 if cell.unit == "count" else 100
                sheet.write_number(row, column, cell.value / scale, formats[f"{of_row}{cell.unit}"])
            else:
                sheet.write_string(row, column, cell.text, formats[f"{of_row}text"])
    return row + 2
