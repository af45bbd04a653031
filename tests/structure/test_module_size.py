"""A module is short enough to be read at once; a longer one is split by concept."""

from collections.abc import Iterable
from pathlib import Path

from tests.structure.kernels import ROOT, python_files

LINES_MAX = 250


def too_long(paths: Iterable[Path]) -> dict[str, int]:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in paths}
    return {str(path): count for path, count in lines.items() if count > LINES_MAX}


def test_no_module_is_longer_than_250_lines() -> None:
    paths = [path.relative_to(ROOT) for path in python_files("calc", "api", "benchmarks")]
    assert len(paths) > 300
    assert too_long(ROOT / path for path in paths) == {}


def test_a_longer_one_is_named(tmp_path: Path) -> None:
    long, just = tmp_path / "long.py", tmp_path / "just.py"
    long.write_text("pass\n" * (LINES_MAX + 1), "utf-8")
    just.write_text("pass\n" * LINES_MAX, "utf-8")
    assert too_long([long, just]) == {str(long): LINES_MAX + 1}
