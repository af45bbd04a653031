"""Income guidelines for the eligibility screen: federal poverty, area median income and LEAP, in cents a year.

Input: the published figures of `data/guidelines/`, in dollars, and a date. Output: integer arrays, indexed by household
size, that a kernel compares with a year's income; -1 marks a figure that is not available and drops the test.

The figures inform. The Department of Human Services, Energy Outreach Colorado or the Colorado Energy Office determines
whether a household is eligible (rules 3412 and 4412 (c)(II)).
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from calc import datafiles
from calc.errors import DataError
from calc.kernels.arrays import Int64
from calc.rules.schema import FixedCredit
from calc.units import PPM

SIZE_MAX: Final = 30
"""Largest household for which a limit is computed."""
AMI_SIZE_MAX: Final = 8
"""Largest household for which the area median income limits are published."""
AMI_PUBLISHED_PPM: Final = 800_000
"""The share of the area median income at which the limits of colorado_ami.csv are published."""
NO_LIMIT: Final = -1
"""Marks a limit that is not available."""

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_SIZES = tuple(f"size_{size}_usd" for size in range(1, AMI_SIZE_MAX + 1))


@dataclass(frozen=True, slots=True, eq=False)
class GuidelinesInForce:
    """Hold the income limits on one date, in cents a year, in read-only arrays; -1 marks a limit that is not available.

    Attributes:
        poverty_limit_cents: int64[31], by household size 1 through 30.
        poverty_year: Year of the poverty guideline; 0 if none is that old.
        county_codes: FIPS codes of the counties, in the order of the rows of `ami_limit_cents`.
        ami_limit_cents: int64[counties + 1, n], by county and household size below n; n is 9 for the published limits
            and 31 for a share of the median. The last row is for an unknown county.
        ami_year: int64[counties + 1], the fiscal year of each county's row; 0 if no guideline is that old.
        leap_limit_cents: int64[31], by household size 1 through 30.
        leap_year: The LEAP year, such as "2025-2026"; empty if no guideline is that old.
    """

    poverty_limit_cents: Int64
    poverty_year: int
    county_codes: tuple[str, ...]
    ami_limit_cents: Int64
    ami_year: Int64
    leap_limit_cents: Int64
    leap_year: str


@dataclass(frozen=True, slots=True, eq=False)
class Guidelines:
    """Hold the published figures in dollars: household sizes 1 through 8, then the amount for each further person.

    Area median income has no amount for further persons.

    Attributes:
        poverty_usd: Federal poverty guideline a year, by year.
        ami_usd: Limits at 80 % of the area median income, by county (FIPS code) and fiscal year.
        median_usd: Median income of a household of four, by county (FIPS code) and fiscal year.
        leap_monthly_usd: LEAP limit a month, by the year in which the LEAP year begins.
    """

    poverty_usd: Mapping[int, tuple[int, ...]]
    ami_usd: Mapping[str, Mapping[int, tuple[int, ...]]]
    median_usd: Mapping[str, Mapping[int, int]]
    leap_monthly_usd: Mapping[int, tuple[int, ...]]

    def in_force(self, on: date, rule: FixedCredit) -> GuidelinesInForce:
        """Compute the income limits on a date, rules 3412 and 4412 (c)(I).

        Each guideline is the one of the date's own year, otherwise the newest older one. All limits round down to the
        cent, which is exact because incomes are whole cents:

        Poverty: floor(guideline x poverty_guideline_ppm / 10^6). Area median income with basis `hud_limit`: the
        published 80 % limit; with `share_of_median`: floor(median x area_median_income_ppm / 10^6) for every size.
        LEAP: 12 x the monthly limit of the LEAP year, October through September, that holds the date.

        Args:
            on: The date.
            rule: The shares in ppm and the basis of the area median income.

        Returns:
            Limits in cents a year.

        Raises:
            DataError: The basis is `hud_limit` and the rule asks for a share other than the published 80 %.
        """
        return _in_force(self, on, rule.poverty_guideline_ppm, rule.area_median_income_ppm, rule.ami_basis)

    def none_in_force(self) -> GuidelinesInForce:
        """Return limits of which none is available, for rules that say of no income who takes part."""
        unknown = np.full((len(self.ami_usd) + 1, SIZE_MAX + 1), NO_LIMIT, dtype=np.int64)
        by_size = np.full(SIZE_MAX + 1, NO_LIMIT, dtype=np.int64)
        years = np.zeros(len(self.ami_usd) + 1, dtype=np.int64)
        return GuidelinesInForce(by_size, 0, tuple(self.ami_usd), unknown, years, by_size, "")


def load_guidelines() -> Guidelines:
    """Load the shipped guideline figures.

    Returns:
        The figures in dollars; a data folder is read once.

    Raises:
        DataError: A file breaks its format; the message names file, line and what was expected.
    """
    return _load(datafiles.data_root())


@lru_cache(maxsize=8)
def _load(root: Path) -> Guidelines:
    poverty: dict[int, tuple[int, ...]] = {}
    for line in _lines(root, "federal_poverty.csv", ("year", *_SIZES, "each_further_usd")):
        _add(poverty, line.whole("year"), line.all_whole(*_SIZES, "each_further_usd"), line)
    leap: dict[int, tuple[int, ...]] = {}
    for line in _lines(root, "leap_monthly_limits.csv", ("leap_year", *_SIZES, "each_further_usd", "published_sizes")):
        start = line.whole("leap_year", "-")
        if line.values["leap_year"] != f"{start}-{start + 1}":
            raise line.error(f"leap_year is {line.values['leap_year']}; expected two years in a row, as 2025-2026")
        _add(leap, start, line.all_whole(*_SIZES, "each_further_usd"), line)
    ami: dict[str, dict[int, tuple[int, ...]]] = {}
    median: dict[str, dict[int, int]] = {}
    limits = tuple(f"limit_80_{size}" for size in _SIZES)
    for line in _lines(root, "colorado_ami.csv", ("county_fips", "county", "fiscal_year", "median_usd", *limits)):
        county = line.values["county_fips"]
        if len(county) != 5 or not _WHOLE.fullmatch(county):
            raise line.error(f"county_fips is {county}; expected five digits")
        year = line.whole("fiscal_year")
        _add(ami.setdefault(county, {}), year, line.all_whole(*limits), line)
        median.setdefault(county, {})[year] = line.whole("median_usd")
    return Guidelines(poverty, dict(sorted(ami.items())), dict(sorted(median.items())), leap)


@lru_cache(maxsize=64)
def _in_force(guidelines: Guidelines, on: date, poverty_ppm: int, ami_ppm: int, ami_basis: str) -> GuidelinesInForce:
    published = ami_basis == "hud_limit"
    if published and ami_ppm != AMI_PUBLISHED_PPM:
        raise DataError(
            f"guidelines/colorado_ami.csv holds limits at {AMI_PUBLISHED_PPM} ppm of the area median income, but the "
            f"rule in force on {on} asks for {ami_ppm}; add the limits that are published for it"
        )
    poverty_year = _newest(guidelines.poverty_usd, on.year)
    leap_start = _newest(guidelines.leap_monthly_usd, on.year if on.month >= 10 else on.year - 1)
    counties = tuple(guidelines.ami_usd)
    ami_year = np.zeros(len(counties) + 1, dtype=np.int64)
    ami_limit = np.full((len(counties) + 1, (AMI_SIZE_MAX if published else SIZE_MAX) + 1), NO_LIMIT, dtype=np.int64)
    for place, (county, years) in enumerate(guidelines.ami_usd.items()):
        year = _newest(years, on.year)
        ami_year[place] = year
        if year and published:
            ami_limit[place, 1:] = [100 * usd for usd in years[year]]
        elif year:
            ami_limit[place, 1:] = 100 * guidelines.median_usd[county][year] * ami_ppm // PPM
    poverty_limit = _by_size(guidelines.poverty_usd.get(poverty_year), 100 * poverty_ppm, PPM)
    leap_limit = _by_size(guidelines.leap_monthly_usd.get(leap_start), 100 * 12, 1)
    for array in (poverty_limit, ami_limit, ami_year, leap_limit):
        array.setflags(write=False)
    return GuidelinesInForce(
        poverty_limit_cents=poverty_limit,
        poverty_year=poverty_year,
        county_codes=counties,
        ami_limit_cents=ami_limit,
        ami_year=ami_year,
        leap_limit_cents=leap_limit,
        leap_year=f"{leap_start}-{leap_start + 1}" if leap_start else "",
    )


def _newest(by_year: Mapping[int, object], year: int) -> int:
    """Return the newest year not later than the one asked for; 0 if all are later."""
    return max((known for known in by_year if known <= year), default=0)


def _by_size(figures_usd: tuple[int, ...] | None, times: int, over: int) -> Int64:
    """Compute floor(figure x times / over) for household sizes 1 through 30; index 0 and all without figures: -1."""
    limits = np.full(SIZE_MAX + 1, NO_LIMIT, dtype=np.int64)
    if figures_usd:
        *sizes, further = figures_usd
        usd = sizes + [sizes[-1] + further * more for more in range(1, SIZE_MAX - len(sizes) + 1)]
        limits[1:] = [figure * times // over for figure in usd]
    return limits


@dataclass(frozen=True, slots=True)
class _Line:
    path: str
    number: int
    values: Mapping[str, str]

    def error(self, complaint: str) -> DataError:
        return DataError(f"{self.path}, line {self.number}: {complaint}")

    def whole(self, column: str, before: str = "") -> int:
        text = self.values[column].partition(before)[0] if before else self.values[column]
        if not _WHOLE.fullmatch(text) or not int(text):
            raise self.error(f"{column} is {text or 'blank'}; expected a whole number above zero")
        return int(text)

    def all_whole(self, *columns: str) -> tuple[int, ...]:
        return tuple(self.whole(column) for column in columns)


def _add(years: dict[int, tuple[int, ...]], year: int, figures: tuple[int, ...], line: _Line) -> None:
    if year in years:
        raise line.error(f"the figures of {year} stand here a second time; expected one line a year")
    years[year] = figures


def _lines(root: Path, name: str, columns: tuple[str, ...]) -> Iterator[_Line]:
    file = f"guidelines/{name}"
    path, reader = str(root / file), csv.reader(io.StringIO(datafiles.read_text(file), newline=""))
    if tuple(next(reader, ())) != columns:
        raise DataError(f"{path}, line 1: another header; expected {','.join(columns)}")
    for values in reader:
        if len(values) != len(columns):
            raise DataError(f"{path}, line {reader.line_num}: {len(values)} values; expected {len(columns)}")
        yield _Line(path, reader.line_num, dict(zip(columns, values, strict=True)))
