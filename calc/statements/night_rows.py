"""Find a deposit's rows in a published night: its result in the parts, its row and transactions in the inputs.

Files that are read must be those that the night names, by their SHA-256.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from calc.bulk.inputs.chunk import Chunk
from calc.bulk.inputs.source import Source, file_sha256
from calc.columns.contract import DEPOSITS
from calc.columns.plain import plain
from calc.compare.nights import Night
from calc.errors import InputError, UsageError

KEY: Final = "deposit_id"


class Place(NamedTuple):
    """Where a row stands: its file, its number among the file's rows (from 1), and the file's SHA-256."""

    file: str
    row: int
    sha256: str


def published_row(of_night: Night, deposit_id: str) -> tuple[Place, dict[str, Any]]:
    """Return where a deposit's result stands, and the result."""
    if DEPOSITS.name not in of_night.manifest["datasets"]:
        raise UsageError(f"{of_night.folder}: the night has no deposits")
    for part in of_night.manifest["datasets"][DEPOSITS.name]["parts"]:
        path = of_night.folder / part["path"]
        try:
            frame = pl.scan_parquet(path, glob=False).with_row_index("row", 1).filter(pl.col(KEY) == deposit_id)
            rows = frame.collect()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise InputError(f"{path}: cannot be read: {error}; run puccalc check {of_night.folder}") from error
        if rows.height:
            _check_same(path, part["sha256"], "the result that the manifest names")
            row = rows.row(0, named=True)
            return Place(part["path"], row.pop("row"), part["sha256"]), row
    for part in of_night.manifest["quarantine"].get(DEPOSITS.name, {}).get("parts", ()):
        refused = pl.read_parquet(of_night.folder / part["path"], glob=False)
        names = [name for name in refused.columns if name == KEY]
        rows = (
            refused.filter(pl.any_horizontal(pl.col(names).cast(pl.String).str.strip_chars() == deposit_id))
            if names
            else refused[:0]
        )
        if rows.height:
            reasons = ", ".join(rows["reasons"][0]) if rows["reasons"].dtype == pl.List else rows["reasons"][0]
            raise UsageError(f"deposit {deposit_id!r} is in quarantine that night ({reasons}): it has no figures")
    raise UsageError(f"{of_night.folder}: the night of {of_night.manifest['as_of']} has no deposit {deposit_id!r}")


def _check_same(path: Path, sha256: str, what: str) -> None:
    if file_sha256(path) != sha256:
        raise InputError(f"{path}: is not {what} (its SHA-256 differs): restore it, or run the night again")


def checked_hashes(of_night: Night, name: str, source: Source) -> dict[Path, str]:
    """Return the SHA-256 of each file of an input; raise InputError for one that is not the night's."""
    named = {Path(each["path"]): each["sha256"] for each in of_night.manifest["inputs"].get(name, ())}
    for file in source.files:
        if file.path not in named:
            raise InputError(f"{file.path}: was not there when the night read its {name}: take it away")
        _check_same(file.path, named[file.path], "the file that the night read")
    if gone := sorted(str(path) for path in named.keys() - {file.path for file in source.files}):
        raise InputError(f"{', '.join(gone)}: the night read it, and it is gone: restore it")
    return named


def rows_of(source: Source, deposit_id: str) -> Iterator[tuple[Chunk, int]]:
    """Yield the chunk and place of each row with a deposit's id; keys alone are read to find them."""
    for keys, part in zip(source.parts({KEY}), source.parts(), strict=True):
        ids = plain(keys.load().frame[KEY]).cast(pl.String)
        places = (ids == deposit_id).arg_true().to_list()
        if places:
            chunk = part.load()
            yield from ((chunk, place) for place in places)
