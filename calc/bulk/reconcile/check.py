"""`puccalc check`: whether what lies in an output folder is what its manifest says, by another engine than wrote it.

Comes in: the manifest and the files that it names. Goes out: what was verified, and every difference with the file it
was found in. Polars reads them and sums in 128-bit integers; the run itself writes, reads and sums by pyarrow.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calc.bulk.inputs.source import file_sha256
from calc.bulk.publish.output import MANIFEST, Run, read_manifest
from calc.bulk.reconcile.bucket_digests import OPEN
from calc.bulk.reconcile.roll_forward import CARRIED_FORWARD
from calc.bulk.reconcile.totals import FIGURES, GROUPS, OF_ACCOUNT, OF_CUSTOMERS, Totals, add
from calc.columns.contract import ACCOUNTS
from calc.errors import InputError


@dataclass(slots=True)
class Findings:
    """Files, rows and totals that were verified, and what differs: one sentence a difference."""

    run_id: str
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    totals: int = 0
    differences: list[str] = field(default_factory=list)


def check_output(out: Path) -> Findings:
    """Compare every part's bytes, hash and rows, and every control total that the files hold, with the manifest.

    InputError where nothing was published. Differences are collected, not raised.
    """
    manifest = read_manifest(out)
    if manifest is None:
        raise InputError(f"{out}: no {MANIFEST}: no run has published its results here")
    findings = Findings(manifest["run_id"])
    previous = _check_chain(out, manifest, findings)
    _check_roll_forward(out, manifest, previous, findings)
    for name, dataset in manifest["datasets"].items():
        if _check_parts(out, name, dataset, findings):
            files = [out / part["path"] for part in dataset["parts"]]
            _check_totals(name, manifest["control_totals"][name], _totals(name, files), findings)
    for name, bound in manifest.get("bounds", {}).items():
        if listed := bound.get("list"):
            _check_parts(out, f"list of {name}", {"rows": listed["rows"], "parts": [listed]}, findings)
    for name, quarantine in manifest["quarantine"].items():
        if _check_parts(out, f"quarantine of {name}", quarantine, findings) and "by_column" in quarantine:
            _check_reasons(out, name, quarantine, findings)
        rows = manifest["rows"][name]
        rows_out = manifest["datasets"].get(name, {"rows": rows["out"]})["rows"]  # transactions have no result files
        if rows["in"] != rows_out + quarantine["rows"]:
            findings.differences.append(
                f"{name}: {rows['in']} rows in, but {rows_out} out and {quarantine['rows']} quarantined"
            )
    return findings


def _check_chain(out: Path, manifest: Mapping[str, Any], findings: Findings) -> dict[str, Any] | None:
    """The previous run's manifest, if its folder has the copy that this one follows; None where it has none."""
    if manifest["previous_run_id"] is None:
        return None
    path = Run(out, manifest["previous_run_id"]).folder / MANIFEST
    if not path.exists():
        return None
    expected = manifest["previous_manifest_sha256"]
    if (digest := file_sha256(path)) != expected:
        findings.differences.append(f"{path}: SHA-256 {digest}, but the manifest that follows it says {expected}")
        return None
    return dict(json.loads(path.read_bytes()))


def _check_roll_forward(
    out: Path, manifest: Mapping[str, Any], previous: Mapping[str, Any] | None, findings: Findings
) -> None:
    """Whether totals add up from the previous run's to this one's, and what the next starts from is as it was."""
    totals = {"tonight": manifest["control_totals"].get("deposits", {})}
    if previous and "deposits" in previous["control_totals"]:
        totals["previous"] = previous["control_totals"]["deposits"]
    for service, way in manifest.get("roll_forward", {}).items():
        for figure, amounts in way.items():
            findings.totals += 1
            steps = {cause: -amount if cause == "paid" else amount for cause, amount in amounts.items()}
            reached = sum(amount for cause, amount in steps.items() if cause != "tonight")
            expected = {end: _open_total(found, service, figure) for end, found in totals.items()}
            findings.differences += [
                f"roll-forward: {end} {figure} of {service} is {amounts[end]}, but {why} {given}"
                for end, why, given in (
                    ("tonight", "its causes lead to", reached),
                    *((end, "open deposits have", given) for end, given in expected.items()),
                )
                if given != amounts[end]
            ]
    if CARRIED_FORWARD in manifest:
        _check_parts(
            out,
            CARRIED_FORWARD,
            {"rows": manifest[CARRIED_FORWARD]["rows"], "parts": [manifest[CARRIED_FORWARD]]},
            findings,
        )
        del findings.rows[CARRIED_FORWARD]  # cells, not rows of a dataset


