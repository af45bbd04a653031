"""Writes frames as Parquet parts. They are encoded in memory: the bytes that are hashed are the bytes that are written.

Comes in: a frame of results, refused rows or holdings. Goes out: a file that is whole or not there, and its PartFile.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from calc.atomic_write import write_atomically
from calc.columns.plain import with_text

CODEC: Final = "zstd"
CODEC_LEVEL: Final = 1
_BATCH_ROWS: Final = 65_536
_SAMPLED: Final = 256
"""One number in so many is looked at, to tell whether most are zero."""


@dataclass(frozen=True, slots=True)
class PartFile:
    """A written Parquet file: its path relative to the output folder, rows, bytes, and SHA-256 of the bytes."""

    path: str
    rows: int
    bytes: int
    sha256: str


def write_part(out: Path, path: Path, frame: pl.DataFrame, never_null: Collection[str] = ()) -> PartFile:
    """Write a frame as one Parquet file with one row group, below the output folder; `never_null` as in `encoded`."""
    content = memoryview(encoded(frame, never_null))
    write_atomically(path, content)
    digest = hashlib.sha256(content).hexdigest()
    return PartFile(path.relative_to(out).as_posix(), frame.height, len(content), digest)


def encoded(frame: pl.DataFrame, never_null: Collection[str] = ()) -> pa.Buffer:
    """Parquet bytes; the columns `never_null` are declared so, and ArrowInvalid is raised where one has a null.

    Numbers and dates as differences (plain where most are zero: the codec does better), words from a dictionary. Only
    the key, which is the first column, has statistics: a part's other columns span too much to help a search.
    """
    columns = [_arrow(series) for series in frame]
    fields = [
        pa.field(name, column.type, nullable=name not in never_null)
        for name, column in zip(frame.columns, columns, strict=True)
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.Table.from_arrays(columns, schema=pa.schema(fields)),
        sink,
        row_group_size=max(1, frame.height),
        compression=CODEC,
        compression_level=CODEC_LEVEL,
        use_dictionary=[series.name for series in frame if isinstance(series.dtype, pl.Enum)],
        column_encoding={
            series.name: "PLAIN" if _mostly_zero(series) else "DELTA_BINARY_PACKED"
            for series in frame
            if series.dtype.is_integer() or series.dtype == pl.Date
        },
        write_statistics=frame.columns[:1],
        write_batch_size=_BATCH_ROWS,
        store_schema=False,  # words come back as plain text, and every reader reads them faster so
    )
    return sink.getvalue()


def _mostly_zero(series: pl.Series) -> bool:
    """Whether more than three quarters of a sample of the values are zero; not asked of columns that have nulls."""
    if series.null_count():
        return False
    sample = series.to_physical().to_numpy()[::_SAMPLED]
    return 4 * int(np.count_nonzero(sample == 0)) > 3 * sample.size


def _arrow(series: pl.Series) -> pa.Array:
    """Arrow's column: an Enum with its few words as a dictionary, other dictionaries as text."""
    if isinstance(series.dtype, pl.Enum):
        codes = series.to_physical().to_arrow()
        return pa.DictionaryArray.from_arrays(codes, series.dtype.categories.to_arrow().cast(pa.string()))
    return with_text(series).to_arrow(compat_level=pl.CompatLevel.newest())
