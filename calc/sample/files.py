"""Writes a dataset's chunks to one Parquet or CSV file, under a temporary name until the whole sample is there.

Parquet: text, int64, dates and booleans, words and dates from a dictionary, zstd, row groups of 524,288. CSV: the same
rows as text, money in decimal dollars under its name without _cents.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from calc.atomic_write import TEMPORARY
from calc.bulk.publish.parts import CODEC, CODEC_LEVEL
from calc.columns.contract import Dataset, Holds
from calc.disk import sync_folder

GROUP_ROWS: Final = 524_288
FORMATS: Final = ("parquet", "csv")
_ARROW_TYPES: Final = {
    Holds.TEXT: pa.string(),
    Holds.WORD: pa.string(),
    Holds.MONEY: pa.int64(),
    Holds.COUNT: pa.int64(),
    Holds.DATE: pa.date32(),
    Holds.FLAG: pa.bool_(),
    Holds.BILLS: pa.list_(pa.int64()),
}
_FROM_DICTIONARY: Final = {Holds.WORD, Holds.DATE}
_MONEY: Final = {Holds.MONEY, Holds.BILLS}


def holds_of(dataset: Dataset) -> dict[str, Holds]:
    """What each column of a dataset holds."""
    return {column.name: column.holds for column in dataset.columns}


class _Writer(Protocol):
    def write(self, frame: pl.DataFrame) -> None:
        """Add rows."""

    def close(self) -> None:
        """Add what is still to come."""


class SampleFile:
    """A file that is being written: `write` rows, `close`, then `publish`; it leaves nothing behind without."""

    def __init__(self, path: Path, columns: Mapping[str, Holds]) -> None:
        """Open a temporary file beside `path`, whose ending tells the format; OSError if it cannot be."""
        self.path = path
        self.rows = 0
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
        self._file = self._temporary.open("wb")
        self._writer: _Writer = (_Csv if path.suffix == ".csv" else _Parquet)(self._file, columns)

    def __enter__(self) -> Self:
        """Itself; the file is open already."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Remove what was not published."""
        if not self._file.closed:
            with suppress(OSError, pa.ArrowException):  # the error that led here is the one to tell
                self._writer.close()
            with suppress(OSError):
                self._file.close()
        self._temporary.unlink(missing_ok=True)

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows with the file's columns."""
        self._writer.write(frame)
        self.rows += frame.height

    def close(self) -> None:
        """Finish the file and bring it to the disk."""
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def publish(self) -> None:
        """Put the closed file under its name."""
        self._temporary.replace(self.path)
        sync_folder(self.path.parent)


class _Parquet:
    def __init__(self, file: BinaryIO, columns: Mapping[str, Holds]) -> None:
        self._schema = pa.schema([(name, _ARROW_TYPES[holds]) for name, holds in columns.items()])
        self._pending = pl.DataFrame()
        self._writer = pq.ParquetWriter(
            file,
            self._schema,
            compression=CODEC,
            compression_level=CODEC_LEVEL,
            use_dictionary=[name for name, holds in columns.items() if holds in _FROM_DICTIONARY],
        )

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows; they are kept back until they fill a row group."""
        self._pending = pl.concat([self._pending, frame]) if self._pending.height else frame
        while self._pending.height >= GROUP_ROWS:
            self._write_group(self._pending[:GROUP_ROWS])
            self._pending = self._pending[GROUP_ROWS:]

    def close(self) -> None:
        """Write the last row group and the footer."""
        if self._pending.height:
            self._write_group(self._pending)
            self._pending = self._pending.clear()
        self._writer.close()

    def _write_group(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(self._schema)
        self._writer.write_table(table, row_group_size=GROUP_ROWS)


class _Csv:
    def __init__(self, file: BinaryIO, columns: Mapping[str, Holds]) -> None:
        self._file = file
        names = ",".join(csv_name(name, holds) for name, holds in columns.items())
        file.write(f"{names}\n".encode())

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows of text."""
        self._file.write(frame.write_csv(include_header=False).encode())

    def close(self) -> None:
        """Nothing is kept back."""


def csv_name(name: str, holds: Holds) -> str:
    """A column's name in CSV: money is in dollars."""
    return name.removesuffix("_cents") if holds in _MONEY else name


def as_text(frame: pl.DataFrame, columns: Mapping[str, Holds]) -> pl.DataFrame:
    """The frame as CSV has it: cents as decimal dollars, dates as ISO text, nulls as they are."""
    return frame.select(
        _AS_TEXT.get(holds, _plain)(name).alias(csv_name(name, holds)) for name, holds in columns.items()
    )


def _plain(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _bills(name: str) -> pl.Expr:
    """Dollars with a blank between; null where there are none."""
    texts = pl.col(name).list.eval(_dollars("")).list.join(" ")
    return pl.when(pl.col(name).list.len() > 0).then(texts)


def _dollars(name: str) -> pl.Expr:
    cents = pl.col(name) if name else pl.element()
    sign = pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, part = (cents.abs() // 100).cast(pl.String), (cents.abs() % 100).cast(pl.String).str.zfill(2)
    return pl.concat_str(sign, whole, pl.lit("."), part)


_AS_TEXT: Final[dict[Holds, Callable[[str], pl.Expr]]] = {Holds.MONEY: _dollars, Holds.BILLS: _bills}
