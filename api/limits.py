"""How much is taken at once and a minute: counters of one worker.

A key's share of the minute is divided among the workers, since each counts by itself.
"""

import asyncio
import time
from typing import Final

from api.problems import Problem
from api.settings import Settings

RETRY_SECONDS: Final = "1"
_MINUTE: Final = 60.0
_TURN_SECONDS: Final = 0.2
_FIRST_SECONDS: Final = 0.00025
_LEARN_FROM: Final = 256
"""Requests whose cost counts."""


class Room:
    """So many places; `with` takes one for a while, Problem where none is left."""

    def __init__(self, places: int) -> None:
        """All are free."""
        self._places = places
        self._taken = 0

    @property
    def is_full(self) -> bool:
        """Whether no place is left."""
        return self._taken >= self._places

    def __enter__(self) -> None:
        """Take a place."""
        if self.is_full:
            raise Problem("overloaded", headers={"Retry-After": RETRY_SECONDS})
        self._taken += 1

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._taken -= 1


class Turn:
    """What one turn of the event loop begins: as much as the next finishes in _TURN_SECONDS of processor time.

    What a request costs is learnt from the last ones. One that waits for its client's bytes costs nothing, so slow
    clients keep nobody out.
    """

    def __init__(self) -> None:
        """Nothing is learnt yet."""
        self._begun = 0
        self._requests = float(_LEARN_FROM)
        self._seconds = _LEARN_FROM * _FIRST_SECONDS
        self._most = int(_TURN_SECONDS / _FIRST_SECONDS)
        self._clock: float | None = None

    def begins(self) -> bool:
        """Count one; whether this turn takes it."""
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
    """Room for requests that are worked on and for batches, and each client's share of a minute."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is under way."""
        self.turn = Turn()
        self.requests = Room(settings.requests_at_once)
        self.batches = Room(settings.batches_at_once)
        self._a_minute = -(-settings.requests_a_minute // settings.workers)
        self._counts: dict[str, tuple[float, int]] = {}

    def count(self, client: str) -> None:
        """Count a request of a key or, without keys, of an address; Problem above its share of the minute."""
        now = time.monotonic()
        began, count = self._counts.get(client, (now, 0))
        if now - began >= _MINUTE:
            began, count = now, 0
        if count >= self._a_minute:
            raise Problem("too-many-requests", headers={"Retry-After": str(int(began + _MINUTE - now) + 1)})
        self._counts[client] = (began, count + 1)
