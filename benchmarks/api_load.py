"""Load servers with an open-loop client: requests leave on schedule, whether or not earlier ones are answered.

Client and server share the machine, so the client does little: it keeps raw sockets open, reads the head of an answer
and counts its body. Latencies are in milliseconds from the moment at which a request was due.
"""

import asyncio
import json
import re
import selectors
import time
import urllib.request
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")
YEAR: Final = {"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"}
_CONNECTIONS: Final = 64
_SELECT_MOST: Final = 500
_LAST_SECONDS: Final = 60.0
"""Seconds to wait for answers after the last request."""
_LENGTH: Final = re.compile(rb"\ncontent-length: (\d+)")
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"


@dataclass
class Load:
    """Hold what a run measured.

    Latencies of all answers, statuses (0 where no answer came), and refusals that do not say when to return.
    """

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    without_retry: int = 0

    @property
    def milliseconds(self) -> list[float]:
        """Return the latencies, sorted."""
        return sorted(self.latencies)

    @property
    def failed(self) -> int:
        """Return the number of requests without a 200."""
        return self.statuses.total() - self.statuses[200]

    def at(self, share: float) -> float:
        """Return the latency in milliseconds that a `share` of the answers did not exceed."""
        found = self.milliseconds
        return found[min(len(found) - 1, int(share * len(found)))]

    def text(self) -> str:
        """Return the run in one line."""
        return (
            f"{self.statuses.total():,} requests, {self.failed:,} without a 200; "
            f"p50 {self.at(0.5):.2f}, p99 {self.at(0.99):.2f}, most {self.at(1):.2f} ms"
        )


def head(path: str, length: int, more: str = "", media_type: str = "application/json") -> bytes:
    """Return the head of a POST; `more` holds further header lines, each with its line end."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n{more}\r\n"
    ).encode()


def request(path: str, body: dict[str, Any]) -> bytes:
    """Return a POST with a JSON body."""
    raw = json.dumps(body).encode()
    return head(path, len(raw)) + raw


def post(port: int, path: str, raw: bytes, media_type: str = "application/json") -> bytes:
    """Send one POST and return its answer."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", raw, {"Content-Type": media_type})
    with urllib.request.urlopen(asked, timeout=120) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content


def open_loop(port: int, a_second: float, seconds: float, body: dict[str, Any], path: str) -> Load:
    """Send requests at a constant rate (`a_second`) for some seconds and return what was measured."""
    return run(arrivals(port, a_second, seconds, request(path, body)))


def run(work: Coroutine[Any, Any, T], connections: int = _CONNECTIONS) -> T:
    """Run a coroutine; with few connections, on an event loop whose timers are finer than a millisecond."""
    kind = selectors.SelectSelector if connections < _SELECT_MOST else selectors.DefaultSelector
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(kind())) as runner:
        return runner.run(work)


async def arrivals(port: int, a_second: float, seconds: float, raw: bytes, connections: int = _CONNECTIONS) -> Load:
    """Send requests at a constant rate, each on a free connection or on the first that becomes free."""
    client = _Client(port, raw, connections)
    await client.open()
    first = time.perf_counter() + 0.01
    for place in range(int(a_second * seconds)):
        due = first + place / a_second
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        elif place % 16 == 0:
            await asyncio.sleep(0)  # late: answers are taken in all the same
        client.ask(due)
    return await client.finish()


async def without_pause(port: int, raw: bytes, stop: asyncio.Event, connections: int = 1) -> Load:
    """Send one request after another on each connection until `stop`; latencies count from the sending."""
    client = _Client(port, raw, connections)
    await client.open()
    while not stop.is_set():
        client.ask(time.perf_counter())
        await client.has_room()
    return await client.finish()


class _Client:
    """Keep connections alive, queue requests that wait for one, and record the outcome."""

    def __init__(self, port: int, raw: bytes, connections: int) -> None:
        self.raw = raw
        self.load = Load()
        self._port = port
        self._connections = connections
        self._idle: deque[_Connection] = deque()
        self._waiting: deque[float] = deque()
        self._asked = 0
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished = False

    async def open(self) -> None:
        await asyncio.gather(*(self._connect() for _ in range(self._connections)))

    def ask(self, due: float) -> None:
        self._asked += 1
        if self._idle:
            self._idle.popleft().ask(due)
        else:
            self._waiting.append(due)

    async def has_room(self) -> None:
        await self._until(lambda: bool(self._idle))

    async def finish(self) -> Load:
        async with asyncio.timeout(_LAST_SECONDS):
            await self._until(lambda: self.load.statuses.total() == self._asked)
        self._finished = True
        for each in self._idle:
            each.transport.close()
        return self.load

    def is_free(self, connection: "_Connection") -> None:
        if self._waiting:
            connection.ask(self._waiting.popleft())
        else:
            self._idle.append(connection)
        self._changed.set()

    def answered(self, status: int) -> None:
        self.load.statuses[status] += 1
        self._changed.set()

    def lost(self, connection: "_Connection") -> None:
        """Replace a connection that was closed."""
        if connection in self._idle:
            self._idle.remove(connection)
        if not self._finished:
            task = asyncio.get_running_loop().create_task(self._connect())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
        except OSError:
            while self._waiting:
                self._waiting.popleft()
                self.answered(0)

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()


class _Connection(asyncio.Protocol):
    """Hold one connection with at most one request in progress."""

    transport: asyncio.Transport

    def __init__(self, client: _Client) -> None:
        self._client = client
        self._due: float | None = None
        self._got = bytearray()
        self._left: int | None = None
        """Bytes of the body still to come; negative: chunked, read to the end; None: the head is not complete."""

    def ask(self, due: float) -> None:
        self._due = due
        self._left = None
        self._got.clear()
        self.transport.write(self._client.raw)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._client.is_free(self)

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._left is None:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head = bytes(self._got[:end]).lower()
            del self._got[: end + 4]
            length = _LENGTH.search(self._head)
            self._left = int(length[1]) if length else -1
        if self._left < 0:
            del self._got[: -len(_LAST_CHUNK)]
            done = self._got == _LAST_CHUNK
        else:
            done = len(self._got) >= self._left
        if done:
            self._take(int(self._head[9:12]))

    def connection_lost(self, _: Exception | None) -> None:
        if self._due is not None:
            self._due = None
            self._client.answered(0)
        self._client.lost(self)

    def _take(self, status: int) -> None:
        load = self._client.load
        if self._due is not None:
            load.latencies.append((time.perf_counter() - self._due) * 1_000)
        load.without_retry += status in {429, 503} and b"\nretry-after:" not in self._head
        self._due = None
        self._client.answered(status)
        if b"\nconnection: close" in self._head:
            self.transport.close()
        else:
            self._client.is_free(self)
