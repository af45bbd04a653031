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

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int8, Int32, Int64, Int64Matrix, UInt8, UInt8Matrix, UInt64, UInt64Matrix
from calc.kernels.plain_lines import plain_record

GOOD, SHORT, BAD, INCOMPLETE = 0, 1, 2, 3
"""States of a record; INCOMPLETE (the buffer ends within it) never leaves the kernel."""
RECORDS, NEXT_BYTE, NEXT_LINE = 0, 1, 2
"""Positions in `progress`: number of records read, first byte not consumed, and the number of the line it begins."""
VIEW_WORDS = 2
_INLINE_BYTES = 12
_LF, _CR, _QUOTE = 10, 13, 34
_TAB, _SPACE, _DEL = 9, 32, 127


@inner
def valid_utf8(data: UInt8, start: int, end: int) -> bool:
    """Tell whether bytes [start, end) are UTF-8: shortest forms, no surrogates, at most U+10FFFF."""
    place = start
    while place < end:
        lead = int(data[place])
        place += 1
        if lead < 0x80:
            continue
        lowest, highest = 0x80, 0xBF
        if 0xC2 <= lead <= 0xDF:
            following = 1
        elif 0xE0 <= lead <= 0xEF:
            following = 2
            lowest = 0xA0 if lead == 0xE0 else 0x80
            highest = 0x9F if lead == 0xED else 0xBF
        elif 0xF0 <= lead <= 0xF4:
            following = 3
            lowest = 0x90 if lead == 0xF0 else 0x80
            highest = 0x8F if lead == 0xF4 else 0xBF
        else:
            return False
        for _ in range(following):
            if place >= end or data[place] < lowest or data[place] > highest:
                return False
            lowest, highest = 0x80, 0xBF
            place += 1
    return True


@inner
def line_end(data: UInt8, start: int, stop: int) -> int:
    """Return the position of the first line feed in [start, stop), or `stop`."""
    place = start
    while place < stop and data[place] != _LF:
        place += 1
    return place


@inner
def first_record(data: UInt8, start: int, stop: int, line: int, at_end: bool) -> tuple[int, int]:
    """Return the position and line number of the first byte that is not an empty line.

    A carriage return at the end of the buffer waits for what follows, unless `at_end`.
    """
    place = start
    while place < stop:
        end = place + 1 if data[place] == _CR else place
        if end < stop:
            if data[end] != _LF:
                break
        elif not at_end:
            break
        place = min(end + 1, stop)
        line += 1
    return place, line


@inner
def closing_quote(data: UInt8, start: int, stop: int, longest: int) -> int:
    """Return the position of the quote that ends the text beginning at `start`.

    A quote that is the buffer's last byte may be the first of a doubled one; the caller must handle that.

    Returns:
        The position; `stop` if there is no such quote, -1 if the text is longer than `longest` bytes.
    """
    place = start
    while place < stop:
        if data[place] == _QUOTE:
            if place + 1 == stop or data[place + 1] != _QUOTE:
                return place
            place += 1
        place += 1
        if place - start > longest:
            return -1
    return stop


@inner
def past_blanks(data: UInt8, start: int, stop: int, delimiter: int) -> int:
    """Skip spaces and tabs, unless they are the delimiter; return the position of the first other byte, or `stop`."""
    place = start
    while place < stop and (data[place] == _SPACE or data[place] == _TAB) and data[place] != delimiter:
        place += 1
    return place


@inner
def read_record(
    data: UInt8, start: int, stop: int, at_end: bool, longest: int, delimiter: int, begins: Int64, ends: Int64
) -> tuple[int, int, int]:
    """Read the record at `start` and fill the bounds of its fields.

    Args:
        data: The buffer.
        start: First byte of the record.
        stop: End of the buffer's content.
        at_end: Whether the file ends at `stop`.
        longest: Most bytes in a quoted field.
        delimiter: Byte between fields.
        begins: Filled, shape (fields,): field i is [begins[i], ends[i]), without its quotes.
        ends: Filled, shape (fields,).

    Returns:
        State, number of fields, and the byte where the end of its line begins. A quote within or after a field, or more
        fields than `begins` holds, is BAD.
    """
    place = start
    for count in range(begins.size):
        quote = place
        if place < stop and data[place] <= _SPACE:
            quote = past_blanks(data, place, stop, delimiter)
        if quote < stop and data[quote] == _QUOTE:
            place = quote
            begins[count] = place + 1
            place = closing_quote(data, place + 1, stop, longest)
            if place < 0 or (place == stop and at_end):
                return BAD, count, start
            ends[count] = place
            place = past_blanks(data, place + 1, stop, delimiter)
        else:
            begins[count] = place
            while place < stop:
                byte = data[place]
                if byte == delimiter or byte == _LF or byte == _QUOTE:  # noqa: PLR1714, SIM109 - no set a byte
                    break
                place += 1
            ends[count] = place
            unquoted_return = place > begins[count] and data[place - 1] == _CR
            if unquoted_return and (place >= stop or data[place] == _LF):
                place -= 1
                ends[count] = place
        after = place + 1 if place < stop and data[place] == _CR else place
        if after >= stop:
            return (_short_or_good(count + 1, begins.size) if at_end else INCOMPLETE), count + 1, min(place, stop)
        if data[after] == _LF:
            return _short_or_good(count + 1, begins.size), count + 1, place
        if after > place or data[place] != delimiter:
            return BAD, count, start
        place += 1
    return BAD, begins.size, start


