"""Deposit rates that the Commission published: dated, reviewed rows, each with its quote. They override computed rates.

Input: `data/rates/published.csv`. Output: `PublishedRate` rows by effective date, in ppm. A published rate is in force
from its effective date through December 31 of that year; `computing` combines it with the computed rates.
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
    """Hold one published rate.

    Attributes:
        effective_from: Date from which the rate is in force.
        rate_ppm: The rate.
        known_on: Date of the letter; the effective date if the letter's date is not recorded.
        publisher: Who published it.
        where_published: The publication.
        quote: Its words that hold the rate.
        late_start: Whether it is the rate of its whole year although the Commission set a date other than January 1.
            Until that date the rate before it stays in force.
        note: What a result that rests on the rate should say.
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
        """Tell whether it is the rate of its year rather than a further change within it."""
        return self.late_start or (self.effective_from.month, self.effective_from.day) == (1, 1)


@cache
def shipped_published() -> tuple[PublishedRate, ...]:
    """Load `data/rates/published.csv`; raise DataError if the file is missing or was altered."""
    return parse_published(datafiles.read_text(PUBLISHED_FILE), PUBLISHED_FILE)


def parse_published(text: str, source: str) -> tuple[PublishedRate, ...]:
    """Parse published rates.

    Args:
        text: CSV text.
        source: The file's name in messages.

    Returns:
        The rates by effective date.

    Raises:
        InputError: A line is malformed or a date appears twice; the message names file and line.
    """
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
                note=values.get("note", ""),
            )
        )
    return tuple(rows)


def parse_dated_rate(values: dict[str, str], source: str, line: int) -> tuple[date, int]:
    """Parse `effective_from` and `rate_percent` of a line.

    Args:
        values: The line's values by column.
        source: The file's name in messages.
        line: The line's number.

    Returns:
        The date, and the rate in ppm, 0 to 100 %.

    Raises:
        InputError: A value is malformed; the message names file, line and column.
    """
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
