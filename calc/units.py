"""Define the units used everywhere and their bounds: integer cents, parts per million (ppm), basis points, epoch days.

Text is parsed on the way in and formatted on the way out; no value in between is a float. An epoch day is the number of
days since 1970-01-01, as in Polars' `Date`.
"""

import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

CENTS_MAX: Final = 10**12
"""Largest amount of money accepted anywhere, in cents (ten billion dollars)."""
PPM: Final = 10**6
"""The number one, in parts per million."""
RATE_PPM_MAX: Final = 10**6
"""Largest annual rate, in ppm: 100 % a year."""
PPM_PER_BP: Final = 100
PPM_PER_PERCENT: Final = 10_000
MICROS: Final = 10**6
"""Millionths of a dollar in one: prices per unit have six decimals."""

EPOCH: Final = date(1970, 1, 1)
FIRST_DATE: Final = date(1955, 1, 1)
LAST_DATE: Final = date(2100, 12, 31)
FIRST_DAY: Final = (FIRST_DATE - EPOCH).days
LAST_DAY: Final = (LAST_DATE - EPOCH).days
NO_DAY: Final = 2**31 - 1
""""No date" in int32 columns. It is later than every day, so the earliest of several dates is their minimum."""

DAY_SECONDS: Final = 86_400
NO_MOMENT: Final = 2**62
""""No time" in int64 columns of moments, which are seconds since 1970-01-01T00:00 on a local clock."""

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_COUNTY_FIPS = re.compile(r"[0-9]{5}", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
ISO_MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?"
"""A date and a time of day, without a zone."""
_ISO_MOMENT = re.compile(ISO_MOMENT, re.ASCII)


def to_day(day: date) -> int:
    """Convert a date to an epoch day."""
    return (day - EPOCH).days


def to_date(epoch_day: int) -> date:
    """Convert an epoch day to a date."""
    return EPOCH + timedelta(days=int(epoch_day))


def parse_date(text: str) -> date:
    """Parse ISO text (YYYY-MM-DD) to a date from 1955-01-01 through 2100-12-31.

    Raises:
        ValueError: The text is not written YYYY-MM-DD, is not a day of the calendar, or lies outside those dates; the
            message says which.
    """
    if not _ISO_DATE.fullmatch(text):
        raise ValueError("is not a date written YYYY-MM-DD")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
    if not FIRST_DATE <= day <= LAST_DATE:
        raise ValueError(f"lies outside {FIRST_DATE} to {LAST_DATE}")
    return day


def to_second(moment: datetime) -> int:
    """Convert a local time to seconds since 1970-01-01T00:00 on the same clock."""
    return to_day(moment.date()) * DAY_SECONDS + moment.hour * 3_600 + moment.minute * 60 + moment.second


def to_moment(second: int) -> datetime:
    """Convert seconds since 1970-01-01T00:00 to a local time."""
    return datetime(EPOCH.year, EPOCH.month, EPOCH.day) + timedelta(seconds=int(second))  # noqa: DTZ001 - local, as typed


def parse_moment(text: str) -> datetime:
    """Parse a local time written YYYY-MM-DDTHH:MM, with seconds or without, from 1955-01-01 through 2100-12-31.

    Raises:
        ValueError: The text is not written so, is no time of a day of the calendar, or lies outside those dates; the
            message says which.
    """
    if not _ISO_MOMENT.fullmatch(text):
        raise ValueError("is not a date and time written YYYY-MM-DDTHH:MM")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a time of a day of the calendar") from None
    if not FIRST_DATE <= moment.date() <= LAST_DATE:
        raise ValueError(f"lies outside {FIRST_DATE} to {LAST_DATE}")
    return moment


def parse_county(text: str) -> str:
    """Check that text is a county FIPS code of five digits and return it unchanged.

    Raises:
        ValueError: The text is not five digits, for example because it lost its leading zero.
    """
    if not _COUNTY_FIPS.fullmatch(text):
        raise ValueError("is not a county's five digits (FIPS), the leading zero among them, e.g. 08031")
    return text


def parse_scaled(text: str, decimals: int, unit: str) -> int:
    """Parse plain decimal text exactly to an integer: the number times 10**decimals.

    Args:
        text: Digits with an optional minus sign and decimal point, ASCII only.
        decimals: Most decimals allowed.
        unit: Name of the unit, for the error message.

    Raises:
        ValueError: The text is not a plain decimal number or has more than `decimals` decimals. Nothing is rounded.
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"is not a plain decimal number of {unit}")
    whole, _, part = text.partition(".")
    if len(part) > decimals:
        raise ValueError(f"has more than {decimals} decimals of {unit}")
    sign = -1 if whole.startswith("-") else 1
    digits = whole.removeprefix("-") + part.ljust(decimals, "0")
    return sign * int(digits)


def parse_dollars(text: str) -> int:
    """Parse plain decimal dollars to cents ("200.00" -> 20000).

    Raises:
        ValueError: The text is not a plain decimal number, has more than two decimals, or lies beyond 10**12 cents
            either side of zero.
    """
    cents = parse_scaled(text, 2, "dollars")
    if abs(cents) > CENTS_MAX:
        raise ValueError(f"lies beyond {format_cents(CENTS_MAX)} dollars")
    return cents


def parse_use(text: str) -> int:
    """Parse plain decimal units of use, such as kWh or therms, to thousandths ("512.375" -> 512375).

    Raises:
        ValueError: The text is not a plain decimal number, has more than three decimals, or is below zero.
    """
    thousandths = parse_scaled(text, 3, "units")
    if thousandths < 0:
        raise ValueError("is below zero")
    return thousandths


def parse_percent(text: str) -> int:
    """Parse plain decimal percent to parts per million ("4.93" -> 49300).

    Raises:
        ValueError: The text is not a plain decimal number or has more than four decimals.
    """
    return parse_scaled(text, 4, "percent")


def format_scaled(number: int, decimals: int) -> str:
    """Format a whole number as the decimal number / 10**decimals, with that many decimals (512375, 3 -> "512.375")."""
    sign = "-" if number < 0 else ""
    whole, part = divmod(abs(number), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"


def format_cents(cents: int) -> str:
    """Format cents as decimal dollars without a currency sign (3178 -> "31.78")."""
    return format_scaled(cents, 2)


def format_percent(ppm: int) -> str:
    """Format parts per million as decimal percent, two decimals or as many as it needs (49300 -> "4.93"); exact."""
    sign = "-" if ppm < 0 else ""
    whole, part = divmod(abs(ppm), PPM_PER_PERCENT)
    digits = f"{part:04d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{digits}"


def format_fraction(value: Fraction) -> str:
    """Format a fraction in full, "numerator/denominator", or as the whole number alone."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def rounded(exact: Fraction, mode: str) -> int:
    """Round a fraction >= 0 to a whole number, once.

    Args:
        exact: The fraction.
        mode: half_up, half_even, down or up.
    """
    whole, rest = divmod(exact, 1)
    up = {
        "half_up": 2 * rest >= 1,
        "half_even": 2 * rest > 1 or (2 * rest == 1 and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[mode]
    return whole + int(up)
