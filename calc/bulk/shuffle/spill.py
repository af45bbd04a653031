"""The exchange: rows of one dataset are spilled by the part of another that they belong to, which then joins them.

A pass over the keys of the parts (`key_index`) keeps 8 bytes a row: a hash of the key in the upper bits, the part's
number in the lower ones, sorted. Rows that come in any order find their part's number there and go to that part's spill
file; a part then reads its own file and nothing else. Hashes only route: the part compares the texts. In memory at one
time: the directory while rows are routed, and a part's rows, all or some at a time, when it is joined.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from calc.atomic_write import make_folder
from calc.bulk.inputs.chunk import Part
from calc.errors import InputError, OutputError
from calc.kernels.arrays import Int64, UInt64

BATCH_ROWS: Final = 1 << 20
"""Spilled rows that `Spill.batches` gives at once, about."""


class Routes(NamedTuple):
    """Where rows go: `rows` and the number of the part of each, in no certain order; a row may go to several parts."""

    rows: Int64
    parts: Int64


class KeyedPart(NamedTuple):
    """A part whose keys were hashed: its number, the position of its first row in the dataset, and its rows."""

    number: int
    position: int
    rows: int


class Directory:
    """The parts in which each key of a dataset may stand, one or several columns of text."""

    def __init__(
        self, hashes: UInt64, parts: Sequence[KeyedPart], hash_keys: Callable[[pl.DataFrame], UInt64],
        key: tuple[str, ...],
    ) -> None:  # fmt: skip
        """Sort the hashes, which stand by parts, with the parts' numbers in their lower bits, in place.

        Args:
            hashes: A hash a row; they are this directory's from here on.
            parts: Their parts, in the order of the hashes.
            hash_keys: Hashes a frame's keys as these were.
            key: Columns of a key.
        """
        self.key = key
        self.positions = {part.number: part.position for part in parts}
        """Number of each part -> position of its first row in the dataset."""
        self._hash_keys = hash_keys
        self._number = (np.uint64(1) << np.uint64(len(parts).bit_length())) - np.uint64(1)
        first = 0
        for part in parts:
            entries = hashes[first : first + part.rows]
            entries &= ~self._number
            entries |= np.uint64(part.number)
            first += part.rows
        hashes.sort()
        self._entries = hashes

    def routes(self, keys: pl.DataFrame) -> Routes:
        """The parts in which keys may stand: none for a key that stands nowhere; a null is a value as any other."""
        wanted = self._upper_bits(keys)
        row = np.argsort(wanted)  # ascending, a search runs through the entries once instead of all over them
        wanted = wanted[row]
        place = np.searchsorted(self._entries, wanted)
        rows, parts = [row[:0]], [row[:0]]
        while row.size:  # once for each part in which one and the same key stands
            inside = place < self._entries.size
            row, wanted, place = row[inside], wanted[inside], place[inside]
            entry = self._entries[place]
            here = entry & ~self._number == wanted
            row, wanted, place, entry = row[here], wanted[here], place[here] + 1, entry[here]
            rows.append(row)
            parts.append((entry & self._number).astype(np.int64))
            again = np.flatnonzero(self._entries.take(place, mode="clip") == entry)
            # A key that stands in a part twice goes there once.
            place[again] = np.searchsorted(self._entries, entry[again], side="right")
        return Routes(np.concatenate(rows), np.concatenate(parts))

    def _upper_bits(self, keys: pl.DataFrame) -> UInt64:
        return self._hash_keys(keys) & ~self._number


class Spill:
    """Rows by number of a part, in one file a number: Arrow IPC streams one behind the other. Any thread may add."""

    def __init__(self, folder: Path) -> None:
        """An empty folder, whatever a stopped run left there."""
        self.positions: dict[int, int] = {}
        """Number of each part that rows were routed to -> its position then; see `Directory`."""
        self._folder = folder
        self._writing = Lock()
        self.remove()
        make_folder(folder)

    def add(self, rows: pl.DataFrame, parts: Int64) -> None:
        """Append rows to the files of their parts; OutputError names file and bytes."""
        order = np.argsort(parts, kind="stable")
        rows = rows[order]
        numbers, first = np.unique(parts[order], return_index=True)
        for number, start, stop in zip(numbers.tolist(), first, np.append(first, parts.size)[1:], strict=True):
            stream = BytesIO()
            rows[start:stop].write_ipc_stream(stream, compression="lz4")
            path = self._path(number)
            try:
                with self._writing, path.open("ab") as file:
                    file.write(stream.getbuffer())
            except OSError as error:
                size = stream.getbuffer().nbytes
                raise OutputError(f"{path}: {size} bytes cannot be written: {error.strerror or error}") from error

    def read(self, part: Part) -> pl.DataFrame | None:
        """All rows of a part, in no certain order; None where there are none; InputError as `batches`."""
        found = list(self.batches(part))
        return pl.concat(found) if found else None

    def batches(self, part: Part) -> Iterator[pl.DataFrame]:
        """Rows of a part, about BATCH_ROWS at a time, in no certain order; InputError if it is not cut as it was."""
        if self.positions.get(part.number) != part.position:
            raise InputError(f"part {part.number} begins at another row than before: the input has changed")
        yield from self.rows_of(part.number)

    def rows_of(self, number: int) -> Iterator[pl.DataFrame]:
        """Rows that were spilled under a number, whatever it stands for; as `batches`."""
        path = self._path(number)
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(0)
                while file.tell() < size:
                    yield pl.DataFrame(pl.from_arrow(_some(file, size)))
        except FileNotFoundError:
            return
        except (OSError, pa.ArrowException) as error:
            raise OutputError(f"{path}: what was spilled cannot be read again: {error}") from error

    def remove(self) -> None:
        """Remove the folder and all that lies in it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self._folder / f"part-{number:05}.arrows"


def _some(file: BinaryIO, size: int) -> pa.Table:
    """The next streams of a spill file, until they have enough rows together."""
    tables: list[pa.Table] = []
    rows = 0
    while file.tell() < size and rows < BATCH_ROWS:
        with pa.ipc.open_stream(file) as stream:
            tables.append(stream.read_all())
        rows += tables[-1].num_rows
    return pa.concat_tables(tables)
