"""The rates in force under rules: Colorado's by its own rule with switches, another jurisdiction's by its data."""

from datetime import date
from typing import TYPE_CHECKING, Final

from calc.rates.computing.table import RateTable, load_rate_table
from calc.rates.ruled.table import load_ruled_table

RATE_RULE: Final = "rate_rule"

if TYPE_CHECKING:
    from calc.rules.resolve import Rules


def rates_in_force(rules: "Rules", service: str = "electric", known_on: date | None = None) -> RateTable:
    """Build the rate table of rules; without rows where a jurisdiction has no rate rule.

    Args:
        rules: The rules.
        service: Whose rule on the yearly rate applies, where the jurisdiction's rules differ by service.
        known_on: If set, use only what was known on that date.

    Raises:
        RatesMissingError: No rate is known.
    """
    if rules.clauses is not None and RATE_RULE not in rules.clauses.head.rules:
        return RateTable((), rules.on, "no rate rule")
    if rules.clauses is not None:
        return load_ruled_table(rules.jurisdiction, known_on)
    return load_rate_table(rules.service(service).annual_rate, known_on=known_on)
