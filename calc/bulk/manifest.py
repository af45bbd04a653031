"""What a run's manifest says: its parts, quarantine and control totals, and everything that the results rest on."""

import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any, Final

from calc import datafiles
from calc.bulk.job import NightlyJob
from calc.bulk.output import Run
from calc.bulk.parts import CODEC, CODEC_LEVEL, PartFile
from calc.bulk.source import Source
from calc.bulk.stage import Outcome
from calc.bulk.totals import as_json
from calc.rates.table import RateTable
from calc.rules.resolve import Rules
from calc.units import format_percent, to_date, to_day

FORMAT: Final = 1
_PACKAGES: Final = ("puccalc", "numpy", "numba", "polars", "pyarrow")
_UNDATED: Final = {
    "deposits": "posted_cents and amounts_owed_cents carry no date: they count as of the extract",
    "accounts": "bills and late payments carry no date: they count as of the extract",
    "participants": "participants' figures carry no date: they count as of the extract",
}


def manifest_of(
    job: NightlyJob,
    run: Run,
    rules: Rules,
    rates: RateTable,
    sources: Mapping[str, Source],
    sha256: Mapping[str, list[str]],
    outcomes: Mapping[str, Outcome],
    previous: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The manifest of a run; amounts are integer cents, paths are relative to the output folder."""
    return {
        "format": FORMAT,
        "run_id": run.run_id,
        "previous_run_id": previous["run_id"] if previous else None,
        "as_of": job.as_of.isoformat(),
        "known_on": job.known_on.isoformat() if job.known_on else None,
        "datasets": {name: _files(outcome.parts) for name, outcome in outcomes.items()},
        "quarantine": {
            name: {**_files(outcome.quarantine_parts), "reasons": dict(sorted(outcome.reasons.items()))}
            for name, outcome in outcomes.items()
        },
        "rows": {
            name: {"in": outcome.rows_in, "out": outcome.rows_out, "quarantined": outcome.quarantined}
            for name, outcome in outcomes.items()
        },
        "control_totals": {name: as_json(outcome.totals) for name, outcome in outcomes.items()},
        "inputs": {name: _inputs(source, sha256[name]) for name, source in sources.items()},
        "max_bad_share": str(job.max_bad_share),
        "tariff": rules.tariff.name,
        "switches": dict(rules.switches),
        "rate_in_force": _rate_in_force(job, rates),
        "provisional": is_provisional(job, rates),
        "notes": _notes(job, rules, rates, outcomes),
        "checksums": {
            "rules": rules.checksum,
            "tariff": rules.tariff.checksum,
            "rates": rates.checksum,
            "guidelines": datafiles.checksum(("guidelines/",)),
        },
        "rates_basis": rates.basis,
        "codec": f"{CODEC}-{CODEC_LEVEL}",
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
    }


def refusal_of(manifest: Mapping[str, Any], why: str) -> dict[str, Any]:
    """What refused.json says: the manifest of a run whose results are not published, and why."""
    return {"why": why, **{name: value for name, value in manifest.items() if name != "datasets"}}


def is_provisional(job: NightlyJob, rates: RateTable) -> bool:
    """Whether a day before the as-of day has a provisional rate."""
    first = rates.provisional_from_day
    return first is not None and first < to_day(job.as_of)


def _rate_in_force(job: NightlyJob, rates: RateTable) -> dict[str, str] | None:
    day = to_day(job.as_of)
    for _, _, row in rates.segments(day, day + 1):
        rate = {"effective_from": row.effective_from.isoformat(), "rate_percent": format_percent(row.rate_ppm)}
        return {**rate, "source": row.source}
    return None


def _files(parts: Mapping[int, PartFile]) -> dict[str, Any]:
    ordered = [parts[number] for number in sorted(parts)]
    return {"rows": sum(part.rows for part in ordered), "parts": [asdict(part) for part in ordered]}


def _inputs(source: Source, sha256: list[str]) -> list[dict[str, Any]]:
    return [
        {"path": str(file.path), "bytes": size, "sha256": digest}
        for file, (size, _), digest in zip(source.files, source.stamps, sha256, strict=True)
    ]


def _notes(job: NightlyJob, rules: Rules, rates: RateTable, outcomes: Mapping[str, Outcome]) -> list[str]:
    """What a reader of the figures has to know."""
    notes = [text for name, text in _UNDATED.items() if name in outcomes]
    if is_provisional(job, rates):
        first = to_date(rates.provisional_from_day or 0)
        notes.insert(0, f"PROVISIONAL: rates from {first} on rest on monthly averages that are not published yet")
    if rules.tariff.name == "default":
        notes.append(f"tariff default: {rules.tariff.title}; a utility's own is chosen with --tariff")
    unknown = outcomes["deposits"].without_account
    if unknown:
        notes.append(f"{unknown} quarantined deposits name no account: no account's row could be held back for them")
    return notes
