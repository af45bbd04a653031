"""Series that jurisdictions' rates rest on: figures by month or by day, in basis points, with their provenance.

Input: `data/rates/series/NAME.csv` (`month` or `date`, `rate_percent`, `status`) and `NAME.toml`; "gs1" names the
one-year Treasury months in use. Output: `Series`, the figures of a span of days, or the months that a span lacks.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from calc import datafiles
from calc.errors import DataError
from calc.rates.csv_lines import line_error, lines
from calc.rates.fred.series import MonthlySeries
from calc.rates.fred.snapshot import current_series
from calc.rules.document import Document, Place
from calc.units import parse_date, parse_scaled

FOLDER: Final = "rates/series"
MONTHS_IN_USE: Final = "gs1"
_RATE: Final = re.compile(r"[0-9]{1,3}\.[0-9]{2}", re.ASCII)
_FRIDAY, _SATURDAY = 4, 5


class Figure(NamedTuple):
    """Hold one figure: its first day, the text of its month or day, its rate, and whether it is derived."""

    day: date
    label: str
    rate_bp: int
    is_derived: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Hold a series' figures by ascending day.

    Attributes:
        name: Its name in rate rules.
        by_day: Whether figures are of days; otherwise of months.
        figures: The figures.
        provenance: Where they come from, in words.
        checksum: SHA-256 of the data.
    """

    name: str
    by_day: bool
    figures: tuple[Figure, ...]
    provenance: str
    checksum: str

    def between(self, first: date, last: date) -> tuple[Figure, ...]:
        """Return the figures of the days, or of the months that begin on the days, first through last."""
        start = bisect_left(self.figures, first, key=lambda each: each.day)
        return self.figures[start : bisect_right(self.figures, last, key=lambda each: each.day)]

    def lacking(self, first: date, last: date) -> tuple[str, ...]:
        """Return the months (YYYY-MM) of a span that the series does not hold whole.

        A day without a market has no figure. Days are lacking where the series begins after the span's first weekday or
        ends before its last, and where a month has no figure at all.
        """
        if not self.by_day:
            held = {each.label for each in self.between(first, last)}
            return tuple(month for month in _months(first, last) if month not in held)
        from_day = first + timedelta(days=7 - first.weekday() if first.weekday() >= _SATURDAY else 0)
        to_day = last - timedelta(days=max(0, last.weekday() - _FRIDAY))
        held = {f"{each.day:%Y-%m}" for each in self.between(first, last)}
        known_from, known_to = self.figures[0].day, self.figures[-1].day
        return tuple(
            month
            for month in _months(from_day, to_day)
            if month not in held
            or (from_day < known_from and month <= f"{known_from:%Y-%m}")
            or (to_day > known_to and month >= f"{known_to:%Y-%m}")
        )


def _months(first: date, last: date) -> list[str]:
    """Return the months that hold the days first through last."""
    numbers = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def series_names() -> tuple[str, ...]:
    """Return the names that a rate rule may give."""
    files = datafiles.names(FOLDER)
    return (MONTHS_IN_USE, *(name.removeprefix(f"{FOLDER}/").removesuffix(".toml") for name in files))


def load_series(name: str, known_on: date | None = None) -> Series:
    """Load a series by its name.

    Args:
        name: One of `series_names`.
        known_on: If set, the months in use as they were known on that date.

    Raises:
        DataError: There is no such series, or its files are damaged.
        InputError: A line is malformed; the message names file and line.
    """
    if name == MONTHS_IN_USE:
        return _of_months(current_series(known_on))
    if name not in series_names():
        raise DataError(f"no series {name}; expected one of {', '.join(series_names())}")
    csv, facts = f"{FOLDER}/{name}.csv", f"{FOLDER}/{name}.toml"
    return parse_series(name, csv, datafiles.read_text(csv), facts, datafiles.read_text(facts))


@lru_cache(maxsize=16)
def _of_months(series: MonthlySeries) -> Series:
    months = (series.month(number) for number in range(series.first_month, series.last_month + 1))
    figures = tuple(
        Figure(date(int(month[:4]), int(month[5:]), 1), month, rate_bp, status == "derived")
        for month, rate_bp, status in months
        if rate_bp is not None
    )
    return Series(MONTHS_IN_USE, by_day=False, figures=figures, provenance=series.provenance, checksum=series.checksum)


@lru_cache(maxsize=64)
def parse_series(name: str, csv: str, text: str, facts: str, facts_text: str) -> Series:
    """Parse a series from the text of its two files; errors as in `load_series`."""
    document = Document.parse(facts, facts_text)
    authority, release, title, observation = (
        document.take(document.content, Place(key=key), str) for key in ("authority", "release", "title", "observation")
    )
    taken = document.take(document.content, Place(key="taken"), date)
    if observation not in {"day", "month"}:
        raise document.error(Place(key="observation"), f"is {observation}; expected day or month")
    by_day = observation == "day"
    column = "date" if by_day else "month"
    figures: list[Figure] = []
    for line, values in lines(text, csv, (column, "rate_percent", "status")):
        figure = _figure(values, column, csv, line)
        if figures and figure.day <= figures[-1].day:
            raise line_error(csv, line, f"expected a {column} after {figures[-1].label}, found {figure.label}")
        figures.append(figure)
    if not figures:
        raise line_error(csv, 1, "expected at least one figure below the header, found none")
    provenance = f"{authority}, {release}, {title}, taken {taken}"
    return Series(name, by_day, tuple(figures), provenance, datafiles.sha256_hex(text.encode()))


def _figure(values: dict[str, str], column: str, source: str, line: int) -> Figure:
    label, rate, status = values[column], values["rate_percent"], values["status"]
    try:
        day = parse_date(label if column == "date" else f"{label}-01")
    except ValueError as error:
        raise line_error(source, line, f"{column} {label!r} {error}") from error
    if not _RATE.fullmatch(rate):
        raise line_error(source, line, f"expected percent with two decimals, found {rate!r}")
    if status not in {"published", "derived"}:
        raise line_error(source, line, f"expected the status published or derived, found {status!r}")
    return Figure(day, label, parse_scaled(rate, 2, "percent"), status == "derived")
