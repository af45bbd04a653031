r"""Signs that an output cannot encode are written otherwise, and names that are no UTF-8 are refused.

An output may be ASCII (PYTHONIOENCODING, a C locale without UTF-8) and know no section sign or line of a table; a
file's name may be bytes that are no text. Neither stops a command halfway: a sign becomes plain letters, a byte of a
name \xNN.
"""

import codecs
import io
import os
import sys
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from calc.errors import InputError

_HANDLER: Final = "puccalc-plain"
_PLAIN: Final = {
    "\N{SECTION SIGN}": "Sec.",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{PLUS-MINUS SIGN}": "+/-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{BULLET}": "*",
}
"""Signs that this project's texts and tables use, in ASCII."""
_BYTES: Final = range(0xDC80, 0xDD00)
"""What Python makes of bytes in a name that are no text."""
_PRIVATE: Final = "--income"
"""An option whose value no message repeats."""


def plain(text: str) -> str:
    r"""Text in ASCII: signs in plain letters, accents left out, bytes of a name as \xNN, else a question mark."""
    return "".join(_of_sign(sign) for sign in text)


def write_plainly() -> None:
    """Let stdout and stderr write what their encoding lacks as `plain` does."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def can_encode(text: str) -> bool:
    """Whether stdout can write a text as it is."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def check_names(words: Sequence[str]) -> None:
    """InputError for a word of the command line that is no UTF-8: libraries that read files take no other names."""
    for number, (before, word) in enumerate(pairwise(["", *words]), start=1):
        try:
            os.fsencode(word).decode("utf-8")
            word.encode("utf-8")
        except UnicodeError:
            named = "" if _PRIVATE in {before, word[: len(_PRIVATE)]} else f": {plain(word)}"
            raise InputError(
                f"word {number} of the command line is no UTF-8{named}; rename the file or folder, or run with a UTF-8 "
                "locale such as LC_ALL=C.UTF-8"
            ) from None


def _of_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if ord(sign) in _BYTES:
        return f"\\x{ord(sign) - _BYTES.start + 0x80:02x}"
    if sign in _PLAIN:
        return _PLAIN[sign]
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end
