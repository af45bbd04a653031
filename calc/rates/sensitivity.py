"""What each reading of the rule costs: the yearly rate under every value that a switch of rule (o)(II) can take.

In: a year and the rules. Out: one `Reading` a value, one switch at a time, with the year's result and the years from
1990 on whose rate in force it changes. What the readings are, and which the text leaves open, stands in `data/rules/`.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from calc.rates.annual import AnnualRateResult, compute_chain, published_rates, require_window
from calc.rates.snapshot import current_series
from calc.rates.table import FIRST_YEAR
from calc.rules.fields import Value, topic_fields
from calc.rules.readings import values_to_try

if TYPE_CHECKING:
    from calc.rules.citation import Citation
    from calc.rules.resolve import Rules


@dataclass(frozen=True, slots=True)
class Reading:
    """The year under one value of a switch. `years_changed` are those from 1990 on with another rate in force."""

    switch: str
    value: Value
    in_force: bool
    citation: "Citation"
    result: AnnualRateResult
    years_changed: tuple[int, ...]


def readings(year: int, rules: "Rules") -> tuple[Reading, ...]:
    """Every reading of the year, the one in force among them; RatesMissingError where its window lacks a month.

    The whole chain is computed under the reading, so that the existing rate is the reading's own.
    """
    series, published, rule = current_series(), published_rates(), rules.electric.annual_rate
    require_window(series, year)
    usual = compute_chain(series, rule, published)
    found: list[Reading] = []
    for name, field in topic_fields("annual_rate", "electric").items():
        citation = rules.electric.citations[name]
        for value in values_to_try(field, citation):
            in_force = value == getattr(rule, name)
            other: dict[str, Any] = {name: value}
            chain = usual if in_force else compute_chain(series, replace(rule, **other), published)
            changed = tuple(
                each for each in chain if each >= FIRST_YEAR and chain[each].rate_ppm != usual[each].rate_ppm
            )
            found.append(Reading(name, value, in_force, citation, chain[year], changed))
    return tuple(found)
