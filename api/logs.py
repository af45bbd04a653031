"""Structured logs: one JSON line an event on stderr, of the keys in ALLOWED and no others.

Written at once and by hand: a line is a twentieth of a quote, where a logging package's layers made it a third.
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
"""What a line may hold beside time, level and event: templates of routes, codes and counts; no path, no header, no
body, no exception's text."""


class Log:
    """Lines of the service."""

    @staticmethod
    def info(event: str, **facts: str | float | None) -> None:
        """Write a line; facts that are not allowed are left out."""
        allowed = {name: fact for name, fact in facts.items() if name in ALLOWED}
        line = {"timestamp": datetime.now(UTC).isoformat(), "level": "info", "event": event, **allowed}
        sys.stderr.write(to_json(line).decode() + "\n")
