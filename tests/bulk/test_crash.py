"""kill -9 at seeded random moments and at each named step of a write, over an existing good result."""

import random
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calc.bulk.publish.results import read_results
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.resume import resume_nightly
from calc.errors import UsageError
from calc.sample import write_sample
from tests.bulk.stops import (
    DATA,
    OLD_AS_OF,
    STEPS,
    Worker,
    assert_sound,
    content,
    job_of,
    leftovers,
    manifest_in,
)

ROWS = 20_000
KILLED = -9


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(ROWS, 3, folder)
    return folder


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as found:
        yield found


@pytest.fixture(scope="module")
def whole(
    portfolio: Path, worker: Worker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], float]:
    """An output with a good result of another day, what an uninterrupted run publishes over it, and its seconds."""
    folder = tmp_path_factory.mktemp("whole")
    run_nightly(job_of(portfolio, folder / "old", as_of=OLD_AS_OF))
    seconds = []
    for name in ("first", "second"):
        shutil.copytree(folder / "old", folder / name)
        began = time.monotonic()
        assert worker.run(portfolio, folder / name) == 0
        seconds.append(time.monotonic() - began)
    return folder / "old", manifest_in(folder / "second"), min(seconds)


def kill_and_resume(
    worker: Worker,
    portfolio: Path,
    out: Path,
    old: Path,
    expected: dict[str, Any],
    **stop: Any,  # noqa: ANN401
) -> None:
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(old, out)
    before = (out / "manifest.json").read_bytes()
    ended = worker.run(portfolio, out, **stop)
    assert ended in {0, KILLED}
    assert_sound(out)
    published = (out / "manifest.json").read_bytes() != before
    if published:
        with pytest.raises(UsageError, match="nothing to go on with"):
            resume_nightly(out)
    elif not any((each / "job.json").exists() for each in (out / "runs").iterdir() if each.name not in before.decode()):
        with pytest.raises(UsageError, match="nothing to go on with"):
            resume_nightly(out)
        run_nightly(job_of(portfolio, out))
    else:
        resume_nightly(out)
    assert_sound(out)
    assert content(manifest_in(out)) == content(expected)
    if ended == KILLED and not published:
        assert leftovers(out) == []


def places(step: str) -> list[int]:
    return [1] if "manifest" in step else [1, 9, 30]


@pytest.mark.parametrize(("step", "place"), [(step, place) for step in STEPS for place in places(step)])
def test_killed_at_a_step(
    step: str, place: int, portfolio: Path, worker: Worker, whole: tuple[Path, dict[str, Any], float], tmp_path: Path
) -> None:
    old, expected, _ = whole
    kill_and_resume(worker, portfolio, tmp_path / "out", old, expected, step=step, place=place)


def killed_at_random(
    seed: int, count: int, portfolio: Path, worker: Worker, whole: tuple[Path, dict[str, Any], float], out: Path
) -> None:
    old, expected, seconds = whole
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    for _ in range(count):
        kill_and_resume(worker, portfolio, out, old, expected, kill_after=chance.uniform(0, 1.05 * seconds))


def test_killed_at_25_random_moments(
    portfolio: Path, worker: Worker, whole: tuple[Path, dict[str, Any], float], tmp_path: Path
) -> None:
    killed_at_random(20260930, 25, portfolio, worker, whole, tmp_path / "out")


@pytest.mark.stress
def test_killed_at_200_random_moments(
    portfolio: Path, worker: Worker, whole: tuple[Path, dict[str, Any], float], tmp_path: Path
) -> None:
    killed_at_random(20261031, 200, portfolio, worker, whole, tmp_path / "out")


def test_a_run_that_is_killed_again_and_again(
    portfolio: Path, worker: Worker, whole: tuple[Path, dict[str, Any], float], tmp_path: Path
) -> None:
    """New runs over unfinished ones: the next that ends leaves nothing of them."""
    old, expected, _ = whole
    out = tmp_path / "out"
    shutil.copytree(old, out)
    for place in (2, 20, 35):
        assert worker.run(portfolio, out, step="after write", place=place) == KILLED
    assert len(list((out / "runs").iterdir())) == 4
    assert list(out.rglob(".*.tmp"))
    assert worker.run(portfolio, out) == 0
    assert leftovers(out) == []
    assert content(manifest_in(out)) == content(expected)


def test_a_reader_is_never_disturbed(
    portfolio: Path, worker: Worker, whole: tuple[Path, dict[str, Any], float], tmp_path: Path
) -> None:
    old, expected, seconds = whole
    out = tmp_path / "out"
    shutil.copytree(old, out)
    sums = {name: manifest_in(old)["control_totals"]["deposits"]["all"][name] for name in ("interest_cents",)}
    known = {sums["interest_cents"], expected["control_totals"]["deposits"]["all"]["interest_cents"]}
    assert len(known) == 2
    stop = threading.Event()
    seen: set[int] = set()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                for name in DATA:
                    read_results(out, name).collect()
                seen.add(read_results(out, "deposits").collect()["interest_cents"].to_numpy().sum())
        except BaseException as error:  # noqa: BLE001 - told by the test below
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for part in (0.3, 0.6, 0.9):
        assert worker.run(portfolio, out, kill_after=part * seconds) in {0, KILLED}
    assert worker.run(portfolio, out) == 0
    while reader.is_alive() and len(seen) < 2:
        time.sleep(0.01)
    stop.set()
    reader.join()
    assert not failures
    assert seen == known
