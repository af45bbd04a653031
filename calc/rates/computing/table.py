"""The table of rates by effective date: the last stage, and all that the calculators see of the yearly rate.

Input: published rates and the computed chain, or a flat rate or file from the user. Output: a `RateTable` from days to
ppm. A rate is in force until the next effective date, the last one through December 31 of its year; days before the
first row have no rate.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from calc.datafiles import sha256_hex
from calc.errors import InputError, RatesMissingError
from calc.kernels.arrays import Int64
from calc.rates.computing.annual import AnnualRateResult, compute_chain, require_window
from calc.rates.csv_lines import line_error, lines, read_file
from calc.rates.fred.series import MonthlySeries, shipped_series
from calc.rates.fred.snapshot import current_series
from calc.rates.register.entries import Register, load_register
from calc.rates.register.published import PublishedRate, parse_dated_rate, shipped_published
from calc.units import FIRST_DATE, LAST_DATE, format_percent, to_day

if TYPE_CHECKING:
    from calc.rules.schema import AnnualRate

FIRST_YEAR: Final = 1990
"""The table's first year; the chain itself begins with the series."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """Hold a rate and its dates.

    Attributes:
        effective_from: Date from which the rate is in force.
        rate_ppm: The rate.
        source: How the rate came about.
        known_on: Date from which the rate could be known.
        provenance: What the rate rests on, in words.
        note: What a result that rests on the rate should say.
        until: Date from which no rate is in force, where that is before the next row; None if the next row follows.
    """

    effective_from: date
    rate_ppm: int
    source: Literal["published", "computed", "provisional", "given"]
    known_on: date
    provenance: str
    note: str = ""
    until: date | None = None


@dataclass(frozen=True)
class RateTable:
    """Hold rates by ascending effective date, in force on [first row's date, end_date); `basis` names their sources.

    A table without rows serves datasets that rest on no rate, where a jurisdiction has no rate rule.

    The class has no slots, so that cached properties can store their values.
    """

    rows: tuple[RateRow, ...]
    end_date: date
    basis: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for a table out of order."""
        starts = [row.effective_from for row in self.rows]
        if sorted(set(starts)) != starts or (starts and self.end_date <= starts[-1]):
            raise ValueError("a rate table has rows by ascending effective date and ends after the last")

    @property
    def first_day(self) -> int:
        """Return the first epoch day on which a rate is in force."""
        return to_day(self.rows[0].effective_from)

    @property
    def end_day(self) -> int:
        """Return the epoch day after the last on which a rate is in force."""
        return to_day(self.end_date)

    @property
    def provisional_from_day(self) -> int | None:
        """Return the first epoch day with a provisional rate; None if there is none."""
        return next((to_day(row.effective_from) for row in self.rows if row.source == "provisional"), None)

    def is_provisional(self, start_day: int, end_day: int) -> bool:
        """Tell whether any epoch day of [start_day, end_day) has a provisional rate."""
        return any(start < end_day and start_day < end for start, end in self._provisional_spans if start_day < end_day)

    @cached_property
    def _provisional_spans(self) -> tuple[tuple[int, int], ...]:
        parts = self.segments(self.first_day, self.end_day)
        return tuple((start, end) for start, end, row in parts if row.source == "provisional")

    @cached_property
    def checksum(self) -> str:
        """Return a SHA-256 over dates, rates and sources; equal tables have equal checksums."""
        text = [
            f"{row.effective_from} {row.rate_ppm} {row.source}{'' if row.until is None else f' until {row.until}'}"
            for row in self.rows
        ]
        return sha256_hex("\n".join([*text, f"{self.end_date} end"]).encode())

    def __hash__(self) -> int:
        """Return the checksum's hash, because tables are keys of caches."""
        return hash(self.checksum)

    def segments(self, start_day: int, end_day: int) -> list[tuple[int, int, RateRow]]:
        """Split days by rate.

        Args:
            start_day: First epoch day.
            end_day: Epoch day after the last.

        Returns:
            First epoch day, epoch day after the last, and row in force of each part; days without a rate are left out.
        """
        if not self.rows:
            return []
        starts = [to_day(row.effective_from) for row in self.rows]
        ends = [
            following if row.until is None else to_day(row.until)
            for row, following in zip(self.rows, [*starts[1:], self.end_day], strict=True)
        ]
        place = max(0, bisect_right(starts, start_day) - 1)
        parts = zip(starts[place:], ends[place:], self.rows[place:], strict=True)
        clipped = [(max(start, start_day), min(end, end_day), row) for start, end, row in parts]
        return [part for part in clipped if part[0] < part[1]]

    def rate_ppm_by_day(self, first_day: int, last_day: int) -> Int64:
        """Return the rate in ppm of each epoch day from first_day through last_day, int64[days]; 0 for none."""
        by_day = np.zeros(last_day + 1 - first_day, dtype=np.int64)
        for start, end, row in self.segments(first_day, last_day + 1):
            by_day[start - first_day : end - first_day] = row.rate_ppm
        return by_day

    @classmethod
    def flat(cls, rate_ppm: int) -> "RateTable":
        """Build a table with one rate on every day that the calculators know."""
        row = RateRow(FIRST_DATE, rate_ppm, "given", FIRST_DATE, "a flat rate")
        return cls((row,), _year_after(LAST_DATE), f"flat {format_percent(rate_ppm)} %")

    @classmethod
    def from_csv(cls, path: Path) -> "RateTable":
        """Read a user's rates from a CSV file.

        Columns are effective_from and rate_percent; the last rate runs through December 31 of its year.

        Raises:
            InputError: The file is malformed or has no rate; the message names file, line and what was expected.
        """
        rows: list[RateRow] = []
        for line, values in lines(read_file(path), str(path), ("effective_from", "rate_percent")):
            effective_from, rate_ppm = parse_dated_rate(values, str(path), line)
            if rows and effective_from <= rows[-1].effective_from:
                raise line_error(str(path), line, f"expected an effective_from after {rows[-1].effective_from}")
            rows.append(RateRow(effective_from, rate_ppm, "given", effective_from, f"the file {path}"))
        if not rows:
            raise InputError(f"{path}: expected at least one rate below the header, found none")
        return cls(tuple(rows), _year_after(rows[-1].effective_from), str(path))


def load_rate_table(
    annual_rate: "AnnualRate",
    *,
    known_on: date | None = None,
    series: MonthlySeries | None = None,
    register: Register | None = None,
) -> RateTable:
    """Build the table of rates from 1990 on.

    The rate published for a year replaces the computed one; another published rate is a row of its own. A computed rate
    is known from the later of the day after its window and the vintage of its months, a published one from its letter
    or approval.

    Args:
        annual_rate: The parameters of rule (o)(II), with switches.
        known_on: If set, use only what was known on that date.
        series: Months to compute from; the chain begins with the first. By default those in use.
        register: Register of approved rates. By default the one in use.

    Returns:
        The table.

    Raises:
        RatesMissingError: No rate is known, or a year between two rates has none.
    """
    series = series or current_series(known_on)
    register = load_register() if register is None else register
    published = register.with_letters(shipped_published(), known_on)
    chain = compute_chain(series, annual_rate, published)
    rows = {
        year.effective_from: _computed_row(year, series)
        for year in chain.values()
        if year.year >= FIRST_YEAR and (known_on is None or _window_end(year.year) <= known_on)
    }
    if not rows:
        raise RatesMissingError(f"no rate from {FIRST_YEAR} on was known on {known_on}; the first window lies later")
    first = min(rows)
    if annual_rate.published_override:
        for letter in published:
            if letter.effective_from >= first:
                computed = chain.get(letter.effective_from.year) if letter.of_year else None
                rows[letter.effective_from] = _published_row(letter, computed)
    for year in range(first.year, max(rows).year):
        if date(year, 1, 1) not in rows:
            require_window(series, year)
    ordered = tuple(rows[day] for day in sorted(rows))
    basis = ["shipped" if series is shipped_series() else series.provenance]
    if register.approved(known_on):
        basis.append(f"register SHA-256 {register.checksum}")
    return RateTable(ordered, _year_after(ordered[-1].effective_from), "; ".join(basis))


def _computed_row(year: AnnualRateResult, series: MonthlySeries) -> RateRow:
    provenance = f"computed over {year.months[0].month} to {year.months[-1].month}; {series.provenance}"
    source: Literal["provisional", "computed"] = "provisional" if year.provisional else "computed"
    months = {month.month for month in year.months}
    known_on = max([_window_end(year.year), *(day for month, day in series.vintages if month in months)])
    return RateRow(year.effective_from, year.computed_ppm, source, known_on, provenance, year.note)


def _published_row(letter: PublishedRate, computed: AnnualRateResult | None) -> RateRow:
    provenance = f'{letter.publisher}, {letter.where_published}: "{letter.quote}"'
    note = letter.note if computed is None else computed.note
    return RateRow(letter.effective_from, letter.rate_ppm, "published", letter.known_on, provenance, note)


def _window_end(year: int) -> date:
    """Return the day after a year's window; the rate can be known from then on."""
    return date(year - 1, 10, 1)


def _year_after(day: date) -> date:
    return date(day.year + 1, 1, 1)
