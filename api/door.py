"""The door: all that happens to a request before and after its route, in one ASGI layer.

In this order: key and scope, the minute's share, room, media type, the body (bounded in bytes and in time, read
whole). On the way out: headers, one line of log, the counters. Whatever fails becomes a problem.
"""

import asyncio
import ipaddress
import secrets
import time
import traceback
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.keys import Key, KeyStore
from api.limits import Limits
from api.logs import logger
from api.metrics import Metrics
from api.problems import Item, Problem
from api.settings import Settings

ARROW: Final = "application/vnd.apache.arrow.stream"
JSON: Final = "application/json"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
OPEN: Final = ("/healthz", "/readyz", "/docs", "/docs/problems", "/docs/style.css", "/openapi.json")
"""What needs no key: whether the service lives, and its documentation."""
_SCOPES: Final = {"/v1/quotes/": "quotes", "/v1/batches/": "batches", "/v1/": "reference", "/metrics": "metrics"}
_URL_MAX: Final = 2_048


class Visit(NamedTuple):
    """What a route learns of a request; `facts` is what it tells the log: rows, and the type of a problem."""

    key: Key | None
    facts: dict[str, Any]


class Door:
    """An ASGI application in front of another."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        """Keys are read at once; DataError where their file cannot be."""
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._limits = Limits(settings)
        self._log = logger()
        self._keys = KeyStore(settings.keys_file) if settings.keys_file else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = secrets.token_hex(8)
        facts: dict[str, Any] = {}
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._let_in(scope, receive, sending, facts)
        except Problem as problem:
            facts["refusal"] = problem.kind
            await problem.response()(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last line between a fault and a client
            facts["refusal"] = "fault"
            facts["fault"] = _place(error)
            if not status:
                await Problem("fault").response()(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - started
            self._note(scope, status, seconds, request_id, facts)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send, facts: dict[str, Any]) -> None:
        headers = Headers(scope=scope)
        path: str = scope["path"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _URL_MAX:
            raise Problem("not-found")
        is_open = path in OPEN
        key = None if is_open else self._known(scope, headers, path, facts)
        with ExitStack() as places:
            if not is_open:
                self._limits.count(key.id if key else _client(scope))
                places.enter_context(self._limits.room("requests"))
            if path.startswith("/v1/batches/"):
                places.enter_context(self._limits.room("batches"))
            scope.setdefault("state", {})["visit"] = Visit(key, facts)
            if scope["method"] == "POST" and path.startswith("/v1/"):
                receive = _given(await self._body(headers, path, receive))
            await self._app(scope, receive, send)

    def _known(self, scope: Scope, headers: Mapping[str, str], path: str, facts: dict[str, Any]) -> Key | None:
        """The key of a request; without keys, only this machine is let in."""
        if self._keys is None:
            if not _is_local(scope):
                raise Problem("not-authenticated", headers={"WWW-Authenticate": "Bearer"})
            return None
        scheme, _, text = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            text = headers.get("x-api-key", "")
        key = self._keys.find(text.strip())
        if key is None:
            raise Problem("not-authenticated", headers={"WWW-Authenticate": "Bearer"})
        facts["key"] = key.id
        scope_needed = next((needed for prefix, needed in _SCOPES.items() if path.startswith(prefix)), None)
        if scope_needed is not None and scope_needed not in key.scopes:
            raise Problem("not-allowed")
        return key

    async def _body(self, headers: Mapping[str, str], path: str, receive: Receive) -> bytes:
        """The body, whole; Problem where it is of another type, too large or too slow."""
        media_type, _, rest = headers.get("content-type", "").partition(";")
        media_type = media_type.strip().lower()
        is_batch = path.startswith("/v1/batches/")
        charset = rest.replace(" ", "").replace('"', "").lower()
        if headers.get("content-encoding", "identity") != "identity":
            raise Problem("wrong-media-type")
        if media_type == JSON and charset in {"", "charset=utf-8"}:
            most = self._settings.batch_bytes if is_batch else self._settings.body_bytes
        elif media_type == ARROW and is_batch:
            most = self._settings.arrow_bytes
        else:
            raise Problem("wrong-media-type")
        declared = headers.get("content-length", "0")
        if declared.isdecimal() and int(declared[:20]) > most:
            raise Problem("too-large", headers={"Connection": "close"})
        return await self._read(receive, most)

    async def _read(self, receive: Receive, most: int) -> bytes:
        body = bytearray()
        started = time.monotonic()
        while True:
            allowed = self._settings.body_seconds + len(body) / self._settings.body_bytes_a_second
            try:
                message = await asyncio.wait_for(receive(), started + allowed - time.monotonic())
            except TimeoutError:
                raise Problem("too-slow", headers={"Connection": "close"}) from None
            if message["type"] == "http.disconnect":
                raise Problem("malformed-body")
            body += message.get("body", b"")
            if len(body) > most:
                raise Problem("too-large", headers={"Connection": "close"})
            if not message.get("more_body"):
                break
        if not body:
            raise Problem("malformed-body", [Item("", "empty_body")])
        return bytes(body)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str, facts: dict[str, Any]) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST"} else "other"
        self._metrics.answered(method, route, status, seconds, facts.get("rows", 0), facts.get("refusal"))
        self._log.info(
            "request", method=method, route=route, status=status, milliseconds=round(seconds * 1_000, 3),
            request=request_id, **facts,
        )  # fmt: skip


def _given(body: bytes) -> Receive:
    """Hands on a body that was read; then the client is there until the answer is complete."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if pending:
            return pending.pop()
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive


def _place(error: BaseException) -> str:
    """Type of an exception and the line that raised it; its text may hold what was sent."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _client(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "local"


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    if not client:
        return True
    try:
        return ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
