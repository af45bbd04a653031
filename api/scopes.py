"""What each path asks of a key: a table by how the path begins. What is not in it does not exist."""

from functools import lru_cache
from typing import Final

OPEN: Final = "open"
"""Needs no key: whether the service lives, its documentation, what pages load."""
SCOPES: Final = ("quotes", "batches", "reference", "metrics")
"""What a key may be let do: ask quotes, send batches, read rates and rules, read the figures of the service."""
HEALTH: Final = frozenset({"/healthz", "/readyz"})
"""Answered however much there is to do."""
_PATHS: Final = {
    "/": "reference",
    "/healthz": OPEN,
    "/readyz": OPEN,
    "/docs": OPEN,
    "/docs/problems": OPEN,
    "/docs/style.css": OPEN,
    "/openapi.json": OPEN,
    "/metrics": "metrics",
    "/calculators": "quotes",
    "/rates": "reference",
    "/rules": "reference",
    "/sign-in": OPEN,
    "/sign-out": OPEN,
}
_BEGINNINGS: Final = (
    ("/v1/quotes/", "quotes"),
    ("/v1/batches/", "batches"),
    ("/v1/", "reference"),
    ("/calculators/", "quotes"),
    ("/rates/", "reference"),
    ("/static/", OPEN),
)
FOR_PROGRAMS: Final = ("/v1/", "/metrics")
"""Beginnings of paths that take a key in a header alone, and no form: no browser opens them by itself."""

_TAKE_BODIES: Final = ("/v1/quotes/", "/v1/batches/", "/calculators/", "/sign-in", "/sign-out")


def takes_body(path: str) -> bool:
    """Whether a path may be posted to: to all others the routes say what they take."""
    return path.startswith(_TAKE_BODIES)


@lru_cache(maxsize=512)
def needed(path: str) -> str | None:
    """The scope of a path, OPEN, or None where there is no such path."""
    found = _PATHS.get(path)
    if found is None:
        found = next((scope for beginning, scope in _BEGINNINGS if path.startswith(beginning)), None)
    return found
