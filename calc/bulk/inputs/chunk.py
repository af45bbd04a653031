"""What input files are handed out in: chunks of rows with their place in the file, and parts of a dataset."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import polars as pl

from calc.kernels.arrays import Bool, Int64

PLACE_COLUMNS: Final = ("file", "row", "line", "raw_line", "reasons", "reason_columns", "reason_allowed")
"""Columns of a quarantine file beside those that were read: no input may have one of these names."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive rows of one file: `first_row` is the first one's number among the file's data rows, from 1.

    From CSV, `lines` are the lines on which the rows begin, and `raw_lines` the texts of those that are no rows, by
    place in the frame (their columns are null). `flagged` are the reasons known so far, as bits; None where there are
    none. `as_read` are the rows under the file's own names, where a map gave the frame others, and `names` leads from
    the frame's names to the file's.
    """

    file: str
    first_row: int
    frame: pl.DataFrame
    lines: Int64 | None = None
    raw_lines: dict[int, str] = field(default_factory=dict)
    flagged: Int64 | None = None
    as_read: pl.DataFrame | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    offsets: Int64 | None = None
    """Where a map left rows out: how far behind the first row each of the others stands in the file."""
    dropped: int = 0
    """How many rows a map left out."""

    def rows_at(self, places: Int64) -> Int64:
        """Numbers of rows of the file, by their places here."""
        return self.first_row + (places if self.offsets is None else self.offsets[places])

    def places_of(self, rows: Int64) -> Int64:
        """Places here of rows of the file, by their numbers."""
        places: Int64 = rows - self.first_row
        return places if self.offsets is None else np.searchsorted(self.offsets, places)

    def runs(self) -> list[tuple[int, int]]:
        """Place and number of the first row of each run of rows that stand one behind the other in the file."""
        if self.offsets is None:
            return [(0, self.first_row)]
        places = np.flatnonzero(np.diff(self.offsets, prepend=-2) != 1)
        return list(zip(places.tolist(), self.rows_at(places).tolist(), strict=True))

    def without(self, dropped: Bool) -> "Chunk":
        """The rows that are not left out."""
        kept = np.flatnonzero(~dropped)
        return replace(
            self,
            frame=self.frame[kept],
            lines=None if self.lines is None else self.lines[kept],
            raw_lines={int(np.searchsorted(kept, place)): text for place, text in self.raw_lines.items()},
            flagged=None if self.flagged is None else self.flagged[kept],
            as_read=None if self.as_read is None else self.as_read[kept],
            offsets=kept,
            dropped=dropped.size - kept.size,
        )

    def head(self, rows: int) -> "Chunk":
        """The first rows."""
        return replace(
            self,
            frame=self.frame.head(rows),
            lines=None if self.lines is None else self.lines[:rows],
            raw_lines={place: text for place, text in self.raw_lines.items() if place < rows},
            flagged=None if self.flagged is None else self.flagged[:rows],
            as_read=None if self.as_read is None else self.as_read.head(rows),
            offsets=None if self.offsets is None else self.offsets[:rows],
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A chunk to be loaded: its number and the position of its first row, both from 0 over the whole dataset."""

    number: int
    position: int
    rows: int
    load: Callable[[], Chunk]


def detached(frame: pl.DataFrame) -> pl.DataFrame:
    """A copy of some rows to be kept: any row of CSV, however short, keeps its whole block in memory."""
    return pl.DataFrame(pl.from_arrow(frame.to_arrow(compat_level=pl.CompatLevel.oldest())))


class InputFile(Protocol):
    """One file of an input."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """Its columns and their types."""

    @property
    def rows_hint(self) -> int:
        """How many rows it has, about: for progress and estimates."""

    def chunks(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        """Rows and loader of each chunk of at most `part_rows` rows, in the file's order, with the named columns."""
