"""Process every request before and after its route, in one ASGI layer.

Order: free capacity, size of the head, key and scope, the client's limit per minute, the body (`api.http.intake`). On
the way out: headers, one log line, the counters. Every failure becomes a problem. A request for which there is no
capacity is refused at once, before anything is known of it: only an answer that costs next to nothing keeps a crowd
from becoming a queue.
"""

import ipaddress
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.intake import body_of, discard, headers_of, replay
from api.http.keys import Key, KeyStore
from api.http.limits import RETRY_SECONDS, Limits
from api.http.logs import Log
from api.http.metrics import Metrics
from api.http.problems import Item, Problem
from api.http.scopes import FOR_PROGRAMS, HEALTH, OPEN, needed, takes_body
from api.http.session import Sessions, from_own_page
from api.http.settings import Settings
from api.http.transfer_timeout import with_transfer_timeout
from api.http.visit import Visit, request_id_of

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers added to every answer that does not set them itself."""
_HEADERS: Final = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
_NO_PAGE: Final = (
    "neither Sec-Fetch-Site nor Origin says that a page of this service sent it; a proxy hands these and Host on "
    "as they come, a program asks the paths under /v1"
)
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "POST"})

Header = tuple[bytes, bytes]

Refuse = Callable[[Problem, Scope], Response]
"""Renders a problem as JSON or as a page."""


class Middleware:
    """Wrap an ASGI application with access, limits, logging and problem answers."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, refuse: Refuse) -> None:
        """Read the keys at once.

        Args:
            app: The application behind the middleware.
            settings: Limits, the file of keys and the session secret.
            metrics: Counters of this worker.
            refuse: Renders a problem.

        Raises:
            DataError: The file of keys cannot be read.
        """
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._limits = Limits(settings)
        self._log = Log()
        self._keys = KeyStore(settings.keys_file) if settings.keys_file else None
        self._sessions = Sessions(settings.session_secret.get_secret_value())
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other connections than HTTP and the application's lifespan are ignored."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        if scope["path"] not in HEALTH and not self._limits.turn.admits():
            await self._turn_away(scope, receive, send)
            return
        await self._visited(scope, receive, send)

    async def _visited(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request_id = request_id_of(scope)
        facts: dict[str, Any] = {}
        status = 0
        method = scope["method"]
        is_read = method != "POST"
        scope["method"] = "GET" if method == "HEAD" else method

        async def receiving() -> Message:
            nonlocal is_read
            message = await receive()
            is_read = not message.get("more_body")
            return message

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_completed(message["headers"]), (b"x-request-id", request_id.encode())]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._let_in(scope, receiving, sending, facts)
        except Problem as problem:
            facts["refusal"] = problem.kind
            if status:
                return
            if not is_read and "Connection" not in (problem.headers or {}):
                await discard(scope, receiving)
            await self._refuse(problem, scope)(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last line between a fault and a client
            facts["refusal"] = "fault"
            facts["fault"] = _place(error)
            if not status:
                await self._refuse(Problem("fault"), scope)(scope, receive, sending)
        finally:
            self._note(scope, method, status, time.perf_counter() - started, request_id, facts)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send, facts: dict[str, Any]) -> None:
        headers = headers_of(scope)
        path: str = scope["path"]
        wanted = needed(path)
        key = None if wanted == OPEN else self._known(scope, headers, wanted, facts)
        if wanted is None:
            raise Problem("not-found")
        if wanted != OPEN:
            self._limits.count(key.id if key else _address(scope))
        scope.setdefault("state", {})["visit"] = Visit(key, facts, self._session(headers, key))
        places = self._limits.places(scope["method"], path)
        if places is not None:
            with places:
                await self._serve(scope, receive, with_transfer_timeout(send, self._settings), headers)
        else:
            await self._serve(scope, receive, send, headers)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[bytes, bytes]) -> None:
        """Read the body, then take a place: a client that sends its body slowly keeps nobody out."""
        path = scope["path"]
        if path in HEALTH:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST" and not takes_body(path):
            await discard(scope, receive)
            receive = replay(b"")
        elif scope["method"] == "POST":
            if not path.startswith(FOR_PROGRAMS) and not from_own_page(headers):
                raise Problem("not-from-a-page", [Item("", "conflict", _NO_PAGE)])
            receive = replay(await body_of(path, headers, receive, self._settings))
        with self._limits.requests:
            await self._app(scope, receive, send)

    def _known(
        self, scope: Scope, headers: Mapping[bytes, bytes], wanted: str | None, facts: dict[str, Any]
    ) -> Key | None:
        """Return the key of a request, or None; without a file of keys, only clients on this machine are admitted."""
        if self._keys is None:
            if not _is_local(_address(scope)):
                raise Problem("not-authenticated", headers={"WWW-Authenticate": "Bearer"})
            return None
        key = self._keys.find(_key_text(headers))
        if key is None and not scope["path"].startswith(FOR_PROGRAMS):
            signed_in = self._sessions.key_id(headers)
            key = self._keys.valid(signed_in) if signed_in else None
        if key is None:
            raise Problem("not-authenticated", headers={"WWW-Authenticate": "Bearer"})
        facts["key"] = key.id
        if wanted is not None and wanted not in key.scopes:
            raise Problem("not-allowed")
        return key

    def _session(self, headers: Mapping[bytes, bytes], key: Key | None) -> str | None:
        """Return the session of a request's cookie, where it is the key's."""
        session = self._sessions.session(headers) if key and b"cookie" in headers else None
        return session if key and session and session.startswith(f"{key.id}-") else None

    async def _turn_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse without capacity: the answer is prepared in advance, and only a counter records it."""
        await _NO_ROOM(scope, receive, send)
        self._metrics.answered("other", "unmatched", _NO_ROOM.status_code, 0.0, 0, "overloaded")

    def _note(
        self, scope: Scope, method: str, status: int, seconds: float, request_id: str, facts: dict[str, Any]
    ) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = method if method in _METHODS else "other"
        self._metrics.answered(method, route, status, seconds, facts.get("rows", 0), facts.get("refusal"))
        self._log.info(
            "request", method=method, route=route, status=status, milliseconds=round(seconds * 1_000, 3),
            request=request_id, **facts,
        )  # fmt: skip


def _completed(own: Iterable[Header]) -> list[Header]:
    """Return an answer's headers together with those of HEADERS that it does not set itself."""
    found = list(own)
    names = {name for name, _ in found}
    found += [header for header in _HEADERS if header[0] not in names]
    return found


_NO_ROOM: Final = Problem("overloaded", headers={"Retry-After": RETRY_SECONDS, **HEADERS}).response()


def _key_text(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, text = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"bearer":
        text = headers.get(b"x-api-key", b"")
    return text.strip().decode("latin-1")


def _place(error: BaseException) -> str:
    """Return an exception's type and the line that raised it; its text is left out because it may hold input."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


@lru_cache(maxsize=1_024)
def _is_local(address: str) -> bool:
    """Return whether a client is on this machine; one without an address came over a Unix socket."""
    try:
        return not address or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
