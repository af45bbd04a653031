"""The service as `puccalc serve` runs it: slow clients are closed while others are served; a stop answers first."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.http.keys import create, revoke
from benchmarks.api_load import YEAR, Load, arrivals, head, post, request, run
from benchmarks.api_server import serving
from tests.api.client import HOUSEHOLD

CLOSED_WITHIN_SECONDS = 10.0
UNDER_WAY = 100
QUOTE = "/v1/quotes/interest"
BATCH = "/v1/batches/interest"
BODY = json.dumps(YEAR).encode()
HEAD = head(QUOTE, len(BODY))
SLOW = {
    "silent": b"",
    "silent after a quote": HEAD + BODY,
    "slow headers": b"POST /v1/quotes/interest HTTP/1.1\r\nHost: x\r\nX-Slow: a",
    "slow body": head(QUOTE, 60_000) + b'{"principal',
    "slow chunks": HEAD.replace(b"Content-Length", b"Transfer-Encoding: chunked\r\nX-Length") + b"1\r\n{\r\n",
}
DRIPS = {"slow headers": b"a", "slow body": b" ", "slow chunks": b"1\r\n \r\n"}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(compiled=False) as (_, port):
        yield port


def connect(port: int, first: bytes) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), 300)
    found.sendall(first)
    return found


def answer(client: socket.socket) -> tuple[int, dict[str, object]]:
    """Status and body of an answer that says its length, or ends with its connection."""
    raw = b""
    while True:
        start, end, body = raw.partition(b"\r\n\r\n")
        length = start.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if (end and length and len(body) >= int(length)) or not (part := client.recv(65_536)):
            return int(raw[9:12]), json.loads(body) if body else {}
        raw += part


def all_of(client: socket.socket) -> bytes:
    """What comes until the connection is closed."""
    parts = []
    while part := client.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds, on a machine with other work too."""
    until = time.monotonic() + 300
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)


async def seconds_until_closed(port: int, name: str) -> float:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = time.monotonic()
    with contextlib.suppress(ConnectionError):
        writer.write(SLOW[name])
        reading = asyncio.ensure_future(reader.read())
        while not (await asyncio.wait([reading], timeout=0.5))[0]:
            assert time.monotonic() < started + 30 * CLOSED_WITHIN_SECONDS, name
            writer.write(DRIPS.get(name, b""))
        await reading
    writer.close()
    return time.monotonic() - started


@pytest.mark.slow
@pytest.mark.parametrize(
    ("each", "is_timed"),
    [(20, False), *(pytest.param(each, True, marks=pytest.mark.stress) for each in (20, 200))],
)
def test_slow_clients_are_closed_while_others_are_served(port: int, each: int, is_timed: bool) -> None:
    """Within the time they are given and what others wait beside them; timed where the machine does nothing else."""

    async def both() -> tuple[list[float], Load]:
        slow = [seconds_until_closed(port, name) for name in SLOW for _ in range(each)]
        others = arrivals(port, 20, 7, request(QUOTE, YEAR))
        seconds, load = await asyncio.gather(asyncio.gather(*slow), others)
        return seconds, load

    seconds, others = run(both(), len(SLOW) * each)
    assert len(seconds) == len(SLOW) * each
    assert set(others.statuses) == {200}
    beside = others.at(1) / 1_000
    assert max(seconds) < CLOSED_WITHIN_SECONDS + (0 if is_timed else 10 * beside)
    assert beside < 5 or not is_timed


@pytest.mark.slow
def test_one_that_does_not_take_its_answer_keeps_no_place() -> None:
    """Nine million bytes for a client that reads none of them: more than lies in the buffers between."""
    batch = request("/v1/batches/fixed-credit", {"rows": [HOUSEHOLD] * 10_000})
    settings = {"batches_at_once": "1", "body_seconds": "3", "body_bytes_a_second": "100000000"}
    with serving(compiled=False, **settings) as (_, port):

        def is_room() -> bool:
            with connect(port, request(BATCH, {"rows": [YEAR]})) as other:
                return {200: True, 503: False}[int(other.recv(65_536)[9:12])]

        for seconds in (0.5, 1, 2, 3, 4, 5, 6):  # until it is in before others ask
            eventually(is_room)
            with socket.socket() as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                client.connect(("127.0.0.1", port))
                with contextlib.suppress(ConnectionError):  # refused: another had the place
                    client.sendall(batch)
                time.sleep(seconds)
                if not is_room():
                    eventually(is_room)
                    return
        pytest.fail("it never had the only place")


