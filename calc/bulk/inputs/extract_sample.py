"""The beginning and end of an extract, to propose a map from: how it is written, its columns, a sample of texts.

In: a CSV or Parquet file. Out: delimiter, encoding, lines above the header; texts by column; rows that may be totals.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from calc.bulk.inputs.csv_file import CsvFile
from calc.bulk.inputs.csv_layout import DELIMITERS, GZIP, UTF_8, CsvLayout, open_text
from calc.bulk.inputs.named_files import PARQUET, XLSX, kind
from calc.bulk.inputs.parquet_file import ParquetFile
from calc.bulk.inputs.xlsx_file import XlsxFile, read_cells
from calc.columns.plain import plain
from calc.errors import InputError

_SAMPLE_ROWS: Final = 1000
_SAMPLE_BYTES: Final = 1 << 20
_TAIL_BYTES: Final = 1 << 16
_TAIL_ROWS: Final = 20
_HEADER_LINES: Final = 60
"""Lines among which the header is looked for."""
_NAMED: Final = 0.8
"""Share of a header's fields that have a name, at least."""
_TOTAL: Final = re.compile(
    r"^\W*(?:(?:grand|sub|report|page|batch)[\s-]*)?totals?\b|^\W*(?:sum|end of|(?:record|row)s? count)\b"
    r"|^\W*(?:rows|records)\s*[:=]",
    re.IGNORECASE,
)
_ZONES: Final = (
    "America/Denver", "America/Phoenix", "America/Chicago", "America/Los_Angeles", "America/New_York", "UTC",
)  # fmt: skip
_BLANK_SHARE: Final = 3
"""A row of totals has one field in so many blank, at least."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A file's layout and the sampled texts of each column, without blanks and blank ones.

    `temporal` are columns of dates and times, `time_zone` is where those with a zone are midnight if they are not in
    their own, `padded` those of which a text has blanks at its edges. `totals` are the texts, by column, of rows that
    look like totals; they are in no sample.
    """

    is_csv: bool
    layout: CsvLayout
    samples: Mapping[str, list[str]]
    temporal: frozenset[str]
    time_zone: str | None
    padded: frozenset[str]
    totals: Mapping[str, list[str]]


def read_extract(path: Path, sheet: str = "") -> Extract:
    """A sample of a file, of a workbook's sheet; InputError where it cannot be read."""
    if kind(path) in XLSX:
        return _of_sheet(path, sheet)
    if kind(path) in PARQUET:
        file = ParquetFile.open(path)
        _, load = next(file.chunks(list(file.columns), _SAMPLE_ROWS), (0, None))
        frame = load().frame if load else pl.DataFrame(schema=file.columns)
        return _extract(CsvLayout(), frame, [], is_csv=False)
    try:
        with open_text(path, UTF_8) as raw:
            block = bytearray(_SAMPLE_BYTES)
            head = bytes(block[: raw.readinto(memoryview(block))])
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    encoding = _encoding(head)
    layout = _layout(head.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding)
    opened = CsvFile.open(path, layout)
    _, chunk = next(opened.chunks(list(opened.header), _SAMPLE_ROWS), (0, None))
    frame = pl.DataFrame(schema=opened.columns)
    if chunk:
        loaded = chunk()
        frame = loaded.frame if loaded.as_read is None else loaded.as_read
    return _extract(layout, frame, list(_last_rows(path, layout, opened.header)), is_csv=True)


def _of_sheet(path: Path, sheet: str) -> Extract:
    """A sample of a workbook's sheet, whose cells are read as a CSV file of them would be."""
    name, cells = read_cells(path, sheet)
    records = [
        (above, [cell or "" for cell in row])
        for above, row in enumerate(cells.head(_HEADER_LINES).iter_rows())
        if any((cell or "").strip() for cell in row)
    ]
    layout = CsvLayout(skip_rows=_lines_above(records, _width(records)))
    file = XlsxFile.open(path, name, layout)
    last = [
        {column: text or "" for column, text in row.items()}
        for row in file.frame.tail(_TAIL_ROWS).iter_rows(named=True)
    ]
    return _extract(layout, file.frame.head(_SAMPLE_ROWS), last, is_csv=True)


def _width(records: list[tuple[int, list[str]]]) -> int:
    """Cells of a sheet's row: all rows have as many."""
    return len(records[0][1]) if records else 0


