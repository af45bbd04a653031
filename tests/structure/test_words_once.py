"""The words of a column or a switch are listed once: every other module takes them from there."""

import ast
from collections.abc import Iterator

from calc.columns.contract import EVERY
from calc.rules.fields import fields
from calc.topics.table import TOPICS
from tests.structure.kernels import ROOT, python_files


def declared() -> set[frozenset[str]]:
    """Words of every column of the contract, of every field of a topic, and of every switch of the rules."""
    columns = [*(column for dataset in EVERY.values() for column in dataset.columns)]
    columns += [field.column for topic in TOPICS.values() for field in (*topic.fields(), *topic.choices)]
    lists = [*(column.words for column in columns), *(field.words for field in fields().values())]
    return {frozenset(words) for words in lists if len(words) > 1}


def listed(source: str) -> Iterator[frozenset[str]]:
    """Literal lists of two or more words, those of a `Literal[...]` among them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
            words = [each.value for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if len(words) == len(node.elts):
                yield frozenset(words)


def test_words_are_listed_once() -> None:
    places: dict[frozenset[str], list[str]] = {words: [] for words in declared()}
    assert len(places) > 15
    for path in python_files("calc", "api"):
        for words in listed(path.read_text("utf-8")):
            if words in places:
                places[words].append(str(path.relative_to(ROOT)))
    assert {tuple(sorted(words)): found for words, found in places.items() if len(found) > 1} == {}


def test_a_list_is_found_in_whatever_form() -> None:
    source = 'A = ("gas", "electric")\nB: Literal["electric", "gas"]\nC = ["x"]\nD = ("gas", 1)\n'
    assert [*listed(source)] == [frozenset({"electric", "gas"})] * 2
