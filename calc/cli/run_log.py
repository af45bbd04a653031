"""A run's log as JSON lines, to a file or to stderr: what began, each part, how it ended. No figure of any row.

Only the keys in ALLOWED are written, so that nothing personal gets into a log by a careless line elsewhere.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TextIO

import typer

from calc.cli.progress import Report, figures
from calc.errors import PuccalcError

if TYPE_CHECKING:
    from calc.bulk.run.outcome import Progress

ALLOWED: Final = frozenset(
    {
        "as_of", "dataset", "error", "exit_code", "expected_rows", "parts", "quarantined", "reasons",
        "remaining_seconds", "rows", "rows_in", "rows_out", "rows_per_second", "run_id", "seconds", "threads",
    }
)  # fmt: skip
STDERR: Final = "-"
LogJson = Annotated[
    str | None, typer.Option("--log-json", metavar="FILE", help="Add the log to a file as JSON lines; - is stderr.")
]


class RunLog:
    """Writes events, one line each, at once."""

    def __init__(self, file: TextIO | None) -> None:
        """None: nothing is written."""
        self._file = file

    def write(self, event: str, **values: Any) -> None:  # noqa: ANN401 - figures and words
        """An event with its time (UTC) and those of the values that a log may hold."""
        if self._file:
            line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
            line |= {name: value for name, value in values.items() if name in ALLOWED}
            print(json.dumps(line), file=self._file, flush=True)

    def with_parts(self, show: Report) -> Report:
        """A report that logs each part and shows it."""

        def report(progress: "Progress") -> None:
            self.write("part", **figures(progress))
            show(progress)

        return report


@contextmanager
def run_log(named: str | None, **values: Any) -> Iterator[RunLog]:  # noqa: ANN401 - as above
    """A log that begins with `started` and, should the run fail, ends with `failed`: the error's class and exit code.

    `named` is a file, which is added to, or "-" for stderr, or None. An error's text is not logged.
    """
    if named in {None, STDERR}:
        yield from _logged(RunLog(sys.stderr if named else None), values)
    else:
        with Path(str(named)).open("a", encoding="utf-8") as file:
            yield from _logged(RunLog(file), values)


def _logged(log: RunLog, values: dict[str, Any]) -> Iterator[RunLog]:
    log.write("started", **values)
    try:
        yield log
    except BaseException as error:
        exit_code = error.exit_code if isinstance(error, PuccalcError) else None
        log.write("failed", error=type(error).__name__, exit_code=exit_code)
        raise
