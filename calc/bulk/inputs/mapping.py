"""An extract as it comes, under the contract's names: between source and gate.

Comes in: a dataset's part of a map (`calc.bulk.inputs.map_file` reads it) and a file as it is. Goes out: a file of the
contract's columns. Rows keep their columns as read, for the quarantine; what a value is worth is the gate's to say.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import PLACE_COLUMNS, Chunk, InputFile
from calc.bulk.inputs.csv_layout import CsvLayout
from calc.bulk.inputs.date_format import DateFormat
from calc.bulk.inputs.edge_blanks import trimmed
from calc.bulk.inputs.money_style import MoneyStyle
from calc.columns.contract import Column, Holds
from calc.columns.plain import is_whole, plain
from calc.errors import InputError
from calc.kernels.arrays import Bool

_WHOLE_AS_FLOAT: Final = r"^\s*(-?[0-9]+)\.0+\s*$"


@dataclass(frozen=True, slots=True)
class DatasetMap:
    """What a map says of a dataset; `where` is its table, in messages.

    `names` lead from the extract's column to the contract's ("": left out); the rest goes by the contract's column.
    `trim` takes blanks off the edges of all texts, as is done with CSV in any case; `money` is how amounts are written.
    `time_zone` is where timestamps that have a zone are looked at, in place of their own.
    `drops` has, by the extract's column, the texts of rows that are none: each as it is, or how it begins, with a *.
    `trailing_zeros` are columns of whole numbers that are written as a spreadsheet's floats are, such as 180000.0.
    """

    where: str
    layout: CsvLayout = field(default_factory=CsvLayout)
    names: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, DateFormat] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    trim: bool = False
    time_zone: str | None = None
    money: Mapping[str, MoneyStyle] = field(default_factory=dict)
    drops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trailing_zeros: frozenset[str] = frozenset()

    def values(self, series: pl.Series, name: str) -> pl.Series:
        """A column as read -> as the contract's column `name`; InputError where its type has no exact text."""
        if name in self.words:
            words = self.words[name]
            series = _text(series, name).replace(list(words), list(words.values()))
        if name in self.dates and not series.dtype.is_temporal():
            series = self.dates[name].to_iso(_text(series, name))
        if name in self.money and plain(series).dtype == pl.String:
            series = self.money[name].to_plain(plain(series))
        if name in self.trailing_zeros and plain(series).dtype == pl.String:
            series = plain(series).str.replace(_WHOLE_AS_FLOAT, "${1}")
        if self.time_zone and isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone:
            series = series.dt.convert_time_zone(self.time_zone)
        return series.alias(name)

    def left_out(self, frame: pl.DataFrame) -> Bool:
        """Rows of an extract that `drops` speaks of."""
        rows = pl.Series(np.zeros(frame.height, dtype=np.bool_))
        for name, texts in self.drops.items():
            given = plain(frame[name]).cast(pl.String).str.strip_chars().fill_null("")
            for text in texts:
                rows |= given.str.starts_with(text.removesuffix("*")) if text.endswith("*") else given == text
        return rows.to_numpy()


@dataclass(frozen=True, slots=True)
class MappedFile:
    """An input file under the contract's names; `columns` are their types."""

    file: InputFile
    map: DatasetMap
    columns: dict[str, pl.DataType]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.file.path

    @property
    def rows_hint(self) -> int:
        """About how many rows it has."""
        return self.file.rows_hint

    @classmethod
    def open(cls, file: InputFile, to: DatasetMap) -> "MappedFile":
        """Check the map against the file's columns; InputError names the map, the key, the file and its columns."""
        present = ", ".join(file.columns)
        for name in to.drops:
            if name not in file.columns:
                raise InputError(f"{to.where}.drop_rows_where: {file.path} has no column {name!r}; it has {present}")
        for name in to.names:
            if name not in file.columns:
                raise InputError(f"{to.where}.names: {file.path} has no column {name!r}; it has {present}")
            if name in PLACE_COLUMNS:
                raise InputError(
                    f"{to.where}.names: the quarantine has a column {name!r} itself: rename it in the file"
                )
        mapped = [(to.names.get(name, name), name) for name in file.columns if to.names.get(name) != ""]
        counts = Counter(name for name, _ in mapped)
        if twice := [name for name, count in counts.items() if count > 1]:
            raise InputError(
                f"{to.where}.names: {file.path} would have {', '.join(twice)} twice: leave the other column out, as in "
                f'{twice[0]} = ""; it has {present}'
            )
        if both := [name for name in to.constants if name in counts]:
            raise InputError(f"{to.where}.constants: {file.path} has {', '.join(both)} itself: leave the constant out")
        empty = pl.DataFrame(schema=file.columns)
        try:
            columns = {name: to.values(empty[given], name).dtype for name, given in mapped}
        except InputError as error:
            raise InputError(f"{to.where}: {file.path}: {error}") from error
        return cls(file, to, {**columns, **dict.fromkeys(to.constants, pl.String())})

    def chunks(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        """Rows and loader of each chunk, as the file gives them, with the named columns of the contract."""
        given = {name: each for each, name in self.map.names.items()}
        read = {name: given.get(name, name) for name in names if name not in self.map.constants}
        needed = list(read.values()) or list(self.file.columns)[:1]  # rows are counted by some column
        if not self.map.drops:
            for rows, load in self.file.chunks(needed, part_rows):
                yield rows, partial(self._chunk, names, read, load)
            return
        # How many rows are left is known once they have been looked at.
        judged = [name for name in self.map.drops if name not in needed]
        for _, load in self.file.chunks([*needed, *judged], part_rows):
            chunk = load()
            chunk = chunk.without(self.map.left_out(chunk.frame))
            as_read = None if chunk.as_read is None else chunk.as_read.drop(judged)
            chunk = replace(chunk, frame=chunk.frame.drop(judged), as_read=as_read)
            yield chunk.frame.height, partial(self._chunk, names, read, partial(_same, chunk))

    def _chunk(self, names: list[str], read: Mapping[str, str], load: Callable[[], Chunk]) -> Chunk:
        chunk = load()
        as_read = chunk.frame if chunk.as_read is None else chunk.as_read
        if self.map.trim:
            chunk = trimmed(chunk, chunk.frame.columns)
        columns = [
            self.map.values(chunk.frame[read[name]], name)
            if name in read
            else pl.Series(name, [self.map.constants[name]]).new_from_index(0, chunk.frame.height)
            for name in names
        ]
        return replace(chunk, frame=pl.DataFrame(columns), as_read=as_read, names=read)


def is_whole_number(column: Column) -> bool:
    """Whether a column's values under its own name are whole numbers: counts, cents, thousandths."""
    return column.holds is Holds.COUNT or (column.unit is not None and column.holds is not Holds.BILLS)


def dropped_note(dataset: str, rows: int) -> str:
    """What a reader of the results has to know of rows that a map left out."""
    return (
        f"{dataset}: {rows:,} rows were left out by drop_rows_where of the map; they count neither as rows in nor out"
    )


def _same(chunk: Chunk) -> Chunk:
    return chunk


def _text(series: pl.Series, name: str) -> pl.Series:
    """A column of text, of words, of whole numbers or of truth values as text; floats have no exact one."""
    text = plain(series)
    if text.dtype in {pl.String, pl.Null, pl.Boolean, pl.Date} or is_whole(text.dtype):
        return text.cast(pl.String)
    raise InputError(
        f"column {series.name} is of type {series.dtype}: words and date formats for {name} need text or whole numbers"
    )
