"""What input files are handed out in: chunks of rows with their place in the file, and parts of a dataset."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
    none.
    """

    file: str
    first_row: int
    frame: pl.DataFrame
    lines: Int64 | None = None
    raw_lines: dict[int, str] = field(default_factory=dict)
    flagged: Int64 | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A chunk to be loaded: its number and the position of its first row, both from 0 over the whole dataset."""

    number: int
    position: int
    rows: int
    load: Callable[[], Chunk]


class InputFile(Protocol):
    """One file of an input."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """Its columns and their types."""

    def chunks(self, names: list[str], part_rows: int) -> Iterator[tuple[int, Callable[[], Chunk]]]:
        """Rows and loader of each chunk of at most `part_rows` rows, in the file's order, with the named columns."""
