"""Load the rules, rates and guidelines that requests need, and cache them.

Rules change on few dates, so they are cached by the date of their last change and not by the date of a request, of
which clients may send any number. Rates are those in use when the service first needs them; the next start takes new
ones, so that equal requests to one service get equal answers.
"""

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from calc.errors import UsageError
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.guidelines import Guidelines, load_guidelines
from calc.rules.load import load_topic
from calc.rules.resolve import SERVICES, Rules, load_rules
from calc.rules.schema import TOPICS, AnnualRate
from calc.rules.tariff import tariff_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import _lru_cache_wrapper

T = TypeVar("T")

JURISDICTION: Final = "us-co"
FIRST_RULES: Final = date(1990, 1, 1)
"""Requests for earlier dates use the earliest rules available."""

Switches = tuple[tuple[str, str], ...]

_CACHES: "Final[list[_lru_cache_wrapper[Any]]]" = []


def cached(most: int) -> "Callable[[Callable[..., T]], _lru_cache_wrapper[T]]":
    """Cache a function's latest results until `clear_caches` runs, because they depend on the data in use.

    Args:
        most: How many results to keep.

    Returns:
        The decorator.
    """

    def decorate(function: "Callable[..., T]") -> "_lru_cache_wrapper[T]":
        wrapped = lru_cache(maxsize=most)(function)
        _CACHES.append(wrapped)
        return wrapped

    return decorate


def clear_caches() -> None:
    """Clear all caches, here and of the pages, so that a changed data folder takes effect."""
    for each in _CACHES:
        each.cache_clear()


@cached(1_024)
def rules_on(on: date, tariff: str, switches: Switches) -> Rules:
    """Return the rules in force on a date.

    Args:
        on: The date; a date before FIRST_RULES uses the earliest rules available.
        tariff: Name of a shipped tariff.
        switches: Switches that differ from the default, as pairs of name and value.

    Returns:
        Rules for both services, dated `on`.

    Raises:
        UsageError: The tariff is not shipped, or a switch or its value is unknown.
    """
    on = max(on, FIRST_RULES)
    return replace(_rules(last_change(on), tariff, switches), on=on)


def last_change(on: date) -> date:
    """Return the latest date, up to and including `on`, on which the value of a rule changed."""
    days = _changes()
    return days[max(0, bisect_right(days, on) - 1)]


@cached(64)
def rates_of(rule: AnnualRate) -> RateTable:
    """Return the rate table in use under one reading of the annual-rate rule."""
    return load_rate_table(rule)


@cached(64)
def checksum(rates: RateTable) -> str:
    """Return the SHA-256 of a rate table."""
    return rates.checksum


@cached(1)
def guidelines() -> Guidelines:
    """Return the income guidelines."""
    return load_guidelines()


@cached(1)
def tariffs() -> frozenset[str]:
    """Return the names of the shipped tariffs; a request cannot name a file."""
    return frozenset(tariff_names(JURISDICTION))


@cached(1)
def _changes() -> tuple[date, ...]:
    found = {FIRST_RULES}
    for service in SERVICES:
        for topic in TOPICS:
            for dated in load_topic(JURISDICTION, service, topic).values():
                found.update(value.citation.effective_from for value in dated)
    return tuple(sorted(found))


@cached(256)
def _rules(on: date, tariff: str, switches: Switches) -> Rules:
    if tariff not in tariffs():
        raise UsageError("no such tariff is shipped")
    return load_rules(max(on, FIRST_RULES), switches=dict(switches), tariff=tariff, jurisdiction=JURISDICTION)
