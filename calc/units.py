"""The units that every other room speaks: integer cents, parts per million, basis points, epoch days; and their bounds.

Text comes in and goes out here; nothing in between is a float. An epoch day is the number of days since 1970-01-01,
as in Polars' ``Date``.
"""

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

CENTS_MAX: Final = 10**12
"""Largest amount of money accepted anywhere, in cents (ten thousand million dollars)."""
PPM: Final = 10**6
"""One, in parts per million."""
RATE_PPM_MAX: Final = 10**6
"""Largest annual rate, 100 % a year."""
PPM_PER_BP: Final = 100
PPM_PER_PERCENT: Final = 10_000

EPOCH: Final = date(1970, 1, 1)
FIRST_DATE: Final = date(1955, 1, 1)
LAST_DATE: Final = date(2100, 12, 31)
FIRST_DAY: Final = (FIRST_DATE - EPOCH).days
LAST_DAY: Final = (LAST_DATE - EPOCH).days
NO_DAY: Final = 2**31 - 1
"""Stands for "no date" in int32 columns: later than every day, so that the first of several dates is their minimum."""

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_COUNTY_FIPS = re.compile(r"[0-9]{5}", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def to_day(day: date) -> int:
    """Epoch day of a date."""
    return (day - EPOCH).days


def to_date(epoch_day: int) -> date:
    """Date of an epoch day."""
    return EPOCH + timedelta(days=int(epoch_day))


def parse_date(text: str) -> date:
    """Date of ISO text (YYYY-MM-DD) from 1955-01-01 through 2100-12-31; ValueError names what is wrong."""
    if not _ISO_DATE.fullmatch(text):
        raise ValueError("is not a date written YYYY-MM-DD")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
    if not FIRST_DATE <= day <= LAST_DATE:
        raise ValueError(f"lies outside {FIRST_DATE} to {LAST_DATE}")
    return day


def parse_county(text: str) -> str:
    """County FIPS code of five digits, as it stands; ValueError otherwise, as for one that lost its leading zero."""
    if not _COUNTY_FIPS.fullmatch(text):
        raise ValueError("is not a county's five digits (FIPS), the leading zero among them, e.g. 08031")
    return text


def parse_scaled(text: str, decimals: int, unit: str) -> int:
    """Exact integer of plain decimal text times 10**decimals; ValueError if it is no such text or has more decimals."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"is not a plain decimal number of {unit}")
    whole, _, part = text.partition(".")
    if len(part) > decimals:
        raise ValueError(f"has more than {decimals} decimals of {unit}")
    sign = -1 if whole.startswith("-") else 1
    digits = whole.removeprefix("-") + part.ljust(decimals, "0")
    return sign * int(digits)


def parse_dollars(text: str) -> int:
    """Cents of plain decimal dollars ("200.00" -> 20000); ValueError otherwise, or beyond 10**12 cents."""
    cents = parse_scaled(text, 2, "dollars")
    if abs(cents) > CENTS_MAX:
        raise ValueError(f"lies beyond {format_cents(CENTS_MAX)} dollars")
    return cents


def parse_percent(text: str) -> int:
    """Parts per million of plain decimal percent ("4.93" -> 49300); ValueError otherwise."""
    return parse_scaled(text, 4, "percent")


def format_cents(cents: int) -> str:
    """Decimal dollars of cents, without a sign for the currency (3178 -> "31.78")."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def format_percent(ppm: int) -> str:
    """Decimal percent of parts per million, two decimals or as many as it needs (49300 -> "4.93")."""
    sign = "-" if ppm < 0 else ""
    whole, part = divmod(abs(ppm), PPM_PER_PERCENT)
    digits = f"{part:04d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{digits}"


def format_fraction(value: Fraction) -> str:
    """A fraction in full, "numerator/denominator", or the whole number alone."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
