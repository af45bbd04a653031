"""Rows that belong to another dataset's, as transactions to deposits: judged alone, then brought to their owners.

Before the owners, one pass over the rows judges each by itself, writes the refused ones to quarantine and spills all
that name an owner to the part in which it stands, as codes. Each part of the owners then takes its own. What belongs to
an owner with a refused row is withheld and the owner refused; what belongs to a repeated owner is withheld too. Rows
out are the good ones, also those of an owner that is refused; their results are the owners'.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Chunk, Part
from calc.bulk.inputs.edge_blanks import rows_with_edge_blanks
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.by_column import ColumnCount, counted_in
from calc.bulk.publish.output import Run
from calc.bulk.publish.parts import PartFile, write_part
from calc.bulk.publish.quarantine import count_reasons, quarantined, refused_in
from calc.bulk.run.copies import Copies
from calc.bulk.run.dataset_run import QUARANTINE
from calc.bulk.run.outcome import Outcome, Progress
from calc.bulk.shuffle.duplicates import HashCollisionError
from calc.bulk.shuffle.key_index import KeyIndex
from calc.bulk.shuffle.spill import Spill
from calc.columns.contract import Dataset, Holds
from calc.columns.dataset import Owner
from calc.columns.gated import Gated
from calc.columns.owned import Owned
from calc.errors import InputError, Reason
from calc.kernels.arrays import Bool, Int64

_SPILL: Final = "spill"
_ROWS_OF_A_PART: Final = 1 << 20
"""Rows that belong to one part of their owners, on average: each takes about 130 bytes while the part is computed."""


def fit_parts(owners: Source, dependents: Source) -> Source:
    """The owners in smaller parts where many rows belong to them, which are in memory with their part."""
    most = owners.rows_hint * _ROWS_OF_A_PART // max(1, dependents.rows_hint)
    return replace(owners, part_rows=max(1, min(owners.part_rows, most)))


def _none(given: Gated, _: date) -> Bool:
    return np.zeros(given.reasons.size, dtype=np.bool_)


class Judging(NamedTuple):
    """How rows of a dataset are judged by themselves.

    Attributes:
        gated: A frame and the reasons known before -> its gated rows.
        once_with: Columns that, with the owner's key, no two rows of those that `once` marks may have alike.
        once: Marks rows, by the as-of day; by default none.
        counts_copies: Whether rows that repeat one before them are counted.
    """

    gated: Callable[[pl.DataFrame, Int64 | None], Gated]
    once_with: tuple[str, ...] = ()
    once: Callable[[Gated, date], Bool] = _none
    counts_copies: bool = False


class Judged(NamedTuple):
    """Gated rows, and the ways of those whose owner may be known: their places, parts, and how many ways each has."""

    gated: Gated
    places: Int64
    parts: Int64
    routes: Int64


class Judge:
    """Judges rows of a dataset by themselves, from any thread: their values, copies, and whether an owner is there."""

    def __init__(self, source: Source, owners: KeyIndex, judging: Judging, as_of: date, threads: int) -> None:
        """Take the owners' directory, and pass over the rows' keys where some may stand once only."""
        if source.dataset.owner is None:
            raise ValueError(f"{source.dataset.name} belongs to no other dataset")
        self.owner: Owner = source.dataset.owner
        self.directory = owners.directory()
        self._judging, self._as_of = judging, as_of
        key = (*self.owner.key, *judging.once_with)
        self._repeated = KeyIndex(source, threads, owners.seed, key).repeated() if judging.once_with else None
        self._key = key

    def judged(self, number: int, frame: pl.DataFrame, flagged: Int64 | None) -> Judged:
        """A part's rows as they are gated, and their ways to parts of the owners."""
        given = self._judging.gated(frame, flagged)
        if self._repeated:
            copies = self._repeated.rows_of(number, frame)
            given.refuse_at(copies[self._judging.once(given, self._as_of)[copies]], Reason.duplicate_key, *self._key)
        named = np.flatnonzero(~nameless(given, self.owner))
        rows, parts = self.directory.routes(self.keys(frame)[named])
        routes = np.bincount(rows, minlength=named.size)
        given.refuse_at(named[routes == 0], self.owner.unknown, *self.owner.key)
        return Judged(given, named[rows], parts, routes[rows])

    def keys(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The owners' keys that rows name."""
        return frame.select(pl.col(name).cast(pl.String) for name in self.owner.key)

    def verify(self) -> None:
        """HashCollisionError if a row was taken for a copy and is none; to be asked after the last part."""
        if self._repeated:
            self._repeated.verify()


def nameless(gated: Gated, owner: Owner) -> Bool:
    """Mark rows that do not say which row owns them."""
    mask = np.zeros(gated.reasons.size, dtype=np.bool_)
    for name in owner.key:
        if name in gated.unusable:
            mask |= gated.unusable[name]
    return mask


class Dependents:
    """Rows on their way to the parts of their owners."""

    def __init__(self, run: Run, dataset: Dataset, judging: Judging, as_of: date) -> None:
        """Nothing is spilled yet."""
        if dataset.owner is None:
            raise ValueError(f"{dataset.name} belongs to no other dataset")
        self.dataset, self.owner = dataset, dataset.owner
        self.copies = Copies(self.owner.key) if judging.counts_copies else None
        self._judging, self._as_of = judging, as_of
        self._run = run
        self._spill = Spill(run.folder / f"{_SPILL}-{dataset.name}")
        self._adding = Lock()
        self._strangers = [pl.DataFrame(schema={"position": pl.Int64, "routes": pl.Int64})]
        self._values = [
            each.name for each in dataset.columns if each.name not in self.owner.key and each.holds is not Holds.TEXT
        ]

    def spill(self, source: Source, owners: KeyIndex, threads: int, report: Callable[[Progress], None]) -> Outcome:
        """Pass over the rows: refused ones are written to quarantine, all of known owners are spilled.

        InputError for a file that turns out to be unreadable, OutputError where they cannot be written.
        """
        began = monotonic()
        judge = Judge(source, owners, self._judging, self._as_of, threads)
        self._spill.positions = judge.directory.positions
        folder = self._run.subfolder(QUARANTINE)
        name = self.dataset.name
        outcome = Outcome(name)

        def work(part: Part) -> None:
            chunk = part.load()
            given = self._spilled(chunk, part, judge)
            refused, by_column = None, []
            if given.reasons.any():
                path = folder / f"{name}-{part.number:05}.parquet"
                bad = refused_in(self.dataset, chunk, given.reasons, given.refusals)
                refused, by_column = write_part(self._run.out, path, quarantined(chunk, bad)), counted_in(chunk, bad)
            edge_blanks = rows_with_edge_blanks(self.dataset, chunk)
            if self.copies:
                self.copies.add_places(part.position, chunk)
            with self._adding:
                outcome.edge_blanks.update(edge_blanks)
                outcome.dropped += chunk.dropped
                self._add(outcome, part.number, given, refused, by_column)
                told = (outcome.chunks, outcome.rows_in, outcome.quarantined, monotonic() - began, source.rows_hint)
                report(Progress(name, *told))

        for_each_part(source.parts(), work, threads)
        judge.verify()
        outcome.seconds = monotonic() - began
        return outcome

    def of_part(self, part: Part, frame: pl.DataFrame, flagged: Int64) -> Owned | None:
        """The rows that a part of the owners rests on, in their order; None where it has none at all.

        Adds the owner's reason to those known of owners with a refused row. InputError if the part is not cut as it
        was, HashCollisionError if a row was sent here alone and its owner is not here.
        """
        found = self._spill.read(part)
        if found is None:
            return None
        key = list(self.owner.key)
        owners = frame.select(pl.col(name).cast(pl.String) for name in key).with_row_index("owner")
        found = found.join(owners, on=key, how="left")  # once for each copy of a repeated owner
        strangers = found.filter(pl.col("owner").is_null()).select("position", "routes")
        with self._adding:
            self._strangers.append(strangers)
        if (strangers["routes"] == 1).any():  # told before the part is written: a part that is there was not misled
            raise HashCollisionError
        own = found.drop_nulls("owner")
        flagged[own.filter("bad")["owner"].to_numpy()] |= self.owner.bad
        if self.copies:
            self.copies.add(own.filter(pl.Series(flagged[own["owner"].to_numpy()] & Reason.duplicate_key == 0)))
        withheld = flagged[own["owner"].to_numpy()] & (self.owner.bad | Reason.duplicate_key) != 0
        own = own.filter(pl.Series(~withheld)).sort("position")
        return Owned(own["owner"].cast(pl.Int64).to_numpy(), {name: own[name].to_numpy() for name in self._values})

    def close(self) -> None:
        """All parts have taken theirs: remove what was spilled.

        HashCollisionError if a row found its owner in none of several parts that it was sent to.
        """
        self._spill.remove()
        counted = pl.concat(self._strangers).group_by("position").agg(pl.len(), pl.col("routes").first())
        if (counted["len"] == counted["routes"]).any():
            raise HashCollisionError

    def _spilled(self, chunk: Chunk, part: Part, judge: Judge) -> Gated:
        """A chunk's rows as judged; those that name an owner who may be known are spilled."""
        try:
            given, places, parts, routes = judge.judged(part.number, chunk.frame, chunk.flagged)
        except InputError as error:
            raise InputError(f"{chunk.file}: {error}") from error
        rows = judge.keys(chunk.frame)[places].with_columns(
            position=pl.Series(part.position + places),
            **{name: pl.Series(given.values[name][places]) for name in self._values},
            bad=pl.Series(given.reasons[places] != 0),
            routes=pl.Series(routes),
        )
        self._spill.add(rows, parts)
        # A line that is no row has no columns that could be missing or wrong.
        given.reasons[given.reasons & Reason.bad_line != 0] = Reason.bad_line
        return given

    def _add(
        self, outcome: Outcome, number: int, given: Gated, refused: PartFile | None, by_column: list[ColumnCount]
    ) -> None:
        outcome.chunks += 1
        outcome.rows_in += given.reasons.size
        outcome.rows_out += int(np.count_nonzero(given.reasons == 0))
        outcome.reasons += count_reasons(given.reasons)
        outcome.by_column.add(number, by_column)
        outcome.without_owner += int(np.count_nonzero(nameless(given, self.owner)))
        if refused:
            outcome.quarantine_parts[number] = refused
            outcome.quarantined += refused.rows
