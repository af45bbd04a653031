"""Series and rules made by hand for the tests of the yearly rate, and the reference figures of 1990 through 2027."""

import csv
from pathlib import Path

from calc.rates.fred.series import MonthlySeries, Status, month_number
from calc.rules.schema import AnnualRate

RULE = AnnualRate(
    average_decimals=2,
    average_rounding="half_up",
    threshold_bp=25,
    threshold_inclusive=True,
    threshold_stage="rounded",
    published_override=True,
)


def twelve_of(sum_bp: int) -> list[int]:
    """Twelve months, as even as whole basis points allow, with a given sum."""
    whole, rest = divmod(sum_bp, 12)
    return [whole + (month < rest) for month in range(12)]


def series_of(first_year: int, *sums_bp: int, status: Status = "published") -> MonthlySeries:
    """Complete windows for first_year and the years behind it, with the given sums."""
    rates_bp = tuple(rate for sum_bp in sums_bp for rate in twelve_of(sum_bp))
    first_month = month_number(first_year - 2, 10)
    return MonthlySeries(first_month, rates_bp, (status,) * len(rates_bp), "by hand", "none")


def check_rows() -> list[dict[str, str]]:
    """Average, decision and rate of each year, worked out outside this project."""
    with (Path(__file__).parent / "computed_rates_check.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
