"""Parse `--set NAME=VALUE`: another reading or method than that of the rule files, for electric and gas alike."""

from collections.abc import Mapping

from calc.errors import UsageError
from calc.rules.fields import Value, fields
from calc.rules.schema import SWITCHES


def parse_switches(switches: Mapping[str, str]) -> dict[str, Value]:
    """Parse switches given as text.

    Args:
        switches: Text by switch name.

    Returns:
        Values by switch name.

    Raises:
        UsageError: A switch is unknown or cannot hold the value; the message names the known switches or allowed
            values.
    """
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
