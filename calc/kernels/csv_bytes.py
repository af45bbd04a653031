"""Find records and fields in the bytes of CSV: quotes, line ends, blanks, and whether they are UTF-8.

In: bytes and positions among them. Out: where fields begin and end, and whether a record is good, short or bad. What is
quoted twice is unescaped in place.
"""

from calc.kernels._jit import inner
from calc.kernels.arrays import Int64, UInt8

GOOD, SHORT, BAD, INCOMPLETE = 0, 1, 2, 3
"""States of a record; INCOMPLETE (the buffer ends within it) never leaves the kernel."""
_LF, _CR, _QUOTE = 10, 13, 34
_TAB, SPACE, DEL = 9, 32, 127


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
    while place < stop and (data[place] == SPACE or data[place] == _TAB) and data[place] != delimiter:
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
        if place < stop and data[place] <= SPACE:
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
