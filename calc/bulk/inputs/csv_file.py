"""A CSV file (RFC 4180) in chunks: blocks of bytes -> records -> columns of text, without blanks at their edges.

Comes in: bytes (UTF-8 and commas unless its layout says otherwise), read in blocks of bounded size; what a block leaves
unfinished is carried into the next. Goes out: frames of text with the line of every row. A short line is a row with the
reason missing_value; a line that is no row (wrong quotes, too many fields, not in the encoding) is one physical line
with the reason bad_line, and counts as a row.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from calc.bulk.inputs.chunk import Chunk
from calc.bulk.inputs.csv_blocks import Readable, Records, read_records
from calc.bulk.inputs.csv_layout import GZIP, CsvLayout, open_text
from calc.bulk.inputs.edge_blanks import trimmed
from calc.errors import InputError, Reason
from calc.kernels import csv_bytes

_HEADER_BYTES: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
_OTHER_ENCODINGS: Final = (b"\xff\xfe", b"\xfe\xff")
_USUAL: Final = CsvLayout()
_PACKED: Final = 8
"""Bytes of text that one packed byte stands for, about."""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file whose header has been read; data begin at byte `data_start` of its UTF-8, on line `data_line`.

    `rows_hint` is about how many rows it has.
    """

    path: Path
    header: tuple[str, ...]
    data_start: int
    data_line: int
    layout: CsvLayout = _USUAL
    rows_hint: int = 0

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """The header's names; all are text."""
        return dict.fromkeys(self.header, pl.String())

    @classmethod
    def open(cls, path: Path, layout: CsvLayout = _USUAL) -> "CsvFile":
        """Read the header; InputError if it is empty, not in the encoding, or names a column twice."""
        try:
            with open_text(path, layout.encoding) as file:
                head = _head(file)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
        start = _behind_lines(head, len(_BOM) if head.startswith(_BOM) else 0, layout.skip_rows)
        blank = len(head) - start - len(head[start:].lstrip(b"\r\n"))
        begin = start + blank
        end = _header_end(head, begin)
        if head.startswith(_OTHER_ENCODINGS) or b"\0" in head[begin:end]:
            raise InputError(f"{path}: is UTF-16 or no text at all; write it as UTF-8, or name its encoding in a map")
        try:
            text = head[begin:end].decode("utf-8")
            names = _header_names(text, layout.delimiter)
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(
                f"{path}: the header line cannot be read as CSV in {layout.encoding.upper()}: {error}"
            ) from error
        if not any(names):
            raise InputError(f"{path}: has no header line; the first line names the columns")
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise InputError(f"{path}: the header names {', '.join(map(repr, twice))} more than once")
        line = 1 + head.count(b"\n", 0, end)
        return cls(path, tuple(names), end, line, layout, _rows_hint(path, head, end, layout))

    def chunks(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        """Rows and loader of each chunk: at most `part_rows` rows, at most what a block of bytes holds."""
        targets = np.array([names.index(name) if name in names else -1 for name in self.header], dtype=np.int32)
        first_row = 1
        try:
            with open_text(self.path, self.layout.encoding, self.data_start) as file:
                for records in read_records(file, self.data_line, targets, part_rows, self.layout.delimiter):
                    yield records.count, partial(self._chunk, names, first_row, records)
                    first_row += records.count
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror}") from error

    def _chunk(self, names: list[str], first_row: int, records: Records) -> Chunk:
        states = records.states
        flagged = None
        if states.any():
            flagged = np.zeros(records.count, dtype=np.int64)
            flagged[states == csv_bytes.SHORT] = Reason.missing_value
            flagged[states == csv_bytes.BAD] = Reason.bad_line
        raw_lines = {row: records.text(row) for row in np.flatnonzero(states == csv_bytes.BAD).tolist()}
        columns = [_text_column(records, place).alias(name) for place, name in enumerate(names)]
        chunk = Chunk(str(self.path), first_row, pl.DataFrame(columns), records.lines, raw_lines, flagged)
        return trimmed(chunk, [name for name, padded in zip(names, records.padded, strict=True) if padded])


def _header_names(text: str, delimiter: str) -> list[str]:
    """Names of a header's columns; blanks at their edges, within quotes and around them, are no content."""
    blanks = "[ ]+" if delimiter == "\t" else r"[ \t]+"
    text = re.sub(f'(^|{re.escape(delimiter)}){blanks}"', r'\1"', text)
    text = re.sub(f'"{blanks}(?={re.escape(delimiter)}|[\r\n]|$)', '"', text)
    return [name.strip() for name in next(csv.reader([text], strict=True, delimiter=delimiter), [])]


def _head(file: Readable) -> bytes:
    head = bytearray()
    block = bytearray(_HEADER_BYTES)
    while len(head) < _HEADER_BYTES and (read := file.readinto(memoryview(block))):
        head += block[:read]
    return bytes(head)


def _behind_lines(head: bytes, start: int, lines: int) -> int:
    """Byte behind so many physical lines; the end where there are not so many."""
    for _ in range(lines):
        start = head.find(b"\n", start) + 1 or len(head)
    return start


def _rows_hint(path: Path, head: bytes, start: int, layout: CsvLayout) -> int:
    """Lines of the file, by those of its first mebibyte from `start` on; mostly UTF-16 takes twice UTF-8's bytes."""
    lines = head.count(b"\n", start) + (len(head) > start and not head.endswith(b"\n"))
    size = path.stat().st_size // (2 if layout.encoding.startswith("utf-16") else 1)
    size *= _PACKED if path.suffix.lower() == GZIP else 1
    return lines if len(head) < _HEADER_BYTES else round(lines * size / len(head))


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
