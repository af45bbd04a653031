"""A request's head and body, bounded: the head in bytes, the body in type, bytes and time, read whole."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final

from starlette.types import Message, Receive, Scope

from api.problems import Item, Problem
from api.scopes import FOR_PROGRAMS
from api.settings import Settings
from api.transfer_timeout import TransferTimeout

ARROW: Final = b"application/vnd.apache.arrow.stream"
JSON: Final = b"application/json"
FORM: Final = b"application/x-www-form-urlencoded"
_URL_MAX: Final = 2_048
_HEAD_MAX: Final = 16_384
_CLOSE: Final = {"Connection": "close"}
_DISCARDED_MAX: Final = 2**20
_DISCARD_SECONDS: Final = 1.0


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Headers by their small names, the last of each; Problem where they or the address are too long."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _URL_MAX:
        raise Problem("address-too-long")
    given = scope["headers"]
    if sum(len(name) + len(value) for name, value in given) > _HEAD_MAX:
        raise Problem("head-too-large")
    return dict(given)


async def body_of(path: str, headers: Mapping[bytes, bytes], receive: Receive, settings: Settings) -> bytes:
    """The body, whole; Problem where it is of another type, too large, too slow, or there is none."""
    most = _most(path, headers, settings)
    if _declared(headers) > most:
        raise Problem("too-large", headers=_CLOSE)
    body = await _read(receive, most, settings)
    if not body:
        raise Problem("malformed-body", [Item("", "empty_body")])
    return body


async def discard(scope: Scope, receive: Receive) -> None:
    """Read a refused request's body to its end, if it is not too long and comes soon.

    Closed on in the middle of its sending, many a client would see a broken connection and not the refusal.
    """
    if _declared(dict(scope["headers"])) <= _DISCARDED_MAX:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                while (await receive()).get("more_body"):
                    pass


def given(body: bytes) -> Receive:
    """Hands on a body that was read; then the client is there until the answer is complete."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if pending:
            return pending.pop()
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive


def _declared(headers: Mapping[bytes, bytes]) -> int:
    """Bytes that a body is said to have; none where nothing is said."""
    declared = headers.get(b"content-length", b"0")
    return int(declared[:20]) if declared.isdigit() else 0


def _most(path: str, headers: Mapping[bytes, bytes], settings: Settings) -> int:
    """Bytes that a body of this type may have here."""
    media_type, _, rest = headers.get(b"content-type", b"").lower().partition(b";")
    media_type = media_type.strip()
    is_plain = rest.replace(b" ", b"").replace(b'"', b"") in {b"", b"charset=utf-8"}
    if headers.get(b"content-encoding", b"identity") == b"identity":
        if path.startswith("/v1/batches/"):
            if media_type == JSON and is_plain:
                return settings.batch_bytes
            if media_type == ARROW:
                return settings.arrow_bytes
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
