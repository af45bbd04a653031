"""`puccalc run nightly --dry-run`: what a run would read, quarantine and write, and how long it would take."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from calc.bulk.run import dry_run as rehearsal
from calc.cli.bounds import bounds_table
from calc.cli.options import print_json
from calc.cli.progress import progress_on_stderr
from calc.cli.run_log import RunLog
from calc.cli.run_summary import print_summary, quarantine_table, table_of
from calc.errors import PublishRefusedError

if TYPE_CHECKING:
    from rich.table import Table

    from calc.bulk.run.job import NightlyJob


def rehearse(job: "NightlyJob", progress: str, log: RunLog, *, json: bool) -> None:
    """Go through the job and print what was found; PublishRefusedError where the run would not be published."""
    with progress_on_stderr(progress) as show:
        found = rehearsal.dry_run(job, log.with_parts(show))
    log.write("rehearsed", seconds=found["seconds"])
    if json:
        print_json(found)
    else:
        print_summary(*_tables(found))
        for note in found["notes"]:
            typer.echo(f"Note: {note}")
        typer.echo(f"Nothing was written. The run would take about {found['estimated_seconds']:.1f} seconds.")
    if found["refused"]:
        raise PublishRefusedError(found["refused"])


def _tables(found: Mapping[str, Any]) -> list["Table"]:
    counts = {
        "files": "files", "bytes": "bytes", "rows": "rows", "parts": "parts", "quarantined": "quarantined",
        "bytes out, about": "estimated_bytes_out",
    }  # fmt: skip
    rows = table_of(f"Dry run as of {found['as_of']}", "dataset", counts)
    for name, each in found["datasets"].items():
        rows.add_row(name, *(f"{each[count]:,}" for count in counts.values()))
    refused = {
        name: {"rows": each["quarantined"], "by_column": each["by_column"]} for name, each in found["datasets"].items()
    }
    tables = [rows, quarantine_table(refused)] if any(each["by_column"] for each in refused.values()) else [rows]
    return [*tables, bounds_table(found["bounds"])]
