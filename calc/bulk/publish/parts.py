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
_RUN: Final = 1_024
"""So many numbers in a row are looked at, to tell whether their differences repeat."""


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

    Numbers and dates as differences (plain where most are zero: the codec does better), words from a dictionary.
    Differences that seldom repeat are left as they are: a codec takes as long as writing them and saves nothing. Only
    the key, which is the first column, has statistics: a part's other columns span too much to help a search.
    """
    columns = [_arrow(series) for series in frame]
    fields = [
        pa.field(name, column.type, nullable=name not in never_null)
        for name, column in zip(frame.columns, columns, strict=True)
    ]
    encodings = {
        series.name: "PLAIN" if _mostly_zero(series) else "DELTA_BINARY_PACKED"
        for series in frame
        if series.dtype.is_integer() or series.dtype == pl.Date
    }
    as_they_are = {name for name, each in encodings.items() if each != "PLAIN" and _differs(frame[name])}
    packed = [leaf for field in fields if field.name not in as_they_are for leaf in _leaves(field.name, field.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.Table.from_arrays(columns, schema=pa.schema(fields)),
        sink,
        row_group_size=max(1, frame.height),
        compression={**dict.fromkeys(packed, CODEC), **dict.fromkeys(as_they_are, "NONE")},
        compression_level=dict.fromkeys(packed, CODEC_LEVEL),
        use_dictionary=[series.name for series in frame if isinstance(series.dtype, pl.Enum)],
        column_encoding=encodings,
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


def _differs(series: pl.Series) -> bool:
    """Whether, in a run of values from the middle, more than half of the differences occur once."""
    run = series.slice(max(0, series.len() - _RUN) // 2, _RUN).drop_nulls().to_physical().to_numpy()
    return 2 * np.unique(np.diff(run)).size > run.size


def _leaves(name: str, dtype: pa.DataType) -> list[str]:
    """Names of a column's values as the codec is told them: those of a list or of a record are deeper."""
    if pa.types.is_list(dtype) or pa.types.is_large_list(dtype) or pa.types.is_fixed_size_list(dtype):
        return _leaves(f"{name}.list.element", dtype.value_type)
    if pa.types.is_struct(dtype):
        return [leaf for field in dtype.fields for leaf in _leaves(f"{name}.{field.name}", field.type)]
    return [name]


def _arrow(series: pl.Series) -> pa.Array:
    """Arrow's column: an Enum with its few words as a dictionary, other dictionaries as text."""
    if isinstance(series.dtype, pl.Enum):
        codes = series.to_physical().to_arrow()
        return pa.DictionaryArray.from_arrays(codes, series.dtype.categories.to_arrow().cast(pa.string()))
    return with_text(series).to_arrow(compat_level=pl.CompatLevel.newest())
