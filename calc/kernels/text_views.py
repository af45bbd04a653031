"""Texts as Arrow's string views: which are known words, and which begin as no blank text can.

In: the views of a column, of shape (rows, 2) in 64-bit words (length and first four bytes; then eight more bytes, or
where a text of more than 12 bytes lies), and which rows are given (empty: every one). Out: a code or a mark a
row. What a kernel leaves open (null, longer than a view, an unusual first byte) the caller looks at by other means.
"""

import numpy as np
import numpy.typing as npt

from calc.kernels._jit import kernel

UInt64 = npt.NDArray[np.uint64]
Int8 = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

INLINE_BYTES = 12
"""Longest text that a view holds whole."""
VIEW_WORDS = 2
UNSETTLED = -1
_LENGTH = np.uint64(0xFFFFFFFF)
_FIRST_BYTE, _BYTE = np.uint64(32), np.uint64(0xFF)
_HEAD_BYTES, _LONGEST, _ONE, _BYTE_BITS = np.uint64(4), np.uint64(INLINE_BYTES), np.uint64(1), np.uint64(3)
_FIRST_PRINTING, _LAST_PRINTING = np.uint64(ord("!")), np.uint64(ord("~"))


@kernel("uint64[,], boolean[], uint64[,], int8[:]")
def word_codes(views: UInt64, given: Mask, words: UInt64, codes: Int8) -> None:
    """Place of each row's text among the `words` (views of at most INLINE_BYTES bytes), else UNSETTLED."""
    every = given.size == 0
    for row in range(codes.size):
        code = UNSETTLED
        for word in range(words.shape[0]):
            if (views[row, 0] == words[word, 0]) & (views[row, 1] == words[word, 1]):
                code = word
        codes[row] = code if every or given[row] else UNSETTLED


@kernel("uint64[,], boolean[], bool_[:]")
def blank_suspects(views: UInt64, given: Mask, suspects: Mask) -> None:
    """Rows that are null, empty, or begin with a byte that is not among ! to ~: all others hold a text for sure."""
    every = given.size == 0
    for row in range(suspects.size):
        head = views[row, 0]
        first = (head >> _FIRST_BYTE) & _BYTE
        suspects[row] = (
            head & _LENGTH == 0 or first < _FIRST_PRINTING or first > _LAST_PRINTING or not (every or given[row])
        )


@kernel("uint64[,], boolean[], bool_[:]")
def edge_suspects(views: UInt64, given: Mask, suspects: Mask) -> None:
    """Rows whose text may begin or end with white space: all others begin and end with one of ! to ~, or hold none.

    Of a text that is longer than a view the end is not seen.
    """
    every = given.size == 0
    for row in range(suspects.size):
        head, tail = views[row, 0], views[row, 1]
        length = head & _LENGTH
        first = (head >> _FIRST_BYTE) & _BYTE
        last = first
        if length > _HEAD_BYTES:
            last = (tail >> ((length - _HEAD_BYTES - _ONE) << _BYTE_BITS)) & _BYTE
        elif length > 0:
            last = (head >> (_FIRST_BYTE + ((length - _ONE) << _BYTE_BITS))) & _BYTE
        unusual = min(first, last) < _FIRST_PRINTING or max(first, last) > _LAST_PRINTING or length > _LONGEST
        suspects[row] = length != 0 and unusual and (every or given[row])
