"""Load a file of a jurisdiction's rules: dated values of a schema, each with its citation, quoted or marked unquoted.

A file has a table `[[field]]` for each value, as those of `.load`, and may have one table `[cited]` with what its
values share: `effective_from`, `confirmed_from`, `citation`, `authority`, `reading`. If `authority` names a paragraph
of `data/authorities/`, it must hold the quote; where the words are not known, `reading` is "unquoted" without a quote.
A field whose dataclass gives a default may be absent: the jurisdiction has no such clause. A value is a word, a whole
number, text, a boolean, or a list of inline tables.
"""

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache
from types import NoneType
from typing import Any, Final, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

from calc import datafiles
from calc.errors import DataError, UsageError
from calc.rules.citation import Citation
from calc.rules.document import Document, Place, described
from calc.rules.fields import describe
from calc.rules.load import check_quote

T = TypeVar("T")

SHARED: Final = "cited"
_SHARED_KEYS: Final = ("effective_from", "confirmed_from", "citation", "authority", "reading")
_KEYS: Final = (*_SHARED_KEYS, "value", "quote", "note")
_READINGS: Final = ("text", "open", "unquoted")


@dataclass(frozen=True, slots=True)
class CitedValue:
    """Hold one value of a field, in force from its citation's `effective_from` until the next value's."""

    value: Any
    citation: Citation


@dataclass(frozen=True, slots=True)
class Cited(Generic[T]):
    """Hold what a file says on a day: the schema's dataclass, and the citation of each field that the file gives."""

    values: T
    citations: Mapping[str, Citation]


def load_cited(name: str, schema: type[T], on: date) -> Cited[T]:
    """Load what a data file says on a day.

    Args:
        name: The file, relative to the data folder.
        schema: The dataclass of its fields.
        on: The day.

    Returns:
        The values in force.

    Raises:
        UsageError: The day is before the first value of a field that the schema needs.
        DataError: The file is missing, was altered or breaks its format; the message names file, line and key.
    """
    return in_force(str(datafiles.data_root() / name), datafiles.read_text(name), schema, on)


def in_force(path: str, text: str, schema: type[T], on: date) -> Cited[T]:
    """Return what a file's text says on a day; arguments and errors as in `load_cited`."""
    values: dict[str, Any] = {}
    citations: dict[str, Citation] = {}
    for name, own in parse_cited(path, text, cast("Hashable", schema)).items():
        current = [each for each in own if each.citation.effective_from <= on]
        if current:
            values[name], citations[name] = current[-1].value, current[-1].citation
        elif name in needed(schema):
            start = own[0].citation.effective_from
            raise UsageError(f"{path}: no {name} is in force on {on}: the rule begins on {start}; give a later date")
    return Cited(schema(**values), citations)


