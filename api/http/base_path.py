"""Serve everything below a path, such as /puccalc, where a proxy has the service beside others.

The application knows its own addresses from the root. Here the path is taken off what is asked, whether or not the
proxy has done so, and put before the links of pages and before where an answer leads.
"""

import re
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LINK: Final = re.compile(rb'(\s(?:href|src|action|formaction)=")(?=/(?!/))')
"""Where an address from the root begins; what a person typed stands with its quotation marks escaped."""
_PROGRAMS: Final = "/v1/"


class BasePath:
    """Stand in front of the whole service and put a path before its addresses."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        """Take the service and the path, which begins with a slash and does not end with one."""
        self._app = app
        self._base = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Pages are handed on uncompressed: the proxy may compress them."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path == self._base or path.startswith(f"{self._base}/"):
            path = path.removeprefix(self._base) or "/"
            raw = bytes(scope.get("raw_path") or b"").removeprefix(self._base.encode()) or b"/"
            scope = {**scope, "path": path, "raw_path": raw}
        if not path.startswith(_PROGRAMS):
            scope = {**scope, "headers": [each for each in scope["headers"] if each[0] != b"accept-encoding"]}
        await self._app(scope, receive, _Sending(send, self._base.encode()))


class _Sending:
    """Send an answer; the body of a page is held back until it is whole."""

    def __init__(self, send: Send, base_path: bytes) -> None:
        self._send = send
        self._base = base_path
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, self._located(name, value)) for name, value in message["headers"]]
            if any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                self._start = {**message, "headers": [each for each in headers if each[0] != b"content-length"]}
                return
            message = {**message, "headers": headers}
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = _LINK.sub(rb"\1" + self._base, self._body)
            length = [(b"content-length", str(len(body)).encode())] if body else []  # none where the head was asked for
            await self._send({**self._start, "headers": [*self._start["headers"], *length]})
            message, self._start = {**message, "body": body}, None
        await self._send(message)

    def _located(self, name: bytes, value: bytes) -> bytes:
        return self._base + value if name == b"location" and value.startswith(b"/") else value
