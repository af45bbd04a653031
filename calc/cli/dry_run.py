"""`puccalc run nightly --dry-run`: what a run would read, quarantine and write, and how long it would take."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from calc.cli.options import print_json, print_tables
from calc.cli.progress import progress_on_stderr
from calc.cli.run_log import RunLog
from calc.errors import PublishRefusedError

if TYPE_CHECKING:
    from rich.table import Table

    from calc.bulk.job import NightlyJob


def rehearse(job: "NightlyJob", progress: str, log: RunLog, *, json: bool) -> None:
    """Go through the job and print what was found; PublishRefusedError where the run would not be published."""
    from calc.bulk.dry_run import dry_run  # noqa: PLC0415 - loads Polars and Numba

    with progress_on_stderr(progress) as show:
        found = dry_run(job, log.with_parts(show))
    log.write("rehearsed", seconds=found["seconds"])
    if json:
        print_json(found)
    else:
        print_tables(*_tables(found))
        for note in found["notes"]:
            typer.echo(f"Note: {note}")
        typer.echo(f"Nothing was written. The run would take about {found['estimated_seconds']:.1f} seconds.")
    if found["refused"]:
        raise PublishRefusedError(found["refused"])


def _tables(found: Mapping[str, Any]) -> list["Table"]:
    from rich.table import Table  # noqa: PLC0415 - only for a person's output

    rows = Table("dataset", title=f"Dry run as of {found['as_of']}", min_width=60)
    for heading in ("files", "bytes", "rows", "parts", "quarantined", "bytes out, about"):
        rows.add_column(heading, justify="right")
    quarantine = Table("dataset", "reason", title="Quarantine", min_width=60)
    quarantine.add_column("rows", justify="right")
    for name, each in found["datasets"].items():
        counts = ("files", "bytes", "rows", "parts", "quarantined", "estimated_bytes_out")
        rows.add_row(name, *(f"{each[count]:,}" for count in counts))
        for code, number in each["reasons"].items():
            quarantine.add_row(name, code, f"{number:,}")
    return [rows, quarantine] if quarantine.row_count else [rows]
