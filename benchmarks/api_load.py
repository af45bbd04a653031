"""An open-loop client and the servers that `test_api` times: requests leave by the clock, answered or not.

Client and server share the machine; a latency is from the moment at which a request was due.
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

YEAR = {"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"}
CONSTANT = "benchmarks.api_constant:create_app"
SERVICE = "api.app:create_app"
_CONNECTIONS = 64


@dataclass(frozen=True)
class Load:
    """What an open-loop run found: sorted latencies in milliseconds, and requests without a 200."""

    milliseconds: list[float]
    failed: int

    def at(self, share: float) -> float:
        return self.milliseconds[min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))]

    def text(self) -> str:
        return f"p50 {self.at(0.5):.2f} p99 {self.at(0.99):.2f} ms, {self.failed} of {len(self.milliseconds)} failed"


@contextlib.contextmanager
def served(application: str, **settings: str) -> Iterator[int]:
    """A server of an application on 127.0.0.1; its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    environment = {**os.environ, **{f"PUCCALC_SERVE_{name.upper()}": value for name, value in settings.items()}}
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--http", "1", "--no-ws",
        "--port", str(port), application,
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            until = time.monotonic() + 120
            while not _ready(port):
                if time.monotonic() > until or process.poll() is not None:
                    raise RuntimeError("the server did not become ready")
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def open_loop(port: int, a_second: int, seconds: float, body: dict[str, Any], path: str) -> Load:
    """Constant arrivals for a time."""
    return asyncio.run(_open_loop(port, a_second, seconds, body, path))


def post(port: int, path: str, raw: bytes, media_type: str = "application/json") -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", raw, {"Content-Type": media_type})
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content


async def _open_loop(port: int, a_second: int, seconds: float, body: dict[str, Any], path: str) -> Load:
    raw = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    request = head.encode() + raw
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(_CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    latencies: list[float] = []
    failed = 0

    async def one(due: float) -> None:
        nonlocal failed
        reader, writer = await idle.get()
        try:
            writer.write(request)
            status = await reader.readline()
            length = 0
            while (line := await reader.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            await reader.readexactly(length)
            failed += b" 200 " not in status
            idle.put_nowait((reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            failed += 1
            idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
        latencies.append((time.perf_counter() - due) * 1_000)

    started = time.perf_counter()
    tasks = []
    for place in range(int(a_second * seconds)):
        due = started + place / a_second
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.wait_for(asyncio.gather(*tasks), 120)
    while not idle.empty():
        idle.get_nowait()[1].close()
    return Load(sorted(latencies), failed)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