def needed(schema: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields that a file must give: those without a default."""
    return tuple(each.name for each in fields(schema) if each.default is MISSING)


@lru_cache(maxsize=512)
def parse_cited(path: str, text: str, schema: Any) -> Mapping[str, tuple[CitedValue, ...]]:  # noqa: ANN401 - a class, as a key of the cache
    """Parse a file's text.

    Args:
        path: The file's name in messages.
        text: Its text.
        schema: The dataclass of its fields.

    Returns:
        Values by field name, earliest first.

    Raises:
        DataError: The file breaks its format; the message names file, line, key and what was expected.
    """
    values, faults = read_cited(path, text, schema)
    if faults:
        raise faults[0]
    return values


def read_cited(path: str, text: str, schema: type[Any]) -> tuple[dict[str, tuple[CitedValue, ...]], list[DataError]]:
    """Parse what can be parsed of a file's text.

    Returns:
        Values by field name, earliest first, and every fault, each with file, line, key and what was expected.
    """
    try:
        document = Document.parse(path, text)
        shared = document.content.get(SHARED, {})
        if not isinstance(shared, dict):
            raise document.error(Place(SHARED), f"{described(shared)}; expected a table [{SHARED}]")
        document.refuse_others(shared, Place(SHARED), _SHARED_KEYS)
    except DataError as error:
        return {}, [error]
    hints = get_type_hints(schema, include_extras=True)
    faults = [
        document.error(Place(name), f"no such field; expected {', '.join(hints)}")
        for name in document.content
        if name not in hints and name != SHARED
    ]
    faults += [
        document.error(Place(name), f"missing; expected at least one table [[{name}]]")
        for name in needed(schema)
        if name not in document.content
    ]
    values = {}
    for name in (name for name in hints if name in document.content):
        try:
            values[name] = _dated(document, name, hints[name], shared)
        except DataError as error:
            faults.append(error)
    return values, faults


def _dated(document: Document, name: str, hint: object, shared: dict[str, Any]) -> tuple[CitedValue, ...]:
    tables = document.content[name]
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise document.error(Place(name), f"{described(tables)}; expected at least one table [[{name}]]")
    values = tuple(
        _cited_value(document, Place(name, index), hint, table, shared) for index, table in enumerate(tables)
    )
    for index in range(1, len(values)):
        earlier, later = (each.citation.effective_from for each in values[index - 1 : index + 1])
        if later <= earlier:
            complaint = f"is {later}; expected a day after {earlier}, the date of the value above"
            raise document.error(Place(name, index, "effective_from"), complaint)
    return values


def _cited_value(
    document: Document, place: Place, hint: object, own: dict[str, Any], shared: dict[str, Any]
) -> CitedValue:
    def at(key: str) -> Place:
        return Place(place.table, place.index, key) if key in own or key not in shared else Place(SHARED, key=key)

    document.refuse_others(own, place, _KEYS)
    table = {**shared, **own}
    value = _value(document, at("value"), hint, table.get("value"))
    effective = document.take(table, at("effective_from"), date)
    confirmed = document.take(table, at("confirmed_from"), date)
    if confirmed < effective:
        raise document.error(at("confirmed_from"), f"is {confirmed}; expected {effective}, effective_from, or later")
    reading = document.take(table, at("reading"), str)
    if reading not in _READINGS:
        raise document.error(at("reading"), f"is {reading}; expected one of {', '.join(_READINGS)}")
    if reading == "unquoted" and table.get("quote"):
        raise document.error(at("quote"), 'is given; expected none where reading is "unquoted"')
    quote = "" if reading == "unquoted" else document.take(table, at("quote"), str)
    note = document.take(table, at("note"), str) if reading == "open" or "note" in table else ""
    rule = document.take(table, at("citation"), str)
    reference = document.take(table, at("authority"), str) if "authority" in table else ""
    if reference:
        check_quote(document, at, reference, quote, rule)
    return CitedValue(value, Citation(rule, quote, effective, confirmed, reference, reading, note))


def _value(document: Document, place: Place, hint: object, value: object) -> Any:  # noqa: ANN401 - what the schema says
    kinds = [each for each in get_args(hint) if each is not NoneType] if NoneType in get_args(hint) else [hint]
    kind = kinds[0]
    if get_origin(kind) is tuple:
        return _rows(document, place, get_args(kind)[0], value)
    field = describe("", place.table, kind)
    if not field.accepts(value):
        raise document.error(place, f"{described(value)}; expected {field.expected}")
    return value


def _rows(document: Document, place: Place, row: type[Any], value: object) -> tuple[Any, ...]:
    """Read a list of inline tables as rows of a dataclass."""
    names = ", ".join(each.name for each in fields(row)) if is_dataclass(row) else ""
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
        raise document.error(place, f"{described(value)}; expected a list of {{ {names} }}")
    hints = get_type_hints(row, include_extras=True)
    found = []
    for table in value:
        unknown, absent = sorted(set(table) - set(hints)), [each for each in needed(row) if each not in table]
        if unknown or absent:
            complaint = f"unknown: {', '.join(unknown)}" if unknown else f"missing: {', '.join(absent)}"
            raise document.error(place, f"{complaint}; expected a list of {{ {names} }}")
        found.append(row(**{key: _value(document, place, hints[key], each) for key, each in table.items()}))
    return tuple(found)
