"""Public names are words of the field and the trade, not the house's own for what was found, given or told."""

import ast
import re
from collections.abc import Iterator

from tests.structure.kernels import ROOT, python_files

PRIVATE_VOCABULARY = {"found", "given", "told", "each", "asked", "shown", "kept", "again", "beside", "said", "tell"}
"""No public name is, begins or ends with one of these; amid a name they are plain English (`for_each_part`)."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign)


def is_public(name: str) -> bool:
    return not name.startswith("_")


def words_of(name: str) -> list[str]:
    """Words of a name in any style: told_of, TOLD_OF, ToldOf."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    args = function.args
    yield from (arg.arg for arg in (*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg) if arg)


def bound(statement: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """Names that a statement binds where it stands."""
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def attributes(function: ast.AST) -> Iterator[str]:
    """Attributes that a method sets on `self`."""
    for part in ast.walk(function):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) and ast.unparse(part.value) == "self":
            yield part.attr


def names_in(node: ast.Module | ast.ClassDef | ast.stmt) -> Iterator[str]:
    """What other modules can name: functions with their parameters, classes with their attributes, values."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            if is_public(child.name) or child.name == "__init__":
                yield from (child.name, *parameters(child))
            if isinstance(node, ast.ClassDef):
                yield from attributes(child)
        elif isinstance(child, ast.ClassDef):
            if is_public(child.name):
                yield from (child.name, *names_in(child))
        elif isinstance(child, ASSIGNMENTS):
            yield from bound(child)
        elif isinstance(child, (ast.If, ast.Try)):
            yield from names_in(child)


def private_vocabulary(source: str) -> list[str]:
    names = dict.fromkeys(name for name in names_in(ast.parse(source)) if is_public(name))
    return [name for name in names if PRIVATE_VOCABULARY & {(words := words_of(name))[0], words[-1]}]


def test_public_names_are_words_of_the_trade() -> None:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in python_files("calc", "api")}
    assert len(sources) > 200
    assert {path: names for path, source in sources.items() if (names := private_vocabulary(source))} == {}


def test_private_vocabulary_is_named() -> None:
    source = (
        "GIVEN = 1\n"
        "def told_of(found, *, of): given = found; return given\n"
        "def _inside(found): ...\n"
        "class GivenRefund:\n"
        "    kept_each: int\n"
        "    def __init__(self, given): self.found_cents = self._told = given\n"
        "class _Hidden:\n"
        "    found: int\n"
    )
    assert private_vocabulary(source) == [
        "GIVEN",
        "told_of",
        "found",
        "GivenRefund",
        "kept_each",
        "given",
        "found_cents",
    ]


def test_plain_english_is_not() -> None:
    assert private_vocabulary("def for_each_part(reach, foundation, forgiven): ...") == []
