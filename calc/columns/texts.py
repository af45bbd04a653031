"""Find known words and blank rows in text columns without reading each text.

In: Polars series of text. Out: arrays. Kernels decide nearly every row from its string view; Polars reads the rest.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from calc.columns.buffers import buffers_of
from calc.columns.lazy_polars import pl
from calc.kernels import text_views as kernels

Int8 = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

_BLANK: Final = r"^\s*$"


def blank(texts: "pl.Series") -> Mask:
    """Mark rows that are null or only white space, shape (rows,)."""
    rows: Mask = np.empty(len(texts), dtype=np.bool_)
    if not rows.size:
        return rows
    kernels.blank_suspects(*buffers_of(texts), rows)
    if rows.any():
        rows[rows] = texts.filter(pl.Series(rows)).str.contains(_BLANK).fill_null(value=True).to_numpy()
    return rows


def word_codes(texts: "pl.Series", words: tuple[str, ...]) -> Int8:
    """Return each row's position among the words; -1 where it is null or none of them."""
    codes: Int8 = np.empty(len(texts), dtype=np.int8)
    if not codes.size:
        return codes
    short = [place for place, word in enumerate(words) if len(word.encode()) <= kernels.INLINE_BYTES]
    patterns = buffers_of(pl.Series([words[place] for place in short], dtype=pl.String))
    kernels.word_codes(*buffers_of(texts), patterns.values, codes)
    if short != list(range(len(short))):
        codes = np.array([*short, kernels.UNSETTLED], dtype=np.int8)[codes]
    open_rows = np.flatnonzero(codes == kernels.UNSETTLED)
    if open_rows.size and len(short) < len(words):
        rest = texts.gather(open_rows)
        for place, word in enumerate(words):
            if place not in short:
                codes[open_rows[(rest == word).fill_null(value=False).to_numpy()]] = place
    return codes
