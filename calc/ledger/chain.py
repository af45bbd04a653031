"""The chain of a ledger: entries, each with the checksum of the one before and of the files that it wrote.

Comes in: the text of the chain's file and of its head, which names the last entry, since a chain with its end cut off
still verifies. Goes out: the entries, or an error that names the first one that was altered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from calc.datafiles import sha256_hex
from calc.errors import DataError

NO_ENTRY: Final = "0" * 64
"""What the first entry has as the checksum of the one before."""
FORMAT: Final = 1
"""How entries are written; each says it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a ledger.

    Attributes:
        number: Its position, from 1.
        kind: What was done, such as a posting or a remittance.
        as_of: Day of the night that it was made of.
        run_id: That night's run.
        manifest_sha256: SHA-256 of what that night published.
        previous: SHA-256 of the entry before.
        files: SHA-256 of each file that it wrote, by name.
        figures: Its sums, in cents and rows.
    """

    number: int
    kind: str
    as_of: date
    run_id: str
    manifest_sha256: str
    previous: str
    files: Mapping[str, str]
    figures: Mapping[str, int]

    @property
    def sha256(self) -> str:
        """SHA-256 of all that the entry says."""
        return sha256_hex(_json(self._body).encode())

    @property
    def line(self) -> str:
        """The entry as a line of the chain's file."""
        return _json({**self._body, "sha256": self.sha256})

    @property
    def head(self) -> str:
        """What the head says while this entry is the last."""
        return f"entry {self.number}, SHA-256 {self.sha256}\n"

    @property
    def _body(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "entry": self.number,
            "kind": self.kind,
            "as_of": self.as_of.isoformat(),
            "run_id": self.run_id,
            "manifest_sha256": self.manifest_sha256,
            "previous": self.previous,
            "files": dict(self.files),
            "figures": dict(self.figures),
        }


def following(entries: tuple[Entry, ...], entry: Entry) -> Entry:
    """Return an entry with the number and the checksum that it has behind others."""
    previous = entries[-1].sha256 if entries else NO_ENTRY
    return replace(entry, number=len(entries) + 1, previous=previous)


def text_of(entries: tuple[Entry, ...]) -> str:
    """Text of the chain's file."""
    return "".join(f"{entry.line}\n" for entry in entries)


def verified(path: Path, text: str | None, head: str | None) -> tuple[Entry, ...]:
    """Read a chain.

    Args:
        path: The chain's file, for messages.
        text: Its text; None where there is none yet.
        head: Text of the head; None where there is none yet.

    Returns:
        Its entries.

    Raises:
        DataError: An entry was altered or taken out; it names the first.
    """
    entries: list[Entry] = []
    for number, line in enumerate((text or "").splitlines(), start=1):
        entry = _parsed(line)
        if entry is None:
            raise altered(path, number, "has been altered or cut short")
        if (entry.number, entry.previous) != (number, entries[-1].sha256 if entries else NO_ENTRY):
            raise altered(path, number, "does not follow the one before it")
        entries.append(entry)
    if head is not None and head not in {entry.head for entry in entries}:
        raise altered(path, len(entries) + 1, f"is missing: the head says {head.strip()}")
    return tuple(entries)


def altered(path: Path, number: int, what: str) -> DataError:
    """Make the error for an entry that is not what the ledger wrote."""
    return DataError(f"{path}: entry {number} {what}; nothing was done: restore the ledger's folder from a copy")


def _parsed(line: str) -> Entry | None:
    """The entry that a line holds; None where the line is not what an entry writes."""
    try:
        body = json.loads(line)
        entry = Entry(
            body["entry"], body["kind"], date.fromisoformat(body["as_of"]), body["run_id"], body["manifest_sha256"],
            body["previous"], dict(body["files"]), dict(body["figures"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None
    return entry if entry.line == line else None


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
