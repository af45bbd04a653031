"""Text columns without a look at each text: codes of a few known words, and rows that are blank.

In: Polars series of text. Out: arrays. Kernels settle nearly every row by its string view; Polars looks at the rest.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.kernels import text_views as kernels

UInt8 = npt.NDArray[np.uint8]
UInt64 = npt.NDArray[np.uint64]
Int8 = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

_VIEW_TYPE: Final = "string_view"
_BLANK: Final = r"^\s*$"


class Views(NamedTuple):
    """A column's views of shape (rows, 2), validity bitmap (empty: no nulls) and the bit of its first row."""

    words: UInt64
    valid: UInt8
    first_bit: int


def blank(texts: pl.Series) -> Mask:
    """Rows that are null or nothing but white space."""
    rows: Mask = np.empty(len(texts), dtype=np.bool_)
    kernels.blank_suspects(*views_of(texts), rows)
    if rows.any():
        rows[rows] = texts.filter(pl.Series(rows)).str.contains(_BLANK).fill_null(value=True).to_numpy()
    return rows


def word_codes(texts: pl.Series, words: tuple[str, ...]) -> Int8:
    """Place of each row's text among the words; -1 where it is null or none of them."""
    codes: Int8 = np.empty(len(texts), dtype=np.int8)
    short = [place for place, word in enumerate(words) if len(word.encode()) <= kernels.INLINE_BYTES]
    patterns = views_of(pl.Series([words[place] for place in short], dtype=pl.String))
    kernels.word_codes(*views_of(texts), patterns.words, codes)
    if short != list(range(len(short))):
        codes = np.array([*short, kernels.UNSETTLED], dtype=np.int8)[codes]
    open_rows = np.flatnonzero(codes == kernels.UNSETTLED)
    if open_rows.size and len(short) < len(words):
        rest = texts.gather(open_rows)
        for place, word in enumerate(words):
            if place not in short:
                codes[open_rows[(rest == word).fill_null(value=False).to_numpy()]] = place
    return codes


def views_of(texts: pl.Series) -> Views:
    """String views of a column of text, not copied; TypeError for another column."""
    array: Any = texts.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    if str(array.type) != _VIEW_TYPE:
        raise TypeError(f"texts come as {array.type}, not as {_VIEW_TYPE}")
    valid, views = array.buffers()[:2]
    stop = array.offset + len(array)
    words = np.frombuffer(views if stop else b"", dtype=np.uint64).reshape(-1, kernels.VIEW_WORDS)
    bits = np.frombuffer(valid if valid is not None and stop else b"", dtype=np.uint8)
    return Views(words[array.offset : stop], bits, array.offset)
