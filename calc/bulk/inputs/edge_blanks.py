"""Blanks at the edges of texts: taken off where they are no content, counted where they may be.

In: chunks as they were read. A CSV field has none, and a map may say so of Parquet; else "D1 " of a Parquet file is
another key than "D1", and how many rows have such a text is told by column.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Chunk
from calc.columns.buffers import buffers_of
from calc.columns.contract import Dataset
from calc.columns.plain import with_text
from calc.kernels import text_views


def trimmed(chunk: Chunk, names: Iterable[str]) -> Chunk:
    """A chunk without white space at the edges of some columns' texts; what was nothing else is null."""
    changed = []
    for name in names:
        text = with_text(chunk.frame[name])
        if text.dtype == pl.String:
            bare = text.str.strip_chars().replace("", None)
            if not bare.equals(text, null_equal=True):
                changed.append(bare)
    if not changed:
        return chunk
    as_read = chunk.frame if chunk.as_read is None else chunk.as_read
    return replace(chunk, frame=chunk.frame.with_columns(changed), as_read=as_read)


def rows_with_edge_blanks(dataset: Dataset, chunk: Chunk) -> dict[str, int]:
    """Rows, by column of the contract, whose text begins or ends with white space but is not blank."""
    if chunk.lines is not None:  # CSV has none
        return {}
    named = {name for column in dataset.columns for name in (column.name, column.decimal_name)}
    counts = {
        series.name: _edge_blanks(series)
        for series in chunk.frame
        if series.name in named and series.dtype == pl.String and series.len()
    }
    return {name: rows for name, rows in counts.items() if rows}


def edge_blanks_note(dataset: str, rows: Mapping[str, int]) -> str:
    """What a reader of the results has to know of such texts."""
    counted = ", ".join(f"{number:,} of {name}" for name, number in sorted(rows.items()))
    return (
        f"{dataset}: texts with blanks at their edges count as they are ('D1' and 'D1 ' are two keys): {counted}; "
        "trim = true in a map takes them off"
    )


def _edge_blanks(texts: pl.Series) -> int:
    suspects = np.empty(len(texts), dtype=np.bool_)
    text_views.edge_suspects(*buffers_of(texts), suspects)
    if not suspects.any():
        return 0
    found = texts.filter(pl.Series(suspects))
    bare = found.str.strip_chars()
    return int(((bare != found) & (bare != "")).sum())
