"""Parse a form with a file, multipart/form-data (RFC 7578), whose body has been read within limits."""

import re
from typing import Final, NamedTuple

from api.http.problems import Item, Problem

_PARTS_MAX: Final = 400
_HEAD_BYTES: Final = 4_096
_BOUNDARY: Final = re.compile(r'(?:^|;)\s*boundary=(?:"([^"]{1,70})"|([^;"\s]{1,70}))', re.IGNORECASE)
_DISPOSITION: Final = re.compile(rb"^content-disposition:\s*form-data(.*)$", re.IGNORECASE)
_PARAMETER: Final = re.compile(rb';\s*(name|filename)="((?:[^"\\\r\n]|\\.)*)"', re.IGNORECASE)


class Part(NamedTuple):
    """Hold one field of a form: its name, its content, and whether it is a file."""

    name: str
    content: bytes
    is_file: bool


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """Split a form's body into its fields.

    Args:
        content_type: The request's Content-Type, with the boundary.
        body: The whole body.

    Returns:
        The fields in their order.

    Raises:
        Problem: "malformed-body", where the body is no such form or has too many fields.
    """
    found = _BOUNDARY.search(content_type.partition(";")[2])
    if found is None:
        raise _malformed()
    mark = b"\r\n--" + (found[1] or found[2]).encode("latin-1", "replace")
    body = b"\r\n" + body
    place = body.find(mark)
    parts: list[Part] = []
    while place >= 0:
        start = place + len(mark)
        if body[start : start + 2] == b"--":
            return parts
        line_end = body.find(b"\r\n", start)
        head_end = body.find(b"\r\n\r\n", start, start + _HEAD_BYTES)
        place = body.find(mark, head_end + 2) if head_end >= 0 else -1
        if place < 0 or body[start:line_end].strip(b" \t") or len(parts) >= _PARTS_MAX:
            break
        parts.append(_part(body[line_end:head_end], body[head_end + 4 : max(head_end + 4, place)]))
    raise _malformed()


def _part(head: bytes, content: bytes) -> Part:
    for line in head.split(b"\r\n"):
        if disposition := _DISPOSITION.match(line):
            parameters = {name.lower(): value for name, value in _PARAMETER.findall(disposition[1])}
            if b"name" in parameters:
                return Part(parameters[b"name"].decode("utf-8", "replace"), content, b"filename" in parameters)
    raise _malformed()


def _malformed() -> Problem:
    return Problem("malformed-body", [Item("", "not_a_form")])
