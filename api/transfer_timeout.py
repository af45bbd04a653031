"""How long bytes may take between a client and the service, in either direction, before the service gives up."""

import asyncio

from starlette.types import Message, Send

from api.problems import Problem
from api.settings import Settings


class TransferTimeout:
    """So many seconds from now, and one more for so many bytes."""

    def __init__(self, settings: Settings) -> None:
        """The time begins."""
        self._until = asyncio.get_running_loop().time() + settings.body_seconds
        self._bytes_a_second = settings.body_bytes_a_second

    def allow(self, size: int) -> None:
        """Time for bytes that came, or that are to go."""
        self._until += size / self._bytes_a_second

    def limit(self) -> asyncio.Timeout:
        """A context that raises TimeoutError when the time is up."""
        return asyncio.timeout_at(self._until)


def with_transfer_timeout(send: Send, settings: Settings) -> Send:
    """Sends an answer; Problem where its client dawdles over taking it."""
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
