"""What a run's manifest says: its parts, quarantine and control totals, and everything that the results rest on."""

import platform
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from calc import datafiles
from calc.bulk.inputs.edge_blanks import edge_blanks_note
from calc.bulk.inputs.mapping import dropped_note
from calc.bulk.inputs.recorded_hashes import verified_by
from calc.bulk.inputs.source import Source, file_sha256
from calc.bulk.publish.output import MANIFEST, Run
from calc.bulk.publish.parts import CODEC, CODEC_LEVEL, PartFile
from calc.bulk.reconcile.readings import Readings, readings_as_json
from calc.bulk.reconcile.rests_on import interest_through_as_json
from calc.bulk.reconcile.totals import as_json
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.outcome import Outcome, empty_note
from calc.columns.contract import DATASETS
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules
from calc.topics.nightly_datasets import inputs, results
from calc.units import format_percent, to_date, to_day

FORMAT: Final = 1
_PACKAGES: Final = ("puccalc", "numpy", "numba", "polars", "pyarrow")
_UNDATED: Final = {
    "deposits": "posted_cents and amounts_owed_cents carry no date: they count as of the extract",
    "accounts": "bills, late payments and grounds without a day carry no date: they count as of the extract",
    "participants": "participants' figures carry no date: they count as of the extract",
}
_DATED: Final = (
    "postings and debts that came as transactions count from their dates; posted_cents and amounts_owed_cents of the "
    "deposits carry none and count as of the extract, beside them"
)
_EVENTS: Final = (
    "events act from the first bill dated after them; those dated after the as-of date have not happened; the "
    "participants' other figures carry no date and count as of the extract"
)
_NO_RESULTS: Final = (
    "transactions have no result files: their rows out are the good ones, those of refused deposits among them"
)


