"""Compress answers for clients that take gzip: texts above a size, but for files that people take away.

A file to take away may be asked for in ranges, and fonts, workbooks and Parquet are compressed as they are.
"""

import gzip
from collections.abc import Iterable
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST_BYTES: Final = 2_048
"""Answers below it go as they are."""
_LEVEL: Final = 4
_AS_THEY_ARE: Final = ("/v1/files/", "/files/", "/static/", "/healthz", "/readyz")


class Compression:
    """Stand in front of an ASGI application whose answers may be compressed."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application."""
        self._app = app
        self._compressing = GZipMiddleware(self._answer, minimum_size=SMALLEST_BYTES, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_text = scope["type"] == "http" and not scope["path"].startswith(_AS_THEY_ARE)
        await (self._compressing if is_text else self._app)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request whose answer's headers are its own: some answers are made once, for all."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": list(message["headers"])}
            await send(message)

        await self._app(scope, receive, sending)


def compressed(content: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """Compress a whole answer.

    Args:
        content: The answer.
        headers: The request's.

    Returns:
        It as gzip; None where it is small, or the client does not take gzip.
    """
    if len(content) < SMALLEST_BYTES:
        return None
    takes = next((value for name, value in headers if name == b"accept-encoding"), b"")
    return gzip.compress(content, _LEVEL, mtime=0) if b"gzip" in takes else None
