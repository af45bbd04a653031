"""Write structured logs: one JSON line per event on stderr, with the keys in ALLOWED and no others.

Lines are written directly, without a logging package: this way a line costs a twentieth of a quote; a package's layers
made it a third.
"""

import sys
from datetime import UTC, datetime
from typing import Final

from pydantic_core import to_json

ALLOWED: Final = frozenset(
    {
        "method",
        "route",
        "status",
        "milliseconds",
        "rows",
        "refusal",
        "fault",
        "key",
        "request",
    }
)
"""Keys that a line may hold beside time, level and event: route templates, codes and counts; no path, no header, no
body, no exception's text."""


class Log:
    """Write the service's log lines."""

    @staticmethod
    def info(event: str, **facts: str | float | None) -> None:
        """Write one line.

        Args:
            event: Name of the event.
            facts: Values by key; those whose key is not in ALLOWED are left out.
        """
        allowed = {name: fact for name, fact in facts.items() if name in ALLOWED}
        line = {"timestamp": datetime.now(UTC).isoformat(), "level": "info", "event": event, **allowed}
        sys.stderr.write(to_json(line).decode() + "\n")
