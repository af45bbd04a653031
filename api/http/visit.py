"""Pass what the middleware knows of a request to its route, and facts back for the log."""

from typing import Any, NamedTuple

from api.http.keys import Key


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
