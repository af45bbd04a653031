"""How a sample of dates and of amounts is written: which of the known formats fit all of it.

In: texts without blanks. Out: a format that a map takes, and others that fit but say something else.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import polars as pl

from calc.bulk.inputs.date_format import DateFormat
from calc.bulk.inputs.money_style import STYLES, MoneyStyle

_DAYS: Final = (
    "YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "M/D/YYYY", "D/M/YYYY", "DD.MM.YYYY", "D.M.YYYY", "MM-DD-YYYY",
    "DD-MM-YYYY", "M-D-YYYY", "D-M-YYYY", "YYYYMMDD", "MMDDYYYY", "DDMMYYYY", "YYYY/MM/DD", "YYYY/M/D", "YYYY.MM.DD",
    "DD-MON-YYYY", "D-MON-YYYY", "DD MON YYYY", "D MON YYYY", "DDMONYYYY", "MON D, YYYY", "MON D YYYY", "MON-DD-YYYY",
    "YYYY-MON-DD", "MONTH D, YYYY", "MONTH D YYYY", "D MONTH YYYY", "MM/DD/YY", "DD/MM/YY", "M/D/YY", "D/M/YY",
    "MM-DD-YY", "DD-MM-YY", "DD.MM.YY", "YY-MM-DD", "YY/MM/DD", "DD-MON-YY", "D-MON-YY", "DD MON YY", "D MON YY",
    "DDMONYY", "MON D, YY", "YYMMDD", "MMDDYY", "DDMMYY",
)  # fmt: skip
"""In the order in which they are tried: a utility of the United States writes the month first."""
_MIDNIGHTS: Final = (
    "", *(f"{between}00:00{seconds}{zone}"
          for between in (" ", "T")
          for seconds in ("", ":00", ":00.0", ":00.000", ":00.000000", ":00.0000000")
          for zone in ("", "Z", " Z", " UTC", "+00:00", " +00:00", "+0000", "+00")),
    " 12:00:00 AM", " 12:00 AM", " 12:00:00AM", " 12:00AM", " 12:00:00.000 AM", " 12:00:00:000AM", "-00.00.00.000000",
    " 0:00", " 0:00:00",
)  # fmt: skip
_PLAIN: Final = r"^-?[0-9]+(\.[0-9]+)?$"


class Suggestion(NamedTuple):
    """A format that fits all texts (None: none does), and those that do too but give something else."""

    text: str | None
    others: list[str]


def date_format_of(texts: list[str]) -> Suggestion:
    """The format of dates."""
    series = pl.Series(texts, dtype=pl.String)
    fitting: dict[str, pl.Series] = {}
    for text in _likely(texts[0]) if texts else ():
        found = DateFormat.parse(text).to_iso(series).str.to_date("%Y-%m-%d", strict=False)
        if not found.null_count():
            fitting[text] = found
    return _first_of(fitting)


def money_style_of(texts: list[str]) -> Suggestion:
    """The style of amounts; where all are plain, None and no others."""
    series = pl.Series(texts, dtype=pl.String)
    found = {text: MoneyStyle.parse(text).to_plain(series) for text in STYLES}
    return _first_of({text: plain for text, plain in found.items() if plain.str.contains(_PLAIN).all()})


def are_plain(texts: list[str]) -> bool:
    """Whether all amounts are plain decimals."""
    return bool(pl.Series(texts, dtype=pl.String).str.contains(_PLAIN).all())


def _first_of(fitting: dict[str, pl.Series]) -> Suggestion:
    if not fitting:
        return Suggestion(None, [])
    first = next(iter(fitting))
    return Suggestion(first, [text for text, found in fitting.items() if not found.equals(fitting[first])])


def _likely(text: str) -> Iterable[str]:
    """Formats that fit one text."""
    for midnight in _MIDNIGHTS:
        if text.upper().endswith(midnight.strip()):
            for day in _DAYS:
                form = f"{day}{midnight}"
                if pl.Series([text]).str.contains(DateFormat.parse(form).pattern).all():
                    yield form
