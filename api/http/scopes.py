"""Map each path, or its prefix, to the scope that it asks of a key. A path not in the tables does not exist."""

from functools import lru_cache
from typing import Final

OPEN: Final = "open"
"""Needs no key: health checks, documentation, files that pages load, signing in and out."""
SCOPES: Final = ("quotes", "batches", "reference", "metrics", "register")
"""What a key may be allowed: ask for quotes, send batches, read rates and rules, read the service's metrics, and decide
yearly rates: propose them, and approve what another has proposed."""
HEALTH: Final = frozenset({"/healthz", "/readyz"})
"""Answered whatever the load."""
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
    "/files": "batches",
    "/sign-in": OPEN,
    "/sign-out": OPEN,
    "/v1/files": "batches",
}
_BEGINNINGS: Final = (
    ("/v1/quotes/", "quotes"),
    ("/v1/batches/", "batches"),
    ("/v1/files/", "batches"),
    ("/files/", "batches"),
    ("/v1/", "reference"),
    ("/calculators/", "quotes"),
    ("/rates/", "reference"),
    ("/register/", "register"),
    ("/static/", OPEN),
)
FOR_PROGRAMS: Final = ("/v1/", "/metrics")
"""Prefixes of paths that take a key only in a header, and no form: no browser opens them by itself."""

UPLOADS: Final = frozenset({"/v1/files", "/files"})
"""Paths that take a file."""
_TAKE_BODIES: Final = ("/v1/quotes/", "/v1/batches/", "/calculators/", "/files/", "/register/", "/sign-in", "/sign-out")


def takes_body(path: str) -> bool:
    """Return whether a path accepts a POST body; the routes answer other methods and paths themselves."""
    return path in UPLOADS or path.startswith(_TAKE_BODIES)


@lru_cache(maxsize=512)
def needed(path: str) -> str | None:
    """Return the scope that a path asks for, OPEN, or None where there is no such path."""
    found = _PATHS.get(path)
    if found is None:
        found = next((scope for beginning, scope in _BEGINNINGS if path.startswith(beginning)), None)
    return found
