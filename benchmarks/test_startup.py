"""What a person waits for before the first figure: imports, a quote from a cold process, compiling."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

KeepSeconds = Callable[[str, float], None]

ROUNDS = 5
QUOTE = ["quote", "interest", "--principal", "200.00", "--received", "2024-01-01", "--through", "2025-01-01"]
COMPILE = """
import importlib, json, pkgutil, time
import calc.kernels
from calc.kernels._jit import KERNELS
for module in pkgutil.iter_modules(calc.kernels.__path__, "calc.kernels."):
    importlib.import_module(module.name)
seconds = {}
for name, kernel in KERNELS.items():
    start = time.perf_counter()
    kernel.compile()
    seconds[name] = time.perf_counter() - start
print(json.dumps(seconds))
"""


def python(*arguments: str) -> str:
    """Output of a fresh process without a compiler's cache."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("PUCCALC", "NUMBA"))}
    environment["PUCCALC_JIT_CACHE"] = "0"
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def smallest(benchmark: BenchmarkFixture, *arguments: str) -> float:
    """Smallest seconds of a fresh process, of ROUNDS, after one that fills the file cache."""
    seconds = []

    def once() -> None:
        start = time.perf_counter()
        python(*arguments)
        seconds.append(time.perf_counter() - start)

    benchmark.pedantic(once, rounds=ROUNDS, warmup_rounds=1)  # type: ignore[no-untyped-call] # it ships none
    return min(seconds)


@pytest.mark.parametrize(("module", "most"), [("calc", 0.4), ("calc.columns.unclaimed", None)])
def test_import(benchmark: BenchmarkFixture, keep_seconds: KeepSeconds, module: str, most: float | None) -> None:
    """Seconds beyond those of a Python that imports nothing are not told apart: this is what a person waits for."""
    seconds = smallest(benchmark, "-c", f"import {module}")
    keep_seconds(f"python -c 'import {module}'", seconds)
    assert most is None or seconds < most


def test_quote(benchmark: BenchmarkFixture, keep_seconds: KeepSeconds) -> None:
    seconds = smallest(benchmark, "-c", "import sys; from calc.cli import main; sys.exit(main())", *QUOTE)
    keep_seconds("puccalc quote interest", seconds)
    assert seconds < 1.5


def test_compile(benchmark: BenchmarkFixture, keep_seconds: KeepSeconds) -> None:
    """Each kernel in turn in one process; an inner function counts with the first kernel that calls it."""
    seconds = json.loads(benchmark.pedantic(python, ("-c", COMPILE)))  # type: ignore[no-untyped-call] # it ships none
    for name, each in seconds.items():
        keep_seconds(f"compile {name}", each)
    keep_seconds("compile every kernel", sum(seconds.values()))
