"""Monthly averages of the one-year Treasury constant maturity: the first stage of the yearly rate.

Input: CSV text (`month` YYYY-MM, `rate_percent` with two decimals, `status`). Output: a `MonthlySeries` of integer
basis points whose index has no gaps: a month that the file leaves out, or marks with FRED's ".", stays missing.
`calc.rates.computing.annual` computes with the months.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from calc import datafiles
from calc.errors import InputError
from calc.kernels.annual_rate import NONE
from calc.rates.csv_lines import line_error, lines, read_file
from calc.units import parse_scaled

Status = Literal["published", "derived", "missing"]
SERIES_FILE: Final = "rates/gs1.csv"
PROVENANCE_FILE: Final = "rates/provenance.toml"
RATE_BP_MAX: Final = 10_000
"""Largest monthly average, 100 % a year."""
NO_VALUE: Final = "."
"""FRED's text for a month without an average."""
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_STATUSES: Final[dict[str, Status]] = {"published": "published", "derived": "derived"}


class MonthlyRate(NamedTuple):
    """Hold one month (YYYY-MM), its average in basis points (None: missing), and whether it is published or derived."""

    month: str
    rate_bp: int | None
    status: Status


@dataclass(frozen=True, slots=True)
class MonthlySeries:
    """Hold consecutive months; a month's number is 12 x year + month - 1.

    Attributes:
        first_month: Number of the first month.
        rates_bp: Averages in basis points; NONE where a month is missing.
        statuses: Status of each month.
        provenance: Where the series comes from, in words.
        checksum: SHA-256 of its data.
        vintages: Months (YYYY-MM) that a later vintage added or changed, with the date from which each was known.
    """

    first_month: int
    rates_bp: tuple[int, ...]
    statuses: tuple[Status, ...]
    provenance: str
    checksum: str
    vintages: tuple[tuple[str, date], ...] = ()

    @property
    def last_month(self) -> int:
        """Return the number of the last month."""
        return self.first_month + len(self.rates_bp) - 1

    @property
    def next_month(self) -> date:
        """Return the first day after the last month."""
        return date((self.last_month + 1) // 12, (self.last_month + 1) % 12 + 1, 1)

    def month(self, number: int) -> MonthlyRate:
        """Return one month by its number, missing if the series does not hold it."""
        place = number - self.first_month
        if not 0 <= place < len(self.rates_bp) or self.rates_bp[place] == NONE:
            return MonthlyRate(month_text(number), None, "missing")
        return MonthlyRate(month_text(number), self.rates_bp[place], self.statuses[place])

    def overlaid(self, other: "MonthlySeries") -> "MonthlySeries":
        """Return this series with another's months in place of its own; a month that neither holds is missing."""
        first = min(self.first_month, other.first_month)
        numbers = range(first, max(self.last_month, other.last_month) + 1)
        months = [
            self.month(number) if other.month(number).rate_bp is None else other.month(number) for number in numbers
        ]
        rates_bp = tuple(NONE if month.rate_bp is None else month.rate_bp for month in months)
        provenance = f"{other.provenance}, over {self.provenance}"
        checksum = datafiles.sha256_hex(f"{self.checksum} {other.checksum}".encode())
        statuses = tuple(month.status for month in months)
        return MonthlySeries(first, rates_bp, statuses, provenance, checksum, self.vintages + other.vintages)

    @classmethod
    def from_csv(cls, path: Path) -> "MonthlySeries":
        """Read a series from a CSV file; without a status column every month counts as published.

        Args:
            path: The file.

        Returns:
            The series.

        Raises:
            InputError: The file is malformed; the message names file, line and what was expected.
        """
        return cls.from_text(read_file(path), str(path), f"the file {path}")

    @classmethod
    def from_text(cls, text: str, source: str, provenance: str) -> "MonthlySeries":
        """Parse a series from CSV text.

        Args:
            text: CSV text; months ascend, none appears twice.
            source: The file's name in messages.
            provenance: Where the series comes from, in words.

        Returns:
            The series.

        Raises:
            InputError: The text is malformed; the message names file, line and what was expected.
        """
        first = 0
        rates: list[int] = []
        statuses: list[Status] = []
        for line, values in lines(text, source, ("month", "rate_percent")):
            number = _parse_month(values["month"], source, line)
            if not rates:
                first = number
            skipped = number - first - len(rates)
            if skipped < 0:
                previous = month_text(first + len(rates) - 1)
                raise line_error(source, line, f"expected a month after {previous}, found {values['month']}")
            rates.extend([NONE] * skipped)
            statuses.extend(["missing"] * skipped)
            rates.append(_parse_rate(values["rate_percent"], source, line))
            statuses.append("missing" if rates[-1] == NONE else _parse_status(values, source, line))
        if not rates:
            raise InputError(f"{source}: expected at least one month below the header, found none")
        return cls(first, tuple(rates), tuple(statuses), provenance, datafiles.sha256_hex(text.encode()))


def month_number(year: int, month: int) -> int:
    """Return the number of a month: 12 x year + month - 1, month 1 to 12."""
    return 12 * year + month - 1


def month_text(number: int) -> str:
    """Format a month number as YYYY-MM."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@cache
def shipped_series() -> MonthlySeries:
    """Load the series of `data/rates/gs1.csv`; raise DataError if the file is missing or was altered."""
    facts = _shipped_facts()
    provenance = f"{facts['authority']}, {facts['release']}, FRED series {facts['series']}, taken {facts['taken']}"
    return MonthlySeries.from_text(datafiles.read_text(SERIES_FILE), SERIES_FILE, provenance)


def shipped_taken() -> date:
    """Return the date on which the shipped series was downloaded."""
    taken: date = _shipped_facts()["taken"]
    return taken


@cache
def _shipped_facts() -> dict[str, Any]:
    facts: dict[str, Any] = tomllib.loads(datafiles.read_text(PROVENANCE_FILE))["gs1"]
    return facts


def _parse_month(text: str, source: str, line: int) -> int:
    match = _MONTH.fullmatch(text)
    if match is None:
        raise line_error(source, line, f"expected a month written YYYY-MM, found {text!r}")
    return month_number(int(match[1]), int(match[2]))


def _parse_rate(text: str, source: str, line: int) -> int:
    if text in {NO_VALUE, ""}:
        return NONE
    expected = f"expected percent with two decimals, 0.00 to 100.00 (or '.' for a missing month), found {text!r}"
    if not re.fullmatch(r"[0-9]{1,3}\.[0-9]{2}", text, re.ASCII):
        raise line_error(source, line, expected)
    rate_bp = parse_scaled(text, 2, "percent")
    if rate_bp > RATE_BP_MAX:
        raise line_error(source, line, expected)
    return rate_bp


def _parse_status(values: dict[str, str], source: str, line: int) -> Status:
    text = values.get("status", "published")
    if text not in _STATUSES:
        raise line_error(source, line, f"expected the status published or derived, found {text!r}")
    return _STATUSES[text]
