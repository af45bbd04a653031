"""Every kernel has an exact twin, a test and a benchmark, found by the topic word."""

import ast
from collections.abc import Mapping
from pathlib import Path

from tests.structure.kernels import ROOT, every_kernel

PARAMETERS_MAX = 12
TWINS = {"accrual": "interest", "events": "interest"}
"""Modules whose twin bears another topic word: both compute interest."""


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def missing(kernels: Mapping[str, str], root: Path) -> list[str]:
    """What kernels (name -> module) lack below a checkout's root."""
    compared = set[str]()
    for path in (root / "tests").rglob("*.py"):
        if path.parent.name != "reference":
            compared |= imported(path)
    lacks = []
    for name, module in kernels.items():
        stem = module.rpartition(".")[2]
        twin = TWINS.get(stem, stem)
        if not (root / f"tests/reference/{twin}.py").is_file():
            lacks.append(f"{name}: no twin tests/reference/{twin}.py")
        elif f"tests.reference.{twin}" not in compared:
            lacks.append(f"{name}: no test compares with the twin tests/reference/{twin}.py")
        if not (root / f"tests/kernels/test_{stem}.py").is_file():
            lacks.append(f"{name}: no test module tests/kernels/test_{stem}.py")
        if f"test_{name}" not in functions(root / f"benchmarks/test_{stem}.py"):
            lacks.append(f"{name}: no benchmark test_{name} in benchmarks/test_{stem}.py")
    return lacks


def test_every_kernel_has_twin_test_and_benchmark() -> None:
    assert missing({name: kernel.module for name, kernel in every_kernel().items()}, ROOT) == []


def test_a_kernel_without_them_is_named() -> None:
    assert missing({"late_fee": "calc.kernels.reconnection"}, ROOT) == [
        "late_fee: no twin tests/reference/reconnection.py",
        "late_fee: no test module tests/kernels/test_reconnection.py",
        "late_fee: no benchmark test_late_fee in benchmarks/test_reconnection.py",
    ]


def test_a_second_kernel_of_a_module_needs_a_benchmark_of_its_own() -> None:
    lacks = missing({"refund": "calc.kernels.unclaimed"}, ROOT)
    assert lacks == ["refund: no benchmark test_refund in benchmarks/test_unclaimed.py"]


def test_a_twin_that_no_test_imports_is_named(tmp_path: Path) -> None:
    for file in ("tests/reference/tax.py", "tests/kernels/test_tax.py", "benchmarks/test_tax.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("def test_tax(): pass\n", "utf-8")
    lacks = missing({"tax": "calc.kernels.tax"}, tmp_path)
    assert lacks == ["tax: no test compares with the twin tests/reference/tax.py"]


def test_what_belongs_together_is_one_group() -> None:
    """A kernel of more parameters takes groups: named tuples of columns, tables and readings."""
    counts = {name: len(kernel.parameters) for name, kernel in every_kernel().items()}
    assert {name: count for name, count in counts.items() if count > PARAMETERS_MAX} == {}
