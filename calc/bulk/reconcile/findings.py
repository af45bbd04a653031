"""What a run finds beside its rows, such as deposits without an account: how many, how much money, and which."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import polars as pl

LISTED_MAX: Final = 100_000
"""Rows of a list at most; counts and money are of all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`count` of `of`, the money in it, and at most LISTED_MAX of the rows; `why_not` where it cannot be judged."""

    count: int = 0
    of: int = 0
    cents: int | None = None
    rows: pl.DataFrame = field(default_factory=pl.DataFrame)
    why_not: str | None = None


class Listed:
    """Rows that any thread adds; the first LISTED_MAX by their key are kept, whatever the order in which they come."""

    def __init__(self, key: tuple[str, ...], sums: tuple[str, ...] = ()) -> None:
        """No row yet; rows of one key become one where there are `sums`, columns to be added up."""
        self._key = key
        self._sums = sums
        self._frames: list[pl.DataFrame] = []
        self._height = 0
        self._adding = Lock()

    def add(self, rows: pl.DataFrame) -> None:
        """Add some rows."""
        if not rows.height:
            return
        with self._adding:
            self._frames.append(rows)
            self._height += rows.height
            if self._height > 2 * LISTED_MAX:
                kept = self._kept()
                self._frames, self._height = [kept], kept.height

    def rows(self) -> pl.DataFrame:
        """The rows by their key; no column where there is none."""
        with self._adding:
            return self._kept() if self._frames else pl.DataFrame()

    def _kept(self) -> pl.DataFrame:
        rows = pl.concat(self._frames)
        if self._sums:
            rows = rows.group_by(self._key).agg(pl.col(self._sums).sum())
        return rows.sort(self._key).head(LISTED_MAX)
