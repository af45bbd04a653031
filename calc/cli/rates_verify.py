"""`puccalc rates verify`: whether a letter or a worksheet's hash is what the data in use give."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc.cli.options import Json, Switches, count, message, parse_switches, print_json, run_uncompiled
from calc.errors import InputError, PublishRefusedError
from calc.report.letter import check
from calc.units import format_percent

if TYPE_CHECKING:
    from calc.report.letter.check import Verdict

_HASH: Final = re.compile(r"[0-9a-f]{12,64}")
_BYTES_MAX: Final = 20_000_000


def verify(
    what: Annotated[
        str, typer.Argument(metavar="FILE|HASH", help="A letter, or a worksheet's SHA-256 (12 figures or more).")
    ],
    year: Annotated[
        int | None,
        typer.Option(parser=count(1990, 2100), metavar="YEAR", help="The year it should be of; by default any."),
    ] = None,
    switches: Switches = None,
    json: Json = False,
) -> None:
    """Recompute the worksheet of a letter, or of a hash, and compare.

    Exit 0 where it verifies; 4 where it does not, with what differs (the text of the file, data such as months and
    averages, rules, register, or the engine that wrote it) and what still holds; 3 where FILE is no letter. A file
    verifies only when every byte is what this puccalc would write, now or before entries of the register that change
    nothing in it; a note names these. A hash outlives new months, other years' approvals and new versions; --set gives
    the switches of a HASH.
    """
    run_uncompiled()
    path = Path(what)
    if path.is_file():
        verdict = check.check_file(_read(path), year)
    elif _HASH.fullmatch(what.lower()):
        verdict = check.check_hash(what.lower(), year, parse_switches(switches))
    else:
        raise InputError(f"{what}: no such file, and no SHA-256 of 12 to 64 hexadecimal figures")
    _print(verdict, json=json)
    if verdict.differences:
        holds = [f"still holds: {each}" for each in verdict.holds]
        raise PublishRefusedError("\n  ".join(["it does not verify:", *verdict.differences, *holds]))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_BYTES_MAX + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > _BYTES_MAX:
        raise InputError(f"{path}: more than {_BYTES_MAX:,} bytes: no letter")
    return content


def _print(verdict: "Verdict", *, json: bool) -> None:
    shown = _shown(verdict)
    if json:
        print_json(shown)
        return
    for note in verdict.notes:
        message(f"Note: made otherwise, with the same outcome; {note}")
    if not verdict.differences:
        typer.echo(
            f"Verified: the worksheet of {shown['year']}, {shown['rate_percent'] or 'no'} percent"
            f"{' from ' + shown['effective_from'] if shown['effective_from'] else ' yet'}, {shown['standing']}, "
            f"SHA-256 {verdict.sha256}"
        )


def _shown(verdict: "Verdict") -> dict[str, Any]:
    found, result = verdict.worksheet, verdict.worksheet.result if verdict.worksheet else None
    return {
        "verified": not verdict.differences,
        "sha256": verdict.sha256,
        "recomputed_sha256": found.sha256 if found else None,
        "year": found.year if found else None,
        "standing": found.standing if found else None,
        "rate_percent": format_percent(result.rate_ppm) if result else None,
        "effective_from": result.effective_from.isoformat() if result else None,
        "differences": list(verdict.differences),
        "notes": list(verdict.notes),
        "holds": list(verdict.holds),
    }
