"""Who may import what, what modules may be called, and that each says what it is."""

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.structure.kernels import ROOT, python_files

_COMPILING = ("calc/kernels/_jit.py", "calc/kernels/_compile_cache.py")
ONLY_IN = {
    "numba": _COMPILING, "llvmlite": _COMPILING, "fredapi": ("calc/rates/fred/download.py",), "pandas": (),
}  # fmt: skip
"""Packages that some modules alone may import, or none."""
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "common", "core", "manager"}
HEAVY = {
    "altair", "fastapi", "fredapi", "jinja2", "numba", "numpy", "pandas", "polars", "pyarrow", "rich", "typer", "typst",
    "vl_convert",
}  # fmt: skip
"""What `import calc` does not load, and a command only where it is needed."""


TIMELESS = ("calc/kernels", "calc/rules", "calc/columns", "calc/bulk")
"""Rooms whose figures rest on what they are given, not on the day on which they are made."""
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}


def clocks(source: str) -> set[str]:
    """Calls that tell what day it is."""
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return CLOCKS & {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def packages(source: str) -> set[str]:
    """Top-level packages that a module imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def trespassing(path: str, source: str) -> set[str]:
    return {package for package in packages(source) & set(ONLY_IN) if path not in ONLY_IN[package]}


def empty_names(paths: Iterable[Path]) -> list[str]:
    return [str(path) for path in paths if NAMES_THAT_SAY_NOTHING & {part.removesuffix(".py") for part in path.parts}]


def loaded_by(statement: str) -> set[str]:
    """Heavy packages that are loaded once a fresh process has run a statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.split())


def test_only_their_own_modules_import_numba_and_fredapi() -> None:
    files = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in python_files("calc", "api")}
    found = {path: trespassing(path, source) for path, source in files.items()}
    assert {path: names for path, names in found.items() if names} == {}
    assert "numba" in packages(files["calc/kernels/_jit.py"])


def test_an_import_in_another_module_is_found() -> None:
    inside = "def compute():\n    from numba.core import types\n    import pandas.io\n"
    assert trespassing("calc/bulk/publish/parts.py", inside) == {"numba", "pandas"}
    assert trespassing("calc/kernels/_jit.py", "from numba import njit") == set()
    assert trespassing("calc/kernels/_jit.py", "import fredapi") == {"fredapi"}


def test_modules_are_named_after_a_concept() -> None:
    assert empty_names(path.relative_to(ROOT) for path in python_files("calc", "api", "tests", "benchmarks")) == []


def test_a_name_that_says_nothing_is_found() -> None:
    bad = [Path("calc/utils.py"), Path("calc/core/units.py")]
    assert empty_names([*bad, Path("calc/scoreboard.py")]) == [str(path) for path in bad]


def test_every_module_says_what_it_is() -> None:
    files = python_files("calc", "api", "benchmarks/baselines")
    silent = [path.relative_to(ROOT) for path in files if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_import_calc_loads_nothing_heavy() -> None:
    assert loaded_by("import calc") == set()
    assert "polars" in loaded_by("import calc; calc.interest")


def test_nothing_that_computes_asks_what_day_it_is() -> None:
    assert clocks("a = date.today()") == {"today"}
    assert clocks("from time import time\nb = time()") == {"time"}
    assert clocks("c = monotonic()") == set()
    paths = [path for path in python_files("calc") if str(path.relative_to(ROOT)).startswith(TIMELESS)]
    assert len(paths) > 50
    assert {str(path): found for path in paths if (found := clocks(path.read_text("utf-8")))} == {}
