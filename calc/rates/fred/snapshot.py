"""The monthly series as FRED last gave it, stored in the user's data folder and laid over the shipped one.

Input: a reviewed answer (`.review`). Output: `current_series`, the months in use; the yearly rate sees nothing else of
FRED. The folder `rates/` holds the responses and a CSV of every month; a revised month appears once per revision, with
the vintage from which it was known. `snapshot.json` names these files with their SHA-256 and is written last.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from calc.datafiles import sha256_hex
from calc.errors import DataError
from calc.rates.csv_lines import line_error, lines
from calc.rates.fred.series import MonthlySeries, shipped_series, shipped_taken
from calc.rates.userfolder import folder_to_write, read_file, user_folder, write_whole
from calc.units import parse_date

_COLUMNS: Final = ("month", "rate_percent", "known_on")
_POINTER: Final = "snapshot.json"
_FOLDER: Final = "rates"


class MonthKnown(NamedTuple):
    """Hold a month's average as of a vintage; `known_on` is None if the shipped series has the same figure."""

    month: str
    rate_percent: str
    known_on: date | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold months as of a date; if a month has several figures, the latest vintage comes last."""

    vintage: date
    months: tuple[MonthKnown, ...]

    @property
    def csv(self) -> bytes:
        """Return the months as the stored CSV."""
        rows = [f"{each.month},{each.rate_percent},{each.known_on or ''}" for each in self.months]
        return "\n".join([",".join(_COLUMNS), *rows, ""]).encode()

    def over_shipped(self, known_on: date | None = None) -> MonthlySeries:
        """Return the shipped series overlaid with these months; with `known_on`, with those known on that date."""
        figures = {
            each.month: each
            for each in self.months
            if known_on is None or each.known_on is None or each.known_on <= known_on
        }
        text = "\n".join(["month,rate_percent", *(f"{each.month},{each.rate_percent}" for each in figures.values())])
        provenance = f"FRED series GS1 as of {self.vintage}, snapshot SHA-256 {sha256_hex(self.csv)}"
        series = MonthlySeries.from_text(text, _POINTER, provenance)
        vintages = tuple((each.month, each.known_on) for each in figures.values() if each.known_on is not None)
        return shipped_series().overlaid(replace(series, vintages=vintages))


def current_series(known_on: date | None = None) -> MonthlySeries:
    """Return the months in use.

    Args:
        known_on: If set, return them as they were known on that date.

    Returns:
        The shipped series, overlaid with the snapshot if there is one.

    Raises:
        DataError: The snapshot is damaged.
    """
    snapshot = load_snapshot()
    return shipped_series() if snapshot is None else snapshot.over_shipped(known_on)


def current_taken() -> date:
    """Return the date on which the months in use were downloaded; raise DataError if the snapshot is damaged."""
    snapshot = load_snapshot()
    return shipped_taken() if snapshot is None else snapshot.vintage


def load_snapshot() -> Snapshot | None:
    """Load the snapshot and check every file against its SHA-256.

    Returns:
        The snapshot; None if there is none or the shipped data are newer.

    Raises:
        DataError: A file is missing or was altered; the message names it.
    """
    home, content = user_folder(), read_file(f"{_FOLDER}/{_POINTER}")
    if home is None or content is None:
        return None
    folder = home / _FOLDER
    pointer = folder / _POINTER
    try:
        facts = json.loads(content)
        vintage = date.fromisoformat(facts["vintage"])
        files = {kind: (folder / Path(file["name"]).name, str(file["sha256"])) for kind, file in facts["files"].items()}
        months, _ = files["months"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(pointer, "is not the record of a snapshot") from error
    contents = {path: _checked(path, expected) for path, expected in files.values()}
    snapshot = Snapshot(vintage, _parse(contents[months].decode(), str(months)))
    return snapshot if vintage >= shipped_taken() else None


def write_snapshot(snapshot: Snapshot, responses: dict[str, bytes], accepted: Iterable[str]) -> Path:
    """Store a snapshot and the responses, completely or not at all; the caller holds `one_writer`.

    Files that the record does not name, as after an interruption, are not in use.

    Args:
        snapshot: The months.
        responses: Raw responses by series.
        accepted: Months (YYYY-MM) whose doubts a person accepted.

    Returns:
        Path of the record, `snapshot.json`.
    """
    folder = folder_to_write() / _FOLDER
    contents = {"months": ("gs1", ".csv", snapshot.csv)}
    contents |= {f"response_{name}": (name.lower(), ".xml", content) for name, content in responses.items()}
    files: dict[str, dict[str, str]] = {}
    for kind, (stem, suffix, content) in contents.items():
        digest = sha256_hex(content)
        files[kind] = {"name": f"{stem}-{digest[:16]}{suffix}", "sha256": digest}
        write_whole(folder / files[kind]["name"], content)
    facts = {"series": "GS1", "vintage": str(snapshot.vintage), "accepted": list(accepted), "files": files}
    write_whole(folder / _POINTER, (json.dumps(facts, indent=2) + "\n").encode())
    return folder / _POINTER


@lru_cache(maxsize=2)
def _parse(text: str, source: str) -> tuple[MonthKnown, ...]:
    months: list[MonthKnown] = []
    for line, values in lines(text, source, _COLUMNS):
        try:
            known_on = parse_date(values["known_on"]) if values["known_on"] else None
        except ValueError as error:
            raise line_error(source, line, f"known_on {error}") from error
        months.append(MonthKnown(values["month"], values["rate_percent"], known_on))
    return tuple(months)


def _checked(path: Path, expected: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _damaged(path, f"cannot be read: {error.strerror}") from error
    if sha256_hex(content) != expected:
        raise _damaged(path, "is not the file that the record names: its SHA-256 differs")
    return content


def _damaged(path: Path, what: str) -> DataError:
    record = path.with_name(_POINTER)
    return DataError(f"{path}: {what}; restore it, or remove {record} to go back to the shipped months")
