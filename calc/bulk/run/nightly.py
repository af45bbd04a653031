"""The nightly run: datasets from their files to published results.

In order: what the day's rules and rates are; every input opened and its columns checked; the output folder held; the
datasets in the order of the graph, each to parts in the run's own folder; control totals checked; the share of bad rows
judged; the manifest written. Until then the previous result stands.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, TypeVar

from calc.bulk.inputs.map_file import ExtractMap, load_map
from calc.bulk.inputs.recorded_hashes import check_recorded_hashes, with_page_checksums, with_recorded_hashes
from calc.bulk.inputs.source import Source, file_sha256, open_source
from calc.bulk.inputs.timestamps import timestamp_notes
from calc.bulk.publish.bad_share import check_bad_share
from calc.bulk.publish.output import locked, new_run, publish, read_manifest, refuse
from calc.bulk.publish.space import check_space
from calc.bulk.reconcile.bucket_digests import bits_for
from calc.bulk.reconcile.gone import gone_since
from calc.bulk.reconcile.readings import Readings
from calc.bulk.reconcile.roll_forward import Previous, RollForward, check_named, previous_of
from calc.bulk.run import graph
from calc.bulk.run.bounds import GONE, bounds_of, check_bounds
from calc.bulk.run.checkpoint import Started, inputs_of, write_started
from calc.bulk.run.customers import check_customers_named
from calc.bulk.run.dataset_run import check
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.law import check_same_jurisdiction, law_of
from calc.bulk.run.manifest import basis_of, manifest_of, refusal_of, rests_on_as_json
from calc.bulk.run.night import Night
from calc.bulk.run.outcome import Outcome, Progress
from calc.bulk.run.part_checkpoint import RECORDS
from calc.bulk.run.steps import cut_to_fit, kernels_of, walk
from calc.bulk.run.unfinished import check_same
from calc.bulk.shuffle.duplicates import HashCollisionError
from calc.bulk.shuffle.key_index import KeyIndexes
from calc.columns.contract import DEPOSITS
from calc.errors import PublishRefusedError
from calc.kernels._jit import compile_seconds
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules
from calc.topics import nightly_datasets
from calc.units import to_day

T = TypeVar("T")


def run_nightly(
    job: NightlyJob, report: Callable[[Progress], None] = lambda _: None, started: Started | None = None
) -> dict[str, Any]:
    """Run the job and return the manifest that it published, with `seconds` by dataset, in all, and `compiling`.

    Those are seconds of the clock but `compiling`: seconds of a processor, most of them beside the reading of files.

    `started` is a run that was stopped, to go on with in its own folder; see `calc.bulk.run.resume`.

    PublishRefusedError (exit 4) where too many rows are bad or control totals differ: nothing is published, the
    previous result stands, and refused.json names the quarantine. InputError, OutputError and OutputLockedError as
    they say.
    """
    began, compiled_before = monotonic(), compile_seconds()
    rules, rates = law_of(job)
    mapped = load_map(job.mapping) if job.mapping else None
    sources = open_sources(job, mapped)
    with locked(job.out), _prepared(sources) as (pool, hashes):
        previous = read_manifest(job.out)
        check_same_jurisdiction(previous, rules)
        rolled_from = previous_of(job.out, previous, to_day(job.as_of))
        check_space(job.out, sources, started.run if started else None)
        run = started.run if started else new_run(job.out, job.as_of, _settings(job, rules, rates, sources, mapped))
        basis = {**basis_of(rules, rates), "map": mapped.sha256 if mapped else None}
        now = Started(run, job, Path.cwd(), inputs_of(sources, None), basis)
        if started:
            check_same(started, _with_hashes(now, sources, hashes))
        else:
            write_started(now)
        readings = Readings(rules, rates, job.known_on, job.tariff, sources, all_rows=job.sensitivities)
        checked = pool.submit(with_page_checksums, sources)
        recorded = pool.submit(lambda: write_started(_with_hashes(now, sources, hashes)))
        outcomes, rolled = _with_some_seed(
            lambda seed: _walk(
                Night(job, rules, rates, sources, run, KeyIndexes(sources, job.threads, seed), report, readings),
                rolled_from,
            )
        )
        recorded.result()
        sha256 = {name: [each.result() for each in futures] for name, futures in hashes.items()}
        for source in sources.values():
            source.check_unchanged()
        check_recorded_hashes(sources, sha256)
        manifest = manifest_of(job, run, rules, rates, sources, sha256, checked.result(), outcomes, previous)
        manifest |= rests_on_as_json(to_day(job.as_of), rules, readings, outcomes)
        if deposits := outcomes.get(DEPOSITS.name):
            manifest |= rolled.as_json(manifest, deposits.totals)
            deposits.findings[GONE] = gone_since(previous, deposits.rows_in, deposits.totals, rolled.gone)
        else:
            manifest |= {"rolled_from": {"why_not": "no deposits are given"}, "roll_forward": {}}
        manifest["bounds"] = bounds_of(job, run, outcomes)
        no_midnights = [
            note for name, each in sources.items() for note in timestamp_notes(each, outcomes[name].by_column.as_json())
        ]
        manifest["notes"] += no_midnights
        try:
            for outcome in outcomes.values():
                check(outcome)
            for name, each in outcomes.items():
                check_bad_share(name, each.rows_in, each.quarantined, each.by_column.as_json(), job.max_bad_share)
            check_bounds(manifest["bounds"])
            check_named(manifest)
        except PublishRefusedError as error:
            why = "; ".join([str(error), *no_midnights])
            refuse(run, refusal_of(manifest, why), [*outcomes, RECORDS])
            raise PublishRefusedError(f"{why}; see {job.out / 'refused.json'}") from error
        if DEPOSITS.name in outcomes:
            manifest |= rolled.write(run)
        publish(run, manifest, previous)
    seconds = {name: outcome.seconds for name, outcome in outcomes.items()}
    compiling = compile_seconds() - compiled_before
    return {**manifest, "seconds": {**seconds, "compiling": compiling, "all": monotonic() - began}}


def open_sources(job: NightlyJob, mapped: ExtractMap | None) -> dict[str, Source]:
    """Every input with its columns checked and what was recorded of its files; UsageError where one lacks another."""
    graph.check_complete(job.inputs)
    known = nightly_datasets.inputs()
    sources = {
        name: open_source(
            known[name], named, part_rows=job.part_rows, keep_columns=job.keep_columns, limit=job.limit,
            mapped=mapped.datasets.get(name) if mapped else None,
        )
        for name, named in ((name, job.inputs[name]) for name in graph.in_order(job.inputs))
    }  # fmt: skip
    if job.customers:
        check_customers_named(sources.get("accounts"))
    return with_recorded_hashes(cut_to_fit(sources), job.expect_sha256)


def _with_some_seed(stages: Callable[[int], T]) -> T:
    """What the stages give with the first seed that tells all keys apart by their hashes: nearly always the first."""
    for seed in count():
        with suppress(HashCollisionError):
            return stages(seed)
    raise AssertionError("seeds do not end")


def _walk(night: Night, rolled_from: Previous | str) -> tuple[dict[str, Outcome], RollForward]:
    """Every dataset's outcome, and the deposits as they are rolled forward."""
    deposits = night.sources.get(DEPOSITS.name)
    rolled = RollForward(to_day(night.job.as_of), bits_for(deposits.rows_hint if deposits else 0), rolled_from)
    return walk(night, rolled), rolled


