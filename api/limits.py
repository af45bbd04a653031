"""How much is taken at once and a minute: counters of one worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from api.problems import Problem
from api.settings import Settings

RETRY_SECONDS: Final = "1"


class Limits:
    """Room for requests and batches, and each client's share of a minute."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is under way."""
        self._most = {"requests": settings.requests_at_once, "batches": settings.batches_at_once}
        self._under_way = dict.fromkeys(self._most, 0)
        self._minute = RateLimitItemPerMinute(settings.requests_a_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def count(self, client: str) -> None:
        """Count a request of a key or, without keys, of an address; Problem above its share of the minute."""
        if not self._limiter.hit(self._minute, client):
            raise Problem("too-many-requests", headers={"Retry-After": "60"})

    @contextmanager
    def room(self, of: str) -> Iterator[None]:
        """Take a place; Problem where none is left."""
        if self._under_way[of] >= self._most[of]:
            raise Problem("overloaded", headers={"Retry-After": RETRY_SECONDS})
        self._under_way[of] += 1
        try:
            yield
        finally:
            self._under_way[of] -= 1
