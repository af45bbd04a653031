"""Format dates and months in words, as letters have them, in English whatever the locale."""

from datetime import date
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """Format a date as American letters have it: January 1, 2027."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def month_name(month: str) -> str:
    """Format a month YYYY-MM as October 2025."""
    year, of_year = month.split("-")
    return f"{MONTHS[int(of_year) - 1]} {year}"
