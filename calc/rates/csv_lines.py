"""Read CSV text as dictionaries with their line numbers, so that an error names file and line."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from calc.errors import InputError


def read_file(path: Path) -> str:
    """Read a UTF-8 file, with or without a byte order mark; raise InputError if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}") from error


def lines(text: str, source: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines below the header.

    Args:
        text: The CSV text.
        source: The file's name in messages.
        columns: Columns that the header must have; others may follow.

    Yields:
        Line number and values by column.

    Raises:
        InputError: The header lacks a column, or a line has another number of values than the header or cannot be
            split; the message names file and line.
    """
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
    """Build the InputError about one line."""
    return InputError(f"{source}, line {line}: {text}")
