"""Quotes in a process of their own: what they load, and what they print where."""

import json
import os
import subprocess
import sys

import pytest

YEAR = ["quote", "interest", "--principal", "200.00", "--received", "2024-01-01", "--through", "2025-01-01", "--json"]
HEAVY = ("numba", "pandas", "fastapi", "fredapi", "polars", "pyarrow", "pydantic")
"""A quote of one row takes no compiler and no frame, and its options no more than their own parsers."""
UNCLAIMED = "unclaimed --principal 200 --received 2022-03-01 --service-ended 2024-03-15 --through 2026-09-30"
LIMIT = "deposit-limit --billed 1460.00 --billed-days 365 --held 300.00"
CREDIT = "fixed-credit --service electric --primary-heating electric --income 18000 --household-size 3"
QUOTES = (
    YEAR,
    *(["quote", *words.split(), "--explain", "--json"] for words in (UNCLAIMED, LIMIT, f"{CREDIT} --annual-bill 1800")),
)


def after(words: list[str]) -> str:
    """Code that prints on stderr the exit code of a command and which heavy modules it has loaded."""
    return f"""
import sys
from calc.cli import main
try:
    main({words!r})
except SystemExit as finished:
    code = finished.code
print(code, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


def python(code: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PUCCALC_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, capture_output=True, text=True, check=True
    )


def test_a_quote_answers() -> None:
    assert json.loads(python(after(YEAR)).stdout)["interest_cents"] == 986


@pytest.mark.parametrize("words", QUOTES, ids=lambda words: words[1])
def test_a_quote_loads_no_compiler_and_no_frames(words: list[str]) -> None:
    assert python(after(words)).stderr.split("\n")[-2] == "0 []"


def test_the_command_line_itself_loads_nothing_heavy() -> None:
    code = f"import sys, calc.cli; print([name for name in {(*HEAVY, 'numpy')!r} if name in sys.modules])"
    assert python(code).stdout == "[]\n"


def test_uncompiled_and_compiled_figures_are_the_same() -> None:
    words = "quote unclaimed --principal 123456.78 --received 1999-02-28 --service-ended 2004-02-29 --owed 12.34 --json"
    more = "--through 2026-09-30 --explain --set rounding_point=year --set surcharge_base=principal_plus_accrued"
    outputs = []
    for jit in ("0", "1"):
        environment = {**os.environ, "PUCCALC_JIT": jit}
        command = [sys.executable, "-c", "from calc.cli import main; main()", *words.split(), *more.split()]
        finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert finished.stderr == ""
        outputs.append(finished.stdout)
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0])["status"] == "overdue"
