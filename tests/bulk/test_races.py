"""Runs that want one output folder at once, and locks that a dead run left: one run has it, the others exit 6."""

import os
import random
import signal
from pathlib import Path

import pytest

from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.resume import resume_nightly
from calc.sample import write_sample
from tests.bulk.racing import Racer
from tests.bulk.stops import OLD_AS_OF, assert_sound, job_of, leftovers, manifest_in


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(2000, 3, folder)
    return folder


def test_twenty_races(portfolio: Path, tmp_path: Path) -> None:
    """Two processes start on a word: the second is told at once, and the old result stands until the first ends."""
    out = tmp_path / "out"
    run_nightly(job_of(portfolio, out, as_of=OLD_AS_OF))
    chance = random.Random(20260930)  # noqa: S311 - who starts first, no secret
    with Racer() as first, Racer() as second:
        racers = [first, second]
        for _ in range(20):
            before = (out / "manifest.json").read_bytes()
            if chance.random() < 0.5:
                (out / "lock").write_text("999999999\n")  # the number of a process that is dead
            chance.shuffle(racers)
            for racer in racers:
                racer.order("go", portfolio, out)
            answers = [racer.answer() for racer in racers]
            assert sorted(answers) == ["6", "holds"]
            assert (out / "manifest.json").read_bytes() == before
            winner = racers[answers.index("holds")]
            assert (out / "lock").read_text() == f"{winner.process_id}\n"
            winner.order("finish")
            assert winner.answer() == "0"
            assert (out / "manifest.json").read_bytes() != before
            assert_sound(out)
            assert leftovers(out) == []


def test_the_lock_of_a_run_that_was_killed(portfolio: Path, tmp_path: Path) -> None:
    """Its number still stands in the file, but the folder is free: a new run and a resumed one both get it."""
    out = tmp_path / "out"
    for resumes in (False, True):
        with Racer() as dead:
            dead.order("go", portfolio, out)
            assert dead.answer() == "holds"
            os.kill(dead.process_id, signal.SIGKILL)
            assert dead.answer() == ""
            assert (out / "lock").read_text() == f"{dead.process_id}\n"
        published = resume_nightly(out) if resumes else run_nightly(job_of(portfolio, out))
        assert manifest_in(out)["run_id"] == published["run_id"]
        assert_sound(out)
        assert leftovers(out) == []
