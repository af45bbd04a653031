"""Two threads quoting at once: no abort, the same cents."""

import threading

import pytest

from tests.api.client import HOUSEHOLD, YEAR, Service


@pytest.mark.parametrize("rounds", [200, pytest.param(5_000, marks=pytest.mark.stress)])
def test_two_threads(rounds: int) -> None:
    asked = {"/v1/quotes/interest": YEAR, "/v1/quotes/fixed-credit": HOUSEHOLD}
    service = Service()
    expected = {path: service.post(path, body).json() for path, body in asked.items()}
    services = [Service(), Service()]  # a process makes its application once, in one thread
    together = threading.Barrier(2)
    counts = [0, 0]
    others: list[object] = []

    def work(place: int) -> None:
        own = services[place]
        together.wait()
        for _ in range(rounds):
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
    assert counts == [rounds] * 2
