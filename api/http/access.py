"""Check which tariffs a request's API key may use."""

from typing import TYPE_CHECKING

from fastapi import Request

from api.http.problems import Item, Problem
from api.http.visit import Visit

if TYPE_CHECKING:
    from api.http.settings import Settings


def visit(request: Request) -> Visit:
    """Return what the middleware recorded about a request.

    Args:
        request: A request that passed `api.http.middleware`.

    Returns:
        Its key, or None where the service runs without keys, and the facts for its log line.
    """
    found: Visit = request.scope["state"]["visit"]
    return found


def session_of(request: Request) -> str:
    """Return what tells a request's session from others.

    Args:
        request: A request that passed `api.http.middleware`.

    Returns:
        The session of a browser that is signed in, else the id of the key that a header holds; "" where the service
        runs without keys.
    """
    key, session = visit(request).key, visit(request).session
    return session or (key.id if key else "")


def may_use(request: Request, tariff: str) -> bool:
    """Return whether a request may use a tariff.

    Args:
        request: The request, with its key.
        tariff: Name of a shipped tariff.

    Returns:
        True if the tariff is public or the key's own; always True without keys, where every shipped tariff is open.
    """
    key = visit(request).key
    settings: Settings = request.app.state.settings
    return key is None or tariff == key.tariff or tariff in settings.public_tariffs


def allow_tariff(request: Request, tariff: str) -> None:
    """Refuse a tariff that the request may not use.

    Args:
        request: The request, with its key.
        tariff: Name of a shipped tariff.

    Raises:
        Problem: "not-allowed", at /tariff.
    """
    if not may_use(request, tariff):
        raise Problem("not-allowed", [Item("/tariff", "unknown_value", "the key may not use this tariff")])
