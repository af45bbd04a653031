"""Dates as extracts write them, such as MM/DD/YYYY, to ISO text. Whether a day exists is for the gate to say."""

import re
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

_TOKENS: Final = {
    "YYYY": "(?P<year>[0-9]{4})",
    "YY": "(?P<year>[0-9]{2})",
    "MONTH": "(?P<month>[a-z]{3,9})",
    "MON": "(?P<month>[a-z]{3}|sept)",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
}
_LITERALS: Final = ("T", "Z", "AM", "UTC")
_SPLIT: Final = re.compile(
    "|".join(["'[^']*'", *_TOKENS, *(text for text in _LITERALS if len(text) > 1), "."]), re.DOTALL
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NUMBERS: Final = {name: f"{number:02}" for number, name in enumerate(_MONTHS, 1)}
_SHORT: Final = {name[:3]: number for name, number in _NUMBERS.items()} | {"sept": "09"}
_NO_DATE: Final = "not in the format"
YEARS_FROM: Final = 1950
"""First of the hundred years that two digits mean, unless a map says otherwise: 50 to 99 are 1950 to 1999."""
EXPECTED: Final = (
    "YYYY (or YY), MM (or M, MON for JAN, MONTH for JANUARY) and DD (or D) once each with what stands between, and "
    "other letters in single quotes, such as MM/DD/YYYY or D MON YY 'at 00:00'"
)


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A format as it was written, its regular expression, and the first year that two digits may mean."""

    text: str
    pattern: str
    years_from: int = YEARS_FROM

    @classmethod
    def parse(cls, text: str, years_from: int = YEARS_FROM) -> Self:
        """ValueError where year, month and day are not there once each, or a letter is none of the tokens."""
        pieces = _SPLIT.findall(text)
        kinds = sorted(piece[0] for piece in pieces if piece in _TOKENS)
        if kinds != ["D", "M", "Y"] or any(piece.isalpha() and piece not in {*_TOKENS, *_LITERALS} for piece in pieces):
            raise ValueError(f"expected {EXPECTED}")
        return cls(text, "(?i)^" + "".join(_TOKENS.get(piece) or _literal(piece) for piece in pieces) + "$", years_from)

    def to_iso(self, text: pl.Series) -> pl.Series:
        """YYYY-MM-DD of each text in the format; blank where it is blank; else a text that is no date."""
        given = text.unique().drop_nulls()  # a part has far fewer days than rows
        return text.replace_strict(given, self._iso(given), default=None, return_dtype=pl.String)

    def _iso(self, text: pl.Series) -> pl.Series:
        fits = text.str.contains(self.pattern)
        parts = text.str.extract_groups(self.pattern).struct
        tokens = set(_SPLIT.findall(self.text))
        names = _NUMBERS if "MONTH" in tokens else _SHORT
        month = parts.field("month").str.to_lowercase()
        if tokens & {"MON", "MONTH"}:
            month = month.replace_strict(names, default="00", return_dtype=pl.String)
        year = parts.field("year")
        if "YY" in tokens:
            full = year.cast(pl.Int32) + self.years_from // 100 * 100
            year = (full + 100 * (full < self.years_from).cast(pl.Int32)).cast(pl.String)
        iso = year + "-" + month.str.zfill(2) + "-" + parts.field("day").str.zfill(2)
        blank = text.str.contains(r"^\s*$")
        return pl.select(pl.when(fits).then(iso).when(~blank).then(pl.lit(_NO_DATE))).to_series()


def _literal(piece: str) -> str:
    """What stands between, as a regular expression; a blank stands for one or several."""
    text = piece[1:-1] if len(piece) > 1 and piece.startswith("'") else piece
    return "".join(" +" if character == " " else f"[{_escaped(character)}]" for character in text)


def _escaped(character: str) -> str:
    """A character within brackets."""
    return f"\\{character}" if character in r"\]^-[&~" else character
