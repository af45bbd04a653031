"""Nothing that was once answered is answered otherwise: results of the sample, commands, and the service's document.

The stored files were recorded at commit c15d309. `python -m tests.golden.hold_against c15d309` records that commit and
this checkout and says whether they are the same to the byte, or what differs.

What is added on purpose (a dataset, a column, a field, an option, a path, a word of an enumeration, another reading)
passes here without recording anew; what is gone or differs is named with its place, and so is a field that a request
must newly have. Only after a change that is meant to move what was answered, record anew (`python -m
tests.golden.recording tests/golden`), write the new commit above, and say in its message what moved and why.
"""

import json
from pathlib import Path

import pytest

from tests.golden.comparing import changes
from tests.golden.recording import record

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", ["sample", "commands", "interface"])
def test_only_additions(name: str) -> None:
    stored = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert list(changes(stored, record(name))) == []


STORED = {"a": 1, "months": [5, 5], "columns": [{"name": "x"}, {"name": "y"}], "enum": ["v", "w"]}


def test_an_addition_passes() -> None:
    more = {"columns": [{"name": "x"}, {"name": "n"}, {"name": "y", "more": 1}], "enum": ["v", "u", "w"], "b": 2}
    assert list(changes(STORED, STORED)) == []
    assert list(changes(STORED, {**STORED, **more})) == []


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("a", 1.0, "/a: 1 is now 1.0"),
        ("months", [5, 5, 5], "/months: [5, 5] is now [5, 5, 5]"),
        ("columns", [{"name": "y"}], '/columns: {"name": "x"} is gone or differs'),
        ("enum", ["w", "v"], '/enum: "w" is gone or differs'),
    ],
)
def test_what_differs_is_named(name: str, value: object, named: str) -> None:
    assert list(changes(STORED, {**STORED, name: value})) == [named]


def test_what_is_gone_is_named() -> None:
    assert list(changes(STORED, {"months": [5, 5], "columns": STORED["columns"]})) == ["/a is gone", "/enum is gone"]
