"""Other jurisdictions by the service: quotes, batches, the list, and what is refused."""

from typing import Any

import pytest

from tests.api.client import Service, problem
from tests.api.pages import send

SERVICE = Service()
MISSISSIPPI = {
    "jurisdiction": "us-ms",
    "principal_cents": 150_00,
    "received_date": "2021-03-15",
    "through_date": "2024-03-15",
}


def test_a_quote_names_its_jurisdiction_and_cites_its_rule() -> None:
    answer = SERVICE.post("/v1/quotes/interest", {**MISSISSIPPI, "explain": True})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["interest_cents"], found["provenance"]["jurisdiction"]) == (8_59, "us-ms")
    rules = {each["citation"]["rule"] for step in found["steps"] for each in step["parameters"]}
    assert rules == {"39 Miss. Code R. 3-1-9"}


def test_a_batch_is_of_one_jurisdiction() -> None:
    rows = [{key: value for key, value in MISSISSIPPI.items() if key != "jurisdiction"}]
    found = SERVICE.post("/v1/batches/interest", {"jurisdiction": "us-ms", "rows": rows}).json()
    assert found["results"][0]["result"]["interest_cents"] == 8_59
    assert found["provenance"]["jurisdiction"] == "us-ms"


def test_who_is_paid_stands_in_the_answer_where_the_rules_split() -> None:
    body = {
        "jurisdiction": "us-nh", "principal_cents": 250_00, "received_date": "2022-05-16",
        "service_ended_date": "2023-05-01", "through_date": "2024-08-01",
    }  # fmt: skip
    found = SERVICE.post("/v1/quotes/unclaimed", body).json()
    assert found["remittance_cents"] == 289_08
    assert [each["amount_cents"] for each in found["payees"]] == [245_72, 43_36]


def test_jurisdictions_are_listed() -> None:
    listed = SERVICE.get("/v1/jurisdictions").json()["jurisdictions"]
    rules = {each["id"]: each["rules"] for each in listed}
    assert rules["us-mn"] == ["rate_rule", "deposit_interest"]
    assert rules["us-nh"] == ["rate_rule", "deposit_interest", "unclaimed"]


@pytest.mark.parametrize(
    ("topic", "body", "pointer", "code", "kind"),
    [
        ("interest", {**MISSISSIPPI, "jurisdiction": "us-xx"}, "/jurisdiction", "unknown_value", "invalid-values"),
        ("interest", {**MISSISSIPPI, "jurisdiction": "../us-ms"}, "/jurisdiction", "unknown_value", "invalid-values"),
        ("interest", {**MISSISSIPPI, "jurisdiction": "us-ma"}, "/jurisdiction", "no_rate_in_force", "rates-missing"),
        ("interest", {**MISSISSIPPI, "switches": {"estimate": "x"}}, "/switches", "unknown_value", "invalid-values"),
        ("interest", {**MISSISSIPPI, "tariff": "example"}, "/tariff", "unknown_value", "invalid-values"),
        ("unclaimed", MISSISSIPPI, "/jurisdiction", "no_rule", "refused-by-rules"),
        ("deposit-limit", {"jurisdiction": "us-mn", "billed_cents": 1, "billed_days": 30}, "/jurisdiction", "no_rule",
         "refused-by-rules"),
        ("deposit-limit", {"jurisdiction": "us-ky", "billed_cents": 1, "billed_days": 30}, "/monthly_bill_cents",
         "missing_value", "refused-by-rules"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_where(
    topic: str, body: dict[str, Any], pointer: str, code: str, kind: str
) -> None:
    answer = SERVICE.post(f"/v1/quotes/{topic}", body)
    found = problem(answer, 422, kind)[0]
    assert (found["pointer"], found["code"]) == (pointer, code)
    assert "../" not in answer.text


def test_a_form_asks_whose_rules_apply() -> None:
    page = SERVICE.get("/calculators/interest").text
    assert '<option value="us-ms"' in page
    assert "Massachusetts, municipal light plants" in page
    assert '<option value="us-ms"' not in SERVICE.get("/calculators/fixed-credit").text
    form = {"principal": "150.00", "received": "03/15/2021", "through": "03/15/2024", "jurisdiction": "us-ms"}
    answer = send(SERVICE, "/calculators/interest", form)
    assert answer.status_code == 200
    assert "8.59" in answer.text
    assert "39 Miss. Code R. 3-1-9" in answer.text
    form = {"principal": "300.00", "received": "01/10/2024", "through": "07/09/2024", "jurisdiction": "us-fl"}
    assert "0.00" in send(SERVICE, "/calculators/interest", form).text


def test_rates_of_a_jurisdiction() -> None:
    rates = SERVICE.get("/v1/rates?jurisdiction=us-ms").json()
    by_day = {each["effective_from"]: each for each in rates["rates"]}
    assert (by_day["2022-01-01"]["rate_percent"], by_day["2022-01-01"]["source"]) == ("1.39", "published")
    assert rates["engine"]["jurisdiction"] == "us-ms"
    year = SERVICE.get("/v1/rates/2022?jurisdiction=us-ms").json()
    assert (year["computed_percent"], year["rate_percent"]) == ("1.40", "1.39")
    quarters = SERVICE.get("/v1/rates/2022?jurisdiction=us-nh").json()["periods"]
    assert [each["rate_percent"] for each in quarters] == ["3.25", "3.25", "4.00", "5.50"]
    assert SERVICE.get("/v1/rates?jurisdiction=us-co").json() == SERVICE.get("/v1/rates").json()
    assert SERVICE.get("/v1/rates/2024?jurisdiction=us-co").json() == SERVICE.get("/v1/rates/2024").json()


def test_rates_that_are_not_there() -> None:
    assert problem(SERVICE.get("/v1/rates?jurisdiction=us-xx"), 422, "invalid-values")[0]["pointer"] == "/jurisdiction"
    assert problem(SERVICE.get("/v1/rates?jurisdiction=us-ma"), 422, "rates-missing")[0]["code"] == "no_rate_in_force"
    assert "2026-10" in problem(SERVICE.get("/v1/rates/2027?jurisdiction=us-ky"), 404, "not-found")[0]["detail"]
    assert "by order" in problem(SERVICE.get("/v1/rates/2022?jurisdiction=us-ct"), 404, "not-found")[0]["detail"]
