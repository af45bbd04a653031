"""The exchange: rows of one dataset are spilled by the part of another that they belong to, which then joins them.

A first pass over the keys of the parts keeps 8 bytes a row: a hash of the key in the upper bits, the part's number in
the lower ones, sorted. Rows that come in any order find their part's number there and go to that part's spill file; a
part then reads its own file and nothing else. Hashes only route: the part compares the texts. In memory at one time:
the directory while rows are routed, and a part's rows, all or some at a time, when it is joined.
"""

import shutil
from array import array
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from calc.atomic_write import make_folder
from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.errors import InputError, OutputError
from calc.kernels.arrays import Int64, UInt64

_SEED: Final = 0xC2B2AE3D27D4EB4F
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_END: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
"""Behind the last entry; its lower bits are the number of no part."""


BATCH_ROWS: Final = 1 << 20
"""Spilled rows that `Spill.batches` gives at once, about."""


class Routes(NamedTuple):
    """Where rows go: `rows` and the number of the part of each, in no certain order; a row may go to several parts."""

    rows: Int64
    parts: Int64


class Directory:
    """The parts in which each key of a dataset may stand, one or several columns of text."""

    def __init__(self, source: Source, threads: int = 1, seed: int = 0) -> None:
        """Pass over the key columns."""
        self._key = source.dataset.key
        self._seed = seed
        found = array("Q")  # grows in place, where joining arrays would take the memory twice
        cuts: list[tuple[int, int, int]] = []
        adding = Lock()

        def work(part: Part) -> None:
            hashes = self._hashes(part.load().frame)
            with adding:
                cuts.append((part.number, part.position, part.rows))  # not the part, which may hold its rows
                found.frombytes(hashes.data.cast("B"))

        for_each_part(source.parts(set(self._key)), work, threads)
        self.positions = {number: position for number, position, _ in cuts}
        """Number of each part -> position of its first row in the dataset."""
        found.append(0)
        self._number = (np.uint64(1) << np.uint64(len(cuts).bit_length())) - np.uint64(1)
        self._entries = np.frombuffer(found, dtype=np.uint64)
        first = 0
        for number, _, rows in cuts:
            entries = self._entries[first : first + rows]
            entries &= ~self._number
            entries |= np.uint64(number)
            first += rows
        self._entries[-1] = _END
        self._entries.sort()

    def routes(self, keys: pl.DataFrame) -> Routes:
        """The parts in which keys may stand: none for a key that stands nowhere; a null is a value as any other."""
        wanted = self._hashes(keys) & ~self._number
        row = np.argsort(wanted)  # ascending, a search runs through the entries once instead of all over them
        wanted = wanted[row]
        place = np.searchsorted(self._entries, wanted)
        rows, parts = [row[:0]], [row[:0]]
        while row.size:  # once for each part in which one and the same key stands
            entry = self._entries[place]
            here = (entry & ~self._number == wanted) & (entry != _END)
            row, wanted, place, entry = row[here], wanted[here], place[here] + 1, entry[here]
            rows.append(row)
            parts.append((entry & self._number).astype(np.int64))
            again = np.flatnonzero(self._entries[place] == entry)  # a key that stands in a part twice goes there once
            place[again] = np.searchsorted(self._entries, entry[again], side="right")
        return Routes(np.concatenate(rows), np.concatenate(parts))

    def _hashes(self, keys: pl.DataFrame) -> UInt64:
        hashes = np.zeros(keys.height, dtype=np.uint64)
        for name in self._key:
            hashes = hashes * _FACTOR + keys[name].cast(pl.String).hash(_SEED + self._seed).to_numpy()
        return hashes


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
