"""Records written in a line: what may be left out, with its comma or without."""

import pytest

from calc.columns.dataset import NONE, Column
from calc.columns.declared_columns import count, money, word
from calc.columns.records import form_of, record_of, written

PARTS = (
    count("month", "", 1, 12),
    word("kind", "", ("move", "income")),
    money("amount_cents", "", optional=True, default=NONE),
    word("word", "", ("gas", "electric"), default=0),
)


def read(column: Column, text: str) -> int | str:
    if column.words:
        if text not in column.words:
            raise ValueError("is no word of it")
        return text
    if not text.isdigit():
        raise ValueError("is no number")
    return int(text)


@pytest.mark.parametrize(
    ("text", "amount", "heat"),
    [
        ("3,move", None, None),
        ("3, move, 5", 5, None),
        ("3,move,gas", None, "gas"),
        ("3,move,,gas", None, "gas"),
        ("3,move,5,gas", 5, "gas"),
        ("3,move,5,", 5, None),
    ],
)
def test_what_is_left_out(text: str, amount: int | None, heat: str | None) -> None:
    record = record_of(text, PARTS, read)
    assert record == {"month": 3, "kind": "move", "amount_cents": amount, "word": heat}
    assert record_of(written(record, PARTS, lambda _, value: str(value)), PARTS, read) == record


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "its month is missing"),
        ("3,,5", "its kind is missing"),
        ("x,move", "its month is no number"),
        ("3,gift", "its kind is no word of it"),
        ("3,move,5,oil", "its word is no word of it"),
        ("3,move,oil", "its amount is no number and its word is no word of it"),
        ("3,move,x,gas", "its amount is no number"),
        ("3,move,5,gas,6", "it has too many values"),
        ("3,move,5,gas,", "it has too many values"),
    ],
)
def test_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(ValueError, match="is not written MONTH,KIND") as refused:
        record_of(text, PARTS, read)
    assert str(refused.value) == f"is not written {form_of(PARTS)}: {why}"


def test_the_form() -> None:
    assert form_of(PARTS) == "MONTH,KIND[,AMOUNT][,WORD]"
