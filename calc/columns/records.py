"""Read a record written in a line: the values of its columns, in order, with commas between."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from calc.columns.dataset import Column


def form_of(parts: Sequence[Column]) -> str:
    """Return how a record is written, what may be left out in brackets: DATE,KIND[,AMOUNT][,WORD]."""
    names = [part.name_without_unit.upper() for part in parts]
    return "".join(f"[,{name}]" if part.nullable else f",{name}" for part, name in zip(parts, names, strict=True))[1:]


def record_of(text: str, parts: Sequence[Column], read: Callable[[Column, str], Any]) -> dict[str, Any]:
    """Read a record.

    Args:
        text: Its values with commas between. What may be left out may be empty, or left out with its comma.
        parts: Its columns; the first is required.
        read: Reads a column's value; raises ValueError, whose text continues after the column's name.

    Returns:
        Values by name; None where one was left out.

    Raises:
        ValueError: A value is missing, cannot be read, or is one too many; the text repeats no value.
    """

    def not_so(why: str) -> ValueError:
        return ValueError(f"is not written {form_of(parts)}: {why}")

    values = [value.strip() for value in text.split(",")]
    record: dict[str, Any] = {}
    wrong: list[str] = []
    for place, part in enumerate(parts):
        record[part.name] = None
        if not values or not values[0]:
            if not part.nullable:
                raise not_so(f"its {part.name_without_unit} is missing")
            values = values[1:]
            continue
        try:
            record[part.name] = read(part, values[0])
        except ValueError as error:
            wrong.append(f"its {part.name_without_unit} {error}")
            if not part.nullable or len(values) == len(parts) - place:
                raise not_so(" and ".join(wrong)) from None
        else:
            values = values[1:]
    if values:
        raise not_so(" and ".join(wrong) or "it has too many values")
    return record


def written(record: Mapping[str, Any], parts: Sequence[Column], write: Callable[[Column, Any], str]) -> str:
    """Write a record as `record_of` reads it.

    Args:
        record: Values by name; what is not there or None is left out.
        parts: Its columns.
        write: Writes a column's value.
    """
    values = ["" if record.get(part.name) is None else write(part, record[part.name]) for part in parts]
    return ",".join(values).rstrip(",")
