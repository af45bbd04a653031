"""Whether a run's files will fit on the disk, asked before the first one is written.

The estimate is what the sample portfolio's rows take, by dataset, what is spilled until the run ends included, and no
more: a run that it lets pass may still find the disk full (kept columns, ids that compress less well), one that it
stops would have found it full for certain.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import Run
from calc.errors import OutputError

_HELD_BYTES: Final = 9
"""Written for a deposit on which accounts rest, until the run ends: 3 as it is computed, 6 spilled for the accounts."""


def bytes_needed(sources: Mapping[str, Source]) -> int:
    """Bytes that a run over these inputs will write, estimated from the rows that they have or are limited to."""
    rows = {name: source.rows_hint for name, source in sources.items()}
    held = rows["deposits"] * _HELD_BYTES if "accounts" in rows else 0
    given = sum(
        source.rows_hint * each.rows_per_row * each.row_bytes for source in sources.values() for each in source.gives
    )
    return held + given + sum(source.rows_hint * source.dataset.row_bytes for source in sources.values())


def check_space(out: Path, sources: Mapping[str, Source], run: Run | None) -> None:
    """OutputError where the disk has fewer bytes free than a run will write, less what a stopped `run` has written."""
    try:
        free = shutil.disk_usage(out).free
        written = sum(each.stat().st_size for each in run.folder.rglob("*") if each.is_file()) if run else 0
    except OSError as error:
        raise OutputError(f"{out}: cannot be read: {error.strerror}") from error
    needed = max(0, bytes_needed(sources) - written)
    if needed > free:
        raise OutputError(
            f"{out}: the results will take about {needed} bytes, but {free} are free there; nothing was written: make "
            "room or name another --out"
        )
