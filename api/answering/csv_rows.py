"""Answer batches that are CSV: a dataset's columns in, its results out, in the same order, with reasons of refusals.

The columns are those of an Arrow stream, as text; options are in the query. The body is not trusted: every line has the
header's fields, and nothing of a line appears in an error.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from api.answering.arrow import Calculated
from api.answering.arrow_columns import ROW_ID
from api.http.problems import Item, Problem
from calc.columns.spreadsheet_text import without_formulas
from calc.topics.topic import Topic

MEDIA_TYPE: Final = "text/csv"
_PART_ROWS: Final = 16_384
_LISTED: Final = ";"
"""Between the values of a list, in one field."""


def frame_of(raw: bytes, topic: Topic, rows_max: int) -> pl.DataFrame:
    """Read rows of CSV.

    Args:
        raw: The body: UTF-8, a header, a line a row.
        topic: The topic whose columns it has.
        rows_max: Most rows that are accepted.

    Returns:
        Columns of text without blanks at their edges; an empty field is null.

    Raises:
        Problem: The body is no such CSV, has too many rows, or a column that is unknown or stands twice.
    """
    try:
        header = pl.read_csv(raw, has_header=False, n_rows=1, infer_schema=False).row(0)
        frame = pl.read_csv(raw, infer_schema=False)
    except (pl.exceptions.PolarsError, IndexError):
        raise Problem("malformed-body", [Item("", "not_csv")]) from None
    names = [str(name or "").strip() for name in header]
    known = {*topic.columns, ROW_ID, *(name for column in topic.dataset.columns for name in column.names)}
    unknown = [number for number, name in enumerate(names, 1) if name not in known]
    if unknown or len(set(names)) != len(names):
        detail = f"column {unknown[0]} is unknown; allowed: {', '.join(sorted(known))}" if unknown else ""
        raise Problem("invalid-values", [Item("", "not_a_column", detail or "a column stands twice in the header")])
    if frame.height > rows_max:
        raise Problem("too-large", [Item("", "too_long", f"more than {rows_max} rows")])
    frame.columns = names
    texts = pl.all().str.strip_chars()
    return frame.select(pl.when(texts != "").then(texts).name.keep())


def written(calculated: Calculated) -> Iterator[bytes]:
    """Yield an answer as CSV: whole cents as in Arrow, lists with semicolons, no text that a spreadsheet runs."""
    frame = without_formulas(calculated.frame)
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    texts = [pl.col(name).cast(pl.List(pl.String)).list.join(_LISTED) for name in lists]
    flat = frame.with_columns(pl.when(text != "").then(text) for text in texts)
    yield flat.clear().write_csv().encode()
    for part in flat.iter_slices(_PART_ROWS):
        yield part.write_csv(include_header=False).encode()
