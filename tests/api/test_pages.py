"""The staff page without a browser: what it shows, forms that are answered, forms that are not."""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from api.answering import law, topics
from api.pages import cache
from api.pages.calculators import CALCULATORS
from api.pages.fields import DAY, Field
from tests.api.client import Service
from tests.api.pages import FORMS, PATHS, Parsed, answer_in, faults, send

FIGURES = {
    "interest": {"Deposit and interest": "$209.86", "Interest": "$9.86", "Days that earn interest": "366"},
    "deposit-limit": {"Most that may be held": "$360.00", "Still available": "$60.00"},
    "unclaimed": {"Status": "overdue", "To be remitted": "$231.78", "Interest": "$31.78"},
    # 1,800.00 a year are 150.00 a month: 1,080.00 or 90.00 a month are paid, 720.00 or 60.00 credited.
    "fixed-credit": {
        "Payment a month": "$90.00",
        "Credit a month": "$60.00",
        "Affordable share of income, a year": "$1,080.00",
        "Fixed credit, a year": "$720.00",
    },
    # 480.01 less 48.01 in seven months: 61.72 first, then 61.71.
    "installment-plan": {"Installment a month": "$61.72", "Down payment": "$48.01", "Least down payment": "$48.01"},
    "discontinuance": {"May be discontinued": "no"},
    "restoration": {"Back by": "March 9, 2026, 15:00", "Credit for delay (proposed text)": "$50.00"},
    "contributions": {"Transfer before": "February 1, 2027", "Report by": "February 1, 2027"},
    "annual-bill": {"Full annual bill": "$1,064.04", "Against the bill before": "no basis"},
    "budget-billing": {"Monthly payment": "$100.00", "Settlement in the twelfth month": "$100.07"},
}


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A clock that tests set."""
    law.clear_caches()
    yield monkeypatch
    law.clear_caches()


def set_clock(patch: pytest.MonkeyPatch, day: date) -> None:
    patch.setattr(topics, "today", lambda: day)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_answered(service: Service, path: str) -> None:
    answer = service.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert list(Parsed(answer.text).attributes("html")) == [{"lang": "en"}]


def test_the_rate_in_force(service: Service, on: pytest.MonkeyPatch) -> None:
    set_clock(on, date(2026, 11, 22))
    parsed = Parsed(service.get("/").text)
    assert parsed.after("Deposit rate in force") == "4.08"
    assert parsed.after("a year, since January 1, 2026") == "Computed by the rule"
    assert parsed.after("From January 2027") == "3.78"
    assert parsed.after("a year, from January 1, 2027") == "Provisional"
    assert "Provisional: not for issue" in parsed.texts
    assert [parsed.after(month) for month in ("October 2025", "September 2026")] == ["3.61", "4.37"]
    assert "Dates to keep for 2027" in parsed.texts
    assert "December 1, 2026" in parsed.texts
    assert parsed.texts.count("Worksheet of 2026") >= 1


def test_a_published_rate_in_force(service: Service, on: pytest.MonkeyPatch) -> None:
    set_clock(on, date(2024, 6, 30))
    parsed = Parsed(service.get("/").text)
    assert parsed.after("Deposit rate in force") == "4.93"
    assert parsed.after("a year, since January 1, 2024") == "Published by the Commission"


def test_a_day_behind_the_last_rate(service: Service, on: pytest.MonkeyPatch) -> None:
    set_clock(on, date(2028, 1, 1))
    parsed = Parsed(service.get("/").text)
    assert "No rate is in force today: the rates end before it." in parsed.texts
    assert "No rate yet: months are missing" in parsed.texts


def test_a_year(service: Service) -> None:
    parsed = Parsed(service.get("/rates/2024").text)
    assert parsed.after("Average of the twelve months") == "4.93 %"
    assert parsed.after("Existing rate") == "1.69 %"
    assert parsed.after("Difference") == "324 basis points above the existing rate"  # 4.93 less 1.69
    assert parsed.after("Decision") == "The average becomes the rate"
    assert not any("rovisional" in text for text in parsed.texts)
    hrefs = [attributes["href"] for attributes in parsed.attributes("a")]
    assert {"/rates/2023", "/rates/2025", "/rates/2024/letter.pdf", "/rates/2024/dates.ics"} <= set(hrefs)


def test_a_year_whose_months_are_missing(service: Service) -> None:
    parsed = Parsed(service.get("/rates/2028").text)
    assert "No rate yet: months are missing" in parsed.texts
    assert parsed.after("Average of the twelve months") == "none yet"
    assert parsed.texts.count("missing") >= 12
    assert not any("letter" in attributes["href"] for attributes in parsed.attributes("a"))
    assert service.get("/rates/2028/letter.pdf").status_code == 404


@pytest.mark.parametrize("path", ["/rates/1989", "/rates/2030", "/rates/soon", "/rates/2024/letter.doc"])
def test_what_is_no_year(service: Service, path: str) -> None:
    answer = service.get(path, Accept="text/html")
    assert answer.status_code in {404, 422}
    assert "text/html" in answer.headers["content-type"]


def test_sensitivities(service: Service) -> None:
    parsed = Parsed(service.get("/rates/2027").text)
    place = parsed.texts.index("Rounding of the yearly average: down")
    # 45.31 / 12 = 3.7758...: rounded down 3.77; the year before, 48.92 / 12 = 4.0766...: rounded down 4.07.
    assert parsed.texts[place + 1 : place + 5] == ["3.77", "30 bp below", "3.77", "other rate"]
    place = parsed.texts.index("Average that is tested: unrounded")
    assert parsed.texts[place + 1] == "3.78"


def test_files_of_a_year(service: Service) -> None:
    dates = service.get("/rates/2027/dates.ics")
    assert dates.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART;VALUE=DATE:20261201\r\n" in dates.content
    letter = service.get("/rates/2027/letter.txt")
    assert letter.headers["content-disposition"] == 'attachment; filename="deposit-rate-2027.txt"'
    assert "PROVISIONAL" in letter.text
    assert service.get("/rates/2027/letter.html").headers["content-type"] == "text/html; charset=utf-8"


def test_rules_and_data(service: Service) -> None:
    parsed = Parsed(service.get("/rules").text)
    assert parsed.after("Share of income: electric, other heat") == "3.00 %"
    assert parsed.after("Rates") == cache.rates().checksum
    assert parsed.after("rates/gs1.csv") == "d6cbd2524dcd3ab91a447a017d911bdd78c46aabd920b0fb8618124787d9d31d"
    assert any("is 25 basis points or more" in text for text in parsed.texts)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_answered(service: Service, name: str) -> None:
    answer = send(service, f"/calculators/{name}", FORMS[name])
    assert answer.status_code == 200
    shown, parsed = answer_in(answer.text), Parsed(answer.text)
    assert {label: shown.after(label) for label in FIGURES[name]} == FIGURES[name]
    for control, text in FORMS[name].items():
        asked = parsed.by_id(control)  # a select and a text of several lines hold it in elements of their own
        assert asked.get("value", text) == text
        assert text in answer.text
    assert {"Working", "Given"} <= set(parsed.texts)
    assert any("4 CCR 723-3-34" in text for text in parsed.texts)


@pytest.mark.parametrize("name", FORMS)
def test_a_worksheet_of_a_form(service: Service, name: str) -> None:
    html = send(service, f"/calculators/{name}/worksheet.html", FORMS[name])
    assert html.headers["content-disposition"] == f'attachment; filename="{name}-worksheet.html"'
    parsed, below_title = Parsed(html.text), Parsed(html.text.partition("</h1>")[2])
    assert {label: below_title.after(label) for label in FIGURES[name]} == FIGURES[name]
    assert not [attributes for tag in ("link", "script", "img", "form") for attributes in parsed.attributes(tag)]
    text = send(service, f"/calculators/{name}/worksheet.txt", FORMS[name]).text
    for figure in FIGURES[name].values():
        assert "$" not in figure or figure.replace("$", "").replace(",", "") in text
    assert "4 CCR 723-3-34" in text


def test_every_option_of_a_form(service: Service) -> None:
    body = {
        **FORMS["unclaimed"],
        "kind": "construction_advance",
        "service": "gas",
        "efforts_made": "yes",
        "interest_payable": "yes",
        "posted": "1",
        "amounts_owed": "30.00",
        "rate": "6.00",
        "tariff": "example",
        "set_day_count": "actual_360",
        "set_more_than": "anniversary",
    }
    parsed = answer_in(send(service, "/calculators/unclaimed", body).text)
    # Unclaimed from the second anniversary, 2026-03-15, overdue four months and a day later; interest is only what the
    # 76 days from 2026-07-16 through 2026-09-29 earn: 200 x (6 % + 6 %) x 76/360 = 5.0666...; 200 + 5.07 - 1 - 30.
    assert parsed.after("Deemed unclaimed on") == "March 15, 2026"
    assert parsed.after("Six points more from") == "July 16, 2026"
    assert parsed.after("Interest") == "$5.07"
    assert parsed.after("To be remitted") == "$174.07"
    assert parsed.after("No reasonable efforts were made to locate the customer") == "yes"
    assert any("day_count=actual_360" in text for text in parsed.texts)


def test_rates_of_ones_own(service: Service) -> None:
    rates = "2024-01-01, 3.00\r\n2024-07-01 6\r\n"
    answer = send(service, "/calculators/interest", {**FORMS["interest"], "rates": rates})
    # 182 days at 3 % and 184 at 6 % of 366: 200 x (546 + 1104) / 36,600 = 9.0163...
    assert Parsed(answer.text).after("Interest") == "$9.02"


def test_monthly_bills(service: Service) -> None:
    body = {"estimate": "peak_consecutive", "monthly_bill": "10.00 20.00, 30.00 40.00 5.00"}
    parsed = Parsed(send(service, "/calculators/deposit-limit", body).text)
    assert parsed.after("Most that may be held") == "$90.00"


def test_what_bars_a_deposit(service: Service) -> None:
    body = {**FORMS["deposit-limit"], "applied": "2026-09-30", "assistance_last": "2026-01-31", "late_payments": "1"}
    parsed = Parsed(send(service, "/calculators/deposit-limit", body).text)
    assert "Barred by" in parsed.texts
    assert parsed.after("May a deposit be asked for") == "no"
    assert parsed.after("Still available") == "$0.00"
    assert parsed.after("Due back to the customer") == "yes"


def test_whether_a_deposit_may_be_asked_for(service: Service) -> None:
    form = FORMS["deposit-limit"]
    parsed = Parsed(send(service, "/calculators/deposit-limit", form).text)
    assert parsed.after("May a deposit be asked for").startswith("not checked: nothing was said")
    parsed = Parsed(send(service, "/calculators/deposit-limit", {**form, "assistance_now": "no"}).text)
    assert parsed.after("May a deposit be asked for") == "yes"
    assert parsed.after("Still available") == "$60.00"
    parsed = Parsed(send(service, "/calculators/deposit-limit", {**form, "assistance_now": "yes"}).text)
    assert parsed.after("Still available") == "$0.00"


def test_what_another_reading_costs(service: Service) -> None:
    body = {**FORMS["interest"], "received": "2023-01-01", "through": "2024-01-01", "rate": "6"}
    parsed = Parsed(send(service, "/calculators/interest", body).text)
    # 200 at 6 % over 365 days: 12.00; by days of a year of 360: 12.1666...
    assert parsed.after("Interest") == "$12.00"
    assert parsed.texts[parsed.texts.index("Days of a year: actual/360") :][:4].count("$12.17") == 1
    assert not any("yearly average: " in text for text in parsed.texts)  # a flat rate rests on no average


def test_a_provisional_rate_is_marked(service: Service) -> None:
    body = {**FORMS["interest"], "through": "2027-03-01"}
    assert "Provisional." in Parsed(send(service, "/calculators/interest", body).text).texts
    assert "Provisional." not in Parsed(send(service, "/calculators/interest", FORMS["interest"]).text).texts
    assert "PROVISIONAL" in send(service, "/calculators/interest/worksheet.txt", body).text


def test_days_as_the_trade_writes_them(service: Service) -> None:
    """The published example again, its days written month first; what was typed is shown again."""
    body = {
        "principal": "200", "received": "03/01/2022", "service_ended": "3/15/2024", "through": "9/30/2026",
    }  # fmt: skip
    page = send(service, "/calculators/unclaimed", body).text
    shown, parsed = answer_in(page), Parsed(page)
    assert {label: shown.after(label) for label in FIGURES["unclaimed"]} == FIGURES["unclaimed"]
    assert shown.after("Service ended on") == "March 15, 2024"
    assert {name: parsed.by_id(name)["value"] for name in body} == body
    text = send(service, "/calculators/unclaimed/worksheet.txt", body).text
    assert "March 15, 2024" in text


def days_of(name: str) -> list[Field]:
    return [field for field in CALCULATORS[name].fields() if field.kind is DAY]


@pytest.mark.parametrize("name", FORMS)
def test_no_day_that_was_typed_is_left_out(service: Service, name: str) -> None:
    """Every field for a day, optional or not: what is no day is an error there and stands in the field again."""
    form = Parsed(service.get(f"/calculators/{name}").text)
    for field in days_of(name):
        control = form.by_id(field.id)
        assert control["type"] == "text", field.id  # a browser sends nothing for a day that its own control refuses
        for typed in ("02/30/2024", "2024-02-30", "13/01/2024", "3/15/24", "15.3.2024", "yesterday", "01/01/1900"):
            answer = send(service, f"/calculators/{name}", {**FORMS[name], field.id: typed})
            assert answer.status_code == 422
            assert list(faults(answer)) == [field.id], typed
            assert Parsed(answer.text).by_id(field.id)["value"] == typed


@pytest.mark.parametrize("name", FORMS)
def test_no_text_of_an_optional_field_is_left_out(service: Service, name: str) -> None:
    for field in CALCULATORS[name].fields():
        if field.kind.control in {"text", "textarea", "select"}:
            answer = send(service, f"/calculators/{name}", {**FORMS[name], field.id: "1 or 2?"})
            assert field.id in faults(answer), field.id


@pytest.mark.parametrize("typed", ["1,200 98.50", "1,200.00", "$1,200.00 5", "120,980,110"])
def test_bills_with_a_comma_that_may_be_two_things(service: Service, typed: str) -> None:
    body = {"estimate": "peak_consecutive", "monthly_bill": typed}
    found = faults(send(service, "/calculators/deposit-limit", body))
    assert found["monthly_bill"].startswith("Monthly bills has a comma that may part thousands or two amounts")


def test_bills_with_commas_between(service: Service) -> None:
    body = {"estimate": "peak_consecutive", "monthly_bill": "10.00,20.00, 30.00 40,5"}
    assert Parsed(send(service, "/calculators/deposit-limit", body).text).after("Most that may be held") == "$90.00"


def test_bills_that_the_estimate_does_not_count_are_said(service: Service) -> None:
    body = {**FORMS["deposit-limit"], "monthly_bill": "10"}
    parsed = answer_in(send(service, "/calculators/deposit-limit", body).text)
    assert parsed.after("Monthly bills") == "10 (not counted: see Estimate by)"
    assert parsed.after("Days billed") == "365"
    body = {**FORMS["deposit-limit"], "monthly_bill": "10 20 30", "estimate": "monthly_average"}
    parsed = answer_in(send(service, "/calculators/deposit-limit", body).text)
    assert parsed.after("Days billed") == "365 (not counted: see Estimate by)"


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("interest", {"principal": ""}, {"principal": "Deposit is missing"}),
        ("interest", {"principal": "1.2.3"}, {"principal": "Deposit is not a plain decimal number of dollars"}),
        ("interest", {"principal": "2,00"}, {"principal": "Deposit is not a plain decimal number of dollars"}),
        ("interest", {"principal": "-1"}, {"principal": "Deposit is below zero"}),
        ("interest", {"principal": "1.005"}, {"principal": "Deposit has more than 2 decimals of dollars"}),
        ("interest", {"principal": "99999999999"}, {"principal": "Deposit lies beyond 10000000000.00 dollars"}),
        ("interest", {"received": "2023-02-29"}, {"received": "Received on is not a day of the calendar"}),
        ("interest", {"through": "2023-12-31"}, {"through": "Through lies before the day on which it was received"}),
        (
            "interest",
            {"through": "2031-01-01"},
            {"through": "The rates in force run from 1990-01-01 through 2027-12-31: some of these days have no rate"},
        ),
        (
            "interest",
            {"rate": "5", "rates": "2020-01-01 5"},
            {"rates": "“One flat rate” and “A table of rates” are both given: keep one of them"},
        ),
        (
            "interest",
            {"rates": "2020-01-01"},
            {"rates": "A table of rates has a line that is not a date and a percentage, e.g. 2024-01-01, 4.93"},
        ),
        ("interest", {"rate": "-1 %"}, {"rate": "One flat rate is below zero"}),
        (
            "interest",
            {"set_average_decimals": "9"},
            {"set_average_decimals": "Decimals of the yearly average is not a whole number from 0 through 4"},
        ),
        (
            "interest",
            {"set_day_count": "thirty_e_360", "set_day_ends": "both"},
            {"set_day_count": "A switch cannot hold this value, or two of them do not go together"},
        ),
        (
            "deposit-limit",
            {"billed": "", "billed_days": ""},
            {"billed": "Billed and Days billed are missing: give both, of the account, the premises or the class"},
        ),
        (
            "deposit-limit",
            {"estimate": "monthly_average"},
            {"monthly_bill": "Monthly bills are missing: this estimate takes at least 3 of them"},
        ),
        (
            "deposit-limit",
            {"good_payment_ended": "2026-09-01"},
            {
                "applied": "“Good payment ended on” and “Last helped on” are counted from “Applied for service on”: "
                "give it"
            },
        ),
        (
            "unclaimed",
            {"service_ended": "2021-12-31"},
            {"service_ended": "Service ended on lies before the day on which it was received"},
        ),
        (
            "fixed-credit",
            {"household_size": "31", "full_annual_bill": "x"},
            {
                "household_size": "Persons: more than 30",
                "full_annual_bill": "Full annual bill is not a plain decimal number of dollars",
            },
        ),
        ("fixed-credit", {"household_size": "three"}, {"household_size": "Persons is not a whole number"}),
        (
            "fixed-credit",
            {"share": "7"},
            {"share": "Share of income lies outside 3.00 to 6.00 %, the band of 4 CCR 723-3-3412(e)(I)(A)"},
        ),
        (
            "fixed-credit",
            {"service": "gas", "primary_heating": "other"},
            {
                "primary_heating": "The rule sets no share of income for gas service with another primary heat: choose "
                "what LEAP found"
            },
        ),
        (
            "fixed-credit",
            {"arrearage": "500", "arrearage_copay": "180.01"},
            {"arrearage_copay": "Arrearage copayments are more than 1.00 % of the income"},
        ),
    ],
)  # fmt: skip
def test_errors_at_their_fields(
    service: Service, name: str, changes: Mapping[str, str], expected: Mapping[str, str]
) -> None:
    found = faults(send(service, f"/calculators/{name}", {**FORMS[name], **changes}))
    assert found.keys() == expected.keys()
    for field, text in expected.items():
        assert found[field].startswith(text)


def test_a_worksheet_with_errors_is_the_form(service: Service) -> None:
    answer = send(service, "/calculators/interest/worksheet.txt", {"principal": "1"})
    assert set(faults(answer)) == {"received", "through"}
    assert "content-disposition" not in answer.headers


def test_texts_are_escaped(service: Service) -> None:
    nasty = '"><script>alert(1)</script>{{ 7 * 7 }}'
    answer = send(service, "/calculators/interest", {"principal": nasty, "rates": f"</textarea>{nasty}"})
    parsed = Parsed(answer.text)
    assert list(parsed.attributes("script")) == []
    assert parsed.by_id("principal")["value"] == nasty


@pytest.mark.parametrize(
    "body", [b"principal=1&principal=2", b"nobody=1", b"principal=%ff", b"principal=\xff", b"a=1&" * 300]
)
def test_bodies_that_are_no_form_of_ours(service: Service, body: bytes) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    answer = service.ask("POST", "/calculators/interest", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert "nobody" not in answer.text


def test_pages_are_not_in_the_document(service: Service) -> None:
    paths = service.get("/openapi.json").json()["paths"]
    assert paths.keys() & set(PATHS) == set()
    assert all(path.startswith(("/v1/", "/healthz", "/readyz", "/metrics")) for path in paths)


def test_a_county_without_its_leading_zero(service: Service) -> None:
    form = {**FORMS["fixed-credit"], "county_fips": "8031"}
    found = faults(send(service, "/calculators/fixed-credit", form))
    assert set(found) == {"county_fips"}
    assert "five digits" in found["county_fips"]
