"""A nightly run without its output: every input opened, every row read, gated and evaluated, and nothing written.

Comes in: a job. Goes out, by dataset: rows, parts, bytes, what would be quarantined and why, about how many bytes the
run would write and how long it would take. Of transactions, each is looked at and its deposit looked for; balances are
the run's to strike.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Final

import numpy as np

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.edge_blanks import edge_blanks_note, rows_with_edge_blanks
from calc.bulk.inputs.map_file import load_map
from calc.bulk.inputs.mapping import dropped_note
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.recorded_hashes import check_recorded_hashes, with_page_checksums
from calc.bulk.inputs.source import Source, file_sha256
from calc.bulk.inputs.timestamps import timestamp_notes
from calc.bulk.publish.bad_share import check_bad_share
from calc.bulk.publish.by_column import ByColumn, counted_in
from calc.bulk.publish.parts import encoded
from calc.bulk.publish.quarantine import count_reasons, refused_in
from calc.bulk.run.bounds import check_bounds
from calc.bulk.run.customers import name_customers
from calc.bulk.run.dataset_run import Evaluate, evaluated, known_reasons
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.law import law_of
from calc.bulk.run.nightly import open_sources
from calc.bulk.run.outcome import Progress, empty_note
from calc.bulk.run.rehearsal import Rehearsal
from calc.bulk.shuffle.duplicates import RepeatedKeys
from calc.bulk.shuffle.key_index import KeyIndexes
from calc.columns.contract import ACCOUNTS, PARTICIPANT_EVENTS, TRANSACTIONS
from calc.errors import PublishRefusedError

_NO_BALANCES: Final = (
    "{rows} transactions were checked, and that their deposits are there; a dry run strikes no balances: "
    "negative_balance, and what refunds and installments change in a deposit, show in the run alone"
)


_NO_YEARS: Final = (
    "{rows} events were checked, and that their participants are there; a dry run brings no event to a year: what the "
    "events of a participant refuse together shows in the run alone"
)
_NO_CUSTOMERS: Final = (
    "a dry run adds up no customers: accounts that rest on another refused account of their customer show in the run "
    "alone"
)

_ALONE: Final = {TRANSACTIONS.name: _NO_BALANCES, PARTICIPANT_EVENTS.name: _NO_YEARS}
"""What a dry run says of rows that belong to another dataset's."""


@dataclass(slots=True)
class Rehearsed:
    """What a dataset's rows would become; `writing_seconds` is what encoding its results would take on one thread."""

    dataset: str
    files: int
    bytes_in: int
    left_out: tuple[str, ...] = ()
    parts: int = 0
    rows: int = 0
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    by_column: ByColumn = field(default_factory=ByColumn)
    edge_blanks: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    no_midnights: list[str] = field(default_factory=list)
    bytes_out: int = 0
    seconds: float = 0.0
    writing_seconds: float = 0.0


def dry_run(job: NightlyJob, report: Callable[[Progress], None] = lambda _: None) -> dict[str, Any]:
    """Go through a job without writing and return what was found, `refused` saying why it would not be published.

    InputError as the run would raise it, a recorded SHA-256 or a page checksum that differs among them.
    """
    began = monotonic()
    rules, rates = law_of(job)
    sources = open_sources(job, load_map(job.mapping) if job.mapping else None)
    sha256 = {
        name: [file_sha256(file.path) if file.path in source.recorded else "" for file in source.files]
        for name, source in sources.items()
    }
    check_recorded_hashes(sources, sha256)
    with_page_checksums(sources)
    keys = KeyIndexes(sources, job.threads, seed=0)
    rehearsal = Rehearsal(job, rules, rates, sources, keys)
    found = []
    for name, source in sources.items():
        repeated = keys.of(name).repeated() if source.dataset.key else None
        found.append(_rehearse(source, rehearsal.evaluation_of(name), repeated, job.threads, report))
        keys.drop(name)
        source.check_unchanged()
    bounds = rehearsal.foreseen.bounds({each.dataset: (each.rows, each.quarantined) for each in found})
    return _told(job, found, bounds, monotonic() - began, _notes(sources))


