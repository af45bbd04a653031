"""Compare rules with rules and tariffs with tariffs, value by value, each with where it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Final, NamedTuple

from calc.rules.resolve import Rules, ServiceRules
from calc.rules.schema import SERVICES
from calc.rules.tariff_schema import Tariff

_NAMES: Final = ("name", "title", "checksum", "rate_schedules_file")
"""What a tariff is called, beside what it chooses."""


class ValueChange(NamedTuple):
    """Hold a value that differs: its name, values (None: not there), and the citations of rules' values."""

    name: str
    before: Any
    after: Any
    citation_before: str = ""
    citation_after: str = ""


def tariff_changes(before: Tariff, after: Tariff) -> list[ValueChange]:
    """Return what two tariffs choose differently; names of values are those of the tariff's file, joined by dots."""
    return list(_changes(*(_flat(_choices(each)) for each in (before, after))))


def rule_changes(before: Rules, after: Rules) -> list[ValueChange]:
    """Return the values that differ between two versions of the rules, by service and topic."""
    if before.clauses is not None or after.clauses is not None:
        return list(_changes(*(_flat(_clauses(each)) for each in (before, after))))
    found = []
    for service in SERVICES:
        own = [each.service(service) for each in (before, after)]
        for change in _changes(*(_flat(_parameters(each)) for each in own)):
            name = change.name.partition(".")[2]
            cited = [rules.citations[name].rule if name in rules.citations else "" for rules in own]
            found.append(ValueChange(f"{service}.{change.name}", change.before, change.after, *cited))
    return found


def _choices(tariff: Tariff) -> dict[str, Any]:
    return {name: value for name, value in asdict(tariff).items() if name not in _NAMES}


def _parameters(rules: ServiceRules) -> dict[str, Any]:
    return _plain({each.name: getattr(rules, each.name) for each in fields(rules)})


def _clauses(rules: Rules) -> dict[str, Any]:
    """Return what a jurisdiction's clauses say; Colorado's rules under their services."""
    if rules.clauses is None:
        return {service: _parameters(rules.service(service)) for service in SERVICES}
    return _plain({each.name: getattr(rules.clauses, each.name) for each in fields(rules.clauses)})


def _plain(topics: Mapping[str, Any]) -> dict[str, Any]:
    """Return topics' values by name; what stands for a topic without a rule, and citations, are left out."""
    return {name: asdict(each) for name, each in topics.items() if is_dataclass(each) and not isinstance(each, type)}


def _flat(values: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{within}{name}.")
        else:
            found[f"{within}{name}"] = value
    return found


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield ValueChange(name, before.get(name), after.get(name))
