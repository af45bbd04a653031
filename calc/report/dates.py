"""Dates and months in words, as letters have them; no locale decides."""

from datetime import date
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """A date as American letters have it: January 1, 2027."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def month_name(month: str) -> str:
    """A month YYYY-MM as October 2025."""
    year, of_year = month.split("-")
    return f"{MONTHS[int(of_year) - 1]} {year}"
