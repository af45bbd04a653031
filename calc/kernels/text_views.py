"""Read texts as Arrow string views: which are known words, and which may be blank or padded.

In: a column's views, shape (rows, 2) in 64-bit words (length and first four bytes; then eight more bytes or, for a text
of more than 12 bytes, where it lies), and which rows are present (empty: all). Out: a code or a mark per row. The
caller checks by other means what a kernel leaves open: nulls, texts longer than a view, unusual first bytes.
"""

import numpy as np

from calc.kernels._jit import kernel
from calc.kernels.arrays import Bool, Int8, UInt64Matrix

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
