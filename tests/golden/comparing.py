"""Compare two records: what is gone or differs, additions apart."""

import json
from collections.abc import Iterator
from typing import Any, Final

MAY_GROW: Final = {"enum", "required", "words", "moves_nothing", "not_asked"}
"""Lists of words that an addition makes longer."""


def changes(stored: Any, present: Any, where: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Places in which the present lacks what was stored, or has another value."""
    if isinstance(stored, dict) and isinstance(present, dict):
        for key, value in stored.items():
            if key in present:
                yield from changes(value, present[key], f"{where}/{key}")
            else:
                yield f"{where}/{key} is gone"
    elif isinstance(stored, list) and isinstance(present, list) and may_grow(stored, where):
        rest = iter(present)
        for value in stored:
            if not any(next(changes(value, each), None) is None for each in rest):
                yield f"{where}: {json.dumps(value)[:200]} is gone or differs"
                return
    elif stored != present or type(stored) is not type(present):
        yield f"{where}: {json.dumps(stored)[:200]} is now {json.dumps(present)[:200]}"


def may_grow(stored: list[Any], where: str) -> bool:
    """Whether a list is one of records or of words, to which more may be added; lists of figures must be equal."""
    return all(isinstance(each, dict) for each in stored) or where.rpartition("/")[2] in MAY_GROW
