"""Turn a submitted form into the topic's quote, and the quote into its answer or into errors at the fields.

The quote is treated like a JSON quote: the same model checks it and the same topic answers it. An error says what is
wrong with a field by its label, and never repeats what was typed.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from pydantic import ValidationError

from api.answering.topics import Answer, ResolvedOptions, resolve
from api.http.problems import Item, Problem, items
from api.models.allowed import allowed_at
from api.pages.calculators import SWITCH, Calculator
from api.pages.fields import Field
from api.pages.refusals import refusals
from calc.rules.fields import fields as rule_fields

_FIELDS_MAX: Final = 100


class Fault(NamedTuple):
    """Describe what is wrong with a field.

    Attributes:
        id: The field's id.
        text: A sentence.
    """

    id: str
    text: str


class Submission(NamedTuple):
    """Hold a form and what came of it.

    Attributes:
        texts: Texts by field id.
        row: The quote; None where it is not valid.
        answer: Its answer; None where it is refused.
        options: The tariff, switches and rates that it asked for.
        faults: What is wrong with the fields.
    """

    texts: Mapping[str, str]
    row: Any = None
    answer: Answer | None = None
    options: ResolvedOptions | None = None
    faults: tuple[Fault, ...] = ()


def texts_of(body: bytes, known: Iterable[str]) -> dict[str, str]:
    """Parse a form's body.

    Args:
        body: The body, application/x-www-form-urlencoded.
        known: Ids of the form's fields.

    Returns:
        Texts by field id, without surrounding blanks.

    Raises:
        Problem: "malformed-body", where the body is not such a form, repeats a field or has an unknown one.
    """
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
    """Answer a form.

    Args:
        calculator: The calculator that the form belongs to.
        texts: Texts by field id.

    Returns:
        The submission with its answer, or with what is wrong with it.
    """
    values, faults = _values(calculator, texts)
    try:
        row = calculator.topic.quote.model_validate(values)
        if faults:
            return Submission(texts, faults=tuple(faults))
        options = resolve(row)
        (answer,) = calculator.topic.ask([row], options)
    except ValidationError as error:
        model = calculator.topic.quote
        known = frozenset(model.model_fields)
        found = items(error.errors(include_url=False, include_input=False), known, allowed=partial(allowed_at, model))
        return Submission(texts, faults=_all(calculator, texts, faults, found))
    except Problem as problem:
        return Submission(texts, faults=_all(calculator, texts, faults, problem.errors))
    if answer.outcome.result is None:
        return Submission(texts, faults=tuple(Fault(*each) for each in refusals(calculator, answer, options)))
    return Submission(texts, row, answer, options)


def _values(calculator: Calculator, texts: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the model's values and the texts that cannot be read. Empty fields are left out."""
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
    """Return faults of reading and of the model in the form's order, one per field; those of reading come first."""
    fields = {field.name: field for field in calculator.every_field()}
    named = {each.id: each for each in (_fault(calculator, texts, fields, item) for item in found)}
    named |= {each.id: each for each in faults}
    places = [field.id for field in fields.values()]
    return tuple(sorted(named.values(), key=lambda each: places.index(each.id)))


def _fault(calculator: Calculator, texts: Mapping[str, str], fields: Mapping[str, Field], item: Item) -> Fault:
    """Return a model's error as a fault of its field; one about several fields goes to `calculator.not_together`."""
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
