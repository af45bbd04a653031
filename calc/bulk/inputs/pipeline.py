"""Runs a function over the parts of a dataset on a few threads, at most one part a thread in memory at any time."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from functools import partial
from threading import Event, Lock
from typing import TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")


def for_each_part(
    parts: Iterable[Part], work: Callable[[Part], Done], threads: int, later: Callable[[Done], None] = lambda _: None
) -> None:
    """Call `work` with every part, in no certain order; the first error stops all threads after their present part.

    Each thread takes the next part when it is free, so that one reads while another computes or writes. Once none is
    left to be taken, `later` is called with what `work` returned: no thread idles while another does its last part.
    """
    iterator = iter(parts)
    done: deque[Done] = deque()
    taking = Lock()
    stop = Event()

    def do(part: Part) -> None:
        done.append(work(part))

    def next_step() -> Callable[[], None] | None:
        with taking:
            for part in iterator:
                return partial(do, part)
            return partial(later, done.popleft()) if done else None

    def run() -> None:
        try:
            while not stop.is_set() and (step := next_step()):
                step()
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
