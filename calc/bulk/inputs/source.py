"""Opens an input (a file, a folder or a glob of Parquet, CSV and Excel files), handed out in parts of bounded size.

In: what the user named, and a map for extracts that are not as the contract has them. Out: `Part`s, whose `load` gives
a `Chunk`: the contract's columns as they were read (typed from Parquet, text from CSV), where the rows stand in their
file, and what is known to be wrong with them already. What a column holds is judged by the gate.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import PLACE_COLUMNS, Chunk, InputFile, Part
from calc.bulk.inputs.csv_file import CsvFile
from calc.bulk.inputs.csv_layout import CsvLayout
from calc.bulk.inputs.mapping import DatasetMap, MappedFile
from calc.bulk.inputs.named_files import CSV, PARQUET, XLSX, kind, named_files
from calc.bulk.inputs.parquet_file import ParquetFile
from calc.bulk.inputs.xlsx_file import XlsxFile, split_sheet
from calc.columns.contract import Dataset, Holds, check_columns
from calc.columns.gate import gate
from calc.columns.plain import plain_frame, plain_type, undecodable
from calc.errors import InputError, Reason
from calc.topics.nightly_datasets import results

PART_ROWS: Final = 524_288
"""Rows of a part unless the user says otherwise."""
_HASHED_BYTES: Final = 1 << 22
_DIGITS_MAX: Final = 38
"""Digits of the widest Decimal that can be read."""


@dataclass(frozen=True, slots=True)
class Source:
    """All files of one dataset, in the order of their names; `limit` rows of them, where it is given.

    `recorded` is the SHA-256 of each file of which one was recorded when it was written, `left_out` what the name given
    does not stand for beside the files.
    """

    dataset: Dataset
    files: tuple[InputFile, ...]
    stamps: tuple[tuple[int, int], ...]
    keep_columns: bool
    part_rows: int
    limit: int | None = None
    recorded: Mapping[Path, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def rows_hint(self) -> int:
        """About how many rows there are."""
        rows = sum(file.rows_hint for file in self.files)
        return rows if self.limit is None else min(rows, self.limit)

    @property
    def gives(self) -> tuple[Dataset, ...]:
        """Datasets of further results that come of its rows."""
        known = results()
        columns = {name for file in self.files for name in file.columns}
        return tuple(known[name] for name in self.dataset.gives if known[name].with_column in columns)

    def parts(self, names: set[str] | None = None) -> Iterator[Part]:
        """Parts with the columns that are wanted: those of `names` that there are, by default all of the contract."""
        number = position = 0
        for file in self.files:
            wanted = [name for name in file.columns if self._wanted(name) and (names is None or name in names)]
            for rows, load in file.chunks(wanted, self.part_rows):
                if self.limit is not None and position + rows > self.limit:
                    if position < self.limit:
                        yield _first_rows(Part(number, position, self.limit - position, partial(self._plain, load)))
                    return
                yield Part(number, position, rows, partial(self._plain, load))
                number, position = number + 1, position + rows

    def _plain(self, load: Callable[[], Chunk]) -> Chunk:
        """A chunk whose text is plain text, however it came."""
        chunk = load()
        frame = plain_frame(chunk.frame)
        if frame is chunk.frame:
            return chunk
        as_read = chunk.frame if chunk.as_read is None else chunk.as_read
        flagged = np.zeros(frame.height, dtype=np.int64) if chunk.flagged is None else chunk.flagged
        for column in self.dataset.columns:
            if column.holds is Holds.TEXT and column.name in frame.columns:
                flagged[undecodable(chunk.frame[column.name])] |= Reason.unknown_value
        return replace(chunk, frame=frame, as_read=as_read, flagged=flagged)

    def _wanted(self, name: str) -> bool:
        return self.keep_columns or name in _known_names(self.dataset)

    def carried_columns(self, chunk: Chunk) -> list[pl.Series]:
        """A chunk's columns that the contract does not name, as they were read."""
        known = _known_names(self.dataset)
        as_read = chunk.frame if chunk.as_read is None else chunk.as_read
        return [as_read[name] for name in chunk.frame.columns if name not in known]

    def check_unchanged(self) -> None:
        """InputError if a file is not the one that was opened, by its size and time of change."""
        for file, stamp in zip(self.files, self.stamps, strict=True):
            if _stamp(file.path) != stamp:
                raise InputError(f"{file.path}: changed while it was read; start again when it is complete")


