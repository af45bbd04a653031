"""Load a topic's rule file: dated, cited values, each checked against the schema and against the words it cites.

A file `data/rules/<jurisdiction>/<service>/<topic>.toml` has one or more tables `[[field]]` for each field of the
topic, in the order of their effective dates. `resolve` decides which value is in force on a date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from calc import datafiles
from calc.errors import DataError
from calc.rules.citation import Citation, paragraph
from calc.rules.document import Document, Place, described
from calc.rules.fields import Field, Value, topic_fields

_KEYS = ("effective_from", "confirmed_from", "value", "citation", "authority", "quote", "reading", "note")
_READINGS = ("text", "open", "proposed")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """Hold a field's value, in force from its citation's `effective_from` until the next value's."""

    value: Value
    citation: Citation


DatedValues = Mapping[str, tuple[DatedValue, ...]]


def load_topic(jurisdiction: str, service: str, topic: str) -> DatedValues:
    """Load the values of every field of a service's topic.

    Args:
        jurisdiction: Folder of `data/rules/`, such as "us-co".
        service: "electric" or "gas".
        topic: A key of `schema.TOPICS`.

    Returns:
        Dated values by field name, earliest first.

    Raises:
        DataError: The file is missing or breaks its format, a value is out of bounds, or a citation does not hold; the
            message names file, line, key and what was expected.
    """
    name = f"rules/{jurisdiction}/{service}/{topic}.toml"
    return _parsed(str(datafiles.data_root() / name), datafiles.read_text(name), service, topic)


@lru_cache(maxsize=256)
def _parsed(path: str, text: str, service: str, topic: str) -> DatedValues:
    document = Document.parse(path, text)
    fields = topic_fields(topic, service)
    for name in document.content:
        if name not in fields:
            raise document.error(Place(name), f"no field of {topic} for {service}; expected {', '.join(fields)}")
    return {name: _dated_values(document, field) for name, field in fields.items()}


def _dated_values(document: Document, field: Field) -> tuple[DatedValue, ...]:
    tables = document.content.get(field.name)
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise document.error(Place(field.name), f"missing; expected at least one table [[{field.name}]]")
    values = tuple(_dated_value(document, field, index, table) for index, table in enumerate(tables))
    for index in range(1, len(values)):
        earlier, later = (value.citation.effective_from for value in values[index - 1 : index + 1])
        if later <= earlier:
            place = Place(field.name, index, "effective_from")
            raise document.error(place, f"is {later}; expected a day after {earlier}, the date of the value above")
    return values


def _dated_value(document: Document, field: Field, index: int, table: dict[str, Any]) -> DatedValue:
    def place(key: str) -> Place:
        return Place(field.name, index, key)

    document.refuse_others(table, place(""), _KEYS)
    if not field.accepts(table.get("value")):
        raise document.error(place("value"), f"{described(table.get('value'))}; expected {field.expected}")
    effective = document.take(table, place("effective_from"), date)
    confirmed = document.take(table, place("confirmed_from"), date)
    if confirmed < effective:
        raise document.error(place("confirmed_from"), f"is {confirmed}; expected {effective}, effective_from, or later")
    reading = document.take(table, place("reading"), str)
    if reading not in _READINGS:
        raise document.error(place("reading"), f"is {reading}; expected one of {', '.join(_READINGS)}")
    note = document.take(table, place("note"), str) if reading != "text" or "note" in table else ""
    reference, quote = (document.take(table, place(key), str) for key in ("authority", "quote"))
    rule = document.take(table, place("citation"), str)
    check_quote(document, place, reference, quote, rule)
    return DatedValue(table["value"], Citation(rule, quote, effective, confirmed, reference, reading, note))


def check_quote(document: Document, place: Callable[[str], Place], reference: str, quote: str, rule: str) -> None:
    """Check a quote and a citation against the paragraph that a reference names.

    Args:
        document: The file that quotes.
        place: Place of a key of the value.
        reference: The paragraph, as in `citation.paragraph`.
        quote: The words that should stand in it.
        rule: How it should be cited.

    Raises:
        DataError: There is no such paragraph, it has other words, or it is cited otherwise.
    """
    try:
        cited, words = paragraph(reference)
    except DataError as error:
        raise document.error(place("authority"), str(error)) from error
    if quote not in words:
        raise document.error(place("quote"), f'not among the words of {reference}; expected a part of "{words}"')
    if rule != cited:
        raise document.error(place("citation"), f"is {rule}; expected {cited}, as the authority names it")