@inner
def _short_or_good(count: int, fields: int) -> int:
    return GOOD if count == fields else SHORT


@inner
def in_quotes(data: UInt8, start: int, begin: int) -> bool:
    """Tell whether the field whose text begins at `begin`, in the record at `start`, is quoted."""
    return begin > start and data[begin - 1] == _QUOTE


@inner
def lines_in(data: UInt8, start: int, begins: Int64, ends: Int64) -> int:
    """Count the physical lines that a record covers: line feeds in quotes, and its own end."""
    lines = 1
    for field in range(begins.size):
        if in_quotes(data, start, begins[field]):
            for place in range(begins[field], ends[field]):
                lines += data[place] == _LF
    return lines


@inner
def unescape(data: UInt8, start: int, begins: Int64, ends: Int64) -> None:
    """Make the doubled quotes of a record's quoted fields single, in place, and move the fields' ends."""
    for field in range(begins.size):
        if in_quotes(data, start, begins[field]):
            put = place = begins[field]
            while place < ends[field]:
                data[put] = data[place]
                place += 2 if data[put] == _QUOTE else 1
                put += 1
            ends[field] = put


@inner
def whole_record(
    data: UInt8, start: int, stop: int, at_end: bool, ascii_only: bool, longest: int, delimiter: int,
    begins: Int64, ends: Int64,
) -> tuple[int, int, int]:  # fmt: skip
    """Read the record at `start` and check it as a whole.

    A record that is BAD consists of its first physical line alone, without fields.

    Returns:
        State, the byte where the end of its last line begins, and the number of lines it covers.
    """
    state, count, end = read_record(data, start, stop, at_end, longest, delimiter, begins, ends)
    if state == INCOMPLETE:
        return state, start, 0
    for field in range(count, begins.size):
        begins[field] = ends[field] = start
    lines = 1
    if state != BAD:
        lines = lines_in(data, start, begins, ends)
        if (state == SHORT and lines > 1) or not (ascii_only or valid_utf8(data, start, end)):
            state = BAD
    if state != BAD:
        unescape(data, start, begins, ends)
        return state, end, lines
    for field in range(begins.size):
        ends[field] = begins[field]
    end = line_end(data, start, stop)
    if end == stop and not at_end:
        return INCOMPLETE, start, 0
    if end > start and data[end - 1] == _CR:
        end -= 1
    return BAD, end, 1


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
        unusual |= (first_byte <= _SPACE) | (first_byte >= _DEL) | (last_byte <= _SPACE) | (last_byte >= _DEL)
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


@kernel(
    fills=(
        "data",
        "begins",
        "ends",
        "states",
        "record_start",
        "record_end",
        "record_line",
        "views",
        "valid",
        "padded",
        "progress",
    )
)
def csv_records(
    data: UInt8, words: UInt64, start: int, stop: int, line: int, at_end: bool, ascii_only: bool, longest: int,
    delimiter: int, targets: Int32, begins: Int64Matrix, ends: Int64Matrix, states: Int8, record_start: Int64,
    record_end: Int64, record_line: Int64, views: UInt64Matrix, valid: UInt8Matrix, padded: Bool, progress: Int64,
) -> None:  # fmt: skip
    """Read records from data[start:stop], as many as `states` has room for.

    A record is bytes [record_start, record_end); a BAD one is a single physical line.

    Args:
        data: The buffer; doubled quotes are made single in place.
        words: `data` as 64-bit words, with 16 bytes to spare after `stop`.
        start: First byte to read.
        stop: End of the content.
        line: Number of the line that begins at `start`.
        at_end: Whether the file ends at `stop`.
        ascii_only: Whether no byte is 128 or more.
        longest: Most bytes in a quoted field.
        delimiter: Byte between fields.
        targets: Column of each field of the header, -1 where it is not wanted; shape (fields,).
        begins: Scratch, shape (any number of records, fields).
        ends: Scratch, same shape.
        states: Filled: GOOD, SHORT or BAD, shape (records,).
        record_start: Filled: first byte.
        record_end: Filled: byte where the end of its line begins.
        record_line: Filled: number of its first line.
        views: Comes as zeros; filled, shape (columns, 2 words per row).
        valid: Comes as zeros; filled, shape (columns, 1 bit per row).
        padded: Comes as zeros; set for columns that may have white space at the edge of a text.
        progress: Filled: RECORDS, NEXT_BYTE, NEXT_LINE.
    """
    place, rows, found = start, 0, 1
    while found > 0:
        found, first = 0, rows
        while found < begins.shape[0] and rows < states.size:
            place, line = first_record(data, place, stop, line, at_end)
            if place == stop:
                break
            end = plain_record(data, words, place, stop, delimiter, begins[found], ends[found])
            if end >= 0 and (ascii_only or valid_utf8(data, place, end)):
                state, lines = GOOD, 1
            else:
                state, end, lines = whole_record(
                    data, place, stop, at_end, ascii_only, longest, delimiter, begins[found], ends[found]
                )  # fmt: skip
            if state == INCOMPLETE:
                break
            states[rows], record_start[rows], record_end[rows], record_line[rows] = state, place, end, line
            place = min(line_end(data, end, stop) + 1, stop)
            line += lines
            rows += 1
            found += 1
        for field in range(targets.size):
            if targets[field] >= 0:
                put_views(data, words, begins, ends, field, targets[field], first, found, views, valid, padded)
    progress[RECORDS], progress[NEXT_BYTE], progress[NEXT_LINE] = rows, place, line