def open_source(
    dataset: Dataset,
    named: str,
    *,
    part_rows: int = PART_ROWS,
    keep_columns: bool = False,
    limit: int | None = None,
    mapped: DatasetMap | None = None,
) -> Source:
    """The dataset's files with their columns checked; InputError names file and column, or what cannot be read."""
    named, sheet = split_sheet(named)
    paths, left_out = named_files(named)
    files = tuple(open_file(path, sheet, mapped) for path in paths)
    for file in files:
        check_columns(dataset, file.columns, str(file.path))
        # No row is needed to find a column whose type cannot hold its values exactly.
        try:
            gate(dataset, pl.DataFrame(schema=file.columns))
        except InputError as error:
            raise InputError(f"{file.path}: {error}") from error
    if keep_columns:
        _check_kept(dataset, files)
    stamps = tuple(_stamp(file.path) for file in files)
    return Source(dataset, files, stamps, keep_columns, part_rows, limit, left_out=tuple(left_out))


def _first_rows(part: Part) -> Part:
    """A part whose chunk is cut to the part's rows."""
    return replace(part, load=lambda: part.load().head(part.rows))


def _check_kept(dataset: Dataset, files: tuple[InputFile, ...]) -> None:
    known = _known_names(dataset)
    kept = {name: plain_type(dtype) for name, dtype in files[0].columns.items() if name not in known}
    for file in files:
        found = {name: plain_type(dtype) for name, dtype in file.columns.items() if name not in known}
        if clash := [name for name in found if name in dataset.results or name in PLACE_COLUMNS]:
            raise InputError(
                f"{file.path}: --keep-columns cannot keep {', '.join(clash)}: the results or the quarantine of "
                f"{dataset.name} have columns of these names; rename them or leave --keep-columns out"
            )
        if found != kept:
            raise InputError(
                f"{file.path}: --keep-columns needs the same columns beside the contract's in all files, but "
                f"{files[0].path} differs in {', '.join(sorted(name for name, _ in kept.items() ^ found.items()))}"
            )


def _known_names(dataset: Dataset) -> set[str]:
    """Names that the contract knows, money's name in dollars among them."""
    return {name for column in dataset.columns for name in column.names}


def open_file(path: Path, sheet: str = "", mapped: DatasetMap | None = None) -> InputFile:
    """The file, mapped where there is a map; what a map describes may have any name."""
    suffix = kind(path)
    layout = mapped.layout if mapped else CsvLayout()
    if suffix in PARQUET:
        file: InputFile = ParquetFile.open(path)
        _check_digits(file)
    elif suffix in XLSX:
        file = XlsxFile.open(path, sheet, layout)
    elif mapped or suffix in CSV:
        file = CsvFile.open(path, layout)
    else:
        raise InputError(
            f"{path}: neither .parquet, .csv, .csv.gz nor .xlsx by its name; unpack it or name it after what it holds"
        )
    return MappedFile.open(file, mapped) if mapped else file


def _check_digits(file: InputFile) -> None:
    for name, dtype in file.columns.items():
        if isinstance(dtype, pl.Decimal) and (dtype.precision or 0) > _DIGITS_MAX:
            raise InputError(
                f"{file.path}: column {name} is of type {dtype}, and Decimals are read up to {_DIGITS_MAX} digits: "
                "write it as text or with fewer digits"
            )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return status.st_size, status.st_mtime_ns


def file_sha256(path: Path, stop: Event | None = None) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; CancelledError once `stop` is set, however large the file is."""
    digest = hashlib.sha256()
    block = bytearray(_HASHED_BYTES)
    try:
        with path.open("rb", buffering=0) as file:
            while read := file.readinto(block):
                digest.update(memoryview(block)[:read])
                if stop and stop.is_set():
                    raise CancelledError
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return digest.hexdigest()
