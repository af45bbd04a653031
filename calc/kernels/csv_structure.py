"""Split CSV text (RFC 4180) into records, with line number and state, and fields as Arrow string views.

In: UTF-8 bytes in a buffer that the kernel may alter (doubled quotes of finished records are made single in place).
Out: one entry per record and 16 bytes per field, in Arrow's `string_view` layout: texts of up to 12 bytes are stored
inside the view, longer ones as an offset into the buffer; empty fields are null. No cell is interpreted here: white
space at the edges of a field stays in its text, and its column is flagged. White space around quotes is not part of the
text.

One bad line never swallows the lines after it: a line that breaks the grammar is bad by itself, and reading resumes at
the next physical line. The same holds for a record over several lines whose number of fields differs from the header's,
because two stray quotes look like one long field: its first line is bad, and reading resumes after it.
"""

from typing import NamedTuple

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int8, Int32, Int64, Int64Matrix, UInt8, UInt8Matrix, UInt64, UInt64Matrix
from calc.kernels.csv_bytes import DEL, GOOD, INCOMPLETE, SPACE, first_record, line_end, valid_utf8, whole_record
from calc.kernels.plain_lines import plain_record

RECORDS, NEXT_BYTE, NEXT_LINE = 0, 1, 2
"""Positions in `progress`: number of records read, first byte not consumed, and the number of the line it begins."""
VIEW_WORDS = 2
_INLINE_BYTES = 12


@inner
def eight_bytes(words: UInt64, start: int) -> np.uint64:
    """Return bytes [start, start + 8) of the buffer as one little-endian number."""
    shift = np.uint64((start & 7) << 3)
    low: np.uint64 = words[start >> 3] >> shift
    if shift == 0:
        return low
    high: np.uint64 = words[(start >> 3) + 1] << (np.uint64(64) - shift)
    return low | high


@inner
def put_views(
    data: UInt8, words: UInt64, begins: Int64, ends: Int64, field: int, column: int, first: int, rows: int,
    views: UInt64, valid: UInt8, padded: Bool,
) -> None:  # fmt: skip
    """Write a field's string views for `rows` records, from row `first` on; an empty text stays null.

    `padded` is set for the column if a text may begin or end with white space of any alphabet.
    """
    half = np.uint64(32)
    unusual = False
    for record in range(rows):
        start = begins[record, field]
        length = ends[record, field] - start
        if length == 0:
            continue
        row = first + record
        valid[column, row >> 3] |= np.uint8(1 << (row & 7))
        head = eight_bytes(words, start)
        first_byte, last_byte = int(data[start]), int(data[start + length - 1])
        unusual |= (first_byte <= SPACE) | (first_byte >= DEL) | (last_byte <= SPACE) | (last_byte >= DEL)
        tail = np.uint64(0)
        if length > _INLINE_BYTES:
            tail = np.uint64(start)
        elif length > 8:
            tail = eight_bytes(words, start + 8) & ((np.uint64(1) << np.uint64(8 * length - 64)) - np.uint64(1))
        elif length < 8:
            head &= (np.uint64(1) << np.uint64(8 * length)) - np.uint64(1)
        views[column, 2 * row] = np.uint64(length) | (head << half)
        if length <= _INLINE_BYTES:
            views[column, 2 * row + 1] = (head >> half) | (tail << half)
        else:
            views[column, 2 * row + 1] = tail << half
    padded[column] |= unusual


class Block(NamedTuple):
    """Where a block of a file's bytes begins and ends, and how it is written.

    Attributes:
        start: First byte to read.
        stop: End of the content.
        line: Number of the line that begins at `start`.
        at_end: Whether the file ends at `stop`.
        ascii_only: Whether no byte is 128 or more.
        longest: Most bytes in a quoted field.
        delimiter: Byte between fields.
    """

    start: int
    stop: int
    line: int
    at_end: bool
    ascii_only: bool
    longest: int
    delimiter: int


class RecordColumns(NamedTuple):
    """Records of a block, with string views of their fields.

    Attributes:
        states: GOOD, SHORT or BAD, shape (records,).
        record_start: First byte.
        record_end: Byte where the end of its line begins.
        record_line: Number of its first line.
        views: Comes as zeros; filled, shape (columns, 2 words per row).
        valid: Comes as zeros; filled, shape (columns, 1 bit per row).
        padded: Comes as zeros; set for columns that may have white space at the edge of a text.
    """

    states: Int8
    record_start: Int64
    record_end: Int64
    record_line: Int64
    views: UInt64Matrix
    valid: UInt8Matrix
    padded: Bool


@kernel(fills=("data", "begins", "ends", "records", "progress"))
def csv_records(
    data: UInt8,
    words: UInt64,
    block: Block,
    targets: Int32,
    begins: Int64Matrix,
    ends: Int64Matrix,
    records: RecordColumns,
    progress: Int64,
) -> None:
    """Read a block's records, as many as there is room for.

    A record is bytes [record_start, record_end); a BAD one is a single physical line.

    Args:
        data: The buffer; doubled quotes are made single in place.
        words: `data` as 64-bit words, with 16 bytes to spare after `stop`.
        block: Where a block of a file's bytes begins and ends, and how it is written.
        targets: Column of each field of the header, -1 where it is not wanted; shape (fields,).
        begins: Scratch, shape (any number of records, fields).
        ends: Scratch, same shape.
        records: Records of a block, with string views of their fields.
        progress: Filled: RECORDS, NEXT_BYTE, NEXT_LINE.
    """
    stop, at_end, ascii_only = block.stop, block.at_end, block.ascii_only
    place, line, rows, found = block.start, block.line, 0, 1
    while found > 0:
        found, first = 0, rows
        while found < begins.shape[0] and rows < records.states.size:
            place, line = first_record(data, place, stop, line, at_end)
            if place == stop:
                break
            end = plain_record(data, words, place, stop, block.delimiter, begins[found], ends[found])
            if end >= 0 and (ascii_only or valid_utf8(data, place, end)):
                state, lines = GOOD, 1
            else:
                state, end, lines = whole_record(
                    data, place, stop, at_end, ascii_only, block.longest, block.delimiter, begins[found],
                    ends[found],
                )  # fmt: skip
            if state == INCOMPLETE:
                break
            records.states[rows], records.record_line[rows] = state, line
            records.record_start[rows], records.record_end[rows] = place, end
            place = min(line_end(data, end, stop) + 1, stop)
            line += lines
            rows += 1
            found += 1
        for field in range(targets.size):
            if targets[field] >= 0:
                put_views(
                    data, words, begins, ends, field, targets[field], first, found,
                    records.views, records.valid, records.padded,
                )  # fmt: skip
    progress[RECORDS], progress[NEXT_BYTE], progress[NEXT_LINE] = rows, place, line
