"""How a sample of dates and of amounts is written: which of the known formats fit it, but for a few texts.

In: texts without blanks. Out: a format that a map takes, others that fit but say something else, and how many texts
are not written so: one bad row of an extract is no reason to leave all others unread.
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
_MISFITS_MAX: Final = 0.05
"""Share of a sample that may be written otherwise."""
_FIRST: Final = 20
"""Texts of which one, at least, is taken to be written as most are."""
PLAIN: Final = "1234.56"
"""Amounts that need no style."""
_PLAIN: Final = r"^-?[0-9]+(\.[0-9]+)?$"


class Suggestion(NamedTuple):
    """A format that fits (None: none), those that fit as well but give something else, and how many texts do not."""

    text: str | None
    others: list[str]
    misfits: int = 0


def date_format_of(texts: list[str]) -> Suggestion:
    """The format of dates."""
    series = pl.Series(texts, dtype=pl.String)
    days: dict[str, pl.Series] = {}
    for text in dict.fromkeys(form for given in dict.fromkeys(texts[:_FIRST]) for form in _likely(given)):
        days[text] = DateFormat.parse(text).to_iso(series).str.to_date("%Y-%m-%d", strict=False)
    return _first_of(days)


def money_style_of(texts: list[str]) -> Suggestion:
    """The style of amounts; PLAIN where no style fits more of them."""
    series = pl.Series(texts, dtype=pl.String)
    found = {PLAIN: series, **{text: MoneyStyle.parse(text).to_plain(series) for text in STYLES}}
    numbers = {
        text: pl.select(pl.when(plain.str.contains(_PLAIN)).then(plain)).to_series() for text, plain in found.items()
    }
    best = _first_of(numbers)
    return best if best.text != PLAIN else best._replace(others=[])


def _first_of(readings: dict[str, pl.Series]) -> Suggestion:
    """The first of the formats that give the fewest nulls, if these are few."""
    fewest = min((found.null_count() for found in readings.values()), default=0)
    fitting = {text: found for text, found in readings.items() if found.null_count() == fewest}
    if not fitting or fewest > _MISFITS_MAX * len(next(iter(fitting.values()))):
        return Suggestion(None, [])
    first = next(iter(fitting))
    return Suggestion(first, [text for text, found in fitting.items() if not found.equals(fitting[first])], fewest)


def _likely(text: str) -> Iterable[str]:
    """Formats that fit one text."""
    for midnight in _MIDNIGHTS:
        if text.upper().endswith(midnight.strip()):
            for day in _DAYS:
                form = f"{day}{midnight}"
                if pl.Series([text]).str.contains(DateFormat.parse(form).pattern).all():
                    yield form
