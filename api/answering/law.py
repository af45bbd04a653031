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
from calc.rates.ruled.table import load_ruled_table
from calc.rules.clause_rules import change_days
from calc.rules.guidelines import Guidelines, load_guidelines
from calc.rules.jurisdictions import COLORADO, jurisdiction_ids
from calc.rules.load import load_topic
from calc.rules.resolve import Rules, load_rules
from calc.rules.schema import SERVICES, TOPICS, AnnualRate
from calc.rules.tariff import tariff_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import _lru_cache_wrapper

T = TypeVar("T")

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
def rules_on(on: date, tariff: str, switches: Switches, jurisdiction: str = COLORADO) -> Rules:
    """Return the rules in force on a date.

    Args:
        on: The date; a date before FIRST_RULES uses the earliest rules available.
        tariff: Name of a shipped tariff.
        switches: Switches that differ from the default, as pairs of name and value.
        jurisdiction: Whose rules.

    Returns:
        Rules for both services, dated `on`.

    Raises:
        UsageError: The tariff is not shipped, or a switch or its value is unknown.
    """
    on = max(on, FIRST_RULES)
    return replace(_rules(last_change(on), tariff, switches, jurisdiction), on=on)


def last_change(on: date, rules: tuple[str, ...] = tuple(TOPICS), jurisdiction: str = "") -> date:
    """Return the latest date, up to and including `on`, on which the value of a rule changed.

    Args:
        on: The date.
        rules: Topics of the rules that count; by default all.
        jurisdiction: Whose rules count; by default those of all.
    """
    days = _changes(rules, jurisdiction)
    return days[max(0, bisect_right(days, on) - 1)]


@cached(64)
def rates_of(rule: AnnualRate) -> RateTable:
    """Return the rate table in use under one reading of the annual-rate rule."""
    return load_rate_table(rule)


def rates_in(rules: Rules, service: str) -> RateTable:
    """Return the rate table in use under rules; raise RatesMissingError where a jurisdiction has none."""
    return rates_of(rules.service(service).annual_rate) if rules.clauses is None else _ruled(rules.jurisdiction)


@cached(64)
def _ruled(jurisdiction: str) -> RateTable:
    return load_ruled_table(jurisdiction)


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
    """Return the names of Colorado's shipped tariffs; a request cannot name a file."""
    return frozenset(tariff_names(COLORADO))


@cached(64)
def tariffs_of(jurisdiction: str) -> frozenset[str]:
    """Return the names of a jurisdiction's shipped tariffs, the default one among them."""
    return frozenset({*tariff_names(jurisdiction), "default"})


@cached(1)
def jurisdictions() -> frozenset[str]:
    """Return the ids of all jurisdictions."""
    return frozenset(jurisdiction_ids())


@cached(64)
def _changes(rules: tuple[str, ...], jurisdiction: str) -> tuple[date, ...]:
    found = {FIRST_RULES}
    if jurisdiction in {"", COLORADO}:
        for service in SERVICES:
            for topic in rules:
                for dated in load_topic(COLORADO, service, topic).values():
                    found.update(value.citation.effective_from for value in dated)
    for each in [jurisdiction] if jurisdiction else jurisdictions():
        found |= change_days(each)
    return tuple(sorted(found))


@cached(256)
def _rules(on: date, tariff: str, switches: Switches, jurisdiction: str) -> Rules:
    if tariff not in tariffs_of(jurisdiction):
        raise UsageError("no such tariff is shipped")
    return load_rules(max(on, FIRST_RULES), switches=dict(switches), tariff=tariff, jurisdiction=jurisdiction)
