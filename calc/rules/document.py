"""Parse TOML so that an error can name file, line, key and what was expected: tomllib keeps no line numbers.

Input: a file's name and text. Output: its tables as Python values, decimal fractions as Decimal, and DataErrors.
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


def described(value: object) -> str:
    """Describe a value for a message: "missing" if it is None, otherwise "is" and the value as JSON."""
    return "missing" if value is None else f"is {json.dumps(value, default=str, ensure_ascii=False)}"


@dataclass(frozen=True, slots=True)
class Place:
    """Locate a key in a TOML file.

    Attributes:
        table: Name of the key's table; empty for a key above all table headers.
        index: Which of the headers with that name, counted from 0.
        key: The key's name; empty for the table itself.
    """

    table: str = ""
    index: int = 0
    key: str = ""

    @property
    def label(self) -> str:
        """Return the key with its table, as messages name it."""
        return ".".join(part for part in (self.table, self.key) if part)


@dataclass(frozen=True, slots=True)
class Document:
    """Hold a parsed TOML file with its text.

    Attributes:
        path: The file's name in messages.
        text: The file's text, from which line numbers are worked out.
        content: The parsed tables.
    """

    path: str
    text: str
    content: Mapping[str, Any]

    @classmethod
    def parse(cls, path: str, text: str) -> Self:
        """Parse TOML text, decimal fractions as Decimal.

        Args:
            path: The file's name in messages.
            text: The file's text.

        Returns:
            The parsed document.

        Raises:
            DataError: The text is not TOML; the message names the line.
        """
        try:
            return cls(path, text, tomllib.loads(text, parse_float=Decimal))
        except tomllib.TOMLDecodeError as error:
            found = _SYNTAX.match(str(error))
            what = found["what"] if found else str(error)
            line = found["line"] if found and found["line"] else len(text.splitlines())
            raise DataError(f"{path}, line {line}: not TOML: {what}") from error

    def error(self, place: Place, complaint: str) -> DataError:
        """Build the error about one place.

        Args:
            place: The key or table at fault.
            complaint: What is wrong and what was expected.

        Returns:
            A DataError, not raised, that names file, line, key and complaint.
        """
        return DataError(f"{self.path}, line {self.line_of(place)}: {place.label}: {complaint}")

    def line_of(self, place: Place) -> int:
        """Find the line of a place, counted from 1.

        Args:
            place: A key, or a table.

        Returns:
            The line of the key, or of the header of a table with that name; if the key is absent, the line of its
                table's header; if the table is absent too, the last line.
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
        """Return a required value of a given type.

        Args:
            table: The table that holds the key.
            place: Where the key is; `place.key` is its name.
            kind: The exact type: str, bool, int or date.

        Returns:
            The value; text is never empty.

        Raises:
            DataError: The key is missing, has another type, or is empty text.
        """
        value = table.get(place.key)
        if type(value) is not kind or value == "":
            raise self.error(place, f"{described(value)}; expected {_NAMES[kind]}")
        checked: T = value
        return checked

    def refuse_others(self, table: Mapping[str, Any], place: Place, known: Iterable[str]) -> None:
        """Refuse keys that the format does not know.

        Args:
            table: The table to check.
            place: The table's place, for the message.
            known: Names of the keys that may appear.

        Raises:
            DataError: A key is not known; the message names the first one.
        """
        names = tuple(known)
        for key in table:
            if key not in names:
                raise self.error(Place(place.table, place.index, key), f"unknown; expected {', '.join(names)}")
