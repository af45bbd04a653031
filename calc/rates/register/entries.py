"""The register of approved rates: an append-only file in the user's data folder, a chain of entries.

Each entry holds the checksum of the one before. Input: lines of JSON, one entry each. Output: a `Register`, verified
entry by entry, and the rates that it approves, as published ones. A second file holds number and checksum of the last
entry, because a chain with its end cut off still verifies. The register records who proposed and who approved; it does
not prove it. `.proposal` defines what an entry holds.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from calc.datafiles import sha256_hex
from calc.errors import DataError
from calc.rates.register.published import PublishedRate
from calc.rates.userfolder import folder_to_write, read_file, user_folder, write_whole
from calc.units import format_percent, parse_date, parse_percent

PROPOSAL: Final = "proposal"
APPROVAL: Final = "approval"
_FILE: Final = "register.jsonl"
_HEAD: Final = "register.head"
_NO_ENTRY: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry.

    Attributes:
        number: Position in the register.
        kind: What the entry is, such as a proposal or an approval.
        previous: SHA-256 of the entry before.
        content: The entry's content, as JSON values.
    """

    number: int
    kind: str
    previous: str
    content: Mapping[str, Any]

    @property
    def _body(self) -> dict[str, Any]:
        return {**self.content, "entry": self.number, "kind": self.kind, "previous": self.previous}

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the entry (number, kind, previous, content) as JSON with sorted keys."""
        return sha256_hex(_json(self._body).encode())

    @property
    def line(self) -> str:
        """Return the entry as a line of the file."""
        return _json({**self._body, "sha256": self.sha256})


@dataclass(frozen=True, slots=True)
class Register:
    """Hold every entry, in order."""

    entries: tuple[Entry, ...] = ()

    @property
    def checksum(self) -> str | None:
        """Return the SHA-256 of the last entry, which by the chain covers them all; None without an entry."""
        return self.entries[-1].sha256 if self.entries else None

    def with_entry(self, kind: str, content: Mapping[str, Any]) -> "Register":
        """Return this register with one more entry."""
        entry = Entry(len(self.entries) + 1, kind, self.checksum or _NO_ENTRY, content)
        return Register((*self.entries, entry))

    def pending(self, year: int) -> Entry | None:
        """Return the last proposal for a year, unless it is approved."""
        of_year = [entry for entry in self.entries if entry.content["year"] == year]
        return of_year[-1] if of_year and of_year[-1].kind == PROPOSAL else None

    def approved(self, known_on: date | None = None) -> dict[int, PublishedRate]:
        """Return each year's rate by the last approval; with `known_on`, by the last one known on that date."""
        rates = (_rate(entry) for entry in self.entries if entry.kind == APPROVAL)
        return {rate.effective_from.year: rate for rate in rates if known_on is None or rate.known_on <= known_on}

    def with_letters(self, letters: Iterable[PublishedRate], known_on: date | None = None) -> tuple[PublishedRate, ...]:
        """Combine the Commission's letters with the approved rates.

        A letter overrides an approval for the same year or the same date, and its note says so if the rates differ.

        Args:
            letters: The Commission's published rates.
            known_on: If set, leave out what was not known on that date.

        Returns:
            Published rates by effective date.
        """
        approved = self.approved(known_on)
        rates: dict[date, PublishedRate] = {}
        for letter in letters:
            if known_on is not None and letter.known_on > known_on:
                continue
            rival = approved.get(letter.effective_from.year)
            if rival and (letter.of_year or letter.effective_from == rival.effective_from):
                del approved[letter.effective_from.year]
                if (rival.rate_ppm, rival.effective_from) != (letter.rate_ppm, letter.effective_from):
                    told = f"outranks {format_percent(rival.rate_ppm)} from {rival.effective_from}, {rival.publisher}"
                    rates[letter.effective_from] = replace(letter, note=told)
                    continue
            rates[letter.effective_from] = letter
        rates |= {rate.effective_from: rate for rate in approved.values()}
        return tuple(rates[day] for day in sorted(rates))


def load_register() -> Register:
    """Load the register from the user's data folder; without entries if there is none.

    Returns:
        The verified register.

    Raises:
        DataError: An entry was altered, or the register ends before the last entry that was recorded for it.
    """
    head = _text(_HEAD)  # first, so that an entry appended meanwhile does no harm
    lines = _text(_FILE)
    path = (user_folder() or Path()) / _FILE
    register = Register()
    for number, line in enumerate(lines.removesuffix("\n").split("\n") if lines is not None else (), start=1):
        register = Register((*register.entries, _verified(line, number, register, path)))
    if head is not None and head not in {_head(entry) for entry in register.entries}:
        raise DataError(
            f"{path}: has {len(register.entries)} entries and not the last one that {_HEAD} keeps, {head.strip()}; "
            "restore the register from a copy"
        )
    return register


def append(register: Register) -> None:
    """Write a register that was loaded and extended by one entry, its head last; the caller holds `one_writer`."""
    folder = folder_to_write()
    write_whole(folder / _FILE, "".join(f"{entry.line}\n" for entry in register.entries).encode())
    write_whole(folder / _HEAD, _head(register.entries[-1]).encode())


def _head(entry: Entry) -> str:
    return f"entry {entry.number}, SHA-256 {entry.sha256}\n"


def _text(name: str) -> str | None:
    """Return a file's text; None if there is no such file."""
    content = read_file(name)
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError as error:
        raise DataError(f"{user_folder()}/{name}: cannot be read as the register of approved rates: {error}") from error


def _verified(line: str, number: int, register: Register, path: Path) -> Entry:
    try:
        body = json.loads(line)
        del body["sha256"]
        entry = Entry(body.pop("entry"), body.pop("kind"), body.pop("previous"), body)
        intact = entry.line == line and entry.content["year"] > 0
        if entry.kind == APPROVAL:
            _rate(entry)
    except (ValueError, KeyError, TypeError, AttributeError):
        intact = False
    if not intact:
        raise DataError(f"{path}: entry {number} has been altered or cut short; restore the register from a copy")
    if (entry.number, entry.previous) != (number, register.checksum or _NO_ENTRY):
        raise DataError(f"{path}: entry {number} does not follow the one before it; restore the register from a copy")
    return entry


def _rate(entry: Entry) -> PublishedRate:
    content = entry.content
    effective_from = parse_date(content["effective_from"])
    return PublishedRate(
        effective_from=effective_from,
        rate_ppm=parse_percent(content["rate_percent"]),
        known_on=parse_date(content["on"]),
        publisher=f"approved by {content['by']} on {content['on']}, proposed by {content['proposed_by']}",
        where_published=f"register entry {entry.number}, SHA-256 {entry.sha256}",
        quote=f"{content['rate_percent']} for {content['year']}",
        late_start=(effective_from.month, effective_from.day) != (1, 1),
        note=content["note"],
    )


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
