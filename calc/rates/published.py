"""Deposit rates that the Commission published: dated rows, reviewed, each with its quote. They outrank computed rates.

In: `data/rates/published.csv`. Out: `PublishedRate` rows by effective date, in ppm. A published rate counts from its
effective date through 31 December of that year; how it meets the computed rates is `.annual`'s and `.table`'s.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from calc import datafiles
from calc.rates.csv_lines import line_error, lines
from calc.units import RATE_PPM_MAX, parse_date, parse_percent

PUBLISHED_FILE: Final = "rates/published.csv"
_COLUMNS: Final = ("effective_from", "rate_percent", "known_on", "publisher", "where_published", "quote")


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """One published rate. Where the letter's day is not recorded, `known_on` is the effective date.

    A `late_start` is the rate of its whole year although the Commission set another date than 1 January: until then the
    rate before it runs on. `note` says what a result that rests on the rate should say.
    """

    effective_from: date
    rate_ppm: int
    known_on: date
    publisher: str
    where_published: str
    quote: str
    late_start: bool = False
    note: str = ""

    @property
    def of_year(self) -> bool:
        """Whether it is the rate of its year, not one more change within it."""
        return self.late_start or (self.effective_from.month, self.effective_from.day) == (1, 1)


@cache
def shipped_published() -> tuple[PublishedRate, ...]:
    """Rows of `data/rates/published.csv`; DataError if the file is missing or altered."""
    return parse_published(datafiles.read_text(PUBLISHED_FILE), PUBLISHED_FILE)


def parse_published(text: str, source: str) -> tuple[PublishedRate, ...]:
    """Rows of CSV text in the order of their effective dates, no date twice; InputError names file and line."""
    rows: list[PublishedRate] = []
    for line, values in lines(text, source, _COLUMNS):
        effective_from, rate_ppm = parse_dated_rate(values, source, line)
        if rows and effective_from <= rows[-1].effective_from:
            raise line_error(source, line, f"expected an effective_from after {rows[-1].effective_from}")
        rows.append(
            PublishedRate(
                effective_from,
                rate_ppm,
                _parse_day(values["known_on"], "known_on", source, line),
                values["publisher"],
                values["where_published"],
                values["quote"],
            )
        )
    return tuple(rows)


def parse_dated_rate(values: dict[str, str], source: str, line: int) -> tuple[date, int]:
    """`effective_from` and `rate_percent` (in ppm, 0 to 100 %) of a line; InputError names file, line and column."""
    effective_from = _parse_day(values["effective_from"], "effective_from", source, line)
    try:
        rate_ppm = parse_percent(values["rate_percent"])
    except ValueError as error:
        raise line_error(source, line, f"rate_percent {values['rate_percent']!r} {error}") from error
    if not 0 <= rate_ppm <= RATE_PPM_MAX:
        raise line_error(source, line, f"expected a rate_percent from 0 to 100, found {values['rate_percent']}")
    return effective_from, rate_ppm


def _parse_day(text: str, column: str, source: str, line: int) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise line_error(source, line, f"{column} {text!r} {error}") from error
