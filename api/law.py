"""Rules, rates and guidelines as requests need them, loaded once and kept.

Rules change on few days, so they are kept by the day of the last change and not by the day of a request, of which a
client may send as many as there are. Rates are those in use when the service first asks for them; new ones are taken
at the next start, so that equal requests to one service get equal answers.
"""

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from calc.errors import UsageError
from calc.rates.table import RateTable, load_rate_table
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
"""Requests of earlier days go by the earliest rules at hand."""

Switches = tuple[tuple[str, str], ...]

_KEPT: "Final[list[_lru_cache_wrapper[Any]]]" = []


def kept(most: int) -> "Callable[[Callable[..., T]], _lru_cache_wrapper[T]]":
    """Decorator of a function whose last answers are kept until `forget`, since they rest on the data in use."""

    def decorate(function: "Callable[..., T]") -> "_lru_cache_wrapper[T]":
        wrapped = lru_cache(maxsize=most)(function)
        _KEPT.append(wrapped)
        return wrapped

    return decorate


def forget() -> None:
    """Drop what is kept, here and by the pages, so that another data folder counts."""
    for each in _KEPT:
        each.cache_clear()


@kept(1_024)
def rules_on(on: date, tariff: str, switches: Switches) -> Rules:
    """Rules in force on a day, with a shipped tariff; UsageError for another name or a switch that is none."""
    on = max(on, FIRST_RULES)
    return replace(_rules(last_change(on), tariff, switches), on=on)


def last_change(on: date) -> date:
    """The last day, up to and with this one, on which a rule's value changed."""
    days = _changes()
    return days[max(0, bisect_right(days, on) - 1)]


@kept(64)
def rates_of(rule: AnnualRate) -> RateTable:
    """The rates in use under one reading of the annual rate's rule."""
    return load_rate_table(rule)


@kept(64)
def checksum(rates: RateTable) -> str:
    """The table's checksum."""
    return rates.checksum


@kept(1)
def guidelines() -> Guidelines:
    """The income guidelines."""
    return load_guidelines()


@kept(1)
def tariffs() -> frozenset[str]:
    """Names of the shipped tariffs: no request names a file."""
    return frozenset(tariff_names(JURISDICTION))


@kept(1)
def _changes() -> tuple[date, ...]:
    found = {FIRST_RULES}
    for service in SERVICES:
        for topic in TOPICS:
            for dated in load_topic(JURISDICTION, service, topic).values():
                found.update(value.citation.effective_from for value in dated)
    return tuple(sorted(found))


@kept(256)
def _rules(on: date, tariff: str, switches: Switches) -> Rules:
    if tariff not in tariffs():
        raise UsageError("no such tariff is shipped")
    return load_rules(max(on, FIRST_RULES), switches=dict(switches), tariff=tariff, jurisdiction=JURISDICTION)