def _encoding(head: bytes) -> str:
    """By the byte order mark, else UTF-8 if the sample is, else Windows' Western European."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > len(head) - 4 else "cp1252"  # a character cut by the sample's end
    return "utf-8"


def _layout(text: str, encoding: str) -> CsvLayout:
    """The delimiter that divides most lines into equally many fields, and the lines above the first that names them."""
    best, layout = -1, CsvLayout(encoding=encoding)
    for delimiter in DELIMITERS:
        records = list(_records(text, delimiter))
        counts = Counter(len(record) for _, record in records)
        width = max(counts, key=lambda count: (counts[count] * (count - 1), count), default=1)
        score = counts[width] * (width - 1)
        if score > best:
            best, layout = score, CsvLayout(delimiter, encoding, _lines_above(records, width))
    return layout


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records among the first lines, and how many lines stand above each."""
    lines = [f"{line}\n" for line in text.split("\n", _HEADER_LINES)[:_HEADER_LINES]]
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    above = 0
    try:
        for record in reader:
            if any(field.strip() for field in record):
                yield above, record
            above = reader.line_num
    except csv.Error:
        return


def _lines_above(records: list[tuple[int, list[str]]], width: int) -> int:
    """Lines above the header, the first record as wide as most that names its fields; 0 where nothing stands there."""
    wide = [(above, record) for above, record in records if len(record) == width]
    named = (above for above, record in wide if sum(bool(each.strip()) for each in record) >= _NAMED * width)
    above = next(named, wide[0][0] if wide else 0)
    return above if records and records[0][0] < above else 0


def _last_rows(path: Path, layout: CsvLayout, header: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The last rows of a CSV file by column, short ones too, where its end can be read."""
    if path.suffix.lower() == GZIP:  # its end is found by unpacking all of it
        return
    encoding = layout.encoding
    with path.open("rb") as raw:
        if encoding == "utf-16":
            encoding = "utf-16-le" if raw.read(2) == b"\xff\xfe" else "utf-16-be"
        size = raw.seek(0, 2)
        begin = max(0, size - _TAIL_BYTES) // 2 * 2
        raw.seek(begin)
        text = raw.read().decode(encoding, errors="replace")
    lines = [line for line in text.split("\n") if line.strip()]
    # The first line may be cut, and what stands above the first row is none.
    lines = lines[1:] if begin else lines[layout.skip_rows + 1 :]
    try:
        for record in csv.reader(lines[-_TAIL_ROWS:], delimiter=layout.delimiter, skipinitialspace=True):
            yield dict(zip(header, record, strict=False))
    except csv.Error:
        return


def _extract(layout: CsvLayout, frame: pl.DataFrame, last: list[dict[str, str]], *, is_csv: bool) -> Extract:
    as_text = frame.select(_as_text(series) for series in frame)
    bare = as_text.select(pl.all().str.strip_chars())
    padded = frozenset(name for name in frame.columns if not bare[name].equals(as_text[name], null_equal=True))
    totals: dict[str, dict[str, None]] = {}
    is_total = []
    for row in bare.iter_rows(named=True):
        found = _total_of(row)
        is_total.append(bool(found))
        if found:
            totals.setdefault(found[0], {})[found[1]] = None
    for each in last:
        found = _total_of({name: each.get(name, "") for name in frame.columns})
        if found:
            totals.setdefault(found[0], {})[found[1]] = None
    rows = bare.filter(~pl.Series(is_total, dtype=pl.Boolean))
    return Extract(
        is_csv,
        layout,
        {series.name: series.drop_nulls().filter(series.drop_nulls() != "").to_list() for series in rows},
        frozenset(series.name for series in frame if series.dtype.is_temporal()),
        _zone_of([series for series in frame if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone]),
        padded,
        {name: list(texts) for name, texts in totals.items()},
    )


def _zone_of(instants: list[pl.Series]) -> str | None:
    """The first zone in which all are midnight; None where they are in their own, or in none."""
    if all(_are_midnights(each) for each in instants):
        return None
    zones = (zone for zone in _ZONES if all(_are_midnights(each.dt.convert_time_zone(zone)) for each in instants))
    return next(zones, None)


def _are_midnights(instants: pl.Series) -> bool:
    wall = instants.dt.replace_time_zone(None)
    return bool((wall.cast(pl.Date).cast(wall.dtype) == wall).all())


def _as_text(series: pl.Series) -> pl.Series:
    """A column as text; lists and the like as nulls."""
    text = plain(series)
    if text.dtype.is_nested():
        return pl.Series(series.name, [None], dtype=pl.String).new_from_index(0, series.len())
    return text.cast(pl.String, strict=False)


def _total_of(row: Mapping[str, str | None]) -> tuple[str, str] | None:
    """Column and text by which a row is known as totals; of a text with figures, how it begins."""
    blank = sum(not (text or "").strip() for text in row.values())
    if blank * _BLANK_SHARE < len(row):
        return None
    matching = ((name, text.strip()) for name, text in row.items() if text and _TOTAL.match(text.strip()))
    for name, text in islice(matching, 1):
        begins = re.split(r"[0-9]", text)[0].rstrip(" \t:=$(")
        return name, text if begins == text else f"{begins}*"
    return None
