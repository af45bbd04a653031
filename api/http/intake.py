"""Read a request's head and body within limits: bytes of the head; type, bytes and time of the body."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final

from starlette.types import Message, Receive, Scope

from api.http.problems import Item, Problem
from api.http.scopes import FOR_PROGRAMS, UPLOADS
from api.http.settings import Settings
from api.http.transfer_timeout import TransferTimeout

ARROW: Final = b"application/vnd.apache.arrow.stream"
JSON: Final = b"application/json"
FORM: Final = b"application/x-www-form-urlencoded"
FILE_FORM: Final = b"multipart/form-data"
CSV: Final = b"text/csv"
XLSX: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_TYPES: Final = frozenset({CSV, XLSX, b"application/octet-stream"})
"""Types in which a program sends a file by itself, without a form."""
_URL_MAX: Final = 2_048
_HEAD_MAX: Final = 16_384
_CLOSE: Final = {"Connection": "close"}
_DISCARDED_MAX: Final = 2**20
_DISCARD_SECONDS: Final = 1.0


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Collect a request's headers.

    Args:
        scope: The ASGI scope.

    Returns:
        Headers by lower-case name; of repeated headers, the last.

    Raises:
        Problem: "address-too-long" (path and query above 2,048 bytes) or "head-too-large" (headers above 16,384 bytes).
    """
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _URL_MAX:
        raise Problem("address-too-long")
    given = scope["headers"]
    if sum(len(name) + len(value) for name, value in given) > _HEAD_MAX:
        raise Problem("head-too-large")
    return dict(given)


async def body_of(path: str, headers: Mapping[bytes, bytes], receive: Receive, settings: Settings) -> bytes:
    """Read a whole body.

    Args:
        path: The request's path, which decides the media types and the largest size.
        headers: Headers from `headers_of`.
        receive: The ASGI channel.
        settings: Size limits in bytes and the transfer time.

    Returns:
        The body, never empty.

    Raises:
        Problem: "wrong-media-type", "too-large", "too-slow", or "malformed-body" where the body is empty or the client
            disconnects.
    """
    most = _most(path, headers, settings)
    if _declared(headers) > most:
        raise Problem("too-large", headers=_CLOSE)
    body = await _read(receive, most, settings)
    if not body:
        raise Problem("malformed-body", [Item("", "empty_body")])
    return body


async def discard(scope: Scope, receive: Receive) -> None:
    """Read a refused request's body to its end, unless it is above 1 MiB or takes more than a second.

    If the connection closes while it is still sending, many a client reports a broken connection and not the refusal.

    Args:
        scope: The ASGI scope.
        receive: The ASGI channel.
    """
    if _declared(dict(scope["headers"])) <= _DISCARDED_MAX:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                while (await receive()).get("more_body"):
                    pass


def replay(body: bytes) -> Receive:
    """Return an ASGI channel that replays a body already read.

    Args:
        body: The whole body.

    Returns:
        A channel that delivers the body once and then reports the client as connected until the answer is complete.
    """
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if pending:
            return pending.pop()
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive


def _declared(headers: Mapping[bytes, bytes]) -> int:
    """Return the body size in bytes that Content-Length declares; 0 without that header."""
    declared = headers.get(b"content-length", b"0")
    return int(declared[:20]) if declared.isdigit() else 0


def _most(path: str, headers: Mapping[bytes, bytes], settings: Settings) -> int:
    """Return the largest size in bytes of a body of this media type at this path; Problem for another type."""
    media_type, _, rest = headers.get(b"content-type", b"").lower().partition(b";")
    media_type = media_type.strip()
    is_plain = rest.replace(b" ", b"").replace(b'"', b"") in {b"", b"charset=utf-8"}
    if headers.get(b"content-encoding", b"identity") == b"identity":
        if path in UPLOADS:
            if media_type == FILE_FORM or (path.startswith(FOR_PROGRAMS) and media_type in FILE_TYPES):
                return settings.file_bytes + (settings.body_bytes if media_type == FILE_FORM else 0)
            raise Problem("wrong-media-type")
        if path.startswith("/v1/batches/"):
            if media_type == JSON and is_plain:
                return settings.batch_bytes
            if media_type == ARROW:
                return settings.arrow_bytes
            if media_type == CSV and is_plain:
                return settings.batch_bytes
        elif media_type == (JSON if path.startswith(FOR_PROGRAMS) else FORM) and is_plain:
            return settings.body_bytes
    raise Problem("wrong-media-type")


async def _read(receive: Receive, most: int, settings: Settings) -> bytes:
    timeout = TransferTimeout(settings)
    parts = []
    size = 0
    while True:
        try:
            async with timeout.limit():
                message = await receive()
        except TimeoutError:
            raise Problem("too-slow", headers=_CLOSE) from None
        if message["type"] == "http.disconnect":
            raise Problem("malformed-body")
        part = message.get("body", b"")
        timeout.allow(len(part))
        size += len(part)
        if size > most:
            raise Problem("too-large", headers=_CLOSE)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
