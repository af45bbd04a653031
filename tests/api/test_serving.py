"""The service as `puccalc serve` runs it: slow clients are closed while others are served; a stop answers first."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.api.client import YEAR

CLOSED_WITHIN_SECONDS = 10.5
SLOW = 40
BODY = json.dumps(YEAR).encode()
HEAD = b"POST /v1/quotes/interest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
START = "from calc.cli import main; main()"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@contextlib.contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    environment = {**os.environ, "PUCCALC_JIT": "0", "PUCCALC_SERVE_WARM_UP": "false"}
    command = [sys.executable, "-c", START, "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            until = time.monotonic() + 60
            while not ready(port):
                assert time.monotonic() < until
                assert process.poll() is None
                time.sleep(0.1)
            yield process, port
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def connect(port: int, first: bytes) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), 15)
    found.sendall(first)
    return found


def ask(port: int) -> dict[str, object]:
    with connect(port, HEAD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") % len(BODY) + BODY) as client:
        raw = b""
        while part := client.recv(65_536):
            raw += part
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b" 200 " in head.split(b"\r\n")[0], head
    found: dict[str, object] = json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])
    return found


@pytest.mark.slow
def test_slow_clients_are_closed_while_others_are_served() -> None:
    with serving() as (_, port):
        started = time.monotonic()
        firsts = {"silent": b"", "slow head": b"POST /v1/quotes/int", "slow body": HEAD % 500 + b'{"principal'}
        slow = [(name, connect(port, first)) for name, first in firsts.items() for _ in range(SLOW)]
        slowest = 0.0
        while time.monotonic() - started < 5:
            asked = time.monotonic()
            assert ask(port)["interest_cents"] == 986
            slowest = max(slowest, time.monotonic() - asked)
        open_still = []
        for name, client in slow:
            client.settimeout(max(0.01, started + CLOSED_WITHIN_SECONDS - time.monotonic()))
            try:
                while client.recv(65_536):
                    pass
            except TimeoutError:
                open_still.append(name)
            except ConnectionError:
                pass
            client.close()
        assert sorted(set(open_still)) == []
        assert slowest < 2
        assert ask(port)["interest"] == "9.86"


@pytest.mark.slow
def test_a_stop_answers_what_is_under_way() -> None:
    requests = 40
    answers: list[object] = []
    with serving() as (process, port):
        clients = [connect(port, HEAD % len(BODY) + BODY[:20]) for _ in range(requests)]
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)

        def finish(client: socket.socket) -> None:
            client.sendall(BODY[20:])
            raw = client.recv(65_536)
            answers.append(b'"interest_cents": 986' in raw or b'"interest_cents": 986' in client.recv(65_536))
            client.close()

        threads = [threading.Thread(target=finish, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        process.wait(20)
    assert answers == [True] * requests