def _with_hashes(
    started: Started, sources: Mapping[str, Source], hashes: Mapping[str, list[Future[str]]]
) -> Started:  # fmt: skip
    """The same with every input's SHA-256, once it is computed."""
    sha256 = {name: [each.result() for each in futures] for name, futures in hashes.items()}
    return replace(started, inputs=inputs_of(sources, sha256))


@contextmanager
def _prepared(sources: Mapping[str, Source]) -> Iterator[tuple[ThreadPoolExecutor, dict[str, list[Future[str]]]]]:
    """SHA-256 of every input file, computed beside the work, as are the kernels compiled, in the pool given out."""
    stop = Event()
    with ThreadPoolExecutor(2) as pool:
        try:
            kernels = kernels_of([*sources, *(each.name for source in sources.values() for each in source.gives)])
            pool.submit(lambda: [kernel.compile() for kernel in kernels])
            hashes = {
                name: [pool.submit(file_sha256, file.path, stop) for file in source.files]
                for name, source in sources.items()
            }  # fmt: skip
            yield pool, hashes
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def _settings(
    job: NightlyJob, rules: Rules, rates: RateTable, sources: Mapping[str, Source], mapped: ExtractMap | None
) -> dict[str, Any]:
    """What a run's results follow from, so that its id tells runs of other settings apart."""
    return {
        "switches": dict(rules.switches),
        "checksums": [rules.checksum, rules.tariff.checksum, rates.checksum],
        "inputs": {name: [file.path.name for file in source.files] for name, source in sources.items()},
        "keep_columns": job.keep_columns,
        "map": mapped.sha256 if mapped else None,
        "limit": job.limit,
    }
