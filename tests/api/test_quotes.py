"""Quotes: the figures of the command line, under its keys, with dollars beside cents and what they rest on."""

from typing import Any

import pytest

from api.models.examples import QUOTES
from api.readiness import NOT_SERVED
from calc.kernels import _jit
from tests.api.client import HOUSEHOLD, YEAR, Service, problem
from tests.cases.command import quote


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


def test_a_year_of_interest(service: Service) -> None:
    found = service.post("/v1/quotes/interest", YEAR).json()
    assert (found["interest_cents"], found["interest"], found["days"]) == (986, "9.86", 366)  # 200.00 x 4.93 %
    assert (found["tariff"], found["switches"], found["provisional"]) == ("default", {}, False)
    rests_on = found["provenance"]
    assert [len(rests_on[name]) for name in ("rules_sha256", "rates_sha256", "tariff_sha256")] == [64, 64, 64]
    assert "steps" not in found


def test_given_rates(service: Service) -> None:
    flat = service.post("/v1/quotes/interest", {**YEAR, "rate_ppm": 60_000}).json()
    assert flat["interest_cents"] == 1_200
    assert flat["provenance"]["rates"] == "flat 6.00 %"
    # 182 of 366 days at 6 % and 184 at 3 %: 596.72 + 301.64 cents
    rates = [{"effective_from": "2024-01-01", "rate_ppm": 60_000}, {"effective_from": "2024-07-01", "rate_ppm": 30_000}]
    assert service.post("/v1/quotes/interest", {**YEAR, "rates": rates}).json()["interest_cents"] == 898
    body = {**YEAR, "rates": rates[::-1]}
    assert problem(service.post("/v1/quotes/interest", body), 422, "invalid-values")[0]["code"] == "conflict"


def test_provisional_rates_are_told(service: Service) -> None:
    body = {"principal_cents": 20_000, "received_date": "2026-12-01"}
    ends = {"2027-01-01": False, "2027-01-02": True}  # the day of the end does not earn
    for end, told in ends.items():
        assert service.post("/v1/quotes/interest", {**body, "through_date": end}).json()["provisional"] is told


COMMANDS = {
    "interest": "interest --principal 200.00 --received 2024-01-01 --through 2025-01-01",
    "deposit-limit": "deposit-limit --billed 1460.00 --billed-days 365 --held 300.00 --applied 2026-09-30",
    "unclaimed": "unclaimed --principal 200.00 --received 2022-03-01 --service-ended 2024-03-15 --through 2026-09-30",
    "fixed-credit": "fixed-credit --service electric --primary-heating electric --income 18000.00 --household-size 3 "
    "--annual-bill 1800.00 --as-of 2026-09-30",
    "installment-plan": "installment-plan --due 480.01 --months 7 --as-of 2026-09-30",
    "discontinuance": "discontinuance --at 2026-11-10T13:00 --past-due 80.00 --due 2026-09-01 --as-of 2026-11-10",
    "restoration": "restoration --requested-at 2026-03-06T15:00 --restored-at 2026-03-10T09:00 --as-of 2026-03-10",
    "contributions": "contributions --collected 2026-12-31 --as-of 2026-12-31",
    "participant-year": "participant-year --service electric --primary-heating electric --income 18000.00 "
    "--household-size 3 --annual-bill 1800.00 --first-bill 2026-01-15 --arrearage 500.00 "
    "--event 2026-06-20,leap_grant,500.00 --as-of 2026-09-30",
    "annual-bill": "annual-bill --tariff example --service electric --rate-schedule R --basis-bill 900.00 "
    "--monthly-use 650,600,550,500,480,700,900,880,620,500,560,640.5 --as-of 2026-09-30",
    "budget-billing": "budget-billing --last-year-billed 1100.07 --arrears 100.00 --as-of 2026-09-30",
}


def without_dollars(answer: Any, shown: Any) -> Any:  # noqa: ANN401 - any JSON
    """What an answer has of the keys that the command line shows; dollars stand beside cents in records too."""
    if isinstance(answer, list) and isinstance(shown, list):
        return [without_dollars(*each) for each in zip(answer, shown, strict=True)]
    if isinstance(answer, dict) and isinstance(shown, dict):
        return {name: without_dollars(answer[name], shown[name]) for name in shown}
    return answer


