"""One dataset from its source to its written parts: load -> duplicates -> evaluate -> results, quarantine, totals.

When no part is left to be taken, the written files are read again for their own totals.

What differs between datasets is the evaluation, which the nightly run hands in. Parts are independent of each other and
run on several threads; their numbers, not their order of completion, name the files.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Chunk, Part
from calc.bulk.inputs.edge_blanks import rows_with_edge_blanks
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.by_column import ColumnCount, counted_in
from calc.bulk.publish.output import HOLDINGS, Run
from calc.bulk.publish.parts import write_part
from calc.bulk.publish.quarantine import count_reasons, quarantined, refused_in
from calc.bulk.reconcile import totals as control
from calc.bulk.reconcile.part_totals import totals_of_part
from calc.bulk.run.outcome import Outcome, Progress
from calc.bulk.run.part_checkpoint import RECORDS, DerivedRecord, PartRecord, read_record, write_record
from calc.bulk.shuffle.duplicates import RepeatedKeys
from calc.bulk.shuffle.holdings import held_of
from calc.bulk.shuffle.key_index import KeyIndex
from calc.columns.evaluation import Evaluation, results_alone
from calc.errors import InputError, Reason
from calc.kernels.arrays import Int64
from calc.topics import nightly_datasets

Evaluate = Callable[[pl.DataFrame, Int64, Part], Evaluation]
"""A chunk's frame, the reasons known so far (it may add some) and the part that it is -> its evaluation."""
QUARANTINE = "quarantine"


def run_stage(
    source: Source,
    run: Run,
    evaluate: Evaluate,
    threads: int,
    keys: KeyIndex,
    report: Callable[[Progress], None],
    *,
    holds: bool = False,
    gives: tuple[str, ...] = (),
) -> Outcome:
    """Write the dataset's results and quarantine; InputError for a file that turns out to be unreadable.

    Parts that the run's folder already holds whole are taken as they are. With `holds`, what accounts rest on is kept
    of every part; `gives` are the datasets of further results that the evaluation gives. HashCollisionError: begin
    again with another seed; the results are the same for each. `keys` are the dataset's.
    """
    began = monotonic()
    name = source.dataset.name
    for folder in (name, QUARANTINE, RECORDS, *gives, *([HOLDINGS] if holds else [])):
        run.subfolder(folder)
    repeated, seed = keys.repeated(), keys.seed
    keys.drop_hashes()
    outcome = Outcome(name, gives={each: Outcome(each) for each in gives})
    adding = Lock()

    def work(part: Part) -> int:
        side_file = run.folder / RECORDS / f"{name}-{part.number:05}.json"
        record = read_record(run.out, side_file, part.rows, seed)
        if record:
            _take(part, record, repeated)
        else:
            chunk = part.load()
            evaluation = evaluated(evaluate, chunk, known_reasons(part, chunk, repeated), part)
            record = _written(part, chunk, evaluation, source, run, seed, holds=holds)
            write_record(run.out, side_file, record)
        with adding:
            outcome.add(part.number, record)
            told = (outcome.chunks, outcome.rows_in, outcome.quarantined, monotonic() - began, source.rows_hint)
            report(Progress(name, *told))
        return part.number

    def add_up(number: int) -> None:
        for each in list(outcome.every.values()):
            if file := each.parts.get(number):
                found = control.totals_of(each.dataset, run.out / file.path)
                with adding:
                    control.add(each.written, found)

    for_each_part(source.parts(), work, threads, later=add_up)
    repeated.verify()
    for each in outcome.every.values():
        each.seconds = monotonic() - began
    return outcome


def _written(
    part: Part, chunk: Chunk, evaluation: Evaluation, source: Source, run: Run, seed: int, *, holds: bool
) -> PartRecord:
    """Record of a part whose files have just been written: what accounts rest on, quarantine, results."""
    name = source.dataset.name
    held = refused = results = None
    by_column: list[ColumnCount] = []
    if holds:
        held = write_part(run.out, run.folder / HOLDINGS / _file_name(part), held_of(chunk.frame, evaluation))
    if evaluation.reasons.any():
        path = run.folder / QUARANTINE / f"{name}-{part.number:05}.parquet"
        bad = refused_in(source.dataset, chunk, evaluation.reasons, evaluation.refusals)
        refused, by_column = write_part(run.out, path, quarantined(chunk, bad)), counted_in(chunk, bad)
    if evaluation.results.height:
        frame = evaluation.results
        if source.keep_columns:
            good = pl.Series(evaluation.reasons == 0)
            frame = frame.with_columns([column.filter(good) for column in source.carried_columns(chunk)])
        results = write_part(run.out, run.folder / name / _file_name(part), frame, source.dataset.never_null)
    gives = {each: _given(part, each, given, run) for each, given in evaluation.gives.items() if given.height}
    reasons = dict(count_reasons(evaluation.reasons))
    found = totals_of_part(name, evaluation)
    return PartRecord(
        chunk.file, chunk.first_row, chunk.frame.height, seed, results, refused, held, reasons, by_column, found,
        evaluation.rests_on, edge_blanks=rows_with_edge_blanks(source.dataset, chunk),
        dropped=chunk.dropped, gives=gives,
    )  # fmt: skip


def _given(part: Part, name: str, frame: pl.DataFrame, run: Run) -> DerivedRecord:
    """Record of a part's further results, which have just been written."""
    file = write_part(run.out, run.folder / name / _file_name(part), frame, nightly_datasets.results()[name].never_null)
    return DerivedRecord(file, totals_of_part(name, results_alone(frame)))


def _take(part: Part, record: PartRecord, repeated: RepeatedKeys) -> None:
    """Take a part from an earlier try: its copies of repeated keys are compared again with all others."""
    if record.reasons.get(Reason.duplicate_key.name or ""):
        repeated.rows_of(part.number, part.load().frame)


def _file_name(part: Part) -> str:
    return f"part-{part.number:05}.parquet"


def check(outcome: Outcome) -> None:
    """PublishRefusedError where rows do not add up, or control totals are not those of the written files."""
    control.check_rows(outcome.dataset, outcome.rows_in, outcome.rows_out, outcome.quarantined)
    if outcome.dataset in control.FIGURES:
        control.check_equal(outcome.dataset, outcome.totals, outcome.written)


def known_reasons(part: Part, chunk: Chunk, repeated: RepeatedKeys | None) -> Int64:
    """Reasons known before the evaluation: the chunk's own and its repeated keys, where the dataset has a key."""
    flagged = np.zeros(chunk.frame.height, dtype=np.int64) if chunk.flagged is None else chunk.flagged
    if repeated:
        flagged[repeated.rows_of(part.number, chunk.frame)] |= Reason.duplicate_key
    return flagged


def evaluated(evaluate: Evaluate, chunk: Chunk, flagged: Int64, part: Part) -> Evaluation:
    """A chunk's evaluation; InputError names its file."""
    try:
        evaluation = evaluate(chunk.frame, flagged, part)
    except InputError as error:
        raise InputError(f"{chunk.file}: {error}") from error
    # A line that is no row has no columns that could be missing or wrong.
    evaluation.reasons[flagged & Reason.bad_line != 0] = Reason.bad_line
    return evaluation
