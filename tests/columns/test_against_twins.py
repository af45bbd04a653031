"""A hundred thousand random rows through columns and twins: compiled, not compiled, and with bounds checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("rows", "seed", "environment"),
    [
        (100_000, 20261031, {}),
        (100_000, 20261031, {"NUMBA_DISABLE_JIT": "1"}),  # NumPy warns of an overflow here, and -W error raises it
        (20_000, 7, {"NUMBA_BOUNDSCHECK": "1"}),
    ],
    ids=["compiled", "not compiled", "bounds checked"],
)
def test_no_difference(rows: int, seed: int, environment: dict[str, str]) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.columns.against_twins", str(rows), str(seed)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "PUCCALC_"))}
    done = subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    compared = int(done.stdout.split()[0])
    assert compared >= rows
    assert f"JIT {'off' if 'NUMBA_DISABLE_JIT' in environment else 'on'}: no difference" in done.stdout


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(20))
def test_no_difference_in_ten_million(seed: int) -> None:
    """Twenty times half a million rows, each run with rows of its own; about an hour and a half."""
    test_no_difference(500_000, 1000 + seed, {})
