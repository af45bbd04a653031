"""Dates as extracts write them, such as MM/DD/YYYY, to ISO text. Whether a day exists is for the gate to say."""

import re
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

_TOKENS: Final = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MON": "(?P<month>[A-Za-z]{3})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
}
_SPLIT: Final = re.compile("|".join(_TOKENS) + "|.", re.DOTALL)
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NO_DATE: Final = "not in the format"
EXPECTED: Final = "YYYY, MM (or M, or MON for JAN) and DD (or D) once each with what stands between, such as MM/DD/YYYY"


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A format as it was written, and its regular expression."""

    text: str
    pattern: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """ValueError where year, month and day are not there once each, or a letter is none of the tokens."""
        pieces = _SPLIT.findall(text)
        kinds = sorted(piece[0] for piece in pieces if piece in _TOKENS)
        if kinds != ["D", "M", "Y"] or any(piece.isalpha() and piece not in {*_TOKENS, "T"} for piece in pieces):
            raise ValueError(f"expected {EXPECTED}")
        return cls(text, "^" + "".join(_TOKENS.get(piece) or f"[{_escaped(piece)}]" for piece in pieces) + "$")

    def to_iso(self, text: pl.Series) -> pl.Series:
        """YYYY-MM-DD of each text in the format; blank where it is blank; else a text that is no date."""
        given = text.unique().drop_nulls()  # a part has far fewer days than rows
        return text.replace_strict(given, self._iso(given), default=None, return_dtype=pl.String)

    def _iso(self, text: pl.Series) -> pl.Series:
        fits = text.str.contains(self.pattern)
        parts = text.str.extract_groups(self.pattern).struct
        month = parts.field("month")
        if "MON" in self.text:
            numbers = [f"{number:02}" for number in range(1, 13)]
            month = month.str.to_uppercase().replace_strict(_MONTHS, numbers, default="00", return_dtype=pl.String)
        iso = parts.field("year") + "-" + month.str.zfill(2) + "-" + parts.field("day").str.zfill(2)
        blank = text.str.contains(r"^\s*$")
        return pl.select(pl.when(fits).then(iso).when(~blank).then(pl.lit(_NO_DATE))).to_series()


def _escaped(character: str) -> str:
    """A character within brackets."""
    return f"\\{character}" if character in r"\]^-[&~" else character
