"""Every operation, parameter, property and answer of the OpenAPI document says what it is and of which type."""

from collections.abc import Iterator
from typing import Any

from jsonschema_rs import validator_for

from tests.api.client import YEAR, Service

SERVICE = Service()
DOCUMENT: dict[str, Any] = SERVICE.get("/openapi.json").json()
SCHEMAS = DOCUMENT["components"]["schemas"]


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_property_says_what_it_means() -> None:
    silent = [
        f"{name}.{field}"
        for name, schema in SCHEMAS.items()
        for field, about in schema.get("properties", {}).items()
        if not about.get("description", "").strip()
    ]
    assert len(SCHEMAS) > 40
    assert silent == []


def test_dollars_say_that_they_are_the_cents() -> None:
    about = SCHEMAS["InterestAnswer"]["properties"]["interest"]["description"]
    assert about.startswith("The same in dollars, as a decimal: ")


def test_every_operation_is_described_and_named_once() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    for name, operation in operations():
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"][0] in {each["name"] for each in DOCUMENT["tags"]}
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (name, parameter["name"])


def test_every_answer_is_typed() -> None:
    for name, operation in operations():
        good = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        assert good, name
        for status, answer in operation["responses"].items():
            content = answer.get("content", {})
            assert content or status == "204", (name, status)
            for kind in content.values():
                assert kind["schema"], (name, status)


def test_every_reference_leads_somewhere() -> None:
    def references(node: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            for each in node.values():
                yield from references(each)
        elif isinstance(node, list):
            for each in node:
                yield from references(each)

    assert {each.rpartition("/")[2] for each in references(DOCUMENT)} <= set(SCHEMAS)


def test_answers_are_as_documented() -> None:
    """Rates, rules and jurisdictions, of Colorado and of others; explained quotes by the named schema of steps."""
    ids = [each["id"] for each in SERVICE.get("/v1/jurisdictions").json()["jurisdictions"]]
    paths = ["/healthz", "/v1/jurisdictions", "/v1/rules", "/v1/rates", "/v1/rates/2024"]
    for each in ids:
        paths += [f"/v1/rates?jurisdiction={each}", f"/v1/rates/2024?jurisdiction={each}"]
    for path in paths:
        answer = SERVICE.get(path)
        assert answer.status_code in {200, 404, 422}, path
        route = path.partition("?")[0].replace("2024", "{year}")
        kind = DOCUMENT["paths"][route]["get"]["responses"][str(answer.status_code)]["content"]
        schema = kind[answer.headers["content-type"]]["schema"]
        validator_for({**schema, "components": DOCUMENT["components"]}).validate(answer.json())
    explained = SERVICE.post("/v1/quotes/interest", {**YEAR, "explain": True}).json()
    assert explained["steps_schema"] == "puccalc.explanation/1"
    schema = {"$ref": "#/components/schemas/InterestAnswer", "components": DOCUMENT["components"]}
    validator_for(schema).validate(explained)
    assert "steps_schema" not in SERVICE.post("/v1/quotes/interest", YEAR).json()
