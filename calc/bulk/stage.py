"""One dataset from its source to its written parts: load -> duplicates -> evaluate -> results, quarantine, totals.

What differs between datasets is the evaluation, which the nightly run hands in. Parts are independent of each other and
run on several threads; their numbers, not their order of completion, name the files.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.bulk import totals as control
from calc.bulk.chunk import Chunk, Part
from calc.bulk.duplicates import repeated_rows
from calc.bulk.output import Run
from calc.bulk.parts import PartFile, write_part, write_side_file
from calc.bulk.pipeline import for_each_part
from calc.bulk.quarantine import count_reasons, quarantined
from calc.bulk.source import Source
from calc.columns.evaluation import Evaluation
from calc.errors import InputError, Reason

Int64 = npt.NDArray[np.int64]
Evaluate = Callable[[pl.DataFrame, Int64], Evaluation]
"""A chunk's frame and the reasons known so far -> its evaluation."""
QUARANTINE = "quarantine"


class Progress(NamedTuple):
    """How far a dataset is: parts and rows done, rows quarantined among them, seconds since it began."""

    dataset: str
    parts: int
    rows: int
    quarantined: int
    seconds: float


@dataclass(slots=True)
class Outcome:
    """What became of a dataset's rows."""

    dataset: str
    chunks: int = 0
    rows_in: int = 0
    rows_out: int = 0
    quarantined: int = 0
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    totals: control.Totals = field(default_factory=dict)
    parts: dict[int, PartFile] = field(default_factory=dict)
    quarantine_parts: dict[int, PartFile] = field(default_factory=dict)
    without_account: int = 0
    """Deposits: quarantined rows that name no account, whose rows could not be held back for them."""

    def add(
        self, number: int, rows: int, evaluation: Evaluation, found: control.Totals,
        written: PartFile | None, refused: PartFile | None,
    ) -> None:  # fmt: skip
        """Take in a part: its rows, reasons and totals, and its files."""
        self.chunks += 1
        self.rows_in += rows
        self.reasons += count_reasons(evaluation.reasons)
        control.add(self.totals, found)
        if written:
            self.parts[number] = written
            self.rows_out += written.rows
        if refused:
            self.quarantine_parts[number] = refused
            self.quarantined += refused.rows


def run_stage(
    source: Source, run: Run, evaluate: Evaluate, threads: int, report: Callable[[Progress], None]
) -> Outcome:  # fmt: skip
    """Write the dataset's results and quarantine; InputError for a file that turns out to be unreadable."""
    began = monotonic()
    name = source.dataset.name
    folder, quarantine_folder = run.subfolder(name), run.subfolder(QUARANTINE)
    repeated = repeated_rows(source, threads)
    outcome = Outcome(name)
    adding = Lock()

    def work(part: Part) -> None:
        chunk = part.load()
        evaluation = _evaluated(evaluate, chunk, _flagged(chunk, part, repeated))
        results = evaluation.results
        if source.keep_columns:
            good = pl.Series(evaluation.reasons == 0)
            results = results.hstack(source.kept_columns(chunk.frame).filter(good))
        written = refused = None
        place: dict[str, Any] = {"file": chunk.file, "first_row": chunk.first_row, "rows_in": chunk.frame.height}
        found = control.totals_of(name, _with_inputs(name, evaluation).lazy())
        if results.height:
            written = write_part(run.out, folder / f"part-{part.number:05}.parquet", results)
            write_side_file(run.out, written, {**place, "totals": found})
        if evaluation.reasons.any():
            path = quarantine_folder / f"{name}-{part.number:05}.parquet"
            refused = write_part(run.out, path, quarantined(chunk, evaluation.reasons))
            write_side_file(run.out, refused, {**place, "reasons": count_reasons(evaluation.reasons)})
        with adding:
            outcome.add(part.number, chunk.frame.height, evaluation, found, written, refused)
            report(Progress(name, outcome.chunks, outcome.rows_in, outcome.quarantined, monotonic() - began))

    for_each_part(source.parts(), work, threads)
    outcome.seconds = monotonic() - began
    return outcome


def check(outcome: Outcome, run: Run) -> None:
    """PublishRefusedError where rows or control totals do not add up, the totals read again from the written files."""
    control.check_rows(outcome.dataset, outcome.rows_in, outcome.rows_out, outcome.quarantined)
    files = [str(run.out / outcome.parts[number].path) for number in sorted(outcome.parts)]
    control.check_files(outcome.dataset, outcome.totals, files)


def _flagged(chunk: Chunk, part: Part, repeated: Int64) -> Int64:
    """Reasons known before the evaluation: the chunk's own and its repeated keys."""
    rows = chunk.frame.height
    flagged = np.zeros(rows, dtype=np.int64) if chunk.flagged is None else chunk.flagged
    first, last = np.searchsorted(repeated, [part.position, part.position + rows])
    flagged[repeated[first:last] - part.position] |= Reason.duplicate_key
    return flagged


def _evaluated(evaluate: Evaluate, chunk: Chunk, flagged: Int64) -> Evaluation:
    try:
        evaluation = evaluate(chunk.frame, flagged)
    except InputError as error:
        raise InputError(f"{chunk.file}: {error}") from error
    # A line that is no row has no columns that could be missing or wrong.
    evaluation.reasons[flagged & Reason.bad_line != 0] = Reason.bad_line
    return evaluation


def _with_inputs(name: str, evaluation: Evaluation) -> pl.DataFrame:
    """Results with the inputs that are totalled beside them."""
    totalled = [figure for figure in control.FIGURES[name] if figure in evaluation.inputs]
    beside = [pl.Series(figure, evaluation.inputs[figure]) for figure in totalled]
    return evaluation.results.with_columns(beside)
