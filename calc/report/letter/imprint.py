"""The imprint of a letter: a small JSON object in every form that names its worksheet and the data behind it.

Input: a worksheet and the letter's date; or the bytes of a PDF, HTML or text file. Output: a flat record of texts. Text
and HTML contain it as it is, a PDF as an attached file, possibly deflated; finding it takes no PDF library.
"""

import json
import re
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Final

from calc.datafiles import sha256_hex
from calc.report.letter.worksheet import Worksheet
from calc.units import PPM_PER_BP, format_percent

STATED: Final = ("existing_percent", "rate_percent", "effective_from", "standing")
DIGESTED: Final = ("existing", "published", "register", "history", "rule")
"""Parts of the worksheet's statement that appear as the first digits of a SHA-256; those of STATED appear in words."""
_MARK: Final = "puccalc worksheet"
_FOUND: Final = re.compile(rb'\{\s*"imprint": "puccalc worksheet",[^{}]{1,8000}\}')
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_STREAM_BYTES_MAX: Final = 100_000
_DIGITS: Final = 16

Imprint = dict[str, str]


def imprint(worksheet: Worksheet, dated: date | None) -> Imprint:
    """Make the imprint of a worksheet's letter.

    Args:
        worksheet: The worksheet.
        dated: The letter's date, if it has one.

    Returns:
        Texts by name.
    """
    statement = worksheet.statement
    return {
        "imprint": _MARK,
        "year": str(worksheet.year),
        "sha256": worksheet.sha256,
        "dated": dated.isoformat() if dated else "",
        "switches": " ".join(f"{name}={value}" for name, value in worksheet.rules.switches.items()),
        "months": " ".join(_month(rate_bp, status) for _, rate_bp, status in worksheet.months),
        **{name: statement[name] or "" for name in STATED if name in statement},
        **{f"{name}_sha256": _digest(statement[name]) for name in DIGESTED},
        **worksheet.made_with,
    }


def as_json(record: Imprint) -> str:
    """Format the imprint as every file has it: one line per text, ASCII, without characters that HTML interprets."""
    return json.dumps(record, indent=1).replace("<", "\\u003c").replace("&", "\\u0026")


def find(content: bytes) -> Imprint | None:
    """Find the imprint in a file's bytes; None if there is none, or more than one."""
    places = [content, *_streams(content)] if content.startswith(b"%PDF-") else [content]
    matches = {match.group() for place in places for match in _FOUND.finditer(place)}
    if len(matches) != 1:
        return None
    try:
        record = json.loads(matches.pop())
    except ValueError:
        return None
    return record if all(isinstance(text, str) and text.isprintable() for text in record.values()) else None


def _streams(content: bytes) -> Iterator[bytes]:
    """Yield the beginnings of a PDF's deflated streams."""
    for match in _STREAM.finditer(content):
        try:
            yield zlib.decompressobj().decompress(match.group(1), _STREAM_BYTES_MAX)
        except zlib.error:
            continue


def _month(rate_bp: int | None, status: str) -> str:
    return f"{format_percent((rate_bp or 0) * PPM_PER_BP)}{'' if status == 'published' else f'-{status}'}"


def _digest(part: object) -> str:
    return sha256_hex(json.dumps(part, sort_keys=True).encode())[:_DIGITS]
