"""How far a run is, on stderr: a live line on a terminal, a line a part elsewhere, JSON lines, or nothing.

Comes in: a `Progress` after each part, from any of the run's threads, one at a time. Goes out: dataset, parts, rows,
rows/s, what is left of the time, rows quarantined. Nothing of any row.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc.cli import live_progress
from calc.cli.options import message, word

if TYPE_CHECKING:
    from calc.bulk.run.outcome import Progress

Report = Callable[["Progress"], None]
KINDS: Final = ("auto", "plain", "json", "none")
"""Values of --progress; auto is a live line on a terminal, else plain."""
ProgressOption = Annotated[
    str, typer.Option("--progress", parser=word(KINDS), metavar="|".join(KINDS), help="How progress shows on stderr.")
]


@contextmanager
def progress_on_stderr(kind: str) -> Iterator[Report]:
    """What a run reports to."""
    if kind == "auto" and sys.stderr.isatty():
        with live_progress.live(_told) as report:
            yield report
    else:
        yield {"json": _json_line, "none": lambda _: None}.get(kind, _plain_line)


def rows_per_second(progress: "Progress") -> int:
    """Rows/s since the dataset began."""
    return int(progress.rows / progress.seconds) if progress.seconds else 0


def remaining_seconds(progress: "Progress") -> float | None:
    """Seconds until the dataset's last row at the pace so far; None where the number of rows is not known."""
    left = progress.expected_rows - progress.rows
    return max(0, left) * progress.seconds / progress.rows if progress.expected_rows and progress.rows else None


def figures(progress: "Progress") -> dict[str, Any]:
    """What JSON lines say of a part."""
    left = remaining_seconds(progress)
    return {
        "dataset": progress.dataset,
        "parts": progress.parts,
        "rows": progress.rows,
        "expected_rows": progress.expected_rows or None,
        "quarantined": progress.quarantined,
        "seconds": round(progress.seconds, 3),
        "rows_per_second": rows_per_second(progress),
        "remaining_seconds": None if left is None else round(left, 1),
    }


def _plain_line(progress: "Progress") -> None:
    message(
        f"{progress.dataset}: part {progress.parts}, {progress.rows:,} rows, {progress.quarantined:,} quarantined, "
        f"{rows_per_second(progress):,} rows/s"
    )


def _json_line(progress: "Progress") -> None:
    message(json.dumps({"event": "progress", **figures(progress)}))


def _told(progress: "Progress") -> str:
    left = remaining_seconds(progress)
    pace = f"part {progress.parts}, {progress.rows:,} rows, {rows_per_second(progress):,} rows/s"
    remaining = "" if left is None else f", {int(left) // 60}:{int(left) % 60:02} left"
    return f"{pace}{remaining}, {progress.quarantined:,} quarantined"
