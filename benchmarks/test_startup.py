"""What a person waits for before the first figure, from kernels that are kept: a quote, a small night, a service.

A fresh process each, in turn with one that only imports Numba and Polars: what each takes is told as a multiple of it.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

Keep = Callable[[str, float], None]

ROUNDS: Final = 5
BARE: Final = ("-c", "import numba, polars")
PUCCALC: Final = ("-m", "calc.cli")
QUOTE: Final = ("quote", "interest", "--principal", "200.00", "--received", "2024-01-01", "--through", "2025-01-01")
DATASETS: Final = ("deposits", "transactions", "accounts", "participants")
COMPILE: Final = """
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


def python(*arguments: str, **settings: str) -> str:
    """Output of a fresh process in which nobody has set anything but `settings`."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("PUCCALC", "NUMBA"))}
    if folder := os.environ.get("PUCCALC_JIT_CACHE_DIR"):
        environment["PUCCALC_JIT_CACHE_DIR"] = folder
    done = subprocess.run(
        [sys.executable, *arguments], env=environment | settings, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def kept() -> None:
    """Every kernel is kept before anything is timed."""
    python(*PUCCALC, "warm")


@pytest.fixture
def wait(
    benchmark: BenchmarkFixture, keep_seconds: Keep, keep_ratio: Keep
) -> Callable[[str, Callable[[], object]], float]:
    """Time what a person waits for, and return it as a multiple of the bare imports: the smallest of ROUNDS each."""

    def multiple(title: str, work: Callable[[], object]) -> float:
        bare: list[float] = []
        waited: list[float] = []
        benchmark.pedantic(  # type: ignore[no-untyped-call] # it ships none
            lambda: waited.append(_timed(work)),
            setup=lambda: bare.append(_timed(lambda: python(*BARE))),
            rounds=ROUNDS,
            warmup_rounds=1,
        )
        keep_seconds(title, min(waited))
        ratio = min(waited) / min(bare)
        keep_ratio(f"{title} / import numba, polars", ratio)
        return ratio

    return multiple


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


Wait = Callable[[str, Callable[[], object]], float]


def test_import(wait: Wait) -> None:
    assert wait("python -c 'import calc'", lambda: python("-c", "import calc")) < 0.3


def test_quote(wait: Wait) -> None:
    assert wait("puccalc quote interest", lambda: python(*PUCCALC, *QUOTE)) < 1.0


@pytest.mark.parametrize(("form", "most"), [("parquet", 5.0), ("csv", 6.0)])
def test_night_of_10_000_deposits(wait: Wait, tmp_path: Path, form: str, most: float) -> None:
    python(*PUCCALC, "sample", "--rows", "10000", "--format", form, "--out", str(tmp_path))
    files = [word for name in DATASETS for word in (f"--{name}", str(tmp_path / f"{name}.{form}"))]
    night = (*PUCCALC, "run", "nightly", "--as-of", "2026-10-31", *files, "--out", str(tmp_path / "out"))
    assert wait(f"night of 10,000 deposits, {form}", lambda: python(*night)) < most


def test_make_run(wait: Wait, tmp_path: Path) -> None:
    """What `make run` does once everything is installed."""
    files = [word for name in DATASETS for word in (f"--{name}", str(tmp_path / f"{name}.parquet"))]

    def run() -> None:
        python(*PUCCALC, "sample", "--rows", "200000", "--out", str(tmp_path))
        python(*PUCCALC, "run", "nightly", "--as-of", "2026-10-31", *files, "--out", str(tmp_path / "out"))

    assert wait("make run", run) < 14


def test_service_is_ready(wait: Wait, tmp_path: Path) -> None:
    def ready() -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, *PUCCALC, "serve", "--port", str(port)]
        with (tmp_path / "log").open("wb") as log:
            service = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            while not _answers(f"http://127.0.0.1:{port}/readyz"):
                assert service.poll() is None
                time.sleep(0.02)
        finally:
            service.terminate()
            service.wait(60)

    assert wait("the service is ready", ready) < 7.5


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def test_compile(benchmark: BenchmarkFixture, keep_seconds: Keep) -> None:
    """Each kernel in turn in one process; an inner function counts with the first kernel that calls it."""
    found = benchmark.pedantic(python, ("-c", COMPILE), {"PUCCALC_JIT_CACHE": "0"})  # type: ignore[no-untyped-call]
    seconds = json.loads(found)
    for name, each in seconds.items():
        keep_seconds(f"compile {name}", each)
    keep_seconds("compile every kernel", sum(seconds.values()))
