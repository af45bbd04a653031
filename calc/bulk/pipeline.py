"""Runs a function over the parts of a dataset on a few threads, at most one part a thread in memory at any time."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event, Lock
from typing import TypeVar

Part = TypeVar("Part")


def for_each_part(parts: Iterable[Part], work: Callable[[Part], None], threads: int) -> None:
    """Call `work` with every part, in no certain order; the first error stops all threads after their present part.

    Each thread takes the next part when it is free, so that one reads while another computes or writes.
    """
    iterator = iter(parts)
    taking = Lock()
    stop = Event()

    def run() -> None:
        try:
            while not stop.is_set():
                with taking:
                    part = next(iterator, None)
                if part is None:
                    return
                work(part)
        except BaseException:
            stop.set()
            raise

    with ThreadPoolExecutor(max(1, threads)) as pool:
        running = [pool.submit(run) for _ in range(max(1, threads))]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()
        for each in running:
            each.result()
