"""Twin of the yearly rate on deposits, rules 3403(o)(II) and 4403(o)(II): percent in, exact fractions out."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypedDict

from tests.reference.rounding import round_fraction


class MissingMonths(Exception):  # noqa: N818 - named for what it lists
    """The window of a year lacks months; ``months`` lists them as YYYY-MM."""

    def __init__(self, months: list[str]) -> None:
        """Keep the months that are missing."""
        super().__init__(f"no monthly average for {', '.join(months)}")
        self.months = months


class AnnualRate(TypedDict):
    """One year's rate, in percent."""

    average_exact: Fraction
    average: Fraction
    decision: str
    rate: Fraction


def window(year: int) -> list[str]:
    """The twelve months October of year - 2 through September of year - 1, as YYYY-MM."""
    autumn = [f"{year - 2:04d}-{month:02d}" for month in (10, 11, 12)]
    return autumn + [f"{year - 1:04d}-{month:02d}" for month in range(1, 10)]


def annual_rate(
    months_percent: Mapping[str, str],
    year: int,
    existing_percent: Fraction | None,
    *,
    average_decimals: int = 2,
    average_rounding: str = "half_up",
    threshold_bp: int = 25,
    threshold_inclusive: bool = True,
    threshold_stage: str = "rounded",
) -> AnnualRate:
    """Rate of a calendar year from the monthly one-year Treasury averages (YYYY-MM -> percent as text).

    average = sum of the window / 12, rounded; the existing rate is kept while it and the average are less than 25 basis
    points apart ("reset" otherwise, and where no rate exists yet): 3403(o)(II). Raises MissingMonths.
    """
    missing = [month for month in window(year) if month not in months_percent]
    if missing:
        raise MissingMonths(missing)
    exact = sum((Fraction(months_percent[month]) for month in window(year)), Fraction(0)) / 12
    scale = 10**average_decimals
    average = Fraction(round_fraction(exact * scale, average_rounding), scale)
    if existing_percent is None:
        return {"average_exact": exact, "average": average, "decision": "reset", "rate": average}
    compared = {"rounded": average, "unrounded": exact}[threshold_stage]
    apart_bp = abs(compared - existing_percent) * 100
    resets = apart_bp >= threshold_bp if threshold_inclusive else apart_bp > threshold_bp
    return {
        "average_exact": exact,
        "average": average,
        "decision": "reset" if resets else "keep",
        "rate": average if resets else existing_percent,
    }


def rate_chain(
    months_percent: Mapping[str, str],
    published: Mapping[int, str],
    first_year: int,
    last_year: int,
    *,
    published_override: bool = True,
    average_decimals: int = 2,
    average_rounding: str = "half_up",
    threshold_bp: int = 25,
    threshold_inclusive: bool = True,
    threshold_stage: str = "rounded",
) -> dict[int, Fraction]:
    """Percent in force in each year; every year starts from the rate in force at the end of the year before.

    The first year has no existing rate. A published rate stands in the place of a computed one (and is the existing
    rate of the next year), so its window need not be complete. Raises MissingMonths for any other year.
    """
    chain: dict[int, Fraction] = {}
    existing: Fraction | None = None
    for year in range(first_year, last_year + 1):
        if published_override and year in published:
            existing = Fraction(published[year])
        else:
            existing = annual_rate(
                months_percent,
                year,
                existing,
                average_decimals=average_decimals,
                average_rounding=average_rounding,
                threshold_bp=threshold_bp,
                threshold_inclusive=threshold_inclusive,
                threshold_stage=threshold_stage,
            )["rate"]
        chain[year] = existing
    return chain
