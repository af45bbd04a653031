"""The command `puccalc`: sub-commands read options, call the rooms below and print; errors become exit codes here.

Data go to stdout, messages to stderr. A command's module is loaded when it is asked for, and what it imports of the
rooms below when that is used (`lazy_group`), so that `--help` and a wrong option answer at once.
"""

import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Final, NoReturn

import typer

import calc
from calc.cli.lazy_group import Entry, lazy_group
from calc.cli.option_values import take_plainly
from calc.cli.options import message
from calc.cli.signs import check_names, plain, write_plainly
from calc.errors import InputError, OutputError, PuccalcError

_BROKEN_PIPE: Final = 141
"""128 + SIGPIPE: what a shell says of a program whose reader has gone."""

COMMANDS: Final = (
    Entry("sample", "calc.cli.sample:sample", "Example: puccalc sample --rows 1000000 --seed 1 --out portfolio"),
    Entry("resume", "calc.cli.resume:resume", "Example: puccalc resume out"),
    Entry("check", "calc.cli.check:check", "Example: puccalc check out"),
    Entry(
        "audit", "calc.cli.audit:audit", "Example: puccalc audit --deposits d.csv --as-of 2026-09-30 --theirs interest"
    ),
    Entry("columns", "calc.cli.columns:columns", "Example: puccalc columns deposits --json"),
    Entry("jurisdictions", "calc.cli.jurisdictions:app"),
    Entry("diff", "calc.cli.diff:diff", "Example: puccalc diff out-before out"),
    Entry("post", "calc.cli.post:post", "Example: puccalc post out -o ledger"),
    Entry("calendar", "calc.cli.calendar:calendar", "Example: puccalc calendar out"),
    Entry("record", "calc.cli.record:record", "Example: puccalc record out D0000000007 --json"),
    Entry("returns", "calc.cli.returns:returns", "Example: puccalc returns out -o ledger"),
    Entry("remit", "calc.cli.remit:remit", "Example: puccalc remit out -o ledger --claims claims.csv"),
    Entry("export", "calc.cli.export:export", "Example: puccalc export out -o lists.xlsx"),
    Entry(
        "statement", "calc.cli.statement:statement", 'Example: puccalc statement out D123 -o d123.pdf --name "A. Smith"'
    ),
    Entry(
        "explanation",
        "calc.cli.explanation:explanation",
        "Example: puccalc explanation -o why.pdf --decided 2026-11-25 --deposit 250.00 --billed 1460.00 "
        '--billed-days 365 --reason "Two bills of the past year were paid late."',
    ),
    Entry(
        "receipt",
        "calc.cli.receipt:receipt",
        "Example: puccalc receipt -o receipt.pdf --amount 200.00 --received 2026-11-25 --account A1",
    ),
    Entry("doctor", "calc.cli.doctor:doctor", "Example: puccalc doctor --json"),
    Entry("serve", "calc.cli.serve:serve", "Example: puccalc serve --port 8080"),
    Entry("warm", "calc.cli.warm:warm", "Example: puccalc warm"),
    Entry("rates", "calc.cli.rates:app"),
    Entry("rules", "calc.cli.rules:app"),
    Entry("tariff", "calc.cli.tariff:app"),
    Entry("quote", "calc.cli.quote:app"),
    Entry("run", "calc.cli.run:app"),
    Entry("program", "calc.cli.program:app"),
    Entry("report", "calc.cli.report:app"),
    Entry("whatif", "calc.cli.whatif:whatif", "Example: puccalc whatif scenarios.toml -o compared"),
    Entry("map", "calc.cli.map:app"),
    Entry("keys", "calc.cli.keys:app"),
)

take_plainly()
app = typer.Typer(
    cls=lazy_group(*COMMANDS), no_args_is_help=True, rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)  # fmt: skip
"""Sub-commands take -h as well; --install-completion and --show-completion are Typer's own."""


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"puccalc {calc.__version__}")
        raise typer.Exit


@app.callback(epilog="Example: puccalc rates compute --year 2024")
def puccalc(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    _debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; may stand anywhere.")
    ] = False,
) -> None:
    """Deposit limits and interest, yearly rates, unclaimed monies and bill credits under the Colorado PUC rules."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command; SystemExit carries the exit code of `calc.errors`, 2 for usage, 130 when interrupted, else 1.

    141, without a word, where nobody reads what is printed any more, as behind `| head -1`.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    write_plainly()
    try:
        check_names(given)
        typer.main.get_command(app)(args=[word for word in given if word != "--debug"], prog_name="puccalc")
    except SystemExit as ended:
        # Click and Rich take a broken pipe in, and end with 1.
        if isinstance(ended.__context__, BrokenPipeError):
            raise SystemExit(_BROKEN_PIPE) from None
        raise
    except PuccalcError as error:
        _fail(str(error), error.exit_code, debug=debug)
    except OSError as error:
        _fail(f"{error.filename or 'output'}: {error.strerror or error}", OutputError.exit_code, debug=debug)
    except UnicodeEncodeError as error:
        name = plain(error.object)
        _fail(f"a name or text is no UTF-8: {name}; rename the file", InputError.exit_code, debug=debug)
    except Exception as error:  # noqa: BLE001 - the last line between a user and a traceback
        _fail(f"unexpected error ({type(error).__name__}); --debug shows where", 1, debug=debug)
    raise SystemExit(0)


def _fail(text: str, exit_code: int, *, debug: bool) -> NoReturn:
    if debug:
        traceback.print_exc()
    message(f"Error: {text}")
    raise SystemExit(exit_code)
