"""`puccalc` as a process of its own: started as a module, and read by one that goes before the end."""

import os
import subprocess
import sys

import pytest

QUOTE = "quote interest --principal 200.00 --received 2024-01-01 --through 2025-01-01"
COMMAND = (sys.executable, "-m", "calc.cli")


def test_the_module_is_the_command() -> None:
    done = subprocess.run([*COMMAND, *QUOTE.split(), "--json"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"interest_cents": 986' in done.stdout  # 200.00 x 4.93 %


@pytest.mark.parametrize("words", [f"{QUOTE} --explain", f"{QUOTE} --json", "--help"])
def test_a_reader_that_has_gone(words: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run([*COMMAND, *words.split()], stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
