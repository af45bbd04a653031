"""A form sent in: its texts to the topic's quote, and the quote to its answer, or to errors at the fields.

The quote goes the way of a JSON quote: the same model checks it, the same topic answers it. An error says what is wrong
with a field by its label, never what was written there.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from pydantic import ValidationError

from api.allowed import allowed_at
from api.pages.calculators import SWITCH, Calculator
from api.pages.fields import Field
from api.pages.refusals import refusals
from api.problems import Item, Problem, items
from api.topics import Answer, Reading, reading
from calc.rules.fields import fields as rule_fields

_FIELDS_MAX: Final = 100


class Fault(NamedTuple):
    """What is wrong with a field: its id, and a sentence."""

    id: str
    text: str


class Submission(NamedTuple):
    """The texts of a form by the ids of its fields; and the row, reading and answer they lead to, or what is wrong."""

    texts: Mapping[str, str]
    row: Any = None
    answer: Answer | None = None
    asked: Reading | None = None
    faults: tuple[Fault, ...] = ()


def texts_of(body: bytes, known: Iterable[str]) -> dict[str, str]:
    """Texts of a body by name, blanks around them removed; Problem where it is no form of ours."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MAX, encoding="utf-8"
        )
    except ValueError:
        raise Problem("malformed-body", [Item("", "not_utf8")]) from None
    found = {name: text.strip() for name, text in pairs}
    if len(found) != len(pairs):
        raise Problem("malformed-body", [Item("", "duplicate_name")])
    if not found.keys() <= set(known):
        raise Problem("malformed-body", [Item("", "unknown_field")])
    return found


def submit(calculator: Calculator, texts: Mapping[str, str]) -> Submission:
    """The answer to a form, or what is wrong with it."""
    values, faults = _values(calculator, texts)
    try:
        row = calculator.topic.quote.model_validate(values)
        if faults:
            return Submission(texts, faults=tuple(faults))
        asked = reading(row)
        (answer,) = calculator.topic.ask([row], asked)
    except ValidationError as error:
        model = calculator.topic.quote
        known = frozenset(model.model_fields)
        found = items(error.errors(include_url=False, include_input=False), known, allowed=partial(allowed_at, model))
        return Submission(texts, faults=_all(calculator, texts, faults, found))
    except Problem as problem:
        return Submission(texts, faults=_all(calculator, texts, faults, problem.errors))
    if answer.outcome.result is None:
        return Submission(texts, faults=tuple(Fault(*each) for each in refusals(calculator, answer, asked)))
    return Submission(texts, row, answer, asked)


def _values(calculator: Calculator, texts: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """The model's values, and what of the texts cannot be read. An empty field is left out."""
    values: dict[str, Any] = {}
    switches: dict[str, str] = {}
    faults = []
    for field in calculator.every_field():
        text = texts.get(field.id, "")
        if not text:
            continue
        if field.name.startswith(SWITCH):
            name = field.name.removeprefix(SWITCH)
            switches[name] = text
            if rule_fields()[name].parse(text) is None:
                faults.append(Fault(field.id, f"{field.label} is not {rule_fields()[name].expected}"))
            continue
        try:
            values[field.name] = field.kind.read(text)
        except ValueError as error:
            faults.append(Fault(field.id, f"{field.label} {error}"))
    return values | ({"switches": switches} if switches else {}), faults


def _all(
    calculator: Calculator, texts: Mapping[str, str], faults: list[Fault], found: Iterable[Item]
) -> tuple[Fault, ...]:
    """Faults of reading and of the model in the order of the form, one a field."""
    fields = {field.name: field for field in calculator.every_field()}
    named = {each.id: each for each in (_fault(calculator, texts, fields, item) for item in found)}
    named |= {each.id: each for each in faults}
    places = [field.id for field in fields.values()]
    return tuple(sorted(named.values(), key=lambda each: places.index(each.id)))


def _fault(calculator: Calculator, texts: Mapping[str, str], fields: Mapping[str, Field], item: Item) -> Fault:
    """An item of the model at its field; one of several fields at the one that the calculator names."""
    name = item.pointer.strip("/").partition("/")[0]
    field = fields.get(name) or fields[calculator.not_together or "tariff"]
    if name == "switches":
        field = next(each for each in fields.values() if each.name.startswith(SWITCH) and texts.get(each.id))
    detail = item.as_dict()["detail"]
    if field.name != name:
        for each in fields.values():
            detail = detail.replace(each.name, f"“{each.label}”")
        return Fault(field.id, detail[:1].upper() + detail[1:])
    if item.code == "missing_value":
        return Fault(field.id, f"{field.label} is missing")
    return Fault(field.id, f"{field.label}: {detail}")
