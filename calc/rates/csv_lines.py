"""Lines of a CSV text as dictionaries, each with its line number, so that what is wrong is named by file and line."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from calc.errors import InputError


def read_file(path: Path) -> str:
    """Text of a UTF-8 file, with or without a byte order mark; InputError if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}") from error


def lines(text: str, source: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values of each line below the header; InputError where a column or value is missing."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        absent = [column for column in columns if column not in (reader.fieldnames or ())]
        if absent:
            raise line_error(source, 1, f"expected a header with {', '.join(columns)}; missing: {', '.join(absent)}")
        for values in reader:
            if None in values or None in values.values():
                raise line_error(source, reader.line_num, f"expected {len(reader.fieldnames or ())} values")
            yield reader.line_num, values
    except csv.Error as error:
        raise line_error(source, reader.reader.line_num, f"cannot be split into values: {error}") from error


def line_error(source: str, line: int, text: str) -> InputError:
    """The error of one line."""
    return InputError(f"{source}, line {line}: {text}")
