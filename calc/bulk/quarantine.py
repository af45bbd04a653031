"""Rows that are refused: written as they were read, with their place in the input and all their reasons.

One Parquet file a part that has any: file, row (from 1, data rows), line (CSV), the columns as read, raw_line (the text
of a line that is no row), reasons. It holds what the input held and is as private.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.bulk.chunk import Chunk
from calc.errors import reason_codes

Int64 = npt.NDArray[np.int64]


def quarantined(chunk: Chunk, reasons: Int64) -> pl.DataFrame:
    """The chunk's rows that have a reason, in their order."""
    places = np.flatnonzero(reasons)
    rows = chunk.first_row + places
    lines = pl.Series(chunk.lines[places]) if chunk.lines is not None else pl.Series([None], dtype=pl.Int64)
    codes = [reason_codes(int(mask)) for mask in reasons[places]]
    raw_lines = [chunk.raw_lines.get(int(place)) for place in places]
    return pl.DataFrame(
        [
            pl.Series("file", [chunk.file], dtype=pl.String).new_from_index(0, places.size),
            pl.Series("row", rows, dtype=pl.Int64),
            lines.new_from_index(0, places.size).alias("line") if chunk.lines is None else lines.alias("line"),
            *chunk.frame[places],
            pl.Series("raw_line", raw_lines, dtype=pl.String),
            pl.Series("reasons", codes, dtype=pl.List(pl.String)),
        ]
    )


def count_reasons(reasons: Int64) -> Counter[str]:
    """Rows by reason code; a row with several reasons counts under each."""
    masks, counts = np.unique(reasons[reasons != 0], return_counts=True)
    found: Counter[str] = Counter()
    for mask, count in zip(masks, counts, strict=True):
        for code in reason_codes(int(mask)):
            found[code] += int(count)
    return found