@pytest.mark.parametrize("topic", QUOTES)
def test_examples_give_what_the_command_line_gives(service: Service, topic: str) -> None:
    answer = service.post(f"/v1/quotes/{topic}", QUOTES[topic]["explained"]["value"]).json()
    shown: dict[str, Any] = quote(COMMANDS[topic], "--explain")
    assert without_dollars(answer, shown) == shown
    plain = service.post(f"/v1/quotes/{topic}", QUOTES[topic]["plain"]["value"]).json()
    assert plain == {name: value for name, value in answer.items() if name not in {"steps", "steps_schema"}}


@pytest.mark.parametrize(
    ("topic", "body", "words"),
    [
        (
            "unclaimed",
            {**QUOTES["unclaimed"]["plain"]["value"], "kind": "construction_advance", "interest_payable": False},
            "--kind construction_advance --no-interest-payable",
        ),
        (
            "unclaimed",
            {**QUOTES["unclaimed"]["plain"]["value"], "through_date": "2027-03-01"},
            "--through 2027-03-01",
        ),
        (
            "deposit-limit",
            {
                **QUOTES["deposit-limit"]["plain"]["value"],
                "late_payments_12m": 1,
                "clean_past_service": True,
                "assistance_last_date": "2026-01-15",
            },
            "--late-payments 1 --clean-past-service --assistance-last 2026-01-15",
        ),
        (
            "deposit-limit",
            {
                **QUOTES["deposit-limit"]["plain"]["value"],
                "late_payments_12m": 5,
                "assistance_now": False,
                "return_qualified_date": "2026-01-15",
                "switches": {"return_window": "any_12"},
            },
            "--late-payments 5 --no-assistance-now --return-qualified 2026-01-15 --set return_window=any_12",
        ),
        (
            "fixed-credit",
            {**HOUSEHOLD, "share_ppm": 40_000, "arrearage_cents": 50_000, "leap_grant_cents": 30_000},
            "--share 4 --arrearage 500.00 --leap-grant 300.00",
        ),
    ],
)
def test_more_of_the_command_line(service: Service, topic: str, body: dict[str, Any], words: str) -> None:
    answer = service.post(f"/v1/quotes/{topic}", body).json()
    shown: dict[str, Any] = quote(f"{COMMANDS[topic]} {words}")
    assert {name: answer[name] for name in shown} == shown


def test_monthly_bills(service: Service) -> None:
    body = {"estimate": "peak_consecutive", "monthly_bill_cents": [10_000, 12_000, 15_000, 9_000]}
    found = service.post("/v1/quotes/deposit-limit", body).json()
    assert (found["limit_cents"], found["limit"], found["as_of_source"]) == (37_000, "370.00", "today")
    few = {**body, "monthly_bill_cents": [10_000]}
    assert problem(service.post("/v1/quotes/deposit-limit", few), 422, "refused-by-rules")[0]["code"] == "missing_value"


def test_switches(service: Service) -> None:
    body = {**YEAR, "received_date": "2023-01-01", "through_date": "2024-01-01", "rate_ppm": 60_000}
    counted = service.post("/v1/quotes/interest", {**body, "switches": {"day_count": "actual_360"}}).json()
    assert counted["interest_cents"] == 1_217  # 200.00 x 6 % x 365/360 = 12.1667
    assert counted["switches"] == {"day_count": "actual_360"}
    for switches in ({"day_count": "sometimes"}, {"day_count": "thirty_e_360", "day_ends": "both"}):
        errors = problem(service.post("/v1/quotes/interest", {**body, "switches": switches}), 422, "invalid-values")
        assert [error["pointer"] for error in errors] == ["/switches"]


