"""Compute the yearly rate under every value that a switch of rule (o)(II) can take.

Input: a year and the rules. Output: one `Sensitivity` per value, one switch at a time, with the year's result and the
years from 1990 on in which it changes the rate in force. `data/rules/` holds the readings and says which the text
leaves open.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from calc.rates.computing.annual import AnnualRateResult, compute_chain, published_rates, require_window
from calc.rates.computing.table import FIRST_YEAR
from calc.rates.fred.snapshot import current_series
from calc.rules.fields import Value, topic_fields
from calc.rules.readings import values_to_try

if TYPE_CHECKING:
    from calc.rules.citation import Citation
    from calc.rules.resolve import Rules


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Hold the year under one value of a switch.

    Attributes:
        switch: The switch's name.
        value: The value tried.
        in_force: Whether it is the value in force.
        citation: Citation of the rule's own value.
        result: The year's result.
        years_changed: Years from 1990 on with another rate in force.
    """

    switch: str
    value: Value
    in_force: bool
    citation: "Citation"
    result: AnnualRateResult
    years_changed: tuple[int, ...]


def sensitivities(year: int, rules: "Rules") -> tuple[Sensitivity, ...]:
    """Compute every reading of a year, including the one in force.

    The whole chain is computed under each reading, so that the existing rate follows the same reading.

    Args:
        year: The year.
        rules: The rules in force.

    Returns:
        One sensitivity for each reading, in the schema's order.

    Raises:
        RatesMissingError: The year's window lacks a month.
    """
    series, published, rule = current_series(), published_rates(), rules.electric.annual_rate
    require_window(series, year)
    usual = compute_chain(series, rule, published)
    found: list[Sensitivity] = []
    for name, field in topic_fields("annual_rate", "electric").items():
        citation = rules.electric.citations[name]
        for value in values_to_try(field, citation):
            in_force = value == getattr(rule, name)
            other: dict[str, Any] = {name: value}
            chain = usual if in_force else compute_chain(series, replace(rule, **other), published)
            changed = tuple(
                each for each in chain if each >= FIRST_YEAR and chain[each].rate_ppm != usual[each].rate_ppm
            )
            found.append(Sensitivity(name, value, in_force, citation, chain[year], changed))
    return tuple(found)
