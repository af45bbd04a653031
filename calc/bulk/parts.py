"""Writes frames as Parquet parts. They are encoded in memory: the bytes that are hashed are the bytes that are written.

Comes in: a frame of results, refused rows or holdings. Goes out: a file that is whole or not there, and its PartFile.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from calc.bulk.durable import write_atomically

CODEC: Final = "zstd"
CODEC_LEVEL: Final = 1
_BATCH_ROWS: Final = 65_536


@dataclass(frozen=True, slots=True)
class PartFile:
    """A written Parquet file: its path relative to the output folder, rows, bytes, and SHA-256 of the bytes."""

    path: str
    rows: int
    bytes: int
    sha256: str


def write_part(out: Path, path: Path, frame: pl.DataFrame) -> PartFile:
    """Write a frame as one Parquet file with one row group, below the output folder."""
    content = memoryview(encoded(frame))
    write_atomically(path, content)
    digest = hashlib.sha256(content).hexdigest()
    return PartFile(path.relative_to(out).as_posix(), frame.height, len(content), digest)


def encoded(frame: pl.DataFrame) -> pa.Buffer:
    """Parquet bytes. Numbers and dates as differences, words from a dictionary: faster than plain, both ways."""
    columns = [_arrow(series) for series in frame]
    numbers = [series.name for series in frame if series.dtype.is_integer() or series.dtype == pl.Date]
    words = [series.name for series in frame if isinstance(series.dtype, pl.Enum)]
    bounded = [series.name for place, series in enumerate(frame) if place == 0 or series.dtype != pl.String]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.table(columns, names=frame.columns),
        sink,
        row_group_size=max(1, frame.height),
        compression=CODEC,
        compression_level=CODEC_LEVEL,
        use_dictionary=words,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        write_statistics=bounded,  # of texts, only the key's serve a search, and they take time
        write_batch_size=_BATCH_ROWS,
        store_schema=False,  # words come back as plain text, and every reader reads them faster so
    )
    return sink.getvalue()


def _arrow(series: pl.Series) -> pa.Array:
    if isinstance(series.dtype, pl.Enum):
        codes = series.to_physical().to_arrow()
        return pa.DictionaryArray.from_arrays(codes, pa.array(series.dtype.categories.to_list(), pa.string()))
    return series.to_arrow(compat_level=pl.CompatLevel.newest())
