"""A participant's year at every door: quote, HTTP, batches of JSON and Arrow, the page, the notebook."""

import io
import json
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import calc
from api.answering.arrow import MEDIA_TYPE
from calc.columns.contract import PARTICIPANT_MONTHS
from tests.api.client import Service
from tests.cases.command import puccalc

QUOTE = [
    "quote", "participant-year", "--service", "electric", "--primary-heating", "electric", "--income", "18000.00",
    "--household-size", "3", "--annual-bill", "1800.00", "--first-bill", "2026-01-15", "--arrearage", "500.00",
    "--as-of", "2026-12-31",
]  # fmt: skip
"""6 % of 18,000.00 is 1,080.00: 720.00 of 1,800.00 is not affordable, 60.00 a month."""
BODY: dict[str, Any] = {
    "service": "electric", "primary_heating": "electric", "household_income_cents": 1_800_000, "household_size": 3,
    "full_annual_bill_cents": 180_000, "first_bill_date": "2026-01-15", "arrearage_cents": 50_000,
    "as_of_date": "2026-12-31",
}  # fmt: skip
GRANT = {"date": "2026-06-20", "kind": "leap_grant", "amount_cents": 50_000}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def months(answer: dict[str, Any], name: str) -> list[Any]:
    return [month[name] for month in answer["months"]]


def is_the_worked_year(answer: dict[str, Any]) -> None:
    """500.00 with six months left: no program credit for those six, 140.00 on to the arrearage."""
    assert months(answer, "program_credit_cents") == [6_000] * 6 + [0] * 6
    assert months(answer, "leap_to_arrearage_cents") == [0] * 6 + [14_000] + [0] * 5
    assert months(answer, "causes") == [[]] * 6 + [["leap_grant"]] + [[]] * 5
    assert answer["year_planned_payment_cents"] == 12 * 9_000
    assert answer["year_leap_to_unaffordable_cents"] == 36_000


def test_a_quote() -> None:
    finished = puccalc([*QUOTE, "--event", "2026-06-20,leap_grant,500.00", "--json", "--explain"])
    assert finished.code == 0, finished.err
    answer = finished.json()
    is_the_worked_year(answer)
    own = {each.name for each in PARTICIPANT_MONTHS.declared_results} - {"participant_id", "service"}
    assert set(answer["months"][0]) == own
    assert months(answer, "bill_date")[::11] == ["2026-01-15", "2026-12-15"]
    rules = {passage["rule"] for step in answer["steps"] for passage in step["passages"]}
    assert {"4 CCR 723-3-3412(e)(I)", "4 CCR 723-3-3412(g)(V)(A)", "4 CCR 723-3-3412(e)(VII)(A)"} <= rules
    assert "grant_timing" in {each["name"] for step in answer["steps"] for each in step["parameters"]}


@pytest.mark.parametrize(("as_of", "code"), [("2026-02-28", 0), ("2026-03-01", 2)])
def test_two_events_of_a_day_that_has_not_come_refuse_nothing(as_of: str, code: int) -> None:
    quote = [*QUOTE[:-1], as_of, "--event", "2026-03-01,income,1.00", "--event", "2026-03-01,income,2.00", "--json"]
    finished = puccalc(quote)
    assert finished.code == code, finished.err
    if code == 0:
        assert months(finished.json(), "fixed_credit_cents") == [6_000] * 12


def test_a_quote_in_words() -> None:
    finished = puccalc([*QUOTE, "--event", "2026-06-20,leap_grant,500.00", "--event", "2026-08-20,exit"])
    assert finished.code == 0, finished.err
    assert "The twelve bills" in finished.out
    # At bill 9 500.00 less 6 x 20.84, 140.00 and 2 x 13.06 is left; 240.00 of the grant pay it, and 31.16 the account.
    assert "LEAP grant to the arrearage 208.84" in finished.out.replace("\n", " ").replace("│", "").replace("  ", " ")


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (["2026-06-20,leap_grant"], "an amount with move, income, rate_change, leap_grant"),
        (["2026-06-20,heating,true"], "with heating electric, gas, other"),
        (["2026-06-20,exit", "2026-06-20,exit"], "one event of a kind on a day"),
        (["2026-06-20,left"], "DATE,KIND[,AMOUNT][,WORD]"),
    ],
)
def test_a_quote_refuses_a_bad_event(events: list[str], told: str) -> None:
    finished = puccalc([*QUOTE, *(word for each in events for word in ("--event", each))])
    assert finished.code == 2
    assert "--event" in finished.err
    assert told in finished.err.replace("\n", " ").replace("│ ", "")


def test_events_to_come_are_told() -> None:
    finished = puccalc([*QUOTE, "--event", "2027-06-20,exit", "--json"])
    assert "1 of --event lie after 2026-12-31" in finished.err
    assert all(months(finished.json(), "in_program"))


def test_events_of_every_kind_have_a_working() -> None:
    events = [
        "2026-01-20,income,9000.00", "2026-02-20,regulated_gas,true", "2026-03-20,heating,other",
        "2026-04-20,rate_change,2400.00", "2026-04-25,rate_change,2450.00", "2026-05-20,missed_payment",
        "2026-05-21,partial_payment,5.00", "2026-05-22,payment,5.00", "2026-06-20,budget_billing,on",
        "2026-07-20,move,1500.00,electric", "2026-08-20,leap_grant,900.00", "2026-10-20,move_out",
    ]  # fmt: skip
    words = [word for each in events for word in ("--event", each)]
    for tariff in ("default", "example"):
        finished = puccalc([*QUOTE, *words, "--json", "--explain", "--tariff", tariff])
        assert finished.code == 0, finished.err
        answer = finished.json()
        found = [cause for each in months(answer, "causes") for cause in each]
        assert found == [
            "income", "regulated_gas", "heating", "rate_change", "not_due", "missed_payment", "partial_payment",
            "payment", "budget_billing", "move", "leap_grant", "move_out",
        ]  # fmt: skip
        assert len([step for step in answer["steps"] if step["label"].startswith("bill ")]) == 9 + 1


