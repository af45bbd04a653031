"""`--set NAME=VALUE`: another reading or method in place of the one in the rule files, for electric and gas alike."""

from collections.abc import Mapping

from calc.errors import UsageError
from calc.rules.fields import Value, fields
from calc.rules.schema import SWITCHES


def parse_switches(switches: Mapping[str, str]) -> dict[str, Value]:
    """Values of switches given as text; UsageError naming the known switches, or what the switch may hold."""
    values: dict[str, Value] = {}
    for name, text in switches.items():
        if name not in SWITCHES:
            raise UsageError(f"no switch {name}; expected one of {', '.join(SWITCHES)}")
        field = fields()[name]
        value = field.parse(text)
        if value is None:
            raise UsageError(f"switch {name} cannot be {text}; expected {field.expected}")
        values[name] = value
    return values
