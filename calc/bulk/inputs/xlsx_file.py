"""A sheet of an Excel workbook (.xlsx): cells -> columns of text, as a CSV file of the same rows would have them.

Comes in: one sheet; `FILE.xlsx#Sheet` names it where there are several. Goes out: frames of text with the sheet's row
of every data row as its line. A date without a time of day is ISO text, and a number has the 15 digits that Excel
keeps. Formulas stand with the values that were saved; nothing in a workbook is run.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Chunk
from calc.bulk.inputs.csv_layout import CsvLayout
from calc.bulk.inputs.edge_blanks import trimmed
from calc.errors import InputError
from calc.kernels.arrays import Bool, Int64

SHEET: Final = "#"
"""Stands between a workbook's name and a sheet's."""
ROWS_MAX: Final = 1_048_576
"""Rows of a sheet, as Excel has them."""
_UNZIPPED_MAX: Final = 1 << 30
"""Bytes of a workbook's parts, unzipped."""
_MIDNIGHT: Final = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
_BINARY_TAIL: Final = r"^-?\d+\.\d{10,}$"
_USUAL: Final = CsvLayout()


@dataclass(frozen=True, slots=True)
class XlsxFile:
    """A sheet that has been read: its data rows as text, and the sheet's row of each."""

    path: Path
    sheet: str
    frame: pl.DataFrame
    lines: Int64

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """The header's names; all are text."""
        return dict(self.frame.schema)

    @property
    def header(self) -> tuple[str, ...]:
        """The header's names."""
        return tuple(self.frame.columns)

    @property
    def rows_hint(self) -> int:
        """How many data rows it has."""
        return self.frame.height

    @classmethod
    def open(cls, path: Path, sheet: str = "", layout: CsvLayout = _USUAL) -> "XlsxFile":
        """Read a sheet; blank rows are none, and the header is the first row behind `layout.skip_rows`.

        Raises:
            InputError: The file is no workbook, too large, or has several sheets and none is named; the sheet has no
                header, or names a column twice.
        """
        name, cells = read_cells(path, sheet)
        where = f"{path}{SHEET}{name}"
        line = np.arange(1, cells.height + 1)
        kept = (line > layout.skip_rows) & ~_blank_rows(cells)
        cells, line = cells.filter(pl.Series(kept)), line[kept]
        if not cells.height:
            raise InputError(f"{where}: has no header row; the first row names the columns")
        rows = cells.slice(1)
        columns = [
            rows[:, place].alias(heading.strip())
            for place, heading in enumerate(_headings(cells.row(0), rows, where))
            if heading.strip()
        ]
        return cls(path, name, pl.DataFrame(columns), line[1:])

    def chunks(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        """Rows and loader of each chunk of at most `part_rows` rows, with the named columns."""
        for first in range(0, self.frame.height, part_rows):
            count = min(part_rows, self.frame.height - first)
            yield count, partial(self._chunk, names, first, count)

    def _chunk(self, names: list[str], first: int, count: int) -> Chunk:
        frame = self.frame.select(names).slice(first, count)
        chunk = Chunk(f"{self.path}{SHEET}{self.sheet}", first + 1, frame, self.lines[first : first + count])
        return trimmed(chunk, names)


def split_sheet(named: str) -> tuple[str, str]:
    """Split FILE.xlsx#Sheet into the file's name and the sheet's; the sheet's is empty where none is named."""
    file, sign, sheet = named.rpartition(SHEET)
    if sign and file.lower().endswith(".xlsx") and not Path(named).exists():
        return file, sheet
    return named, ""


def read_cells(path: Path, sheet: str = "") -> tuple[str, pl.DataFrame]:
    """Read a sheet's cells as text, from its first row on.

    Raises:
        InputError: As `XlsxFile.open`.
    """
    import fastexcel  # noqa: PLC0415 - only workbooks need it

    _check_size(path)
    try:
        workbook = fastexcel.read_excel(path)
        name = _sheet(path, workbook.sheet_names, sheet)
        cells = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise InputError(f"{path}: cannot be read as an Excel workbook: {_first_line(error)}") from error
    if cells.height > ROWS_MAX:
        raise InputError(f"{path}: has more than {ROWS_MAX} rows; write it as CSV or Parquet")
    return name, cells.select(_text(pl.col(column)) for column in cells.columns)


def _check_size(path: Path) -> None:
    """Refuse what is no zip archive, or unpacks to more than _UNZIPPED_MAX bytes, before it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path}: is no .xlsx workbook, or is protected by a password; save it as .xlsx without one, or as CSV"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if size > _UNZIPPED_MAX:
        raise InputError(f"{path}: unpacks to {size} bytes, more than {_UNZIPPED_MAX}; write it as CSV or Parquet")


def _sheet(path: Path, names: list[str], sheet: str) -> str:
    if sheet and sheet not in names:
        raise InputError(f"{path}: has no sheet {sheet!r}; it has {', '.join(names)}")
    if not sheet and len(names) != 1:
        raise InputError(f"{path}: has the sheets {', '.join(names)}: name one, as in {path.name}{SHEET}{names[0]}")
    return sheet or names[0]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _text(cells: pl.Expr) -> pl.Expr:
    """Dates at midnight as ISO text; the digits behind the fifteenth, which a binary number adds, are taken off."""
    text = cells.cast(pl.String).str.replace(_MIDNIGHT, "$1")
    fifteen = text.map_batches(
        lambda found: pl.Series([each and _fifteen_digits(each) for each in found], dtype=pl.String), pl.String
    )
    has_tail = text.str.contains(_BINARY_TAIL)
    return pl.when(has_tail).then(pl.when(has_tail).then(fifteen)).otherwise(text)


def _fifteen_digits(text: str) -> str:
    if not re.match(_BINARY_TAIL, text):
        return text
    return format(float(text), ".15g")


def _blank_rows(cells: pl.DataFrame) -> Bool:
    filled = [pl.col(name).str.strip_chars().fill_null("") != "" for name in cells.columns]
    return ~cells.select(pl.any_horizontal(filled)).to_series().to_numpy() if filled else np.empty(0, dtype=np.bool_)


def _headings(row: tuple[str | None, ...], rows: pl.DataFrame, where: str) -> list[str]:
    """Headings of the columns; blank where the column is empty throughout."""
    headings = [(each or "").strip() for each in row]
    for place, heading in enumerate(headings):
        column = rows[:, place]
        if not heading and column.null_count() < column.len():
            raise InputError(f"{where}: column {_letters(place)} has values and no heading: name it or delete it")
    if twice := [name for name, count in Counter(headings).items() if name and count > 1]:
        raise InputError(f"{where}: the header names {', '.join(map(repr, twice))} more than once")
    return headings


def _letters(place: int) -> str:
    """A column's letters, as Excel shows them: 0 is A, 26 is AA."""
    letters = ""
    number = place + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
