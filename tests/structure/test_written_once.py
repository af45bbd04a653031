"""No six lines stand in two modules, or in two templates: what two topics share is written once."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.structure.kernels import ROOT, python_files

RUN_LINES = 6


def lines_of(path: Path) -> list[str]:
    """Lines that say something, without their indent: no imports, comments, templates' tags, or lone punctuation."""
    source = path.read_text("utf-8")
    lines = source.splitlines()
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if not line.startswith(("#", "{%")) and any(map(str.isalnum, line))]


def runs(lines: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(lines) - RUN_LINES + 1):
        yield tuple(lines[start : start + RUN_LINES])


def repeated(sources: Mapping[str, list[str]]) -> dict[tuple[str, ...], list[str]]:
    """Runs of lines that stand in several of the sources, with the names of these."""
    places: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for name, lines in sources.items():
        for run in runs(lines):
            places[run][name] = None
    return {run: list(names) for run, names in places.items() if len(names) > 1}


def test_no_six_lines_stand_twice() -> None:
    templates = (path for folder in ("calc", "api") for path in (ROOT / folder).rglob("templates/*"))
    paths = [*python_files("calc", "api"), *templates]
    assert len(paths) > 300
    assert repeated({path.relative_to(ROOT).as_posix(): lines_of(path) for path in paths}) == {}


def test_lines_that_stand_twice_are_named(tmp_path: Path) -> None:
    shared = "".join(f"    share_{number} = {number}\n\n" for number in range(RUN_LINES))
    (tmp_path / "a.py").write_text(f"import math\ndef a():\n{shared}", "utf-8")
    (tmp_path / "b.py").write_text(f"def b():\n{shared}    more = (\n        # of it\n    )\n", "utf-8")
    (tmp_path / "c.py").write_text("from math import (\n    ceil,\n    floor,\n)\n", "utf-8")
    sources = {name: lines_of(tmp_path / name) for name in ("a.py", "b.py", "c.py")}
    assert list(repeated(sources).values()) == [["a.py", "b.py"]]
    assert sources["c.py"] == []
