"""Parse a body's bytes as JSON, refusing input that other parsers let through.

Refused: text that is not UTF-8 or begins with a byte order mark, NaN and Infinity, a name given twice in an object,
nesting deeper than DEPTH_MAX. A number with a fraction or an exponent, or with more digits than any bound, is returned
as a value that every field of the service refuses at its own pointer.
"""

import json
from itertools import chain
from typing import Any, Final

from api.http.problems import Item, Problem

DEPTH_MAX: Final = 8
_DIGITS_MAX: Final = 18
_TOO_BIG: Final = 10**_DIGITS_MAX
_NESTED: Final = frozenset({dict, list})


def parse(raw: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Parse a JSON text.

    Args:
        raw: The body.

    Returns:
        The value: dict, list, str, int, bool or None. A number that is not whole comes as a `_Fraction`, one of more
        than 18 digits as plus or minus 10**18; no field accepts either.

    Raises:
        Problem: "malformed-body", with the code of what is wrong.
    """
    if not raw:
        raise _malformed("empty_body")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("not_utf8") from None
    if text.startswith("\ufeff"):
        raise _malformed("not_utf8")
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise _malformed("too_deep") from None
    except ValueError:
        raise _malformed("not_json") from None
    if _deeper(value, DEPTH_MAX):
        raise _malformed("too_deep")
    return value


class _Fraction(str):
    """Stand for a number that is not written as a whole number: a type that no field accepts."""

    __slots__ = ()


def _malformed(code: str) -> Problem:
    return Problem("malformed-body", [Item("", code)])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _malformed("duplicate_name")
    return found


def _integer(text: str) -> int:
    if len(text) <= _DIGITS_MAX:
        return int(text)
    return -_TOO_BIG if text.startswith("-") else _TOO_BIG


def _constant(_: str) -> None:
    raise _malformed("not_finite")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_Fraction, parse_constant=_constant
)


def _deeper(value: Any, levels: int) -> bool:  # noqa: ANN401 - as in `parse`
    """Return whether objects and arrays are nested deeper than `levels`."""
    nested = [value] if type(value) in _NESTED else []
    for _ in range(levels):
        values = chain.from_iterable(each.values() if type(each) is dict else each for each in nested)
        nested = [each for each in values if type(each) in _NESTED]
    return bool(nested)
