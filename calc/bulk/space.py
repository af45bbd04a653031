"""Whether a run's files will fit on the disk, asked before the first one is written.

The estimate is what the sample portfolio's rows take, by dataset, and no more: a run that it lets pass may still find
the disk full, one that it stops would have found it full for certain, give or take how well ids compress.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from calc.bulk.chunk import InputFile
from calc.bulk.exchange import SPILL_ROW_BYTES
from calc.bulk.output import Run
from calc.bulk.parquet_file import ParquetFile
from calc.bulk.source import Source
from calc.errors import OutputError

_BYTES_PER_ROW: Final = {"deposits": 16, "transactions": SPILL_ROW_BYTES, "accounts": 10, "participants": 16}
"""Written for a row of each input: its result, or what is spilled until the run ends."""
_HELD_BYTES: Final = 8
"""Written for a deposit on which accounts rest, until the run ends."""
_CSV_ROW_BYTES: Final = 100


def bytes_needed(sources: Mapping[str, Source]) -> int:
    """Bytes that a run over these inputs will write, estimated."""
    rows = {
        name: sum(_rows(file, size) for file, (size, _) in zip(source.files, source.stamps, strict=True))
        for name, source in sources.items()
    }
    held = rows["deposits"] * _HELD_BYTES if "accounts" in rows else 0
    return held + sum(count * _BYTES_PER_ROW[name] for name, count in rows.items())


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


def _rows(file: InputFile, size: int) -> int:
    """Rows of a file: from the footer of Parquet, from the size of CSV."""
    return file.rows if isinstance(file, ParquetFile) else size // _CSV_ROW_BYTES
