"""Read texts as Arrow string views: which are known words, plain numbers or dates, and which may be blank or padded.

In: a column's views, shape (rows, 2) in 64-bit words (length and first four bytes; then eight more bytes or, for a text
of more than 12 bytes, where it lies), and which rows are present (empty: all). Out: a code, a value or a mark per row.
The caller checks by other means what a kernel leaves open: nulls, texts longer than a view, unusual first bytes, and
what is no plain number or date, whose reasons it gives.
"""

import numpy as np

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int8, Int32, Int64, UInt64Matrix

INLINE_BYTES = 12
"""Longest text that a view stores whole, in bytes."""
VIEW_WORDS = 2
UNSETTLED = -1
_STRIPE_ROWS = 1_024
_LENGTH = np.uint64(0xFFFFFFFF)
_FIRST_BYTE, _BYTE = np.uint64(32), np.uint64(0xFF)
_HEAD_BYTES, _LONGEST, _ONE, _BYTE_BITS = np.uint64(4), np.uint64(INLINE_BYTES), np.uint64(1), np.uint64(3)
_IN_WORD = np.uint64(7)
_FIRST_PRINTING, _LAST_PRINTING = np.uint64(ord("!")), np.uint64(ord("~"))
DATE_BYTES = 10
"""Length of a date, YYYY-MM-DD."""
_WORD_BYTES = 8
_ZERO, _MINUS, _POINT = 48, 45, 46
_DIGITS, _MONTHS = 10, 12
_NO_POINT = -1
_EPOCH_FROM_MARCH_0000 = 719_468


@kernel(fills=("codes",))
def word_codes(views: UInt64Matrix, present: Bool, words: UInt64Matrix, codes: Int8) -> None:
    """Fill the position of each row's text among `words`, else UNSETTLED.

    Args:
        views: Shape (rows, 2).
        present: Whether a row is not null; empty: all rows.
        words: Views of texts of at most INLINE_BYTES bytes, shape (words, 2).
        codes: Filled, shape (rows,).
    """
    texts = views.reshape(views.size)
    for begin in range(0, codes.size, _STRIPE_ROWS):
        stripe = codes[begin : begin + _STRIPE_ROWS]
        own = texts[2 * begin : 2 * (begin + _STRIPE_ROWS)]
        stripe[:] = UNSETTLED
        for word in range(words.shape[0]):
            head, tail = words[word, 0], words[word, 1]
            for row in range(stripe.size):
                same = (own[2 * row] == head) & (own[2 * row + 1] == tail)
                stripe[row] = word if same else stripe[row]
    for row in range(present.size):
        codes[row] = codes[row] if present[row] else UNSETTLED


@kernel(fills=("suspects",))
def blank_suspects(views: UInt64Matrix, present: Bool, suspects: Bool) -> None:
    """Mark rows that are null, empty, or begin with a byte outside ! to ~; every other row certainly holds a text.

    Args:
        views: Shape (rows, 2).
        present: Whether a row is not null; empty: all rows.
        suspects: Filled, shape (rows,).
    """
    every = present.size == 0
    for row in range(suspects.size):
        head = views[row, 0]
        first = (head >> _FIRST_BYTE) & _BYTE
        suspects[row] = (
            head & _LENGTH == 0 or first < _FIRST_PRINTING or first > _LAST_PRINTING or not (every or present[row])
        )


@kernel(fills=("suspects",))
def edge_suspects(views: UInt64Matrix, present: Bool, suspects: Bool) -> None:
    """Mark rows whose text may begin or end with white space.

    Every other row begins and ends with one of ! to ~, or holds no text. The end of a text longer than a view is not
    seen, so such rows are marked. Bytes 0 to 3 of a text are the upper half of a view's first word, and bytes 4 to 11
    its second word: byte k is the one (k + 4) mod 8 of its word.

    Args:
        views: Shape (rows, 2).
        present: Whether a row is not null; empty: all rows.
        suspects: Filled, shape (rows,).
    """
    words = views.reshape(views.size)
    for row in range(suspects.size):
        head, tail = words[2 * row], words[2 * row + 1]
        length = head & _LENGTH
        first = (head >> _FIRST_BYTE) & _BYTE
        place = max(length, _ONE) - _ONE
        word = tail if place >= _HEAD_BYTES else head
        last = (word >> (((place + _HEAD_BYTES) & _IN_WORD) << _BYTE_BITS)) & _BYTE
        unusual = (min(first, last) < _FIRST_PRINTING) | (max(first, last) > _LAST_PRINTING) | (length > _LONGEST)
        suspects[row] = (length != 0) & unusual
    for row in range(present.size):
        suspects[row] &= present[row]


@inner
def byte_of(low: np.uint64, high: np.uint64, place: int) -> int:
    """Return a byte of a text: `low` holds bytes 0 to 7, `high` bytes 8 to 11."""
    word = low if place < _WORD_BYTES else high
    return int((word >> (np.uint64(place & (_WORD_BYTES - 1)) << _BYTE_BITS)) & _BYTE)