def _rehearse(
    source: Source, evaluate: Evaluate, repeated: RepeatedKeys | None, threads: int, report: Callable[[Progress], None]
) -> Rehearsed:  # fmt: skip
    """A dataset's rows, read and evaluated; the first part is encoded too, to know what writing would take."""
    began = monotonic()
    found = Rehearsed(source.dataset.name, len(source.files), sum(size for size, _ in source.stamps), source.left_out)
    adding = Lock()
    sampled: list[float] = []

    def work(part: Part) -> None:
        chunk = part.load()
        evaluation = evaluated(evaluate, chunk, known_reasons(part, chunk, repeated), part)
        if part.number == 0 and evaluation.results.height:
            encoding = monotonic()
            size = encoded(evaluation.results, source.dataset.never_null).size
            size += sum(encoded(each).size for each in evaluation.gives.values())
            sampled.extend((size / part.rows, (monotonic() - encoding) / part.rows))
        by_column = []
        if evaluation.reasons.any():
            by_column = counted_in(chunk, refused_in(source.dataset, chunk, evaluation.reasons, evaluation.refusals))
        edge_blanks = rows_with_edge_blanks(source.dataset, chunk)
        with adding:
            found.parts += 1
            found.by_column.add(part.number, by_column)
            found.rows += part.rows
            found.reasons.update(count_reasons(evaluation.reasons))
            found.edge_blanks.update(edge_blanks)
            found.dropped += chunk.dropped
            found.quarantined += int(np.count_nonzero(evaluation.reasons))
            told = (found.parts, found.rows, found.quarantined, monotonic() - began, source.rows_hint)
            report(Progress(found.dataset, *told))

    for_each_part(source.parts(), work, threads)
    found.no_midnights = timestamp_notes(source, found.by_column.as_json())
    found.seconds = monotonic() - began
    if sampled:
        found.bytes_out = round(sampled[0] * found.rows)
        found.writing_seconds = sampled[1] * found.rows
    return found


def _notes(sources: Mapping[str, Source]) -> list[str]:
    accounts = sources.get(ACCOUNTS.name)
    return [_NO_CUSTOMERS] if accounts and name_customers(accounts) else []


def _told(job: NightlyJob, found: list[Rehearsed], bounds: dict[str, Any], seconds: float, notes: list[str]
) -> dict[str, Any]:  # fmt: skip
    refused = None
    try:
        for each in found:
            check_bad_share(each.dataset, each.rows, each.quarantined, each.by_column.as_json(), job.max_bad_share)
        check_bounds(bounds)
    except PublishRefusedError as error:
        refused = "; ".join([str(error), *(note for each in found for note in each.no_midnights)])
    writing = sum(each.writing_seconds for each in found) / job.threads
    return {
        "dry_run": True,
        "as_of": job.as_of.isoformat(),
        "datasets": {
            each.dataset: {
                "files": each.files,
                "bytes": each.bytes_in,
                "rows": each.rows,
                "parts": each.parts,
                "quarantined": each.quarantined,
                "reasons": dict(sorted(each.reasons.items())),
                "by_column": each.by_column.as_json(),
                "estimated_bytes_out": each.bytes_out,
                "left_out": list(each.left_out),
                "dropped_rows": each.dropped,
                "edge_blanks": dict(sorted(each.edge_blanks.items())),
            }
            for each in found
        },
        "estimated_seconds": round(seconds + writing, 1),
        "seconds": round(seconds, 1),
        "bounds": bounds,
        "refused": refused,
        "notes": [
            *notes,
            *(empty_note(each.dataset) for each in found if not each.rows + each.dropped),
            *(_ALONE[each.dataset].format(rows=each.rows) for each in found if each.dataset in _ALONE),
            *(dropped_note(each.dataset, each.dropped) for each in found if each.dropped),
            *(note for each in found for note in each.no_midnights),
            *(edge_blanks_note(each.dataset, each.edge_blanks) for each in found if each.edge_blanks),
        ],
    }
