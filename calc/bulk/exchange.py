"""The exchange: rows of one dataset are spilled by the part of another that they belong to, which then joins them.

A first pass over the keys of the parts keeps 8 bytes a row: a hash of the key in the upper bits, the part's number in
the lower ones, sorted. Rows that come in any order find their part's number there and go to that part's spill file; a
part then reads its own file and nothing else. Hashes only route: the part compares the texts. In memory at one time:
the directory while rows are routed, and a part's rows when it is joined.
"""

import shutil
from array import array
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from calc.bulk.chunk import Part
from calc.bulk.durable import make_folder
from calc.bulk.pipeline import for_each_part
from calc.bulk.source import Source
from calc.errors import OutputError

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

SPILL_ROW_BYTES: Final = 20
"""Bytes on disk of a spilled row, about, as the sample portfolio's ids compress: for the disk pre-flight."""
_SEED: Final = 0xC2B2AE3D27D4EB4F


class Routes(NamedTuple):
    """Where rows go: `rows` and the number of the part of each, in no certain order; a row may go to several parts."""

    rows: Int64
    parts: Int64


class Directory:
    """The parts in which each key of a dataset may stand. The key is one column of text."""

    def __init__(self, source: Source, threads: int = 1, seed: int = 0) -> None:
        """Pass over the key column."""
        (self._key,) = source.dataset.key
        self._seed = seed
        found = array("Q")  # grows in place, where joining arrays would take the memory twice
        parts: list[Part] = []
        adding = Lock()

        def work(part: Part) -> None:
            hashes = self._hashes(part.load().frame[self._key].cast(pl.String))
            with adding:
                parts.append(part)
                found.frombytes(hashes.data.cast("B"))

        for_each_part(source.parts({self._key}), work, threads)
        self.positions = {part.number: part.position for part in parts}
        """Number of each part -> position of its first row in the dataset."""
        self._bits = np.uint64(len(parts).bit_length())
        self._number = (np.uint64(1) << self._bits) - np.uint64(1)
        self._entries = np.frombuffer(found, dtype=np.uint64)
        first = 0
        for part in parts:
            entries = self._entries[first : first + part.rows]
            entries &= ~self._number
            entries |= np.uint64(part.number)
            first += part.rows
        self._entries.sort()

    def routes(self, keys: pl.Series) -> Routes:
        """The parts in which keys may stand: none for a key that stands nowhere; a null key is one as any other."""
        wanted = self._hashes(keys) & ~self._number
        order = np.argsort(wanted)  # ascending, a search runs through the entries once instead of all over them
        wanted = wanted[order]
        first = np.searchsorted(self._entries, wanted)
        found = np.searchsorted(self._entries, wanted | self._number, side="right") - first
        rows = np.repeat(order, found)
        within = np.arange(rows.size) - np.repeat(np.cumsum(found) - found, found)
        parts = (self._entries[np.repeat(first, found) + within] & self._number).astype(np.int64)
        new = np.ones(rows.size, dtype=np.bool_)  # a key that stands in a part twice goes there once
        new[1:] = (np.diff(rows) != 0) | (np.diff(parts) != 0)
        return Routes(rows[new], parts[new])

    def _hashes(self, keys: pl.Series) -> UInt64:
        hashes: UInt64 = keys.hash(_SEED + self._seed).to_numpy().copy()
        return hashes


class Spill:
    """Rows by number of a part, in one file a number: Arrow IPC streams one behind the other. Any thread may add."""

    def __init__(self, folder: Path) -> None:
        """An empty folder, whatever a stopped run left there."""
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

    def read(self, number: int) -> pl.DataFrame | None:
        """All rows of a part, in no certain order; None where there are none."""
        path = self._path(number)
        tables = []
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(0)
                while file.tell() < size:
                    with pa.ipc.open_stream(file) as stream:
                        tables.append(stream.read_all())
        except FileNotFoundError:
            return None
        except (OSError, pa.ArrowException) as error:
            raise OutputError(f"{path}: what was spilled cannot be read again: {error}") from error
        return pl.DataFrame(pl.from_arrow(pa.concat_tables(tables)))

    def remove(self) -> None:
        """Remove the folder and all that lies in it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self._folder / f"part-{number:05}.arrows"
