"""A TOML file whose errors name file, line, key and what was expected: tomllib alone knows no lines once it has parsed.

Comes in: a file's name and text. Goes out: its tables as Python values, fractions as Decimal, and DataErrors.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from calc.errors import DataError

T = TypeVar("T", str, bool, int, date)

_NAMES = {str: "text in quotes", bool: "true or false", int: "a whole number", date: "a date written YYYY-MM-DD"}
_SYNTAX = re.compile(r"^(?P<what>.*?) \(at (line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)


def shown(value: object) -> str:
    """A value as a message tells it: "missing", or "is" and the value."""
    return "missing" if value is None else f"is {json.dumps(value, default=str, ensure_ascii=False)}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands: below the `index`-th header of `table`, or above all headers if that is empty."""

    table: str = ""
    index: int = 0
    key: str = ""

    @property
    def label(self) -> str:
        """The key with its table, as a message names it."""
        return ".".join(part for part in (self.table, self.key) if part)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file. `path` is what messages call it."""

    path: str
    text: str
    content: Mapping[str, Any]

    @classmethod
    def parse(cls, path: str, text: str) -> Self:
        """Read TOML, fractions as Decimal; DataError with the line where it is not TOML."""
        try:
            return cls(path, text, tomllib.loads(text, parse_float=Decimal))
        except tomllib.TOMLDecodeError as error:
            found = _SYNTAX.match(str(error))
            what = found["what"] if found else str(error)
            line = found["line"] if found and found["line"] else len(text.splitlines())
            raise DataError(f"{path}, line {line}: not TOML: {what}") from error

    def error(self, place: Place, complaint: str) -> DataError:
        """The DataError about one place: file, line, key, and what was expected."""
        return DataError(f"{self.path}, line {self.line_of(place)}: {place.label}: {complaint}")

    def line_of(self, place: Place) -> int:
        """Line of a place's key, or of the header of a table of that name.

        Its table's header where the key is absent; the last line where the table is, too.
        """
        lines = self.text.splitlines()
        header = re.compile(rf"\[{{1,2}}\s*\"?{re.escape(place.table)}\"?\s*\]")
        key = re.compile(rf"\"?{re.escape(place.key)}\"?\s*=")
        seen, found = -1, max(1, len(lines))
        for number, line in enumerate(lines, start=1):
            if line.startswith("["):
                if seen == place.index or not place.table:
                    break
                if header.match(line):
                    seen += 1
                    found = number if seen == place.index else found
            elif (seen == place.index or not place.table) and key.match(line):
                return number
        return found if place.table or not place.key else self.line_of(Place(place.key))

    def take(self, table: Mapping[str, Any], place: Place, kind: type[T]) -> T:
        """Value of a key that must be there and be of the kind, text not blank; DataError otherwise."""
        value = table.get(place.key)
        if type(value) is not kind or value == "":
            raise self.error(place, f"{shown(value)}; expected {_NAMES[kind]}")
        checked: T = value
        return checked

    def refuse_others(self, table: Mapping[str, Any], place: Place, known: Iterable[str]) -> None:
        """DataError naming the first key of a table that is not among the known ones."""
        names = tuple(known)
        for key in table:
            if key not in names:
                raise self.error(Place(place.table, place.index, key), f"unknown; expected {', '.join(names)}")
