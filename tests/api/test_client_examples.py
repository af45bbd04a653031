"""The examples of docs/serving.md do what they say, with a key, against the service as it is run."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from api.http.keys import create
from benchmarks.api_server import serving
from tests.cases.command import puccalc

DOCUMENT = (Path(__file__).parents[2] / "docs" / "serving.md").read_text("utf-8")


class Running(NamedTuple):
    """Where a service is, and a key to it."""

    port: int
    key: str


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    key = create(file, "reader", ("quotes", "batches"), None, None)
    with serving(compiled=False, keys_file=str(file)) as (_, port):
        yield Running(port, key)


def example(beginning: str, running: Running) -> str:
    """The indented block of the last section that begins with a word, for this service and key."""
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", DOCUMENT.partition("## Asking")[2], re.MULTILINE)
    (found,) = (block for block in blocks if block.strip().startswith(beginning))
    text = re.sub(r"(?m)^ {4}", "", found).strip()
    return text.replace("127.0.0.1:8000", f"127.0.0.1:{running.port}").replace("Bearer KEY", f"Bearer {running.key}")


def run(command: list[str], folder: Path) -> str:
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(running: Running, tmp_path: Path) -> None:
    out = run(["sh", "-ec", example("curl", running)], tmp_path).replace(" ", "")
    assert '"interest_cents":986' in out
    assert '"steps":[{' in out


def test_python(running: Running, tmp_path: Path) -> None:
    index, _, result = run([sys.executable, "-c", example("import json", running)], tmp_path).partition(" ")
    assert (index, ast.literal_eval(result)["interest"]) == ("0", "9.86")


def test_polars_over_arrow(running: Running, tmp_path: Path) -> None:
    assert puccalc(["sample", "--rows", "2000", "--seed", "3", "--out", str(tmp_path)]).code == 0
    total = int(run([sys.executable, "-c", example("import io", running)], tmp_path))
    nightly = tmp_path / "out"
    deposits = tmp_path / "deposits.parquet"
    words = ["run", "nightly", "--as-of", "2026-09-30", "--deposits", str(deposits), "--out", str(nightly)]
    assert puccalc([*words, "--max-bad-share", "0.05"]).code == 0
    parts = pl.read_parquet(f"{nightly}/runs/*/deposits/*.parquet")
    assert total == parts["interest_cents"].sum() > 0


def test_the_examples_are_short(running: Running) -> None:
    lines = {word: len(example(word, running).splitlines()) for word in ("curl", "import json", "import io")}
    assert lines["curl"] <= 10
    assert max(lines.values()) <= 20
