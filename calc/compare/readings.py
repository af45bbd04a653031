"""List the readings of the rules under which another's interest may have been computed.

One at a time, every other value of the switches that decide a deposit's interest; and together, every day count with
every choice of days and every rounding, since these three are what programs differ in.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

from calc.errors import RatesMissingError, UsageError
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.fields import fields
from calc.rules.readings import as_text, others
from calc.rules.resolve import Rules, load_rules
from calc.rules.schema import SERVICES

TOPICS: Final = ("annual_rate", "deposit_interest", "unclaimed")
"""Topics whose switches decide a deposit's interest."""
TOGETHER: Final = ("day_count", "day_ends", "rounding_mode")
"""Switches of which every combination is tried."""
IN_FORCE: Final = "in force"
"""Name of the reading that the audit was asked under."""


class Reading(NamedTuple):
    """A reading by its settings, with the rules and rates that follow from it."""

    settings: Mapping[str, str]
    rules: Rules
    rates: RateTable

    @property
    def name(self) -> str:
        """Return the settings as `--set` takes them, or IN_FORCE where none differs."""
        return " ".join(f"{switch}={value}" for switch, value in self.settings.items()) or IN_FORCE


def readings(rules: Rules, rates: RateTable, tariff: str) -> Iterator[Reading]:
    """Yield the reading in force, then every other one; those that the rules refuse are left out.

    Args:
        rules: The rules in force.
        rates: The rate table in force.
        tariff: Name or file of the tariff, as `load_rules` takes it.
    """
    yield Reading({}, rules, rates)
    for settings in _settings(rules):
        try:
            under = load_rules(
                rules.on, switches={**rules.switches, **settings}, tariff=tariff, jurisdiction=rules.jurisdiction
            )
            changed = fields()[next(iter(settings))].topic == "annual_rate"
            table = load_rate_table(under.electric.annual_rate) if changed else rates
        except (UsageError, RatesMissingError):
            continue
        yield Reading(settings, under, table)


def _settings(rules: Rules) -> Iterator[dict[str, str]]:
    """Yield settings that differ from the rules in force: single switches first, then combinations."""
    single = dict.fromkeys(
        (each.switch, as_text(each.value)) for service in SERVICES for each in others(rules, service, TOPICS)
    )
    for switch, value in single:
        yield {switch: value}
    in_force = {name: as_text(getattr(rules.electric.deposit_interest, name)) for name in TOGETHER}
    for values in product(*(fields()[name].words for name in TOGETHER)):
        settings = {name: value for name, value in zip(TOGETHER, values, strict=True) if value != in_force[name]}
        if len(settings) > 1:
            yield settings