@pytest.mark.slow
@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.stress)])
def test_a_stop_answers_what_is_under_way(times: int) -> None:
    batch = request(BATCH, {"rows": [YEAR] * 200})
    for _ in range(times):
        answers: list[object] = []

        def finish(client: socket.socket, rest: bytes, answers: list[object] = answers) -> None:
            client.sendall(rest)
            status, found = answer(client)
            answers.append((status, found.get("interest_cents")))
            client.close()

        with serving(compiled=False) as (process, port):
            quotes = [connect(port, HEAD + BODY[:20]) for _ in range(UNDER_WAY)]
            idle = connect(port, b"")
            whole = connect(port, batch[:-10])
            with connect(port, HEAD + BODY) as last:
                assert answer(last)[0] == 200  # those before it are in
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            threads = [threading.Thread(target=finish, args=(client, BODY[20:])) for client in quotes]
            for thread in threads:
                thread.start()
            whole.sendall(batch[-10:])
            text = all_of(whole)
            for thread in threads:
                thread.join()
            assert process.wait(300) == 0
            idle.close()
            whole.close()
        assert answers == [(200, 986)] * UNDER_WAY
        assert text.startswith(b"HTTP/1.1 200 ")
        assert text.replace(b" ", b"").count(b'"interest_cents":986') == 200


def line(more: str, first: str = f"POST {QUOTE} HTTP/1.1") -> bytes:
    return f"{first}\r\nHost: x\r\nContent-Type: application/json\r\n{more}\r\n".encode()


