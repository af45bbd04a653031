"""Pass what the middleware knows of a request to its route, and facts back for the log."""

import re
import secrets
from typing import Any, Final, NamedTuple

from starlette.types import Scope

from api.http.keys import Key

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Visit(NamedTuple):
    """Pass a request's key to its route, and facts back from the route to the log.

    Attributes:
        key: The request's key; None where no key is needed.
        facts: Filled by the route: rows, and the type of a problem.
        session: The session that signed the key in; None where the key itself was sent.
    """

    key: Key | None
    facts: dict[str, Any]
    session: str | None = None


def request_id_of(scope: Scope) -> str:
    """Return the client's own id of a request, where it is a short one of safe characters, else a new one."""
    own: bytes = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return own.decode("ascii") if _REQUEST_ID.fullmatch(own) else secrets.token_hex(8)
