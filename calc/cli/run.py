"""`puccalc run nightly`: its options, progress on stderr, and a summary worth reading on stdout."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from calc.bulk.run import job as nightly_job
from calc.bulk.run import nightly as nightly_run
from calc.bulk.run import unfinished as unfinished_run
from calc.bulk.run.freed_memory import keep_freed_memory
from calc.cli.bounds import MaxBad, MaxGone, MaxPrincipalMismatch, MaxRepeated, MaxUnmatched
from calc.cli.dry_run import rehearse
from calc.cli.left_out import warn_of_unread_files
from calc.cli.options import Json, count, day, parse_switches, print_json
from calc.cli.progress import ProgressOption, Report, progress_on_stderr
from calc.cli.run_log import LogJson, RunLog, run_log
from calc.cli.run_summary import print_summary, tables_of
from calc.cli.stop import stopping
from calc.cli.topic_datasets import TakesTopicDatasets, topic_datasets_of
from calc.cli.warm import warn_without_cache
from calc.errors import OutputError, PuccalcError, UsageError

app = typer.Typer(
    no_args_is_help=True,
    help="The bulk job: files in, files out.",
    epilog="Example: puccalc run nightly --as-of 2026-10-31 --deposits deposits.parquet --out out",
)

_PART_ROWS_MAX: Final = 100_000_000
_THREADS_MAX: Final = 64
_LIMIT_MAX: Final = 999_999_999


@app.callback()
def run() -> None:
    """The bulk job: files in, files out."""


def parse_digests(options: list[str] | None) -> dict[str, str]:
    """File -> digest of repeated --expect-sha256 options; UsageError if one is no FILE=HEX."""
    digests: dict[str, str] = {}
    for text in options or ():
        named, _, digest = text.rpartition("=")
        if not named or not re.fullmatch(r"[0-9a-fA-F]{64}", digest):
            raise UsageError(
                f"--expect-sha256 {text}: write FILE=HEX with 64 hexadecimal digits, as sha256sum prints them"
            )
        digests[named] = digest
    return digests


@app.command(
    cls=TakesTopicDatasets,
    epilog="Example: puccalc run nightly --as-of 2026-09-30 --deposits deposits.parquet --out out",
)
def nightly(
    context: typer.Context,
    *,
    as_of: Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day that is recalculated.")],
    deposits: Annotated[
        str | None, typer.Option(metavar="FILE", help="Deposits: Parquet, CSV, a folder or a glob of them.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Output folder; its manifest.json names the result.")],
    transactions: Annotated[
        str | None, typer.Option(metavar="FILE", help="Transactions of the deposits: principal, postings, debts.")
    ] = None,
    accounts: Annotated[str | None, typer.Option(metavar="FILE", help="Accounts, for deposit limits.")] = None,
    participants: Annotated[str | None, typer.Option(metavar="FILE", help="Participants, for fixed credits.")] = None,
    events: Annotated[
        str | None, typer.Option(metavar="FILE", help="Events of the participants' years: moves, grants, exits ...")
    ] = None,
    max_bad_share: MaxBad = "0.005",  # type: ignore[assignment]  # Typer parses the text, here and below
    max_unmatched_share: MaxUnmatched = "0.02",  # type: ignore[assignment]
    max_repeated_share: MaxRepeated = "0.02",  # type: ignore[assignment]
    max_principal_mismatch_share: MaxPrincipalMismatch = "1",  # type: ignore[assignment]
    max_gone_share: MaxGone = "0.05",  # type: ignore[assignment]
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", metavar="ID", help="Whose rules: an id of `puccalc jurisdictions`.")
    ] = "us-co",
    tariff: Annotated[str, typer.Option(metavar="NAME|FILE", help="The utility's tariff.")] = "default",
    switches: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SWITCH=VALUE", help="Another reading of the rules; repeatable."),
    ] = None,
    known_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="Take the rates as they were known on this day.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(parser=count(1, _THREADS_MAX), metavar="COUNT", help="Default: the cores, at most 4.")
    ] = None,
    part_rows: Annotated[
        int | None, typer.Option(parser=count(1, _PART_ROWS_MAX), metavar="COUNT", help="Rows of a part at most.")
    ] = None,
    customers: Annotated[
        bool,
        typer.Option("--customers", help="Insist on totals by customer: accounts must have a column customer_id."),
    ] = False,
    keep_columns: Annotated[
        bool, typer.Option("--keep-columns", help="Pass columns through that the contract does not name.")
    ] = False,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="TOML that maps extracts as they come; see puccalc map suggest."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(parser=count(1, _LIMIT_MAX), metavar="COUNT", help="The first rows of each dataset alone."),
    ] = None,
    expect_sha256: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE=HEX", help="SHA-256 that an input must have (or FILE.sha256 beside it); repeatable."
        ),
    ] = None,
    sensitivities: Annotated[
        bool, typer.Option("--sensitivities", help="Ask every row, not a sample, again under each other open reading.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and estimate; write nothing.")] = False,
    progress: ProgressOption = "auto",
    log_json: LogJson = None,
    json: Json = False,
) -> None:
    """Recalculate a portfolio on a day: deposits with their transactions and accounts, participants, or both."""
    if dry_run and sensitivities:
        raise UsageError("--sensitivities tells what totals would move, and --dry-run strikes none: keep one of them")
    keep_freed_memory()
    given: dict[str, Any] = {
        name: value for name, value in (("threads", threads), ("part_rows", part_rows)) if value is not None
    }
    job = nightly_job.NightlyJob(
        as_of=as_of,
        deposits=deposits,
        out=out,
        transactions=transactions,
        accounts=accounts,
        participants=participants,
        events=events,
        more=topic_datasets_of(context),
        max_bad_share=max_bad_share,
        max_unmatched_share=max_unmatched_share,
        max_repeated_share=max_repeated_share,
        max_principal_mismatch_share=max_principal_mismatch_share,
        max_gone_share=max_gone_share,
        jurisdiction=jurisdiction,
        tariff=tariff,
        switches=parse_switches(switches),
        known_on=known_on,
        customers=customers,
        keep_columns=keep_columns,
        mapping=mapping,
        limit=limit,
        expect_sha256=parse_digests(expect_sha256),
        sensitivities=sensitivities,
        **given,
    )
    warn_of_unread_files(job.inputs)
    with run_log(log_json, as_of=as_of.isoformat(), threads=job.threads) as log:
        if dry_run:
            rehearse(job, progress, log, json=json)
            return
        found = published_with_progress(partial(nightly_run.run_nightly, job), out, progress, log)
    print_manifest(found, out, json=json)


def published_with_progress(
    work: Callable[[Report], dict[str, Any]], out: Path, progress: str, log: RunLog
) -> dict[str, Any]:
    """What a run published, its progress shown and logged."""
    warn_without_cache()
    try:
        with stopping(out), progress_on_stderr(progress) as show:
            found = work(log.with_parts(show))
    except OutputError as error:
        raise OutputError(f"{error}{_how_to_go_on(out)}") from error
    for name, rows in found["rows"].items():
        counted = {f"rows_{each}": rows[each] for each in ("in", "out")}
        reasons = found["quarantine"][name]["reasons"]
        log.write("dataset", dataset=name, **counted, quarantined=rows["quarantined"], reasons=reasons)
    log.write("published", run_id=found["run_id"], seconds=found["seconds"]["all"])
    return found


def _how_to_go_on(out: Path) -> str:
    """What to say of a run that could not write, if it can be gone on with."""
    with suppress(PuccalcError):
        return f"\n  To go on with run {unfinished_run.unfinished(out).run_id}: puccalc resume {out}"
    return ""


def print_manifest(manifest: Mapping[str, Any], out: Path, *, json: bool) -> None:
    """What a run published, on stdout: as JSON, or as a summary for a person."""
    if json:
        print_json(manifest)
    else:
        print_summary(*tables_of(manifest))
        typer.echo(f"Results: {out / 'manifest.json'}, which names the files of run {manifest['run_id']}")
