"""`puccalc check DIR`: verify hashes and control totals of what was published there."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from calc.bulk.reconcile import check as published_check
from calc.cli.options import Json, print_json
from calc.errors import PublishRefusedError


def check(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of a nightly run.")], *, json: Json = False
) -> None:
    """Verify the published result: every file's bytes and hash, rows, and control totals summed by another engine.

    Exit 0 where all is as the manifest says, 4 where anything differs, 3 where nothing was published.
    """
    findings = published_check.check_output(out)
    if json:
        print_json({**asdict(findings), "sound": not findings.differences})
    else:
        typer.echo(f"run {findings.run_id}")
        for name, rows in findings.rows.items():
            typer.echo(f"{name}: {rows:,} rows")
        typer.echo(f"{findings.files} files and {findings.totals} control totals compared")
    if findings.differences:
        count = len(findings.differences)
        raise PublishRefusedError("\n".join([f"{count} difference{'s' * (count > 1)}:", *findings.differences]))
    if not json:
        typer.echo("all as the manifest says")
