"""The last judgement before results are published: what was found beside the rows, and whether it is too much of it.

Comes in: what a run counted (`Finding`: how many of how many, the money, the first rows of a list). Goes out: the
manifest's `bounds`, a list of the rows as Parquet for each bound that found any, and a refusal where a share is above
its limit. Limits are options of the run; `calc.bulk.run.job` has their defaults.
"""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any, Final

from calc.bulk.publish.output import Run
from calc.bulk.publish.parts import write_part
from calc.bulk.reconcile.findings import Finding
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.outcome import Outcome
from calc.errors import PublishRefusedError
from calc.units import format_cents

FOLDER: Final = "bounds"
"""Folder of a run for the lists of what was found."""
_EXAMPLES: Final = 5
BAD, UNMATCHED, REPEATED, AT_ODDS, GONE = BOUNDS = (
    "max_bad_share", "max_unmatched_share", "max_repeated_share", "max_principal_mismatch_share", "max_gone_share",
)  # fmt: skip
"""Fields of a job, whose options are named alike."""
_SAYS: Final = {
    BAD: "rows of {dataset} are bad",
    UNMATCHED: "open deposits have no row of their account and service in the accounts",
    REPEATED: "transactions repeat a line before them (same deposit, date, kind and amount)",
    AT_ODDS: "deposits with receipts among the transactions have another principal than these give",
    GONE: "open deposits of the previous run are not among tonight's deposits",
}
_TO_DO: Final = {
    UNMATCHED: "correct the ids, or complete the accounts",
    REPEATED: "take the copies out",
    AT_ODDS: "complete the transactions, or correct the principals",
    GONE: "wait until the extract is complete",
}
_OF_WHOLE_FILES: Final = (UNMATCHED, AT_ODDS, GONE)
NOT_OF_SOME: Final = "the first rows alone say nothing of it"


def bounds_of(job: NightlyJob, run: Run, outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """The manifest's `bounds`: option -> limit, found, of, cents, the first rows, and their list, written here."""
    findings = {name: each for outcome in outcomes.values() for name, each in outcome.findings.items()}
    rows = {name: (outcome.rows_in, outcome.quarantined) for name, outcome in outcomes.items()}
    told: dict[str, Any] = {BAD: worst_bad_share(rows, job.max_bad_share)}
    for name in (each for each in BOUNDS if each in findings):
        finding = findings[name]
        told[name] = entry_of(job, name, finding)
        if finding.rows.height:
            path = run.subfolder(FOLDER) / f"{name.removeprefix('max_').removesuffix('_share')}.parquet"
            told[name]["list"] = asdict(write_part(run.out, path, finding.rows))
    return told


def entry_of(job: NightlyJob, name: str, finding: Finding) -> dict[str, Any]:
    """What `bounds` says of one finding, without a list."""
    why_not = NOT_OF_SOME if job.limit is not None and name in _OF_WHOLE_FILES else finding.why_not
    entry: dict[str, Any] = {"limit": share_text(getattr(job, name)), "found": finding.count, "of": finding.of}
    if finding.cents is not None:
        entry["cents"] = finding.cents
    if why_not:
        entry["why_not"] = why_not
    if finding.rows.height:
        entry["first"] = [
            {key: value if isinstance(value, int | str | None) else str(value) for key, value in row.items()}
            for row in finding.rows.head(_EXAMPLES).to_dicts()
        ]
    return entry


def worst_bad_share(rows: Mapping[str, tuple[int, int]], limit: Fraction) -> dict[str, Any]:
    """What `bounds` says of bad rows: those of the dataset (name -> rows in, quarantined) with the largest share."""
    name, (rows_in, quarantined) = max(rows.items(), key=lambda each: Fraction(each[1][1], max(1, each[1][0])))
    return {"limit": share_text(limit), "found": quarantined, "of": rows_in, "dataset": name}


def check_bounds(bounds: Mapping[str, Any]) -> None:
    """PublishRefusedError where a share is above its limit: all that are, with what to do."""
    above = [
        sentence_of(name, entry)
        for name, entry in bounds.items()
        if name != BAD and "why_not" not in entry and entry["found"] > Fraction(entry["limit"]) * entry["of"]
    ]
    if above:
        raise PublishRefusedError("; ".join([*above, "nothing is published"]))


def sentence_of(name: str, entry: Mapping[str, Any]) -> str:
    """An entry that is above its limit, in words."""
    money = f", {format_cents(entry['cents'])} dollars" if "cents" in entry else ""
    first = ", ".join(f"{key} {value}" for key, value in (entry.get("first") or [{}])[0].items())
    return (
        f"{entry['found']:,} of {entry['of']:,} {_SAYS[name]}{money} ({_percent(entry)}, more than the "
        f"{float(Fraction(entry['limit'])):.2%} allowed){f', the first: {first}' if first else ''}: {_TO_DO[name]}, or "
        f"allow it with --{name.replace('_', '-')}"
    )


def share_text(share: Fraction) -> str:
    """A share as an exact decimal, or as a fraction where it has none of a few digits."""
    millionths = share * 1_000_000
    return str(share) if millionths.denominator > 1 else f"{int(millionths) / 1_000_000:.6f}".rstrip("0").rstrip(".")


def label_of(name: str, entry: Mapping[str, Any]) -> str:
    """What an entry counts."""
    return _SAYS[name].format(dataset=entry.get("dataset"))


def _percent(entry: Mapping[str, Any]) -> str:
    return f"{entry['found'] / entry['of']:.2%}" if entry["of"] else "none to compare with"
