"""Write lists: as one workbook with a sheet a list, or as a folder with a CSV or Parquet file a list.

Money is in dollars in workbooks and CSV, and in whole cents in Parquet. CSV has exact decimal text; a cell of a
workbook holds the nearest number that Excel can, which has all digits of amounts below 10 million million dollars.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from calc.atomic_write import make_folders, write_atomically
from calc.columns.spreadsheet_text import without_formulas
from calc.units import format_cents

if TYPE_CHECKING:
    import xlsxwriter

FORMATS: Final = ("xlsx", "csv", "parquet")
SHEET_ROWS_MAX: Final = 1_048_576
"""Rows of a sheet, as Excel has them: the header and the totals among them."""
_CENTS: Final = "_cents"
_WIDTH_MAX: Final = 40


def write_workbook(path: Path, lists: Mapping[str, pl.DataFrame]) -> dict[str, Path]:
    """Write a sheet a list; a list of more rows than a sheet holds becomes a CSV file beside the workbook.

    Returns:
        Where each list stands.
    """
    import xlsxwriter  # noqa: PLC0415 - only workbooks need it

    buffer = BytesIO()
    places = {}
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, frame in lists.items():
            if frame.height + 2 > SHEET_ROWS_MAX:
                places[name] = path.with_name(f"{path.stem} {name}.csv")
                write_atomically(places[name], _csv(frame))
            else:
                places[name] = path
                _write_sheet(book, name, frame)
        if path not in places.values():
            book.add_worksheet("lists").write(0, 0, "Every list has more rows than a sheet: see the CSV files")
    write_atomically(path, buffer.getvalue())
    return places


def write_folder(folder: Path, lists: Mapping[str, pl.DataFrame], form: str) -> dict[str, Path]:
    """Write a file a list, of form "csv" or "parquet"; return where each list stands."""
    make_folders(folder)
    places = {name: folder / f"{name.replace(' ', '_')}.{form}" for name in lists}
    for name, path in places.items():
        write_atomically(path, _csv(lists[name]) if form == "csv" else _parquet(lists[name]))
    return places


def _money(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name.endswith(_CENTS)]


def _csv(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    dollars = [_dollars(name).alias(name.removesuffix(_CENTS)) for name in _money(frame)]
    without_formulas(frame).with_columns(dollars).select(
        name.removesuffix(_CENTS) if name.endswith(_CENTS) else name for name in frame.columns
    ).write_csv(buffer)
    return buffer.getvalue()


def _dollars(name: str) -> pl.Expr:
    """Whole cents as decimal text, exact."""
    cents = pl.col(name)
    sign = pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    part = (cents.abs() % 100).cast(pl.String).str.zfill(2)
    return pl.concat_str(sign, (cents.abs() // 100).cast(pl.String), pl.lit("."), part)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _write_sheet(book: "xlsxwriter.Workbook", name: str, frame: pl.DataFrame) -> None:
    """Write a list with a header that stays in sight, widths that fit, and a row of totals."""
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    total = book.add_format({"bold": True, "top": 1})
    kinds = {
        "money": book.add_format({"num_format": "#,##0.00"}),
        "money total": book.add_format({"num_format": "#,##0.00", "bold": True, "top": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    last = frame.height + 1
    for place, column in enumerate(frame):
        heading = column.name.removesuffix(_CENTS).replace("_", " ")
        sheet.write_string(0, place, heading, bold)
        width = len(heading)
        if column.name.endswith(_CENTS):
            cells: list[Any] = [None if cents is None else cents / 100 for cents in column]
            sheet.write_column(1, place, cells, kinds["money"])
            sum_cents = sum(cents for cents in column if cents is not None)
            sheet.write_number(last, place, sum_cents / 100, kinds["money total"])
            width = max(width, len(format_cents(sum_cents)) + 2)
        elif column.dtype == pl.Date:
            sheet.write_column(1, place, column.to_list(), kinds["date"])
            width = max(width, len("2026-12-31"))
        else:
            texts = column.cast(pl.String)
            for row, text in enumerate(texts, 1):
                if text is not None:
                    sheet.write_string(row, place, text)
            width = max(width, *texts.fill_null("").str.len_chars().to_list(), 0)
        sheet.set_column(place, place, min(width + 2, _WIDTH_MAX))
    if frame.width:
        sheet.write_string(last, 0, f"Total of {frame.height:,} rows", total)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, frame.height, max(0, frame.width - 1))
