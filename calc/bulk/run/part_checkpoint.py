"""A part's side file: all that is known of a part of a dataset, so that a resumed run need not compute it again.

It lies in the run's folder as `parts/<dataset>-<number>.json`, since a folder of results holds Parquet alone, which any
reader opens whole. It is written last, after the results, the quarantine and (for deposits) what accounts rest on. It
is believed only while its own digest is right, it lies where it was written, it was made by the same seed of the
duplicate search, and every file that it names has the size and SHA-256 it says.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from calc.atomic_write import write_json
from calc.bulk.inputs.source import file_sha256
from calc.bulk.publish.by_column import ColumnCount
from calc.bulk.publish.parts import PartFile
from calc.bulk.reconcile.totals import Totals
from calc.errors import InputError

RECORDS: Final = "parts"
"""Folder of a run for the side files."""
_FILES: Final = ("results", "quarantine", "holdings")


@dataclass(frozen=True, slots=True)
class DerivedRecord:
    """The file and control totals of a part's further results."""

    file: PartFile
    totals: Totals


@dataclass(frozen=True, slots=True)
class PartRecord:
    """Where a part's rows come from, the files that they became, their reasons and control totals.

    `results` is None where all rows are bad, `quarantine` where none is, `holdings` where no accounts rest on it.
    `gives` are further results by the name of their dataset.
    """

    file: str
    first_row: int
    rows_in: int
    seed: int
    results: PartFile | None
    quarantine: PartFile | None
    holdings: PartFile | None
    reasons: Mapping[str, int]
    by_column: list[ColumnCount]
    totals: Totals
    rests_on: Mapping[str, Any] | None = None
    edge_blanks: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    gives: Mapping[str, DerivedRecord] = field(default_factory=dict)

    @property
    def files(self) -> list[PartFile]:
        """The files that the part became."""
        own = [each for each in (self.results, self.quarantine, self.holdings) if each]
        return [*own, *(each.file for each in self.gives.values())]


def write_record(out: Path, path: Path, record: PartRecord) -> None:
    """Write the side file at `path`, which it names: it is believed in no other place."""
    data = {**asdict(record), "side_file": path.relative_to(out).as_posix()}
    write_json(path, {**data, "digest": _digest(data)})


def read_record(out: Path, path: Path, rows_in: int, seed: int) -> PartRecord | None:
    """The record at `path` if it is whole, of `rows_in` rows and this seed, and its files are as it says; else None."""
    try:
        data = json.loads(path.read_bytes())
        sound = data.pop("digest") == _digest(data) and (data.pop("side_file"), data["rows_in"], data["seed"]) == (
            path.relative_to(out).as_posix(),
            rows_in,
            seed,
        )
        data["by_column"] = [ColumnCount(**each) for each in data["by_column"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if not sound:
        return None
    for name in _FILES:
        data[name] = PartFile(**data[name]) if data[name] else None
    data["gives"] = {
        name: DerivedRecord(PartFile(**each["file"]), each["totals"]) for name, each in data["gives"].items()
    }
    record = PartRecord(**data)
    return record if all(_is_whole(out, each) for each in record.files) else None


def _digest(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _is_whole(out: Path, file: PartFile) -> bool:
    path = out / file.path
    try:
        return path.stat().st_size == file.bytes and file_sha256(path) == file.sha256
    except (OSError, InputError):
        return False
