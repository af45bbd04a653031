"""Read a record of CSV that is a plain line, eight bytes at a time: nearly every one is.

In: a buffer of bytes, also as 64-bit words. Out: the bounds of a record's fields. What is not plain (quotes, another
number of fields, a line that does not end in the buffer) is left to `calc.kernels.csv_structure`.
"""

import numpy as np

from calc.kernels._jit import inner
from calc.kernels.arrays import Int64, UInt8, UInt64

_LF, _CR, _QUOTE = 10, 13, 34
_EACH_BYTE = np.uint64(0x0101010101010101)
_SEVEN_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)
_LINE_FEEDS, _QUOTES = _EACH_BYTE * np.uint64(_LF), _EACH_BYTE * np.uint64(_QUOTE)
_EVERY_BIT, _ONE = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(1)
_UPPER_HALF, _UPPER_PAIRS, _ODD = (
    np.uint64(0xFFFFFFFF00000000), np.uint64(0xFFFF0000FFFF0000), np.uint64(0xFF00FF00FF00FF00),
)  # fmt: skip


@inner
def equal_bytes(word: np.uint64, byte: np.uint64) -> np.uint64:
    """Return a word whose bytes have their highest bit set, and no other, where `word` has the bytes of `byte`."""
    differs = word ^ byte
    found: np.uint64 = ~(((differs & _SEVEN_BITS) + _SEVEN_BITS) | differs | _SEVEN_BITS)
    return found


@inner
def first_mark(marks: np.uint64) -> tuple[np.uint64, int]:
    """Return the lowest bit of marks as `equal_bytes` sets them, and the place of its byte."""
    mark: np.uint64 = marks & (~marks + _ONE)
    return mark, 4 * (mark & _UPPER_HALF != 0) + 2 * (mark & _UPPER_PAIRS != 0) + 1 * (mark & _ODD != 0)


@inner
def plain_record(
    data: UInt8, words: UInt64, start: int, stop: int, delimiter: int, begins: Int64, ends: Int64
) -> int:  # fmt: skip
    """Read the record at `start`, eight bytes at a time, if it is plain: one line, all fields, no quote.

    Args:
        data: The buffer.
        words: `data` as 64-bit words.
        start: First byte of the record.
        stop: End of the buffer's content.
        delimiter: Byte between fields.
        begins: Filled as by `read_record`, shape (fields,).
        ends: Filled, shape (fields,).

    Returns:
        The byte where the end of its line begins; -1 if `whole_record` must read it.
    """
    between = _EACH_BYTE * np.uint64(delimiter)
    last = begins.size - 1
    count, begin = 0, start
    keep = _EVERY_BIT << np.uint64((start & 7) << 3)
    for place in range(start >> 3, (stop + 7) >> 3):
        word = words[place]
        lines, quotes = (
            equal_bytes(word, _EACH_BYTE * np.uint64(_LF)),
            equal_bytes(word, _EACH_BYTE * np.uint64(_QUOTE)),
        )
        marks = (equal_bytes(word, between) | lines | quotes) & keep
        keep = _EVERY_BIT
        while marks != 0:
            mark, byte = first_mark(marks)
            end = (place << 3) + byte
            if end >= stop or quotes & mark != 0 or (lines & mark != 0) != (count == last):
                return -1
            begins[count], ends[count] = begin, end
            if count == last:
                if end > begin and data[end - 1] == _CR:
                    ends[count] = end - 1
                return int(ends[count])
            count += 1
            begin = end + 1
            marks ^= mark
    return -1
