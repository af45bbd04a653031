"""The transactions of a nightly run: refused ones to quarantine, all that name a deposit to the part it stands in.

Before the deposits, one pass over the transactions judges each row by itself and spills it for its deposit's part. Each
part of the deposits then takes its own. What belongs to a deposit with a bad transaction is withheld and the deposit
refused (bad_transaction); what belongs to a repeated deposit_id is withheld too. Rows out are the good transactions,
also those of a deposit that is refused; their results are the deposits'.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.bulk.inputs.chunk import Chunk, Part
from calc.bulk.inputs.edge_blanks import rows_with_edge_blanks
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.by_column import ColumnCount, counted_in
from calc.bulk.publish.output import Run
from calc.bulk.publish.parts import PartFile, write_part
from calc.bulk.publish.quarantine import count_reasons, quarantined, refused_in
from calc.bulk.reconcile.findings import Finding, Listed
from calc.bulk.run.dataset_run import QUARANTINE, Outcome, Progress
from calc.bulk.shuffle.duplicates import HashCollisionError
from calc.bulk.shuffle.spill import Directory, Spill
from calc.columns.contract import TRANSACTIONS
from calc.columns.evaluation import words
from calc.columns.gated import Gated
from calc.columns.transactions import gated_transactions
from calc.errors import InputError, Reason
from calc.kernels.event_kinds import EVENTS

Int64 = npt.NDArray[np.int64]

NAME: Final = TRANSACTIONS.name
_SPILL: Final = "spill"
_EVENTS_OF_A_PART: Final = 1 << 20
"""Transactions of one part of the deposits, on average: each takes about 130 bytes while its part is computed."""
_KEY: Final = "deposit_id"
_KINDS: Final = pl.Enum(EVENTS)


def beside_transactions(deposits: Source, transactions: Source) -> Source:
    """The deposits in smaller parts where they have many transactions, which are in memory with their part."""
    most = deposits.rows_hint * _EVENTS_OF_A_PART // max(1, transactions.rows_hint)
    return replace(deposits, part_rows=max(1, min(deposits.part_rows, most)))


class Transactions:
    """Transactions on their way to the parts of the deposits."""

    def __init__(self, run: Run) -> None:
        """Nothing is spilled yet."""
        self._run = run
        self._spill = Spill(run.folder / _SPILL)
        self._adding = Lock()
        self._strangers = [pl.DataFrame(schema={"position": pl.Int64, "routes": pl.Int64})]
        self._places: list[tuple[int, str, int]] = []
        self._copies = Listed(("position",))
        self._copied = self._copied_cents = 0

    def spill(
        self, source: Source, deposits: Source, threads: int, seed: int, report: Callable[[Progress], None]
    ) -> Outcome:
        """Pass over the transactions: refused ones are written to quarantine, all of known deposits are spilled.

        InputError for a file that turns out to be unreadable, OutputError where they cannot be written.
        """
        began = monotonic()
        directory = Directory(deposits, threads, seed)
        self._spill.positions = directory.positions
        folder = self._run.subfolder(QUARANTINE)
        outcome = Outcome(NAME)

        def work(part: Part) -> None:
            chunk = part.load()
            given = _gated(chunk)
            self._route(chunk.frame.select(pl.col(_KEY).cast(pl.String)), given, part.position, directory)
            refused, by_column = None, []
            if given.reasons.any():
                path = folder / f"{NAME}-{part.number:05}.parquet"
                bad = refused_in(TRANSACTIONS, chunk, given.reasons, given.refusals)
                refused, by_column = write_part(self._run.out, path, quarantined(chunk, bad)), counted_in(chunk, bad)
            edge_blanks = rows_with_edge_blanks(TRANSACTIONS, chunk)
            with self._adding:
                outcome.edge_blanks.update(edge_blanks)
                self._places += [(part.position + place, chunk.file, row) for place, row in chunk.runs()]
                outcome.dropped += chunk.dropped
                _add(outcome, part.number, given, refused, by_column)
                told = (outcome.chunks, outcome.rows_in, outcome.quarantined, monotonic() - began, source.rows_hint)
                report(Progress(NAME, *told))

        for_each_part(source.parts(), work, threads)
        outcome.seconds = monotonic() - began
        return outcome

    def of_part(self, part: Part, frame: pl.DataFrame, flagged: Int64) -> pl.DataFrame | None:
        """The transactions that a part of the deposits rests on, in their order; None where it has none at all.

        Adds bad_transaction to the reasons known of the deposits. InputError if the part is not cut as it was,
        HashCollisionError if a transaction was sent here alone and its deposit is not here.
        """
        found = self._spill.read(part)
        if found is None:
            return None
        deposits = frame.select(pl.col(_KEY).cast(pl.String)).with_row_index("row")
        found = found.join(deposits, on=_KEY, how="left")  # once for each copy of a repeated deposit
        strangers = found.filter(pl.col("row").is_null()).select("position", "routes")
        with self._adding:
            self._strangers.append(strangers)
        if (strangers["routes"] == 1).any():  # told before the part is written: a part that is there was not misled
            raise HashCollisionError
        own = found.drop_nulls("row")
        flagged[own.filter("bad")["row"].to_numpy()] |= Reason.bad_transaction
        withheld = flagged[own["row"].to_numpy()] & (Reason.bad_transaction | Reason.duplicate_key) != 0
        self._look_for_copies(own.filter(pl.Series(flagged[own["row"].to_numpy()] & Reason.duplicate_key == 0)))
        own = own.filter(pl.Series(~withheld)).sort("position")
        return own.select(
            _KEY, pl.col("date").cast(pl.Date), words(own["kind"].to_numpy(), _KINDS).alias("kind"), "amount_cents"
        )

    def close(self) -> None:
        """All parts have taken theirs: remove what was spilled.

        HashCollisionError if a transaction found its deposit in none of several parts that it was sent to.
        """
        self._spill.remove()
        counted = pl.concat(self._strangers).group_by("position").agg(pl.len(), pl.col("routes").first())
        if (counted["len"] == counted["routes"]).any():
            raise HashCollisionError

    def copies(self, transactions: int) -> Finding:
        """Sound transactions, of so many, that repeat one before them: same deposit, date, kind and amount.

        The list has each with its file and row, and those of the first of its kind.
        """
        rows = self._copies.rows()
        if rows.height:
            cuts = pl.DataFrame(sorted(self._places), schema=["start", "in_file", "from_row"], orient="row")
            for name, place in (("", "position"), ("first_", "first")):
                rows = rows.sort(place).join_asof(cuts, left_on=place, right_on="start").select(
                    pl.exclude(cuts.columns), pl.col("in_file").alias(f"{name}file"),
                    (pl.col(place) - pl.col("start") + pl.col("from_row")).alias(f"{name}row"),
                )  # fmt: skip
            kind = words(rows["kind"].to_numpy(), _KINDS).cast(pl.String)
            rows = rows.sort("position").select(
                "file",
                "row",
                _KEY,
                pl.col("date").cast(pl.Date),
                kind.alias("kind"),
                "amount_cents",
                "first_file",
                "first_row",
            )
        return Finding(self._copied, transactions, self._copied_cents, rows)

    def _look_for_copies(self, rows: pl.DataFrame) -> None:
        """Count a part's transactions that repeat one before them; those that are refused say nothing."""
        rows = rows.filter(~pl.col("bad"))
        same = ("row", "date", "kind", "amount_cents")
        rows = rows.filter(rows.select(same).is_duplicated())
        if rows.height:
            first = pl.col("position").min().over(same)
            rows = rows.with_columns(first=first).filter(pl.col("position") > pl.col("first"))
            self._copies.add(rows.select("position", "first", _KEY, "date", "kind", "amount_cents"))
            with self._adding:
                self._copied += rows.height
                self._copied_cents += int(rows["amount_cents"].abs().cast(pl.Int128).sum())

    def _route(self, ids: pl.DataFrame, given: Gated, position: int, directory: Directory) -> None:
        """Spill the rows whose deposit may be known; refuse those whose deposit is unknown."""
        named = np.flatnonzero(~given.unusable[_KEY]) if _KEY in given.unusable else np.arange(ids.height)
        rows, parts = directory.routes(ids[named])
        routes = np.bincount(rows, minlength=named.size)
        given.reasons[named[routes == 0]] |= Reason.unknown_deposit
        places = named[rows]
        self._spill.add(
            ids[places].with_columns(
                position=pl.Series(position + places),
                date=pl.Series(given.values["date"][places]),
                kind=pl.Series(given.values["kind"][places]),
                amount_cents=pl.Series(given.values["amount_cents"][places]),
                bad=pl.Series(given.reasons[places] != 0),
                routes=pl.Series(routes[rows]),
            ),
            parts,
        )


def _gated(chunk: Chunk) -> Gated:
    try:
        given = gated_transactions(chunk.frame, chunk.flagged)
    except InputError as error:
        raise InputError(f"{chunk.file}: {error}") from error
    # A line that is no row has no columns that could be missing or wrong.
    given.reasons[given.reasons & Reason.bad_line != 0] = Reason.bad_line
    return given


def _add(outcome: Outcome, number: int, given: Gated, refused: PartFile | None, by_column: list[ColumnCount]) -> None:
    outcome.chunks += 1
    outcome.rows_in += given.reasons.size
    outcome.rows_out += int(np.count_nonzero(given.reasons == 0))
    outcome.reasons += count_reasons(given.reasons)
    outcome.by_column.add(number, by_column)
    if _KEY in given.unusable:
        outcome.without_deposit += int(np.count_nonzero(given.unusable[_KEY]))
    if refused:
        outcome.quarantine_parts[number] = refused
        outcome.quarantined += refused.rows
