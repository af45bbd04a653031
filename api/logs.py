"""Structured logs: one JSON line an event on stderr, of the keys in ALLOWED and no others."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

ALLOWED: Final = frozenset(
    {
        "event",
        "level",
        "timestamp",
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
"""What a line may hold: templates of routes, codes and counts; no path, no header, no body, no exception's text."""


def logger() -> Any:  # noqa: ANN401 - structlog's bound logger
    """A logger whose lines pass the allow-list."""
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def _allowed(_: object, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name in ALLOWED}
