"""Types of columns are named once, in calc/kernels/arrays.py; every other module imports them from there."""

import ast

from tests.structure.kernels import ROOT, python_files

HOME = "calc/kernels/arrays.py"


def names_of(source: str) -> set[str]:
    """Names that a module gives to types of arrays."""
    return {
        ast.unparse(node.targets[0])
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith(("npt.NDArray[", "np.ndarray["))
    }


def imported_elsewhere(source: str, names: set[str]) -> list[str]:
    """Names of types of arrays that a module imports from another module than the one that defines them."""
    return [
        f"{node.module}.{each.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(("calc", "benchmarks", "tests"))
        for each in node.names
        if each.name in names and node.module != "calc.kernels.arrays"
    ]


def sources() -> dict[str, str]:
    paths = python_files("calc", "api", "tests", "benchmarks")
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


def test_types_of_arrays_are_named_once() -> None:
    assert {path for path, source in sources().items() if names_of(source)} == {HOME}


def test_types_of_arrays_are_imported_from_where_they_are_named() -> None:
    names = names_of((ROOT / HOME).read_text("utf-8"))
    assert {"Int64", "Bool", "Array", "BoolMatrix"} <= names
    found = {path: elsewhere for path, source in sources().items() if (elsewhere := imported_elsewhere(source, names))}
    assert found == {}


def test_a_second_name_is_seen() -> None:
    assert names_of("import numpy as np\nCents = npt.NDArray[np.int64]\nTable = np.ndarray[int, int]\nFEW = [1]\n") == {
        "Cents", "Table",
    }  # fmt: skip
    assert imported_elsewhere("from calc.columns.gated import Gated, Int64", {"Int64"}) == ["calc.columns.gated.Int64"]
