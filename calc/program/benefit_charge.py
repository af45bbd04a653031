"""Find the energy assistance system benefit charge of a year, rules 3412(m), 4412(m): by rule, letter or index.

The rule names the charges of 2021 and 2022; from October 2023 on it moves with the consumer price index of Denver, by
letters that this project does not hold. A letter that is typed in outranks all. Without one the charge is a projection,
and is called that: the rule gives neither the month of the index nor the rounding.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from calc import datafiles
from calc.errors import InputError, RatesMissingError
from calc.rates.csv_lines import line_error, lines, read_file
from calc.report.explaining.step import Law, Step, rounded_step
from calc.rules.load import load_topic
from calc.units import format_cents as money
from calc.units import parse_date, parse_dollars, rounded

Status = Literal["rule", "letter", "projection"]
FIRST_ADJUSTED: Final = 2024
"""Calendar year of the first charge that moves with the index."""
USUAL_MONTH: Final = 7
"""The last month whose index is published before a charge is due on 1 October; the index has odd months alone."""
_INDEX: Final = "program/cpi_denver.csv"
_THOUSANDTHS: Final = 3


class Charge(NamedTuple):
    """Hold a charge by month and fuel.

    Attributes:
        effective_from: Day from which it is charged.
        charge_cents: The charge.
        status: "rule", "letter" or "projection".
        source: The paragraph, or the line of the letters' file.
    """

    effective_from: date
    charge_cents: int
    status: Status
    source: str

    @property
    def covers(self) -> int:
        """Return the calendar year that the charge is for: of 1 October, the next one, as (m)(I) has it."""
        return self.effective_from.year + (self.effective_from.month >= 10)


class YearsCharge(NamedTuple):
    """Hold the charge of a calendar year, how it came about, and all charges that are known."""

    year: int
    charge: Charge
    known: tuple[Charge, ...]
    month: int
    rounding: str
    steps: tuple[Step, ...]

    @property
    def starts(self) -> tuple[date, date]:
        """Return the days that (m) and (m)(I) name for the year's charge: 1 October before it, and 1 January."""
        return date(self.year - 1, 10, 1), date(self.year, 1, 1)


@lru_cache(maxsize=1)
def price_index() -> dict[tuple[int, int], int]:
    """Return the consumer price index of Denver by year and month, in thousandths."""
    rows = csv.DictReader(io.StringIO(datafiles.read_text(_INDEX)))
    found = {}
    for row in rows:
        whole, _, part = row["index"].partition(".")
        found[int(row["year"]), int(row["month"])] = int(whole) * 10**_THOUSANDTHS + int(part.ljust(_THOUSANDTHS, "0"))
    return found


def charges_of_rule(jurisdiction: str, service: str) -> list[Charge]:
    """Return the charges that the rule itself names, earliest first."""
    dated = load_topic(jurisdiction, service, "program")["benefit_charge_cents"]
    return [
        Charge(each.citation.effective_from, int(each.value), "rule", each.citation.rule)
        for each in dated
        if each.value
    ]


def charges_of_letters(path: Path) -> list[Charge]:
    """Read charges that letters stated, earliest first.

    Args:
        path: CSV file with effective_from (a date) and charge (dollars a month).

    Raises:
        InputError: The file cannot be read, or a line is no date and amount, or a date stands twice.
    """
    found = []
    for number, row in lines(read_file(path), str(path), ("effective_from", "charge")):
        try:
            day, cents = parse_date(row["effective_from"]), parse_dollars(row["charge"])
        except ValueError as error:
            raise line_error(str(path), number, f"expected a date and dollars a month; one {error}") from error
        if cents < 0:
            raise line_error(str(path), number, "the charge is below zero")
        found.append(Charge(day, cents, "letter", f"{path.name}, line {number}"))
    found.sort()
    if len({each.effective_from for each in found}) < len(found):
        raise InputError(f"{path}: states two charges from the same day on; keep one of them")
    return found


def charge_of_year(
    year: int, law: Law, letters: Sequence[Charge] = (), *, month: int = USUAL_MONTH, rounding: str = "half_up"
) -> YearsCharge:
    """Find the charge of a calendar year.

    Args:
        year: The calendar year.
        law: The rules of one fuel; both have the same charge.
        letters: From `charges_of_letters`.
        month: Month of the index that a projection compares with the same month a year before.
        rounding: How a projection is rounded to the cent.

    Raises:
        RatesMissingError: No charge is known by the year, or the index lacks a month; the months are named.
    """
    of_letters = {each.effective_from for each in letters}
    of_rule = charges_of_rule(law.rules.jurisdiction, law.service)
    known = sorted([*letters, *(each for each in of_rule if each.effective_from not in of_letters)])
    before = [each for each in known if each.covers <= year]
    if not before:
        raise RatesMissingError(f"there is no system benefit charge for {year}: it begins on {known[0].effective_from}")
    steps, charge = [_known_step(before[-1], law)], before[-1]
    for each in range(charge.covers + 1, year + 1):
        charge, step = _projected(charge, each, law, month, rounding)
        steps.append(step)
    return YearsCharge(year, charge, tuple(known), month, rounding, tuple(steps))


def _known_step(charge: Charge, law: Law) -> Step:
    by = "by the rule" if charge.status == "rule" else f"by a letter: {charge.source}"
    passages = law.passages("benefit_charge_cents", "(m)")
    return Step(
        f"charge from {charge.effective_from}", {"charge_cents": charge.charge_cents}, by,
        Fraction(charge.charge_cents), passages=passages,
    )  # fmt: skip


def _projected(before: Charge, year: int, law: Law, month: int, rounding: str) -> tuple[Charge, Step]:
    """Move a charge to the next calendar year by the index of the month in the year before it."""
    index = price_index()
    now, then = (year - 1, month), (year - 2, month)
    missing = tuple(f"{of_year}-{of_month:02}" for of_year, of_month in (now, then) if (of_year, of_month) not in index)
    if missing:
        raise RatesMissingError(
            f"the charge of {year} cannot be projected: the price index lacks {' and '.join(missing)}; it has odd "
            f"months through {_last(index)}; give another --month, or a letter with --letters",
            missing,
        )
    exact = Fraction(before.charge_cents * index[now], index[then])
    cents = rounded(exact, rounding)
    step = rounded_step(
        f"projection for {year}", "charge_cents", cents, exact, rounding,
        f"{money(before.charge_cents)} x {_shown(index[now])} of {now[0]}-{month:02} / {_shown(index[then])} of "
        f"{then[0]}-{month:02}",
        passages=law.passages("benefit_charge_cents", "(m)(I)"),
    )  # fmt: skip
    return Charge(date(year - 1, 10, 1), cents, "projection", f"index of {now[0]}-{month:02}"), step


def _shown(thousandths: int) -> str:
    return f"{thousandths // 1_000}.{thousandths % 1_000:03}"


def _last(months: Iterable[tuple[int, int]]) -> str:
    year, month = max(months)
    return f"{year}-{month:02}"
