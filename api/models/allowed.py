"""Describe in words what a field accepts, for error texts.

Input: a Pydantic model and the location of an error in it. Output: text derived from the model alone, never from what
was sent.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from calc.units import FIRST_DATE, ISO_MOMENT, LAST_DATE

DAYS: Final = f"YYYY-MM-DD, {FIRST_DATE} through {LAST_DATE}"
"""How a date is written, and which there are."""


MOMENTS: Final = f"YYYY-MM-DDTHH:MM on a clock in Colorado, {FIRST_DATE} through {LAST_DATE}"
"""How a local time is written, and which there are."""


MOMENT_PATTERN: Final = f"^{ISO_MOMENT}$"
_WRITTEN: Final = (
    ("format", "date", f"a date written {DAYS}"),
    ("pattern", MOMENT_PATTERN, f"a date and time written {MOMENTS}"),
)
"""What marks a schema of dates or times, and how these are written."""


def allowed_at(model: type[BaseModel], place: Sequence[int | str]) -> str:
    """Describe what the field at a location accepts.

    Args:
        model: The model that refused the input.
        place: Pydantic's error location: field names and list indexes, from the model down.

    Returns:
        Words such as "a whole number, 0 through 10"; "" for the model as a whole and for a name that it does not know.
    """
    return _allowed_at(model, tuple(0 if isinstance(part, int) else part for part in place))


@lru_cache(maxsize=1_024)
def _allowed_at(model: type[BaseModel], place: tuple[int | str, ...]) -> str:
    found: Mapping[str, Any] | None = _schema(model)
    for part in place:
        found = found and (found.get("items") if isinstance(part, int) else _named(found, part))
        found = found and _whole(found, model)
    return _words(found, model) if place and found else ""


@lru_cache(maxsize=32)
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    return model.model_json_schema()


def _named(schema: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Return the schema of an object's field, or None where the object has no such field."""
    others = schema.get("additionalProperties")
    found: Mapping[str, Any] | None = schema.get("properties", {}).get(
        name, others if isinstance(others, dict) else None
    )
    return found


def _whole(schema: Mapping[str, Any], model: type[BaseModel]) -> Mapping[str, Any]:
    """Resolve a schema that may be null (`anyOf`) or is defined elsewhere (`$ref`)."""
    given = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    name = given.get("$ref", "").rpartition("/")[2]
    whole: Mapping[str, Any] = _schema(model)["$defs"][name] if name else given
    return whole


def _words(schema: Mapping[str, Any], model: type[BaseModel]) -> str:
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    for key, known, words in _WRITTEN:
        if schema.get(key) == known:
            return words
    if schema.get("type") == "array":
        each = _words(_whole(schema["items"], model), model)
        return f"a list of {schema.get('minItems', 0)} through {schema.get('maxItems')}, each {each}"
    if schema.get("type") == "string" and "pattern" in schema:
        most = f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""
        return f"text that matches {schema['pattern']}{most}"
    if schema.get("type") == "integer":
        return f"a whole number, {schema.get('minimum')} through {schema.get('maximum')}"
    kinds = {"boolean": "true or false", "string": "text", "object": "an object"}
    return kinds.get(str(schema.get("type")), "")
