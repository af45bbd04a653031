"""Parts over threads: each once, and an error stops the rest."""

import time
from collections import Counter
from collections.abc import Iterator
from threading import Event

import polars as pl
import pytest

from calc.bulk.inputs.chunk import Chunk, Part
from calc.bulk.inputs.pipeline import for_each_part


def parts(count: int) -> list[Part]:
    return [Part(number, number, 1, lambda: Chunk("x", 1, pl.DataFrame())) for number in range(count)]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_part_once(threads: int) -> None:
    done: list[int] = []
    for_each_part(parts(100), lambda part: done.append(part.number), threads)
    assert Counter(done) == Counter(range(100))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_what_was_done_is_handed_on_once_no_part_is_left(threads: int) -> None:
    steps: list[str] = []
    begun = Event()

    def work(part: Part) -> int:
        if part.number == 19 and threads > 1:
            assert begun.wait(300)  # the last part: other threads go on without it
        steps.append("part")
        return part.number

    handed: list[int] = []

    def later(number: int) -> None:
        steps.append("later")
        handed.append(number)
        begun.set()

    for_each_part(parts(20), work, threads, later)
    assert Counter(handed) == Counter(range(20))
    first = steps.index("later")
    assert steps.count("part") == 20
    assert steps[:first].count("part") >= 20 - threads + 1
    assert (steps[first:].count("part") > 0) == (threads > 1)


def test_an_error_in_what_comes_later_is_raised() -> None:
    def later(_: int) -> None:
        raise ValueError("the file is gone")

    with pytest.raises(ValueError, match="the file is gone"):
        for_each_part(parts(3), lambda part: part.number, 2, later)


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_is_raised_and_stops_the_rest(threads: int) -> None:
    done: list[int] = []

    def work(part: Part) -> None:
        if part.number == 5:
            raise ValueError("part 5")
        done.append(part.number)
        if part.number > 5:
            time.sleep(0.01)  # so that the others do not run through all parts before the error is seen

    with pytest.raises(ValueError, match="part 5"):
        for_each_part(parts(10_000), work, threads)
    assert len(done) < 5_000


def test_an_error_of_the_source_is_raised() -> None:
    def broken() -> Iterator[Part]:
        yield from parts(3)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        for_each_part(broken(), lambda _: None, 2)
