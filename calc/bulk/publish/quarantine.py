"""Rows that are refused: written as they were read, with their place in the input and all their reasons.

One Parquet file a part that has any: file, row (from 1, data rows), line (CSV), the columns as read, raw_line (the text
of a line that is no row), reasons, and beside each reason the columns that it is about and what is allowed there. It
holds what the input held and is as private.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Chunk
from calc.columns.contract import Dataset
from calc.columns.refusals import Refusal, RefusedRows, names_in, refused_rows
from calc.errors import reason_codes
from calc.kernels.arrays import Int64


def refused_in(
    dataset: Dataset, chunk: Chunk, reasons: Int64, refusals: Iterable[Refusal]
) -> RefusedRows:  # fmt: skip
    """The chunk's rows that have a reason, with the columns as the file names them."""
    return refused_rows(dataset, reasons, refusals, names_in(dataset, chunk.frame.columns, chunk.names))


def quarantined(chunk: Chunk, refused: RefusedRows) -> pl.DataFrame:
    """The chunk's refused rows, in their order."""
    places = refused.places
    rows = chunk.rows_at(places)
    lines = [None] * places.size if chunk.lines is None else chunk.lines[places]
    raw_lines = [chunk.raw_lines.get(int(place)) for place in places]
    return pl.DataFrame(
        [
            pl.Series("file", [chunk.file], dtype=pl.String).new_from_index(0, places.size),
            pl.Series("row", rows, dtype=pl.Int64),
            pl.Series("line", lines, dtype=pl.Int64),
            *(chunk.frame if chunk.as_read is None else chunk.as_read)[places],
            pl.Series("raw_line", raw_lines, dtype=pl.String),
            *refused.texts(),
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