CHUNKED = "Transfer-Encoding: chunked\r\n"
LENGTH = f"Content-Length: {len(BODY)}\r\n"
WHOLE = b"%x\r\n%b\r\n" % (len(BODY), BODY)
ON_THE_WIRE: dict[str, tuple[bytes, int]] = {
    "a declared body that is too large": (line("Content-Length: 999999999\r\n"), 413),
    "a declared batch that is too large": (head(BATCH, 10**9), 413),
    "chunks that are too large": (line(CHUNKED) + (b"8000\r\n" + b" " * 0x8000 + b"\r\n") * 3, 413),
    "a length of thirty digits": (line(f"Content-Length: {'9' * 30}\r\n"), 400),
    "a length below nothing": (line("Content-Length: -1\r\n"), 400),
    "a length that is no number": (line("Content-Length: many\r\n") + BODY, 400),
    "two lengths": (line(f"{LENGTH}Content-Length: 3\r\n") + BODY, 400),
    "a coding that is none": (line(f"{LENGTH}Transfer-Encoding: identity\r\n") + BODY, 400),
    "no body": (line(""), 400),
    "a chunk of no size": (line(CHUNKED) + b"zz\r\n" + BODY, 400),
    "a chunk beyond all sizes": (line(CHUNKED) + b"f" * 20 + b"\r\n" + BODY, 400),
    "a chunk of no end": (line(CHUNKED) + b"5\r\n" + BODY, 400),
    "thousands of trailers": (line(CHUNKED) + WHOLE + b"0\r\n" + b"X-A: b\r\n" * 5_000 + b"\r\n", 400),
    "a compressed body": (line(f"{LENGTH}Content-Encoding: gzip\r\n") + BODY, 415),
    "two content codings": (line(f"{LENGTH}Content-Encoding: identity\r\nContent-Encoding: br\r\n") + BODY, 415),
    "an address that is too long": (line("", f"GET /v1/rates?{'a' * 3_000} HTTP/1.1"), 414),
    "an address without end": (line("", f"GET /v1/rates?{'a' * 100_000} HTTP/1.1"), 414),
    "a header that is too long": (line(f"{LENGTH}X-A: {'a' * 20_000}\r\n") + BODY, 431),
    "a header without end": (line(f"{LENGTH}X-A: {'a' * 600_000}\r\n") + BODY, 431),
    "too many headers": (line(LENGTH + "".join(f"X-{place}: a\r\n" for place in range(200))) + BODY, 431),
    "a folded header": (line(f"{LENGTH}X-A: a\r\n b\r\n") + BODY, 400),
    "a blank in a header's name": (line(f"{LENGTH}X-A : a\r\n") + BODY, 400),
    "a zero byte in a header": (line(f"{LENGTH}X-A: a\0b\r\n") + BODY, 400),
    "a method that is none": (line("", "G@T /healthz HTTP/1.1"), 400),
    "a method of another kind": (line("", "BREW /healthz HTTP/1.1"), 405),
    "a version that is none": (line("", "GET /healthz HTTP/9.9"), 400),
    "no version": (b"GET /healthz\r\n\r\n", 400),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n", 400),
    "a tunnel": (line("", "CONNECT example.org:443 HTTP/1.1"), 404),
    "a way out of the folder": (line("", "GET /../../etc/passwd HTTP/1.1"), 404),
    "a way out, encoded": (line("", "GET /static/x/..%2f..%2f..%2fproblems.py HTTP/1.1"), 404),
    "a path that is no text": (line("", "GET /%ff%fe HTTP/1.1"), 404),
}
HELD_TO = {
    "chunks": (line(CHUNKED) + WHOLE + b"0\r\n\r\n", 200),
    "chunks and a trailer": (line(f"{CHUNKED}Trailer: X-A\r\n") + WHOLE + b"0\r\nX-A: b\r\n\r\n", 200),
    "an offer to wait": (line(f"{LENGTH}Expect: 100-continue\r\n") + BODY, 200),
    "an upgrade that is not taken": (
        line("Upgrade: websocket\r\nConnection: Upgrade\r\n", "GET /healthz HTTP/1.1"),
        200,
    ),
}


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.parametrize("name", ON_THE_WIRE | HELD_TO)
def test_on_the_wire(port: int, name: str) -> None:
    raw, expected = (ON_THE_WIRE | HELD_TO)[name]
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 300) as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(raw)
        try:
            got = client.recv(65_536).removeprefix(CONTINUE) or client.recv(65_536)
        except ConnectionResetError:  # the answer was lost to what was still being sent
            got = b""
    assert not got or int(got[9:12]) == expected
    assert got or len(raw) > 65_536
    took = time.monotonic() - started
    began = time.monotonic()
    assert json.loads(post(port, QUOTE, BODY))["interest"] == "9.86"
    assert took < 5 + 20 * (time.monotonic() - began)  # a quote beside it: it was not left to time out


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced() -> None:
    with serving(compiled=False, workers="2") as (process, port):
        time.sleep(4)  # one that dies at its very start is not: that would go on for ever
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
        assert len(workers) == 2
        os.kill(int(workers[0]), signal.SIGKILL)

        def is_replaced() -> bool:
            now = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
            return len(now) == 2 and workers[0] not in now

        eventually(is_replaced)
        assert run(arrivals(port, 20, 2, request(QUOTE, YEAR))).statuses[200] > 0


@pytest.mark.slow
def test_keys_change_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = create(file, "billing", ("quotes",), "example", None)

    def status(key: str, port: int) -> int:
        raw = json.dumps({**YEAR, "tariff": "example"}).encode()
        with connect(port, head(QUOTE, len(raw), f"Authorization: Bearer {key}\r\n") + raw) as client:
            return answer(client)[0]

    settings = {"keys_file": str(file), "public_tariffs": '["default"]'}
    with serving(compiled=False, **settings) as (_, port):
        assert status(first, port) == 200
        second = create(file, "billing", ("quotes",), "example", None)
        eventually(lambda: status(second, port) == 200)
        assert status(first, port) == 200
        revoke(file, first.split("_")[1])
        eventually(lambda: status(first, port) == 401)
        assert status(second, port) == 200
        good = file.read_bytes()
        file.write_bytes(good[:-20])
        eventually(lambda: status(second, port) == 401)
        file.write_bytes(good)
        eventually(lambda: status(second, port) == 200)
