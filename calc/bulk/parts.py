"""Writes files so that a reader sees a whole one or none, and results as Parquet parts, each with a side file.

Every file goes to a temporary name in its own folder, is synced, renamed, and the folder synced. Parts are encoded in
memory, so that the bytes that are hashed are the bytes that are written. A part's side file `<part>.json` holds its
rows, bytes, SHA-256 and subtotals.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from calc.errors import OutputError

CODEC: Final = "zstd"
CODEC_LEVEL: Final = 1
TEMPORARY: Final = ".tmp"
_BATCH_ROWS: Final = 65_536


@dataclass(frozen=True, slots=True)
class PartFile:
    """A written Parquet file: its path relative to the output folder, rows, bytes, and SHA-256 of the bytes."""

    path: str
    rows: int
    bytes: int
    sha256: str


def write_atomically(path: Path, content: bytes | memoryview) -> None:
    """Put content under a name, whole or not at all, and on the disk; OutputError names the file and its size."""
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise OutputError(f"{path}: {len(content)} bytes cannot be written: {error.strerror or error}") from error


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Put data under a name as JSON, as `write_atomically` does."""
    write_atomically(path, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())


def write_part(out: Path, path: Path, frame: pl.DataFrame) -> PartFile:
    """Write a frame as one Parquet file with one row group, below the output folder."""
    content = memoryview(_encoded(frame))
    write_atomically(path, content)
    digest = hashlib.sha256(content).hexdigest()
    return PartFile(path.relative_to(out).as_posix(), frame.height, len(content), digest)


def write_side_file(out: Path, part: PartFile, subtotals: Mapping[str, Any]) -> None:
    """Write what is known of a part beside it."""
    write_json(out / f"{part.path}.json", {**asdict(part), "subtotals": subtotals})


def _encoded(frame: pl.DataFrame) -> pa.Buffer:
    """Parquet bytes. Numbers and dates as differences, words from a dictionary: faster than plain, both ways."""
    columns = [_arrow(series) for series in frame]
    numbers = [series.name for series in frame if series.dtype.is_integer() or series.dtype == pl.Date]
    words = [series.name for series in frame if isinstance(series.dtype, pl.Enum)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.table(columns, names=frame.columns),
        sink,
        row_group_size=max(1, frame.height),
        compression=CODEC,
        compression_level=CODEC_LEVEL,
        use_dictionary=words,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        write_batch_size=_BATCH_ROWS,
        store_schema=False,  # words come back as plain text, and every reader reads them faster so
    )
    return sink.getvalue()


def _arrow(series: pl.Series) -> pa.Array:
    if isinstance(series.dtype, pl.Enum):
        codes = series.to_physical().to_arrow()
        return pa.DictionaryArray.from_arrays(codes, pa.array(series.dtype.categories.to_list(), pa.string()))
    return series.to_arrow(compat_level=pl.CompatLevel.newest())
