"""SIGTERM and Ctrl-C: the command ends in time with its exit code, the old result stands, `resume` goes on."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

from calc.bulk.inputs.source import file_sha256
from calc.bulk.run import nightly
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.resume import resume_nightly
from calc.sample import write_sample
from tests.bulk.stops import DATA, OLD_AS_OF, assert_sound, job_of, leftovers, manifest_in

PUCCALC = Path(sys.executable).with_name("puccalc")


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(20_000, 3, folder)
    return folder


CODES = {signal.SIGTERM: 143, signal.SIGINT: 130}


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        *((number, 1) for number in CODES),
        *(pytest.param(number, parts, marks=pytest.mark.stress) for number in CODES for parts in range(40, 850, 90)),
    ],
)
def test_a_signal_ends_the_run(number: signal.Signals, parts: int, portfolio: Path, tmp_path: Path) -> None:
    """Stopped when some of the 400 parts of the deposits (100 for the first), or of those that follow, are done."""
    part_rows = "200" if parts == 1 else "50"
    out = tmp_path / "out"
    old = run_nightly(job_of(portfolio, out, as_of=OLD_AS_OF))
    inputs = [word for name in DATA for word in (f"--{name}", str(portfolio / f"{name}.parquet"))]
    started = time.monotonic()
    command = [PUCCALC, "run", "nightly", "--as-of", "2026-10-31", *inputs, "--out", out, "--part-rows", part_rows]
    with subprocess.Popen([*map(str, command), "--max-bad-share", "0.1"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(parts)]
        assert lines[0].startswith("deposits: ")
        assert lines[-1].startswith(("deposits: ", "accounts: ", "participants: "))
        began = time.monotonic()
        process.send_signal(number)
        said = process.stderr.read()
        assert process.wait(300) == CODES[number]
        # As long as the run took to come so far is given on top, for a machine with other work.
        assert time.monotonic() - began < 10 + (began - started)
    assert said.splitlines()[-1].startswith(f"Stopped by {number.name}; ")
    assert f"puccalc resume {out}" in said
    assert "Traceback" not in said
    assert manifest_in(out)["run_id"] == old["run_id"]
    assert_sound(out)
    finished = resume_nightly(out)
    assert finished["as_of"] == "2026-10-31"
    assert finished["previous_run_id"] == old["run_id"]
    assert leftovers(out) == []
    assert_sound(out)


def test_nothing_waits_for_the_hash_of_a_large_input(
    portfolio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_: Path, stop: Event) -> str:
        return file_sha256(Path("/dev/zero"), stop)

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(nightly, "file_sha256", endless)
    with pytest.raises(KeyboardInterrupt):
        run_nightly(job_of(portfolio, tmp_path / "out"), interrupt)
