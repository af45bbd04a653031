"""A CSV file (RFC 4180, UTF-8, comma) in chunks: blocks of bytes -> records -> columns of text, blanks null.

Comes in: bytes, read in blocks of bounded size; what a block leaves unfinished is carried into the next. Goes out:
frames of text with the line of every row. A short line is a row with the reason missing_value; a line that is no row
(wrong quotes, too many fields, no UTF-8) is one physical line with the reason bad_line, and counts as a row.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from calc.bulk.chunk import Chunk
from calc.bulk.csv_blocks import Records, read_records
from calc.errors import InputError, Reason
from calc.kernels import csv_structure

_HEADER_BYTES: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
_OTHER_ENCODINGS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file whose header has been read; data begin at byte `data_start`, which is on line `data_line`."""

    path: Path
    header: tuple[str, ...]
    data_start: int
    data_line: int

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """The header's names; all are text."""
        return dict.fromkeys(self.header, pl.String())

    @classmethod
    def open(cls, path: Path) -> "CsvFile":
        """Read the header; InputError if it is empty, not UTF-8, or names a column twice."""
        try:
            with path.open("rb") as file:
                head = file.read(_HEADER_BYTES)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
        start = len(_BOM) if head.startswith(_BOM) else 0
        blank = len(head) - start - len(head[start:].lstrip(b"\r\n"))
        begin = start + blank
        end = _header_end(head, begin)
        if head.startswith(_OTHER_ENCODINGS) or b"\0" in head[begin:end]:
            raise InputError(f"{path}: is UTF-16 or no text at all; write it as UTF-8")
        try:
            names = next(csv.reader([head[begin:end].decode("utf-8")], strict=True), [])
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"{path}: the header line cannot be read as CSV in UTF-8: {error}") from error
        if not any(names):
            raise InputError(f"{path}: has no header line; the first line names the columns")
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise InputError(f"{path}: the header names {', '.join(map(repr, twice))} more than once")
        return cls(path, tuple(names), end, 1 + head[start:end].count(b"\n"))

    def chunks(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        """Rows and loader of each chunk: at most `part_rows` rows, at most what a block of bytes holds."""
        targets = np.array([names.index(name) if name in names else -1 for name in self.header], dtype=np.int32)
        first_row = 1
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(self.data_start)
                for records in read_records(file, self.data_line, targets, part_rows):
                    yield records.count, partial(self._chunk, names, first_row, records)
                    first_row += records.count
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror}") from error

    def _chunk(self, names: list[str], first_row: int, records: Records) -> Chunk:
        states = records.states
        flagged = None
        if states.any():
            flagged = np.zeros(records.count, dtype=np.int64)
            flagged[states == csv_structure.SHORT] = Reason.missing_value
            flagged[states == csv_structure.BAD] = Reason.bad_line
        raw_lines = {row: records.text(row) for row in np.flatnonzero(states == csv_structure.BAD).tolist()}
        columns = [_text_column(records, place).alias(name) for place, name in enumerate(names)]
        return Chunk(str(self.path), first_row, pl.DataFrame(columns), records.lines, raw_lines, flagged)


def _header_end(head: bytes, start: int) -> int:
    """Byte behind the header record: the first line feed outside quotes, or the end."""
    end = head.find(b"\n", start)
    while end >= 0 and head.count(b'"', start, end) % 2:
        end = head.find(b"\n", end + 1)
    return len(head) if end < 0 else end + 1


def _text_column(records: Records, place: int) -> pl.Series:
    """Column of text over the block's own bytes: Arrow's string views, as the kernel wrote them."""
    buffers = [pa.py_buffer(records.valid[place]), pa.py_buffer(records.views[place]), pa.py_buffer(records.data)]
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.string_view(), records.count, buffers)))
