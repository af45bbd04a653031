"""The bytes of a CSV file in blocks of bounded size, each scanned for whole records; the rest goes into the next block.

A line that fills a block alone is one bad line, of which the first bytes are kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from calc.kernels import csv_bytes, csv_structure
from calc.kernels.arrays import Bool, Int8, Int32, Int64, UInt8, UInt64
from calc.kernels.csv_structure import NEXT_BYTE, NEXT_LINE, RECORDS

QUOTED_BYTES: Final = 1 << 20
"""Longest text in quotes: a quote that stays open for longer was never meant to open one."""
_SMALLEST_BLOCK: Final = 4 * QUOTED_BYTES
_LARGEST_BLOCK: Final = 64 * QUOTED_BYTES
_BYTES_A_ROW: Final = 128
_SPARE_BYTES: Final = 16
_SCRATCH_RECORDS: Final = 512
_LF: Final = b"\n"
_BEYOND_ASCII: Final = 128


class Readable(Protocol):
    """An unbuffered binary file."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill the buffer as far as bytes are there; 0 at the end."""


@dataclass(frozen=True, slots=True)
class Records:
    """Consecutive records of one block, as `calc.kernels.csv_structure` gives them, and the block's bytes."""

    count: int
    data: UInt8
    states: Int8
    starts: Int64
    ends: Int64
    lines: Int64
    views: UInt64
    valid: UInt8
    padded: Bool

    def text(self, row: int) -> str:
        r"""A record's text as it stands in the file, cut after QUOTED_BYTES; bytes that are no UTF-8 become \\xNN."""
        start, end = self.starts[row], min(self.ends[row], self.starts[row] + QUOTED_BYTES)
        return self.data[start:end].tobytes().decode("utf-8", errors="backslashreplace")


def read_records(
    file: Readable, line: int, targets: Int32, part_rows: int, delimiter: str = ","
) -> Iterator[Records]:  # fmt: skip
    """Records from the file's position, which is on line `line`; `targets` and states are those of `csv_records`."""
    size = min(max(_BYTES_A_ROW * part_rows, _SMALLEST_BLOCK), _LARGEST_BLOCK)
    rest = np.empty(0, dtype=np.uint8)
    at_end = False
    while rest.size or not at_end:
        data = np.empty(size + _SPARE_BYTES, dtype=np.uint8)
        data[: rest.size] = rest
        stop = rest.size + _fill(file, data[rest.size : size])
        at_end = stop < size
        records, consumed, line = _scan(data, stop, line, targets, part_rows, delimiter, at_end=at_end)
        if consumed == 0 and stop == size:
            records, consumed, line = _first_line(data, stop, line, targets)
        rest = data[consumed:stop]
        if consumed > stop:
            rest, at_end = _behind_line_feed(file, size)
        if records.count:
            yield records


def _fill(file: Readable, data: UInt8) -> int:
    filled = 0
    view = data.data
    while filled < data.size:
        read = file.readinto(view[filled:])
        if not read:
            break
        filled += read
    return filled


def _scan(
    data: UInt8, stop: int, line: int, targets: Int32, most: int, delimiter: str, *, at_end: bool
) -> tuple[Records, int, int]:  # fmt: skip
    """Records of data[:stop], the first byte that is not consumed, and its line."""
    columns = int(targets.max(initial=-1)) + 1
    begins, ends = (np.empty((_SCRATCH_RECORDS, targets.size), dtype=np.int64) for _ in range(2))
    states = np.zeros(most, dtype=np.int8)
    start, end, lines = (np.empty(most, dtype=np.int64) for _ in range(3))
    views = np.zeros((columns, most * csv_structure.VIEW_WORDS), dtype=np.uint64)
    valid = np.zeros((columns, (most + 7) // 8), dtype=np.uint8)
    padded = np.zeros(columns, dtype=np.bool_)
    progress = np.zeros(3, dtype=np.int64)
    ascii_only = bool(data[:stop].max(initial=0) < _BEYOND_ASCII)
    csv_structure.csv_records(
        data, data.view(np.uint64),
        csv_structure.Block(0, stop, line, at_end, ascii_only, QUOTED_BYTES, ord(delimiter)), targets, begins, ends,
        csv_structure.RecordColumns(states, start, end, lines, views, valid, padded), progress,
    )  # fmt: skip
    count = int(progress[RECORDS])
    records = Records(count, data, states[:count], start[:count], end[:count], lines[:count], views, valid, padded)
    return records, int(progress[NEXT_BYTE]), int(progress[NEXT_LINE])


def _first_line(data: UInt8, stop: int, line: int, targets: Int32) -> tuple[Records, int, int]:
    """The first line of a full block as a bad one; where no line feed ends it, more than `stop` is consumed."""
    end = data[:stop].tobytes().find(_LF)
    end = stop if end < 0 else end
    columns = int(targets.max(initial=-1)) + 1
    records = Records(
        1, data, np.array([csv_bytes.BAD], dtype=np.int8), np.array([0]), np.array([end]), np.array([line]),
        np.zeros((columns, csv_structure.VIEW_WORDS), dtype=np.uint64), np.zeros((columns, 1), dtype=np.uint8),
        np.zeros(columns, dtype=np.bool_),
    )  # fmt: skip
    return records, end + 1, line + 1


def _behind_line_feed(file: Readable, size: int) -> tuple[UInt8, bool]:
    """Bytes read behind the next line feed, and whether the file ends with them."""
    data = np.empty(size, dtype=np.uint8)
    while True:
        filled = _fill(file, data)
        place = data[:filled].tobytes().find(_LF)
        if place >= 0 or filled < size:
            return data[place + 1 if place >= 0 else filled : filled], filled < size
