"""Twin of the CSV kernel: RFC 4180 as one regular expression a field, over the whole text at once.

Spaces and tabs around quotes are allowed and no content.
"""

import re

FIELD = r'(?:{1}*"(?P<quoted>(?:[^"]|"")*)"{1}*|(?P<plain>[^"{0}\n]*?))(?P<end>{0}|\r?\n|\r?\Z)'
BLANK = re.compile(rb"\r?\n|\r\Z")


def records(
    text: bytes, fields: int, longest: int, delimiter: str = ","
) -> list[tuple[str, int, list[str | None] | bytes]]:
    """(state, line, values) of each record; a bad one has its physical line's bytes for values."""
    found: list[tuple[str, int, list[str | None] | bytes]] = []
    place, line = 0, 1
    while place < len(text):
        blank = BLANK.match(text, place)
        if blank:
            place, line = blank.end(), line + 1
            continue
        record = _record(text, place, fields, longest, delimiter)
        if record is None:
            physical = text[place:].split(b"\n", 1)[0]
            found.append(("bad", line, physical.removesuffix(b"\r")))
            place, line = place + len(physical) + 1, line + 1
            continue
        values, end = record
        state = "good" if len(values) == fields else "short"
        found.append((state, line, [*values, *[None] * (fields - len(values))]))
        line += text.count(b"\n", place, end)
        place = end
    return found


def _record(text: bytes, start: int, fields: int, longest: int, delimiter: str) -> tuple[list[str | None], int] | None:
    field = re.compile(FIELD.format(re.escape(delimiter), "[ ]" if delimiter == "\t" else r"[ \t]").encode())
    values: list[str | None] = []
    place = start
    while True:
        match = field.match(text, place)
        if match is None or len(values) == fields:
            return None
        quoted, plain, end = match["quoted"], match["plain"], match["end"]
        if quoted is not None and len(quoted) > longest:
            return None
        try:
            values.append((plain if quoted is None else quoted.replace(b'""', b'"')).decode() or None)
        except UnicodeDecodeError:
            return None
        place = match.end()
        if end != delimiter.encode():
            break
    several_lines = b"\n" in text[start : place - len(end)]
    return None if several_lines and len(values) < fields else (values, place)
