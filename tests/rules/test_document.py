from datetime import date
from decimal import Decimal

import pytest

from calc.errors import DataError
from calc.rules.document import Document, Place

TEXT = """\
title = "two tables"
start = 2024-05-15

[[limit]]
value = 1
[[ limit ]]
# value = 9
value = 2.50

[shares]
"a" = "x"
"""


@pytest.fixture
def document() -> Document:
    return Document.parse("some.toml", TEXT)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (Place(key="start"), 2),
        (Place("limit", 0, "value"), 5),
        (Place("limit", 1, "value"), 8),
        (Place("limit", 1), 6),
        (Place("limit", 1, "absent"), 6),
        (Place("shares", key="a"), 11),
        (Place(key="value"), 11),  # absent above the first header: the last line
        (Place("absent"), 11),
    ],
)
def test_line_of_a_key_or_its_header_or_the_last_line(document: Document, place: Place, line: int) -> None:
    assert document.line_of(place) == line


def test_an_empty_file_has_its_error_in_line_1() -> None:
    assert Document.parse("some.toml", "").line_of(Place("shares", key="a")) == 1


def test_fractions_are_exact_decimals(document: Document) -> None:
    assert document.content["limit"][1]["value"] == Decimal("2.50")
    assert isinstance(document.content["limit"][1]["value"], Decimal)


def test_take_returns_the_value_of_its_kind(document: Document) -> None:
    assert document.take(document.content, Place(key="start"), date) == date(2024, 5, 15)


@pytest.mark.parametrize(
    ("table", "place", "kind", "message"),
    [
        ({}, Place(key="title"), str, "some.toml, line 1: title: missing; expected text in quotes"),
        ({"title": ""}, Place(key="title"), str, 'some.toml, line 1: title: is ""; expected text in quotes'),
        ({"start": 3}, Place(key="start"), date, "some.toml, line 2: start: is 3; expected a date written YYYY-MM-DD"),
        (
            {"value": 1},
            Place("limit", 1, "value"),
            bool,
            "some.toml, line 8: limit.value: is 1; expected true or false",
        ),
    ],
)
def test_take_names_file_line_key_and_expectation(
    document: Document, table: dict[str, object], place: Place, kind: type, message: str
) -> None:
    with pytest.raises(DataError) as raised:
        document.take(table, place, kind)
    assert str(raised.value) == message


def test_an_unknown_key_is_named_with_the_known_ones(document: Document) -> None:
    with pytest.raises(DataError) as raised:
        document.refuse_others({"start": 1}, Place(), ["title", "limit"])
    assert str(raised.value) == "some.toml, line 2: start: unknown; expected title, limit"


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = = 2\n", 2), ("a = 1\na = 2\n", 2), ('a = 1\nb = "\n', 2), ("a = 1\n\n[b", 3)]
)
def test_text_that_is_no_toml_is_named_by_its_line(text: str, line: int) -> None:
    with pytest.raises(DataError, match=rf"^some\.toml, line {line}: not TOML: "):
        Document.parse("some.toml", text)
