"""Find known words, numbers, dates and blank rows in text columns without reading each text.

In: Polars series of text. Out: arrays. Kernels decide nearly every row from its string view; Polars reads the rest.
"""

from typing import Final, NamedTuple

import numpy as np

from calc.columns.buffers import buffers_of
from calc.columns.dataset import Column
from calc.columns.lazy_polars import pl
from calc.kernels import text_views as kernels
from calc.kernels.arrays import Array, Bool, Int8, Int64
from calc.units import FIRST_DAY, LAST_DAY, NO_DAY

_BLANK: Final = r"^\s*$"


def blank(texts: "pl.Series") -> Bool:
    """Mark rows that are null or only white space, shape (rows,)."""
    rows: Bool = np.empty(len(texts), dtype=np.bool_)
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
        rest = texts.gather(open_rows).cast(pl.Enum(words), strict=False).to_physical()
        codes[open_rows] = rest.cast(pl.Int8).fill_null(kernels.UNSETTLED).to_numpy()
    return codes


class Settled(NamedTuple):
    """Values of plain texts, and the positions of rows that are open: not plain, or out of bounds."""

    values: Array
    open_rows: Int64


def plain_numbers(texts: "pl.Series", decimals: int, column: Column) -> Settled:
    """Parse plain numbers within a column's bounds, times 10**decimals; a null that is allowed is its default."""
    numbers, open_rows = np.empty(len(texts), dtype=np.int64), np.empty(len(texts), dtype=np.bool_)
    if numbers.size:
        kernels.plain_numbers(
            *buffers_of(texts), decimals, column.lowest, column.highest, column.default, column.nullable,
            numbers, open_rows,
        )  # fmt: skip
    return Settled(numbers, np.flatnonzero(open_rows))


def plain_dates(texts: "pl.Series", column: Column) -> Settled:
    """Parse dates written YYYY-MM-DD to epoch days; a null that is allowed is NO_DAY."""
    days, open_rows = np.empty(len(texts), dtype=np.int32), np.empty(len(texts), dtype=np.bool_)
    if days.size:
        kernels.plain_dates(
            *buffers_of(texts), FIRST_DAY, LAST_DAY, NO_DAY, column.nullable, days, open_rows
        )  # fmt: skip
    return Settled(days, np.flatnonzero(open_rows))
