"""Complete the OpenAPI document: what each property means, where its model does not say so itself.

Meanings are those of columns and results; an amount that stands in dollars beside its cents has the cents' meaning.
"""

from typing import Any, Final

from calc.topics.nightly_datasets import inputs, results

_DOLLARS: Final = "The same in dollars, as a decimal: "
_MEANINGS: Final = {
    "amount_cents": "The amount, whole cents.",
    "as_of_date": "The day of the rules.",
    "as_of_source": "Where that day comes from: the field's name, or today.",
    "barred": "Grounds on which the rules bar what is asked for.",
    "citation": "The paragraph.",
    "code": "What is wrong; /docs/problems lists the codes.",
    "detail": "What is wrong, in words, and what is allowed.",
    "errors": "What is wrong, one entry a field; in a batch, of a refused row.",
    "estimate": "How the highest charges of 90 days are estimated: the switch of this name.",
    "ground": "The ground, in a word.",
    "index": "The row's place in the request, from 0.",
    "kind": "What happened.",
    "month": "The month of the year, 1 through 12.",
    "payee": "Who is paid.",
    "payees": "Who is paid which share.",
    "payment_cents": "The monthly payment, whole cents.",
    "pointer": "JSON pointer to the field in the request; empty for the whole body.",
    "provenance": "What the result rests on; with it, it can be computed again.",
    "provisional": "Whether it rests on a rate that may still change.",
    "quote": "The paragraph's words.",
    "rate_ppm": "One flat rate a year instead of those in force, parts per million.",
    "rates": "Rates instead of those in force, by ascending effective date.",
    "rates_sha256": "SHA-256 of the rate table; null without rates.",
    "refused": "How many rows were refused.",
    "result": "The row's figures; absent where it was refused.",
    "results": "An entry for each row, in their order.",
    "rows": "The rows; in an answer, how many there were.",
    "rules_on": "The day of the rules.",
    "rules_sha256": "SHA-256 of the rules.",
    "share_ppm": "The share, parts per million.",
    "status": "HTTP status.",
    "switches": "Readings of the rules that were set, by switch; /v1/rules lists them.",
    "tariff": "The utility's tariff, by its shipped name.",
    "tariff_sha256": "SHA-256 of the tariff.",
    "tariff_title": "What the tariff is.",
    "text": "The answer in words.",
    "title": "The problem's type in words.",
    "type": "The problem's type: a path of this service that explains it.",
    "version": "Version of puccalc.",
    "jurisdiction": "Whose rules.",
    "warnings": "What speaks against it, without barring it.",
    "grounds": "Grounds that matter.",
}
"""Meanings of names that no dataset has, or that mean something of their own in a request or an answer."""


def complete(schemas: dict[str, Any]) -> None:
    """Give every property without a description its meaning, in place.

    Args:
        schemas: Schemas of an OpenAPI document, by name.
    """
    known = {column.name: column.meaning for dataset in inputs().values() for column in dataset.columns}
    known |= {result.name: result.meaning for dataset in results().values() for result in dataset.declared_results}
    known |= _MEANINGS
    for schema in schemas.values():
        properties = schema.get("properties", {})
        for name, field in properties.items():
            if not field.get("description"):
                field["description"] = _meaning(name, properties, known)


def _meaning(name: str, properties: dict[str, Any], known: dict[str, str]) -> str:
    cents = f"{name}_cents"
    if cents in properties:
        return _DOLLARS + (properties[cents].get("description") or known.get(cents, cents))
    return known.get(name, "")
