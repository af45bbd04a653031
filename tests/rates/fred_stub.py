"""A server on this machine that answers as FRED does, or in one of the ways in which it may go wrong."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

KEY = "canary0canary1canary2canary3abcd"
VINTAGE = "2026-12-02"
NEW_MONTHS = {"2026-10": "4.31", "2026-11": "4.20"}
"""Months behind the shipped ones, made up."""


def shipped_months() -> dict[str, str]:
    """Months of the data file as text, read without the program."""
    path = Path(__file__).parents[2] / "data" / "rates" / "gs1.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return {row["month"]: row["rate_percent"] for row in csv.DictReader(file)}


def months(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Shipped and new months by first day, with some changed or (None) left out."""
    figures: dict[str, str | None] = {**shipped_months(), **NEW_MONTHS, **(changes or {})}
    return {f"{month}-01": figure for month, figure in figures.items() if figure is not None}


def xml(observations: Mapping[str, str] | Iterable[tuple[str, str]], vintage: str = VINTAGE) -> bytes:
    """Observations (day, value) as FRED writes them."""
    pairs = list(observations.items() if isinstance(observations, Mapping) else observations)
    lines = [
        f'  <observation realtime_start="{vintage}" realtime_end="{vintage}" date="{day}" value="{value}"/>'
        for day, value in pairs
    ]
    head = (
        f'<?xml version="1.0" encoding="utf-8" ?>\n<observations realtime_start="{vintage}" realtime_end="{vintage}" '
        'observation_start="1600-01-01" observation_end="9999-12-31" units="lin" output_type="1" file_type="xml" '
        f'order_by="observation_date" sort_order="asc" count="{len(pairs)}" offset="0" limit="100000">'
    )
    return "\n".join([head, *lines, "</observations>", ""]).encode()


@dataclass
class Reply:
    """One answer: by default 200 with the body at once."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None
    mode: str = ""  # silent: never answers; drip: a byte at a time; hang_up: closes without a word


@dataclass
class FredStub:
    """Replies by series, the last one for ever; and what was asked."""

    url: str
    replies: dict[str, list[Reply]]
    asked: list[dict[str, list[str]]]
    stopped: Event

    def reply(self, series: str) -> Reply:
        """The next reply for a series."""
        replies = self.replies[series]
        return replies.pop(0) if len(replies) > 1 else replies[0]


@contextmanager
def fred_stub(**replies: Reply | list[Reply]) -> Iterator[FredStub]:
    """Serve the replies for each series until the block is left."""
    by_series = {name: [each] if isinstance(each, Reply) else list(each) for name, each in replies.items()}
    stub = FredStub("", by_series, [], Event())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            stub.asked.append({"path": [urlsplit(self.path).path], **query})
            reply = stub.reply(query["series_id"][0])
            if reply.mode == "hang_up":
                return
            if reply.mode == "silent":
                stub.stopped.wait(30)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.announced is None else reply.announced))
            self.end_headers()
            step = 1 if reply.mode == "drip" else len(reply.body) or 1
            try:
                for start in range(0, len(reply.body), step):
                    self.wfile.write(reply.body[start : start + step])
                    if reply.mode == "drip":
                        self.wfile.flush()
                        if stub.stopped.wait(0.02):
                            return
            except OSError:
                pass  # the other side gave up, as it should

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/fred"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        stub.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