def manifest_of(
    job: NightlyJob,
    run: Run,
    rules: Rules,
    rates: RateTable,
    sources: Mapping[str, Source],
    sha256: Mapping[str, list[str]],
    page_checksums: Collection[Path],
    outcomes: Mapping[str, Outcome],
    previous: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The manifest of a run; amounts are integer cents, paths are relative to the output folder."""
    return {
        "format": FORMAT,
        "run_id": run.run_id,
        "previous_run_id": previous["run_id"] if previous else None,
        "previous_manifest_sha256": file_sha256(run.out / MANIFEST) if previous else None,
        "as_of": job.as_of.isoformat(),
        "known_on": job.known_on.isoformat() if job.known_on else None,
        "datasets": {name: _files(outcomes[name].parts) for name in outcomes if name in results()},
        "quarantine": {
            name: {
                **_files(outcome.quarantine_parts),
                "reasons": dict(sorted(outcome.reasons.items())),
                "by_column": outcome.by_column.as_json(),
            }
            for name, outcome in outcomes.items()
        },
        "rows": {
            name: {"in": outcome.rows_in, "out": outcome.rows_out, "quarantined": outcome.quarantined}
            for name, outcome in outcomes.items()
        },
        "control_totals": {name: as_json(name, outcomes[name].totals) for name in outcomes if name in results()},
        "inputs": {name: _inputs(source, sha256[name], page_checksums) for name, source in sources.items()},
        "left_out": {name: list(source.left_out) for name, source in sources.items()},
        "dropped_rows": {name: outcome.dropped for name, outcome in outcomes.items()},
        "edge_blanks": {name: dict(sorted(outcome.edge_blanks.items())) for name, outcome in outcomes.items()},
        "max_bad_share": str(job.max_bad_share),
        "jurisdiction": rules.jurisdiction,
        "tariff": rules.tariff.name,
        "switches": dict(rules.switches),
        "limit": job.limit,
        "rate_in_force": rate_in_force(job.as_of, rates),
        "provisional": is_provisional(job.as_of, rates),
        "notes": _notes(job, rules, rates, outcomes),
        "rates_basis": rates.basis,
        **basis_of(rules, rates),
    }


def rests_on_as_json(
    as_of_day: int, rules: Rules, readings: Readings, outcomes: Mapping[str, Outcome]
) -> dict[str, Any]:  # fmt: skip
    """What a manifest says of what the money rests on: the last day that earned, and the open readings."""
    told: dict[str, Any] = {}
    if deposits := outcomes.get("deposits"):
        without_rate = deposits.reasons.get("no_rate_in_force", 0)
        told = interest_through_as_json(as_of_day, deposits.rests_on, rules, without_rate)
    found = {name: outcomes[name] for name in outcomes if name in DATASETS}
    rows = {name: each.rows_in for name, each in found.items()}
    return {**told, "open_readings": readings_as_json(readings, {name: found[name].rests_on for name in found}, rows)}


def basis_of(rules: Rules, rates: RateTable) -> dict[str, Any]:
    """What the bytes of a result follow from beside the job and its inputs: checksums, codec and versions."""
    return {
        "checksums": {
            "rules": rules.checksum,
            "tariff": rules.tariff.checksum,
            "rates": rates.checksum,
            "guidelines": datafiles.checksum(("guidelines/",)),
        },
        "codec": f"{CODEC}-{CODEC_LEVEL}",
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
    }


def refusal_of(manifest: Mapping[str, Any], why: str) -> dict[str, Any]:
    """What refused.json says: the manifest of a run whose results are not published, and why."""
    return {"why": why, **{name: value for name, value in manifest.items() if name != "datasets"}}


def is_provisional(as_of: date, rates: RateTable) -> bool:
    """Whether a day before the as-of day has a provisional rate."""
    first = rates.provisional_from_day
    return first is not None and first < to_day(as_of)


def rate_in_force(as_of: date, rates: RateTable) -> dict[str, str] | None:
    """The rate of the as-of day, with its source; None where there is none."""
    day = to_day(as_of)
    for _, _, row in rates.segments(day, day + 1):
        rate = {"effective_from": row.effective_from.isoformat(), "rate_percent": format_percent(row.rate_ppm)}
        return {**rate, "source": row.source}
    return None


def unknown_accounts(deposits: int) -> str:
    """The note on quarantined deposits that name no account."""
    return f"{deposits} quarantined deposits name no account: no account's row could be held back for them"


def nameless_note(name: str, rows: int) -> str:
    """The note on quarantined rows that name no row of the dataset that they belong to."""
    owner = inputs()[name].owner
    one = owner.dataset.removesuffix("s") if owner else "row"
    return f"{rows} quarantined {name} name no {one}: no {one} could be held back for them"


def _files(parts: Mapping[int, PartFile]) -> dict[str, Any]:
    ordered = [parts[number] for number in sorted(parts)]
    return {"rows": sum(part.rows for part in ordered), "parts": [asdict(part) for part in ordered]}


def _inputs(source: Source, sha256: list[str], page_checksums: Collection[Path]) -> list[dict[str, Any]]:
    files = []
    for file, (size, _), digest in zip(source.files, source.stamps, sha256, strict=True):
        by = verified_by(source, file.path, page_checksums)
        verified = {"input_verified": by is not None, "verified_by": by}
        files.append({"path": str(file.path), "bytes": size, "sha256": digest, **verified})
    return files


def notes_of(as_of: date, rules: Rules, rates: RateTable, datasets: Collection[str]) -> list[str]:
    """What a reader of the figures of these datasets has to know, whatever their rows are."""
    undated = dict(_UNDATED)
    if "transactions" in datasets:
        undated["deposits"] = f"{_DATED}; {_NO_RESULTS}"
    if "events" in datasets:
        undated["participants"] = _EVENTS
    notes = [text for name, text in undated.items() if name in datasets]
    if is_provisional(as_of, rates):
        first = to_date(rates.provisional_from_day or 0)
        notes.insert(0, f"PROVISIONAL: rates from {first} on rest on monthly averages that are not published yet")
    if rules.clauses is not None:
        notes.append(f"jurisdiction {rules.jurisdiction}: {rules.clauses.head.name}, {rules.clauses.head.rule}")
        if rules.clauses.unclaimed is None and "deposits" in datasets:
            notes.append(f"the rules of {rules.jurisdiction} here do not say when a deposit is unclaimed: none is")
    elif rules.tariff.name == "default":
        notes.append(f"tariff default: {rules.tariff.title}; a utility's own is chosen with --tariff")
    return notes


def _notes(job: NightlyJob, rules: Rules, rates: RateTable, outcomes: Mapping[str, Outcome]) -> list[str]:
    notes = notes_of(job.as_of, rules, rates, outcomes)
    if job.limit is not None:
        notes.insert(0, f"LIMITED: the first {job.limit} rows of each dataset, not the whole of it")
    notes += [empty_note(name) for name in job.inputs if not outcomes[name].rows_in + outcomes[name].dropped]
    unknown = outcomes["deposits"].without_account if "deposits" in outcomes else 0
    if unknown:
        notes.append(unknown_accounts(unknown))
    withheld = outcomes["customers"].withheld if "customers" in outcomes else 0
    if withheld:
        notes.append(f"{withheld} customers rest on a quarantined account or deposit, and are in no result")
    notes += [nameless_note(name, each.without_owner) for name, each in outcomes.items() if each.without_owner]
    notes += [dropped_note(name, each.dropped) for name, each in outcomes.items() if each.dropped]
    notes += [edge_blanks_note(name, each.edge_blanks) for name, each in outcomes.items() if each.edge_blanks]
    return notes
