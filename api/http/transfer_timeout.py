"""Limit how long bytes may take between a client and the service, in either direction."""

import asyncio

from starlette.types import Message, Send

from api.http.problems import Problem
from api.http.settings import Settings


class TransferTimeout:
    """Set a deadline of `body_seconds` from now, extended by one second per `body_bytes_a_second` bytes."""

    def __init__(self, settings: Settings) -> None:
        """Start the clock."""
        self._until = asyncio.get_running_loop().time() + settings.body_seconds
        self._bytes_a_second = settings.body_bytes_a_second

    def allow(self, size: int) -> None:
        """Extend the deadline for `size` bytes received or about to be sent."""
        self._until += size / self._bytes_a_second

    def limit(self) -> asyncio.Timeout:
        """Return a context that raises TimeoutError at the deadline."""
        return asyncio.timeout_at(self._until)


def with_transfer_timeout(send: Send, settings: Settings) -> Send:
    """Wrap an ASGI `send` so that a client that takes its answer too slowly is cut off.

    Args:
        send: The ASGI channel.
        settings: `body_seconds` and `body_bytes_a_second`.

    Returns:
        A channel that raises Problem("too-slow") past the deadline, which starts with the first message.
    """
    timeout: TransferTimeout | None = None

    async def sending(message: Message) -> None:
        nonlocal timeout
        timeout = timeout or TransferTimeout(settings)
        timeout.allow(len(message.get("body", b"")))
        try:
            async with timeout.limit():
                await send(message)
        except TimeoutError:
            raise Problem("too-slow") from None

    return sending
