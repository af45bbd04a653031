"""A Parquet file in chunks: slices read by Polars, or batches read by pyarrow where row groups are too big to slice.

Polars reads a slice in half of pyarrow's time, and slices can be read on several threads; but each slice of a row group
unpacks that group's pages from the start, so that one giant row group would cost its square.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from calc.bulk.inputs.chunk import Chunk
from calc.errors import InputError

GIANT_ROWS: Final = 1 << 23
"""A row group of more rows is read in batches."""


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except pl.exceptions.PanicException as error:
        raise InputError(f"{path}: cannot be read as Parquet: it is damaged; fetch it again") from error
    except (pl.exceptions.PolarsError, pa.ArrowException, OSError, ValueError) as error:
        first_line = str(error).strip().partition("\n")[0]
        raise InputError(f"{path}: cannot be read as Parquet: {first_line}") from error


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """A Parquet file whose footer has been read. `largest_group` is the number of rows of its largest row group."""

    path: Path
    columns: dict[str, pl.DataType]
    rows: int
    largest_group: int

    @property
    def rows_hint(self) -> int:
        """How many rows it has."""
        return self.rows

    @classmethod
    def open(cls, path: Path) -> "ParquetFile":
        """Read the footer; InputError if there is none."""
        with _readable(path):
            metadata = pq.read_metadata(path)
            columns = dict(pl.read_parquet_schema(path))
        groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
        return cls(path, columns, metadata.num_rows, max(groups, default=0))

    def chunks(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        """Rows and loader of each chunk; loaders of slices may run on any thread and in any order."""
        if self.largest_group > max(GIANT_ROWS, part_rows):
            yield from self._batches(names, part_rows)
            return
        for first in range(0, self.rows, part_rows):
            rows = min(part_rows, self.rows - first)
            yield rows, partial(self._slice, names, first, rows)

    def _slice(self, names: list[str], first: int, rows: int) -> Chunk:
        with _readable(self.path):
            scan = pl.scan_parquet(self.path, glob=False, hive_partitioning=False)
            frame = scan.select(names).slice(first, rows).collect()
        if frame.height != rows:
            raise InputError(f"{self.path}: holds fewer rows than its footer says")
        return Chunk(str(self.path), first + 1, frame)

    def _batches(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        first = 1
        with _readable(self.path):
            file = pq.ParquetFile(self.path, pre_buffer=False)
            batches = file.iter_batches(part_rows, columns=names)
        while True:
            with _readable(self.path):
                batch = next(batches, None)
                frame = pl.DataFrame() if batch is None else pl.DataFrame(pl.from_arrow(batch))
            if batch is None:
                file.close()
                return
            yield frame.height, partial(Chunk, str(self.path), first, frame)
            first += frame.height
