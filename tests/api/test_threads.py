"""Two threads quoting at once: no abort, the same cents."""

import threading
import time

import pytest

from tests.api.client import HOUSEHOLD, YEAR, Service


@pytest.mark.parametrize("seconds", [4.0, pytest.param(60.0, marks=pytest.mark.stress)])
def test_two_threads(seconds: float) -> None:
    asked = {"/v1/quotes/interest": YEAR, "/v1/quotes/fixed-credit": HOUSEHOLD}
    service = Service()
    expected = {path: service.post(path, body).json() for path, body in asked.items()}
    services = [Service(), Service()]  # a process makes its application once, in one thread
    counts = [0, 0]
    others: list[object] = []

    def work(place: int) -> None:
        own = services[place]
        stop = time.monotonic() + seconds
        while time.monotonic() < stop:
            for path, body in asked.items():
                found = own.post(path, body).json()
                if found != expected[path]:
                    others.append(found)
            counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert others == []
    assert min(counts) > 0
