"""The imprint of a letter: what names its worksheet and the data behind it, a small JSON object inside every form.

In: a worksheet and the letter's day; or the bytes of a PDF, HTML or text file. Out: a flat record of texts. In text and
HTML it stands as it is, in a PDF as an attached file, which may be deflated; no PDF library is needed to find it.
"""

import json
import re
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Final

from calc.datafiles import sha256_hex
from calc.report.worksheet import Worksheet
from calc.units import PPM_PER_BP, format_percent

STATED: Final = ("existing_percent", "rate_percent", "effective_from", "standing")
DIGESTED: Final = ("existing", "published", "register", "history", "rule")
"""Parts of the worksheet's statement: those in words here, and those by the first figures of a SHA-256."""
_MARK: Final = "puccalc worksheet"
_FOUND: Final = re.compile(rb'\{\s*"imprint": "puccalc worksheet",[^{}]{1,8000}\}')
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_STREAM_BYTES_MAX: Final = 100_000
_DIGITS: Final = 16

Imprint = dict[str, str]


def imprint(found: Worksheet, dated: date | None) -> Imprint:
    """The imprint of a worksheet's letter."""
    statement = found.statement
    return {
        "imprint": _MARK,
        "year": str(found.year),
        "sha256": found.sha256,
        "dated": dated.isoformat() if dated else "",
        "switches": " ".join(f"{name}={value}" for name, value in found.rules.switches.items()),
        "months": " ".join(_month(rate_bp, status) for _, rate_bp, status in found.months),
        **{name: statement[name] or "" for name in STATED if name in statement},
        **{f"{name}_sha256": _digest(statement[name]) for name in DIGESTED},
        **found.made_with,
    }


def as_json(record: Imprint) -> str:
    """The imprint as every file has it: a line for each text, ASCII, without signs that HTML takes for its own."""
    return json.dumps(record, indent=1).replace("<", "\\u003c").replace("&", "\\u0026")


def find(content: bytes) -> Imprint | None:
    """The imprint in a file's bytes; None where there is none, or more than one."""
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
    """What the deflated streams of a PDF begin with."""
    for match in _STREAM.finditer(content):
        try:
            yield zlib.decompressobj().decompress(match.group(1), _STREAM_BYTES_MAX)
        except zlib.error:
            continue


def _month(rate_bp: int | None, status: str) -> str:
    return f"{format_percent((rate_bp or 0) * PPM_PER_BP)}{'' if status == 'published' else f'-{status}'}"


def _digest(part: object) -> str:
    return sha256_hex(json.dumps(part, sort_keys=True).encode())[:_DIGITS]
