"""Limit how many requests one worker takes: at once, per turn of the event loop, and per client and minute.

Each worker counts by itself, so a client's limit per minute is divided by the number of workers.
"""

import asyncio
import time
from typing import Final

from api.http.problems import Problem
from api.http.scopes import UPLOADS
from api.http.settings import Settings

RETRY_SECONDS: Final = "1"
_MINUTE: Final = 60.0
_TURN_SECONDS: Final = 0.2
_FIRST_SECONDS: Final = 0.00025
_LEARN_FROM: Final = 256
"""Number of latest requests over which the cost is averaged."""


class ConcurrencyLimit:
    """Limit concurrent work; entering (`with`) raises Problem("overloaded") when all places are taken."""

    def __init__(self, places: int) -> None:
        """Start with `places` free places."""
        self._places = places
        self._taken = 0

    @property
    def is_full(self) -> bool:
        """Return whether no place is free."""
        return self._taken >= self._places

    def __enter__(self) -> None:
        """Take a place; raise Problem("overloaded") if none is free."""
        if self.is_full:
            raise Problem("overloaded", headers={"Retry-After": RETRY_SECONDS})
        self._taken += 1

    def __exit__(self, *_: object) -> None:
        """Free the place."""
        self._taken -= 1


class TurnLimit:
    """Limit how many requests one turn of the event loop begins to what takes _TURN_SECONDS of processor time.

    The cost of a request is averaged over about the last _LEARN_FROM requests. A request that waits for its client's
    bytes costs nothing, so slow clients do not keep others out.
    """

    def __init__(self) -> None:
        """Start with the assumption that a request costs _FIRST_SECONDS."""
        self._begun = 0
        self._requests = float(_LEARN_FROM)
        self._seconds = _LEARN_FROM * _FIRST_SECONDS
        self._most = int(_TURN_SECONDS / _FIRST_SECONDS)
        self._clock: float | None = None

    def admits(self) -> bool:
        """Count one request and return whether this turn may begin it."""
        if self._begun == 0:
            asyncio.get_running_loop().call_soon(self._over)
        self._begun += 1
        return self._begun <= self._most

    def _over(self) -> None:
        taken = min(self._begun, self._most)
        kept = max(0.0, 1 - taken / _LEARN_FROM)
        clock = time.thread_time()
        if self._clock is not None:
            self._requests = self._requests * kept + taken
            self._seconds = self._seconds * kept + max(0.0, clock - self._clock)
        self._most = max(1, int(_TURN_SECONDS * self._requests / self._seconds))
        self._clock = clock
        self._begun = 0


class Limits:
    """Hold one worker's limits: concurrent requests, batches and uploads, and requests per client and minute."""

    def __init__(self, settings: Settings) -> None:
        """Start with nothing in progress.

        Args:
            settings: `requests_at_once`, `batches_at_once`, `requests_a_minute` (divided by `workers`, rounded up).
        """
        self.turn = TurnLimit()
        self.requests = ConcurrencyLimit(settings.requests_at_once)
        self.batches = ConcurrencyLimit(settings.batches_at_once)
        self.uploads = ConcurrencyLimit(settings.uploads_at_once)
        self._a_minute = -(-settings.requests_a_minute // settings.workers)
        self._counts: dict[str, tuple[float, int]] = {}

    def places(self, method: str, path: str) -> ConcurrencyLimit | None:
        """Return the places that a request with a large body takes; None for other requests."""
        if method == "POST" and path in UPLOADS:
            return self.uploads
        return self.batches if path.startswith("/v1/batches/") else None

    def count(self, client: str) -> None:
        """Count one request of a client.

        Args:
            client: The key's id or, without keys, the client's address.

        Raises:
            Problem: "too-many-requests" above the limit per minute; Retry-After gives the seconds to wait.
        """
        now = time.monotonic()
        began, count = self._counts.get(client, (now, 0))
        if now - began >= _MINUTE:
            began, count = now, 0
        if count >= self._a_minute:
            raise Problem("too-many-requests", headers={"Retry-After": str(int(began + _MINUTE - now) + 1)})
        self._counts[client] = (began, count + 1)
