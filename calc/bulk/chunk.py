"""What input files are handed out in: chunks of rows with their place in the file, and parts of a dataset."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

Int64 = npt.NDArray[np.int64]


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

    def head(self, rows: int) -> "Chunk":
        """The first rows."""
        return replace(
            self,
            frame=self.frame.head(rows),
            lines=None if self.lines is None else self.lines[:rows],
            raw_lines={place: text for place, text in self.raw_lines.items() if place < rows},
            flagged=None if self.flagged is None else self.flagged[:rows],
            as_read=None if self.as_read is None else self.as_read.head(rows),
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
