"""Say whose a file is: a program's key, a person's session, or a visitor of a service without keys."""

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.requests import Request

from api.http.access import visit
from api.http.scopes import FOR_PROGRAMS

VISITOR: Final = "puccalc-visitor"
"""Cookie that tells browsers apart where the service has no keys: it serves its own machine alone then."""
_ATTRIBUTES: Final = "Path=/files; HttpOnly; SameSite=Strict"
_LENGTH: Final = 32


def owner_of(request: Request) -> str:
    """Return whose files a request may see.

    Args:
        request: A request that passed `api.http.middleware`.

    Returns:
        The signed-in session, else the key, else for a page the visitor; "" for a visitor without a cookie, who has no
        files.
    """
    known = visit(request)
    if known.session:
        return session_owner(known.session)
    if known.key:
        return f"key {known.key.id}"
    if request.scope["path"].startswith(FOR_PROGRAMS):
        return "this machine"
    visitor = _visitor(request)
    return f"visitor {visitor}" if visitor else ""


def session_owner(session: str) -> str:
    """Return the owner of the files of a signed-in session."""
    return f"session {session}"


def new_visitor() -> tuple[str, str]:
    """Return a visitor's owner, and the Set-Cookie header by which the browser is known from then on."""
    visitor = secrets.token_hex(_LENGTH // 2)
    return f"visitor {visitor}", f"{VISITOR}={visitor}; {_ATTRIBUTES}"


def _visitor(request: Request) -> str:
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(VISITOR)
    except CookieError:
        return ""
    return found.value if found and len(found.value) == _LENGTH and found.value.isalnum() else ""
