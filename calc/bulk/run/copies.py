"""Transactions that repeat one before them: same deposit, date, kind and amount. Two equal payments can be real.

Comes in: each part's rows as they are brought to their deposits. Goes out: how many repeat another, with their places.
"""

from threading import Lock
from typing import Final

import polars as pl

from calc.bulk.inputs.chunk import Chunk
from calc.bulk.reconcile.findings import Finding, Listed
from calc.columns.evaluation import words
from calc.kernels.event_kinds import EVENTS

_KINDS: Final = pl.Enum(EVENTS)
_SAME: Final = ("owner", "date", "kind", "amount_cents")


class Copies:
    """Counts copies, from any thread."""

    def __init__(self, key: tuple[str, ...]) -> None:
        """No row yet; `key` are the columns that name the owner."""
        self._key = key
        self._adding = Lock()
        self._places: list[tuple[int, str, int]] = []
        self._listed = Listed(("position",))
        self._copied = self._copied_cents = 0

    def add_places(self, position: int, chunk: Chunk) -> None:
        """Add where a chunk's rows stand in their file; the first stands at `position` in the dataset."""
        with self._adding:
            self._places += [(position + place, chunk.file, row) for place, row in chunk.runs()]

    def add(self, rows: pl.DataFrame) -> None:
        """Count a part's rows that repeat one before them; those that are refused say nothing."""
        rows = rows.filter(~pl.col("bad"))
        rows = rows.filter(rows.select(_SAME).is_duplicated())
        if rows.height:
            first = pl.col("position").min().over(_SAME)
            rows = rows.with_columns(first=first).filter(pl.col("position") > pl.col("first"))
            self._listed.add(rows.select("position", "first", *self._key, "date", "kind", "amount_cents"))
            with self._adding:
                self._copied += rows.height
                self._copied_cents += int(rows["amount_cents"].abs().cast(pl.Int128).sum())

    def finding(self, of: int) -> Finding:
        """The copies of so many good rows; each is listed with its file and row, and those of the first of its kind."""
        rows = self._listed.rows()
        if rows.height:
            cuts = pl.DataFrame(sorted(self._places), schema=["start", "in_file", "from_row"], orient="row")
            for name, place in (("", "position"), ("first_", "first")):
                rows = rows.sort(place).join_asof(cuts, left_on=place, right_on="start").select(
                    pl.exclude(cuts.columns), pl.col("in_file").alias(f"{name}file"),
                    (pl.col(place) - pl.col("start") + pl.col("from_row")).alias(f"{name}row"),
                )  # fmt: skip
            kind = words(rows["kind"].to_numpy(), _KINDS).cast(pl.String)
            rows = rows.sort("position").select(
                "file", "row", *self._key, pl.col("date").cast(pl.Date), kind.alias("kind"), "amount_cents",
                "first_file", "first_row",
            )  # fmt: skip
        return Finding(self._copied, of, self._copied_cents, rows)