@inner
def plain_number(low: np.uint64, high: np.uint64, length: int, decimals: int) -> tuple[int, bool]:
    """Return a text's number times 10**decimals and whether it is plain: [-]digits[.digits], at most `decimals`."""
    place = 1 if byte_of(low, high, 0) == _MINUS else 0
    digits, fraction, number = 0, _NO_POINT, 0
    first = place
    plain = True
    while place < length:
        byte = byte_of(low, high, place)
        digit = byte - _ZERO
        if 0 <= digit < _DIGITS:
            number = number * _DIGITS + digit
            digits += 1
        elif byte == _POINT and fraction == _NO_POINT and digits > 0:
            fraction = digits
        else:
            plain = False
        place += 1
    after = 0 if fraction == _NO_POINT else digits - fraction
    plain = plain and digits > 0 and after <= decimals and not (fraction != _NO_POINT and after == 0)
    for _ in range(decimals - after):
        number *= _DIGITS
    return (-number if first == 1 else number), plain


@inner
def two_digits(low: np.uint64, high: np.uint64, place: int) -> int:
    """Return the number of two digits from `place` on; a large negative one where a byte is no digit."""
    tens, ones = byte_of(low, high, place) - _ZERO, byte_of(low, high, place + 1) - _ZERO
    return tens * _DIGITS + ones if 0 <= tens < _DIGITS and 0 <= ones < _DIGITS else -1_000_000


@inner
def days_of_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 + ((month + month // 8) & 1)


@inner
def epoch_day(year: int, month: int, day: int) -> int:
    """Return the epoch day of a date: years are counted from March, so that a leap day ends one."""
    before_march = month <= 2
    counted = year - 1 if before_march else year
    era, of_era = counted // 400, counted % 400
    of_year = (153 * (month + 9 if before_march else month - 3) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _EPOCH_FROM_MARCH_0000


@kernel(fills=("numbers", "open_rows"))
def plain_numbers(
    views: UInt64Matrix, present: Bool, decimals: int, lowest: int, highest: int, missing: int, nullable: bool,
    numbers: Int64, open_rows: Bool,
) -> None:  # fmt: skip
    """Fill each row's whole number, times 10**decimals, and mark rows that are open.

    Args:
        views: Shape (rows, 2).
        present: Whether a row is not null; empty: all rows.
        decimals: Most digits after the point, 0 or 2.
        lowest: Lowest number that is settled.
        highest: Highest number that is settled.
        missing: Number of a null and of an open row.
        nullable: Whether a null is settled, as `missing`.
        numbers: Filled, shape (rows,).
        open_rows: Filled, shape (rows,).
    """
    every = present.size == 0
    for row in range(numbers.size):
        numbers[row] = missing
        if not (every or present[row]):
            open_rows[row] = not nullable
            continue
        head, tail = views[row, 0], views[row, 1]
        length = int(head & _LENGTH)
        number, plain = 0, False
        if 0 < length <= INLINE_BYTES:
            number, plain = plain_number(
                (head >> _FIRST_BYTE) | (tail << _FIRST_BYTE), tail >> _FIRST_BYTE, length, decimals
            )
        settled = plain and lowest <= number <= highest
        open_rows[row] = not settled
        if settled:
            numbers[row] = number


@kernel(fills=("days", "open_rows"))
def plain_dates(
    views: UInt64Matrix, present: Bool, first_day: int, last_day: int, missing: int, nullable: bool,
    days: Int32, open_rows: Bool,
) -> None:  # fmt: skip
    """Fill each row's epoch day from a date written YYYY-MM-DD, and mark rows that are open.

    Args:
        views: Shape (rows, 2).
        present: Whether a row is not null; empty: all rows.
        first_day: First epoch day that is settled.
        last_day: Last epoch day that is settled.
        missing: Day of a null and of an open row.
        nullable: Whether a null is settled, as `missing`.
        days: Filled, shape (rows,).
        open_rows: Filled, shape (rows,).
    """
    every = present.size == 0
    for row in range(days.size):
        days[row] = missing
        if not (every or present[row]):
            open_rows[row] = not nullable
            continue
        head, tail = views[row, 0], views[row, 1]
        settled = False
        if int(head & _LENGTH) == DATE_BYTES:
            low, high = (head >> _FIRST_BYTE) | (tail << _FIRST_BYTE), tail >> _FIRST_BYTE
            year = two_digits(low, high, 0) * 100 + two_digits(low, high, 2)
            month, day = two_digits(low, high, 5), two_digits(low, high, 8)
            dashes = byte_of(low, high, 4) == _MINUS and byte_of(low, high, 7) == _MINUS
            if dashes and year > 0 and 1 <= month <= _MONTHS and 1 <= day <= days_of_month(year, month):
                found = epoch_day(year, month, day)
                settled = first_day <= found <= last_day
                if settled:
                    days[row] = found
        open_rows[row] = not settled