@pytest.mark.parametrize(
    ("topic", "changes", "kind", "pointer", "code"),
    [
        ("interest", {"through_date": "2023-12-31"}, "refused-by-rules", "/received_date", "date_order"),
        ("interest", {"received_date": "1980-01-01"}, "rates-missing", "/received_date", "no_rate_in_force"),
        ("interest", {"through_date": "2030-01-01"}, "rates-missing", "/through_date", "no_rate_in_force"),
        ("fixed-credit", {"share_ppm": 60_001}, "refused-by-rules", "/share_ppm", "share_outside_band"),
        (
            "fixed-credit",
            {"service": "gas", "primary_heating": "other"},
            "refused-by-rules",
            "/primary_heating",
            "no_rule_band",
        ),
        ("deposit-limit", {}, "refused-by-rules", "/billed_cents", "missing_value"),
        ("deposit-limit", {"billed_cents": 1}, "refused-by-rules", "/billed_days", "missing_value"),
        ("deposit-limit", {"class_billed_days": 1}, "refused-by-rules", "/class_billed_cents", "missing_value"),
        (
            "deposit-limit",
            {"estimate": "monthly_average", "monthly_bill_cents": [1]},
            "refused-by-rules",
            "/monthly_bill_cents",
            "missing_value",
        ),
        (
            "fixed-credit",
            {"arrearage_copay_cents": 10**9},
            "refused-by-rules",
            "/arrearage_copay_cents",
            "out_of_range",
        ),
        ("interest", {"tariff": "../default"}, "invalid-values", "/tariff", "unknown_value"),
        ("interest", {"tariff": "nobody"}, "invalid-values", "/tariff", "unknown_value"),
    ],
)
def test_refusals(service: Service, topic: str, changes: dict[str, Any], kind: str, pointer: str, code: str) -> None:
    body = {"interest": YEAR, "fixed-credit": HOUSEHOLD, "deposit-limit": {}}[topic]
    errors = problem(service.post(f"/v1/quotes/{topic}", {**body, **changes}), 422, kind)
    assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, code)]


def test_each_day_before_the_receipt_is_an_error_of_its_own(service: Service) -> None:
    body = {**QUOTES["unclaimed"]["plain"]["value"], "paid_date": "2020-01-01", "service_ended_date": "2020-01-02"}
    errors = problem(service.post("/v1/quotes/unclaimed", body), 422, "refused-by-rules")
    assert [(error["pointer"], error["detail"]) for error in errors] == [
        (f"/{name}", f"{name} lies before received_date; allowed: the same day or a later one")
        for name in ("paid_date", "service_ended_date")
    ]


def test_the_band_of_the_rule_is_said(service: Service) -> None:
    """4 CCR 723-3-3412(e)(I)(A): three to six percent of income where electricity heats."""
    body = {**HOUSEHOLD, "primary_heating": "electric", "regulated_gas": False, "share_ppm": 60_001}
    (error,) = problem(service.post("/v1/quotes/fixed-credit", body), 422, "refused-by-rules")
    assert "allowed: 30000 through 60000 ppm, the band of 4 CCR 723-3-3412" in error["detail"]


def test_no_quote_waits_for_a_compiler(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not compiled before the service is ready is called by no quote, whatever the switches."""
    assert service.get("/v1/rates").status_code == 200  # the rate table is made before the service is ready
    called: set[str] = set()
    ask = _jit.Kernel.__call__

    def told(kernel: _jit.Kernel, *columns: Any) -> None:  # noqa: ANN401 - as the kernel takes them
        called.add(kernel.module.rpartition(".")[2])
        ask(kernel, *columns)

    monkeypatch.setattr(_jit.Kernel, "__call__", told)
    bodies: list[tuple[str, dict[str, Any]]] = [
        *((topic, QUOTES[topic]["plain"]["value"]) for topic in QUOTES),
        ("interest", {**YEAR, "rate_ppm": 61_234, "switches": {"rounding_point": "year"}}),
        ("unclaimed", {**QUOTES["unclaimed"]["plain"]["value"], "switches": {"rounding_point": "year"}}),
        ("deposit-limit", {"estimate": "peak_consecutive", "monthly_bill_cents": [1, 2, 3]}),
        ("deposit-limit", {**QUOTES["deposit-limit"]["plain"]["value"], "assistance_last_date": "2026-01-15"}),
        ("fixed-credit", {**HOUSEHOLD, "arrearage_cents": 50_000}),
    ]
    for topic, body in bodies:
        assert service.post(f"/v1/quotes/{topic}", body).status_code == 200
    assert called == {
        "accrual", "annual_bill", "arrearage", "deposit_limit", "discontinuance", "events", "fixed_credit",
        "participant_year", "plans", "unclaimed",
    }  # fmt: skip
    assert called.isdisjoint(NOT_SERVED)
