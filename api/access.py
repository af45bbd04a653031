"""What a request's key lets it use."""

from typing import TYPE_CHECKING

from fastapi import Request

from api.middleware import Visit
from api.problems import Item, Problem

if TYPE_CHECKING:
    from api.settings import Settings


def visit(request: Request) -> Visit:
    """What the middleware knows of a request."""
    found: Visit = request.scope["state"]["visit"]
    return found


def may_use(request: Request, tariff: str) -> bool:
    """Whether a tariff is public or the key's own; without keys, all shipped ones are open."""
    key = visit(request).key
    settings: Settings = request.app.state.settings
    return key is None or tariff == key.tariff or tariff in settings.public_tariffs


def allow_tariff(request: Request, tariff: str) -> None:
    """Problem for a tariff that may not be used."""
    if not may_use(request, tariff):
        raise Problem("not-allowed", [Item("/tariff", "unknown_value", "the key may not use this tariff")])
