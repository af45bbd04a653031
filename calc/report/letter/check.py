"""Verify a letter or a worksheet's hash against what puccalc computes from the months, rules and register in use.

Input: a file's bytes, or a hash. Output: a `Verdict`. The worksheet is made again and its hash compared. A file's whole
letter is written again, with the versions and checksums that its imprint names, and compared byte by byte: a file that
verifies says what was computed and nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from calc.errors import InputError, UsageError
from calc.rates.computing.table import FIRST_YEAR
from calc.rates.fred.series import month_text
from calc.rates.fred.snapshot import current_series
from calc.rates.register.entries import Entry, Register, load_register
from calc.report.letter.imprint import DIGESTED, STATED, Imprint, find, imprint
from calc.report.letter.render import Form, letter
from calc.report.letter.worksheet import Worksheet, worksheet

_OCTOBER: Final = 9
"""Month number, within its year, of a window's first month; months count from 0."""
_PARTS: Final = {
    "existing": "data: where the existing rate comes from has changed",
    "published": "data: the Commission's letter of the year has changed",
    "register": "register: the year's entries have changed",
    "history": "data: averages or rates since 1990 have changed",
    "rule": "rules: a value, a reading, the words or the dates to keep have changed",
}

_ALTERED: Final = "text: the file was altered after it was written"
_OTHER_ENGINE: Final = "text: not as {} writes it, though the figures are the same; verify it by the engine named"


@dataclass(frozen=True)
class Verdict:
    """Hold the outcome of a check; the letter or hash verifies if there are no differences.

    Attributes:
        worksheet: The worksheet as computed now; None if no year matches.
        sha256: The hash that was checked, or the worksheet's.
        differences: What differs, as sentences.
        notes: What the letter was made with and is no longer in use, although the worksheet is the same; and later
            entries of the register that change nothing that it states.
        holds: What still holds of a letter that does not verify.
    """

    worksheet: Worksheet | None
    sha256: str
    differences: tuple[str, ...]
    notes: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


def check_file(content: bytes, year: int | None = None) -> Verdict:
    """Check a letter.

    Args:
        content: The file's bytes.
        year: The year that the letter must be for; None for any.

    Returns:
        The verdict.

    Raises:
        InputError: The file has no readable imprint.
    """
    claimed = find(content)
    if claimed is None:
        raise InputError("the file holds no imprint of a worksheet: it is not from puccalc rates letter, or incomplete")
    try:
        dated = date.fromisoformat(claimed["dated"]) if claimed["dated"] else None
        switches = dict(text.split("=", 1) for text in claimed["switches"].split())
        sha256, engine = claimed["sha256"], claimed["engine"]
        found = worksheet(int(claimed["year"]), switches=switches)
        now = imprint(found, dated)
        made = tuple(
            f"{name.replace('_', ' ')}: was {claimed[name]}, is {now[name]}"
            for name in found.made_with
            if claimed[name] != now[name]
        )
        stated = tuple(_stated_otherwise(claimed, now))
    except (KeyError, ValueError, UsageError) as error:
        raise InputError(f"the file's imprint cannot be read: {error}") from error
    if year not in {None, found.year}:
        return Verdict(found, sha256, (f"year: the letter is of {found.year}",))
    then, later = (found, ()) if sha256 == found.sha256 else _before_entries(found, sha256) or (None, ())
    told: tuple[str, ...] = ()
    if then is not None:
        again = replace(then, made_with={name: claimed[name] for name in found.made_with})
        if not (then.result and letter(again, _form(content), dated=dated) == content):
            told = (_ALTERED if engine == now["engine"] else _OTHER_ENGINE.format(now["engine"]),)
    if then is None or _alters(found, then):
        holds = () if told else tuple(_holds(claimed, now, later))
        return Verdict(found, sha256, (*told, *(stated or ("worksheet: another hash",)), *made), holds=holds)
    if later:
        made = (*made, _since(later))
    return Verdict(then, sha256, (*told, *made)) if told else Verdict(then, sha256, (), made)


def check_hash(sha256: str, year: int | None, switches: Mapping[str, str]) -> Verdict:
    """Check the hash of a worksheet.

    Args:
        sha256: The hash, or its first digits.
        year: The year; None for any year with a known month.
        switches: Switches of the worksheet, as text.

    Returns:
        The verdict.
    """
    last = (current_series().last_month - _OCTOBER) // 12 + 2
    every = [worksheet(each, switches=switches) for each in ((year,) if year else range(FIRST_YEAR, last + 1))]
    for found in every:
        if found.sha256.startswith(sha256):
            return Verdict(found, found.sha256, ())
    for found in every:
        if earlier := _before_entries(found, sha256):
            then, later = earlier
            if not _alters(found, then):
                return Verdict(then, then.sha256, (), (_since(later),))
            was, now = imprint(then, None), imprint(found, None)
            holds = tuple(_holds(was, now, later))
            return Verdict(found, then.sha256, tuple(_stated_otherwise(was, now)), holds=holds)
    if year:
        return Verdict(every[0], sha256, (f"worksheet: that of {year} has now the hash {every[0].sha256}",))
    return Verdict(None, sha256, (f"worksheet: none of {FIRST_YEAR} through {last} has this hash now",))


def _before_entries(found: Worksheet, sha256: str) -> tuple[Worksheet, tuple[Entry, ...]] | None:
    """Return the worksheet that had this hash (or its first digits) before later register entries, and these."""
    entries = load_register().entries
    for number in reversed(range(len(entries))):
        then = worksheet(found.year, switches=found.rules.switches, register=Register(entries[:number]))
        if then.sha256.startswith(sha256):
            return then, entries[number:]
    return None


def _alters(found: Worksheet, then: Worksheet) -> bool:
    """Tell whether the entries since then alter anything else that the worksheet states than the entries."""
    return {**found.statement, "register": None} != {**then.statement, "register": None}


def _since(later: Sequence[Entry]) -> str:
    """Say which entries came after a letter."""
    named = (f"{each.number} ({each.kind} for {each.content['year']}, {each.content['on']})" for each in later)
    return f"it is from before register {'entries' if len(later) > 1 else 'entry'} {', '.join(named)}"


def _holds(claimed: Imprint, now: Imprint, later: Sequence[Entry]) -> Iterator[str]:
    """Yield what is unchanged since the file: the rate from its date, and that it was right before later entries."""
    rate, effective_from = (claimed["rate_percent"], claimed["effective_from"])
    if rate and (rate, effective_from) == (now["rate_percent"], now["effective_from"]):
        yield f"the rate is unchanged: {rate} percent from {effective_from}"
    if later:
        yield f"all of it, as of then: {_since(later)}"


def _stated_otherwise(claimed: Imprint, now: Imprint) -> Iterator[str]:
    """Yield what the worksheet states now and did not in the file, months first."""
    months = zip(claimed["months"].split(), now["months"].split(), strict=True)
    for number, (then, today) in enumerate(months, start=12 * (int(now["year"]) - 2) + _OCTOBER):
        if then != today:
            yield f"data: {month_text(number)} was {then}, is {today}"
    for name in STATED:
        if claimed[name] != now[name]:
            yield f"{name.replace('_', ' ')}: was {claimed[name]}, is {now[name]}"
    for name in DIGESTED:
        if claimed[f"{name}_sha256"] != now[f"{name}_sha256"]:
            yield _PARTS[name]


def _form(content: bytes) -> Form:
    if content.startswith(b"%PDF-"):
        return "pdf"
    return "html" if content.startswith(b"<!DOCTYPE") else "txt"
