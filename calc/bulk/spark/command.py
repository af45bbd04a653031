"""What spark-submit starts: options, a run from files to files, and the exit codes of every puccalc command."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NoReturn

from pyspark.sql import SparkSession

from calc.bulk.run.job import MAX_BAD_SHARE, MAX_UNMATCHED_SHARE
from calc.bulk.spark.files import check_new, read_input, write_run
from calc.bulk.spark.run import run_spark
from calc.columns.contract import DATASETS, PARTICIPANT_EVENTS
from calc.errors import PuccalcError
from calc.rules.jurisdictions import COLORADO

_ONE_MACHINE: Final = (
    "--transactions", "--customers", "--map", "--keep-columns", "--limit", "--dry-run",
    "--max-repeated-share", "--max-principal-mismatch-share", "--max-gone-share",
)  # fmt: skip
"""Options of the nightly run that stay with it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job in the Spark session that is there, or a new one; the manifest goes to stdout, errors to stderr."""
    given = _parser().parse_args(arguments)
    spark = SparkSession.builder.appName("puccalc nightly").getOrCreate()
    try:
        check_new(spark, given.out)
        paths = {name: getattr(given, name) for name in (*DATASETS, PARTICIPANT_EVENTS.name)}
        run = run_spark(
            as_of=given.as_of,
            known_on=given.known_on,
            jurisdiction=given.jurisdiction,
            tariff=given.tariff,
            switches=dict(given.switches),
            **{name: read_input(spark, path) for name, path in paths.items() if path},
        )
        try:
            manifest = write_run(spark, run, given.out, given.max_bad_share, given.max_unmatched_share)
        finally:
            run.release()
    except PuccalcError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(json.dumps(manifest, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m calc.bulk.spark",
        description="Recalculate a portfolio on a day with Apache Spark: Parquet in, Parquet out.",
        epilog="Example: python -m calc.bulk.spark --as-of 2026-09-30 --deposits deposits.parquet --out out/2026-09-30",
    )
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day that is recalculated")
    parser.add_argument("--deposits", help="Parquet: a file, a folder or a glob, at any address of Spark")
    parser.add_argument("--accounts", help="accounts, for deposit limits")
    parser.add_argument("--participants", help="participants, for fixed credits")
    parser.add_argument("--events", help="events of participants, for the months of their years")
    parser.add_argument("--out", required=True, help="output folder; it must not be there yet")
    parser.add_argument("--jurisdiction", default=COLORADO, help="whose rules: an id of puccalc jurisdictions")
    parser.add_argument("--tariff", default="default", help="a shipped tariff, or a file on the driver")
    parser.add_argument("--set", dest="switches", metavar="SWITCH=VALUE", type=_switch, action="append", default=[])
    parser.add_argument("--known-on", type=date.fromisoformat, help="take the rates as they were known on this day")
    parser.add_argument("--max-bad-share", type=Fraction, default=MAX_BAD_SHARE, help="default: %(default)s")
    parser.add_argument(
        "--max-unmatched-share", type=Fraction, default=MAX_UNMATCHED_SHARE,
        help="of open deposits without a row in the accounts; default: %(default)s",
    )  # fmt: skip
    for name in _ONE_MACHINE:
        parser.add_argument(name, nargs="*", action=_Refused, help=argparse.SUPPRESS)
    return parser


class _Refused(argparse.Action):
    """Says where an option of the nightly run works."""

    def __call__(
        self, parser: argparse.ArgumentParser, _namespace: object, _values: object, option_string: str | None = None
    ) -> NoReturn:
        """Exit with code 2."""
        parser.error(f"{option_string} works on one machine only: use puccalc run nightly, or leave it out")


def _switch(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("expected SWITCH=VALUE, e.g. day_count=actual_365")
    return name, value
