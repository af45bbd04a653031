"""The shipped series as the twin takes them: percent as fractions by month or day, read without the project's code."""

import csv
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parents[2] / "data" / "rates"


@cache
def monthly(name: str) -> Mapping[tuple[int, int], Fraction]:
    """Figures by (year, month) of a file such as "gs1" or "series/treasury_10y_monthly"."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8") as file:
        rows = [(row["month"].split("-"), row["rate_percent"]) for row in csv.DictReader(file)]
    return {(int(year), int(month)): Fraction(rate) for (year, month), rate in rows}


@cache
def daily(name: str) -> Mapping[date, Fraction]:
    """Figures by day of a file such as "series/treasury_1y_daily"."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return {date.fromisoformat(row["date"]): Fraction(row["rate_percent"]) for row in csv.DictReader(file)}