def test_over_http() -> None:
    service = Service()
    answer = service.post("/v1/quotes/participant-year", {**BODY, "events": [GRANT]})
    assert answer.status_code == 200, answer.text
    is_the_worked_year(answer.json())
    assert answer.json()["months"][0]["program_credit"] == "60.00"
    refused = service.post("/v1/quotes/participant-year", {**BODY, "events": [{**GRANT, "amount_cents": None}]})
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/events", "missing_value")
    assert "an amount with move" in error["detail"]
    unknown = service.post("/v1/quotes/participant-year", {**BODY, "events": [{**GRANT, "kind": "gift"}]})
    assert unknown.json()["errors"][0]["pointer"] == "/events/0/kind"


def test_a_batch_of_json() -> None:
    rows = [
        {**BODY, "events": [GRANT]},
        BODY,
        {**BODY, "events": [{**GRANT, "kind": "income"}, {**GRANT, "kind": "income"}]},
    ]
    answer = Service().post("/v1/batches/participant-year", {"rows": rows})
    assert answer.status_code == 200, answer.text
    first, second, third = answer.json()["results"]
    is_the_worked_year(first["result"])
    assert second["result"]["year_program_credit_cents"] == 72_000
    assert [(each["pointer"], each["code"]) for each in third["errors"]] == [("/rows/2/events", "duplicate_key")]


def arrow(frame: pl.DataFrame) -> Any:  # noqa: ANN401 - a response
    buffer = io.BytesIO()
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_stream(buffer, table.schema) as stream:
        stream.write_table(table)
    return Service().send("/v1/batches/participant-year?as_of_date=2026-12-31", buffer.getvalue(), MEDIA_TYPE)


def people(count: int) -> pl.DataFrame:
    return pl.DataFrame({
        "participant_id": [f"P{n}" for n in range(count)], "account_id": ["A"] * count, "service": ["electric"] * count,
        "primary_heating": ["electric"] * count, "regulated_gas": [False] * count,
        "household_income_cents": [1_800_000] * count, "household_size": [3] * count, "county_fips": ["08031"] * count,
        "leap_qualified": [False] * count, "full_annual_bill_cents": [180_000] * count,
        "first_bill_date": ["2026-01-15"] * count, "arrearage_cents": [50_000] * count,
    })  # fmt: skip


def test_a_batch_of_arrow() -> None:
    """Events are a list of records, or left out."""
    events = [[GRANT], [], None, [{**GRANT, "amount_cents": None}]]
    answer = arrow(people(4).with_columns(events=pl.Series(events)))
    assert answer.status_code == 200, answer.text
    rows = pl.read_ipc_stream(answer.content).to_dicts()
    is_the_worked_year(rows[0])
    assert [row["year_program_credit_cents"] for row in rows] == [36_000, 72_000, 72_000, None]
    assert [row["reasons"] for row in rows] == [[], [], [], ["missing_value"]]
    assert pl.read_ipc_stream(arrow(people(1)).content)["year_program_credit_cents"].to_list() == [72_000]
    wrong = arrow(people(1).with_columns(events=pl.lit("exit")))
    assert json.loads(wrong.content)["errors"][0]["pointer"] == "/events"


def test_the_page_without_scripts() -> None:
    service = Service()
    form = service.get("/calculators/participant-year").text
    assert '<textarea class="usa-textarea" id="events" name="events"' in form
    typed = {
        "service": "electric", "primary_heating": "electric", "household_income": "18,000.00", "household_size": "3",
        "full_annual_bill": "1,800.00", "first_bill": "01/15/2026", "as_of": "12/31/2026", "arrearage": "500.00",
        "events": "06/20/2026,leap_grant,500.00\n08/20/2026,missed_payment",
    }  # fmt: skip
    page = service.ask("POST", "/calculators/participant-year", data=typed, headers=SAME_ORIGIN).text
    assert "$140.00" in page
    assert "leap grant" in page
    assert "The twelve bills" in page
    wrong = {**typed, "events": "06/20/2026,leap_grant"}
    page = service.ask("POST", "/calculators/participant-year", data=wrong, headers=SAME_ORIGIN).text
    assert "an amount with move" in page


def test_the_notebook() -> None:
    events = pl.DataFrame([
        {"participant_id": "P0", "service": "electric", **GRANT},
        {"participant_id": "P1", "service": "electric", **GRANT, "amount_cents": None},
        {"participant_id": "P7", "service": "electric", **GRANT},
    ])  # fmt: skip
    found = calc.participant_year(people(3), events, as_of="2026-12-31")
    assert found.results["participant_id"].to_list() == ["P0"] * 12 + ["P2"] * 12
    assert found.results["program_credit_cents"].to_list() == [6_000] * 6 + [0] * 6 + [6_000] * 12
    assert found.quarantine["reasons"].to_list() == [["depends_on_quarantined"]]
    assert found.quarantined_events["reasons"].to_list() == [["missing_value"], ["unknown_participant"]]
    assert calc.participant_year(people(1), as_of="2026-12-31").results.height == 12


def test_the_help_names_kinds_as_they_are_written() -> None:
    """A kind whose name is that of an option as well is not taken for it."""
    finished = puccalc(["quote", "participant-year", "--help"])
    text = " ".join(finished.out.replace("│", " ").split())
    assert "KIND: move, heating, regulated_gas, income, rate_change, leap_grant," in text