def _open_total(totals: Mapping[str, Any], service: str, figure: str) -> int:
    """A figure's total over the open deposits of a service, or of all."""
    services = [service] if service != "all" else [name for name in totals if name != "all"]
    return sum(totals.get(name, {}).get(status, {}).get(figure, 0) for name in services for status in OPEN)


def _check_parts(out: Path, name: str, dataset: Mapping[str, Any], findings: Findings) -> bool:
    """Whether every part of a dataset is whole and the one that was written."""
    before = len(findings.differences)
    rows = 0
    for part in dataset["parts"]:
        path = out / part["path"]
        try:
            size, digest = path.stat().st_size, file_sha256(path)
            found = pq.read_metadata(path).num_rows
        except (OSError, InputError, ValueError, pa.ArrowException) as error:
            findings.differences.append(f"{path}: cannot be read: {error}")
            continue
        findings.files += 1
        rows += found
        for what, expected, given in (
            ("bytes", part["bytes"], size),
            ("SHA-256", part["sha256"], digest),
            ("rows", part["rows"], found),
        ):
            if given != expected:
                findings.differences.append(f"{path}: {what} {given}, but the manifest says {expected}")
    findings.rows[name] = rows
    if rows != dataset["rows"]:
        findings.differences.append(f"{name}: {rows} rows in the files, but the manifest says {dataset['rows']}")
    return len(findings.differences) == before


def _check_reasons(out: Path, name: str, quarantine: Mapping[str, Any], findings: Findings) -> None:
    """Whether refused rows, counted by reason and by column, are those of the quarantine's files."""
    counts: Counter[tuple[str, str]] = Counter()
    for part in quarantine["parts"]:
        table = pq.read_table(out / part["path"], columns=["reasons", "reason_columns"])
        flat = pa.table([pc.list_flatten(column.combine_chunks()) for column in table.columns], ["reason", "columns"])
        for row in flat.group_by(["reason", "columns"]).aggregate([([], "count_all")]).to_pylist():
            counts[row["reason"], row["columns"]] += row["count_all"]
    expected = [(reason, "", rows) for reason, rows in quarantine["reasons"].items()]
    expected += [(each["reason"], f", {each['column']}, ", each["rows"]) for each in quarantine["by_column"]]
    for reason, column, rows in expected:
        findings.totals += 1
        given = sum(n for (code, columns), n in counts.items() if code == reason and column in f", {columns}, ")
        if given != rows:
            what = f"{column.strip(', ')} {reason}".strip()
            findings.differences.append(f"quarantine of {name}: {given} rows {what}, but the manifest says {rows}")


def _check_totals(name: str, recorded: Mapping[str, Any], found: Totals, findings: Findings) -> None:
    for service in sorted({*recorded, *found} - {"all"}):
        for group in sorted({*recorded.get(service, {}), *found.get(service, {})}):
            kept = recorded.get(service, {}).get(group, {})
            summed = found.get(service, {}).get(group, {})
            for figure in sorted({*summed} or {"rows"}):
                findings.totals += 1
                if kept.get(figure, 0) != summed.get(figure, 0):
                    findings.differences.append(
                        f"{name}: {figure} of {service} {group} is {summed.get(figure, 0)} in the files, but the "
                        f"manifest says {kept.get(figure, 0)}"
                    )


def _totals(name: str, files: list[Path]) -> Totals:
    """Sum of each figure that the files have, and of rows, by service and group."""
    totals: Totals = {}
    group = GROUPS[name]
    for path in files:
        frame = pl.scan_parquet(path, glob=False)
        schema = frame.collect_schema()
        sums = [_sum(name, figure, schema) for figure in FIGURES[name] if figure in schema]
        for row in frame.group_by("service", group).agg(pl.len().alias("rows"), *sums).collect().iter_rows(named=True):
            service, word = str(row.pop("service")), str(row.pop(group))
            add(totals, {service: {word: {figure: int(amount) for figure, amount in row.items()}}})
    return totals


def _sum(dataset: str, name: str, schema: pl.Schema) -> pl.Expr:
    """A figure's sum; of accounts without what stands once in each row of a customer."""
    cents = pl.col(name)
    if dataset == ACCOUNTS.name and name in OF_CUSTOMERS:
        cents = cents.filter(pl.col("limit_of").cast(pl.String) == OF_ACCOUNT)
    if isinstance(schema[name], pl.List):
        cents = cents.list.sum()
    return cents.cast(pl.Int128).sum()
