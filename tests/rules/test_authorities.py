import pytest

from calc import datafiles
from calc.errors import DataError
from calc.rules.citation import authority, paragraph
from calc.rules.load import load_topic
from calc.rules.schema import TOPICS
from tests.rules.data_folder import DataFolder

SERVICES = ("electric", "gas")


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("service", SERVICES)
def test_every_quote_stands_in_the_paragraph_that_its_authority_names(service: str, topic: str) -> None:
    values = [value for dated in load_topic("us-co", service, topic).values() for value in dated]
    assert values
    for value in values:
        name, _, label = value.citation.authority.partition("#")
        text = datafiles.read_text(f"authorities/{name}.toml")
        assert f'"{label}" = """' in text
        words = " ".join(text.partition(f'"{label}" = """')[2].partition('"""')[0].split())
        assert value.citation.quote in words


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cites_its_own_part_of_the_code(service: str) -> None:
    """But for statutes; of the proposed texts, only the electric one is on file."""
    parts = {"electric": "4 CCR 723-3-3", "gas": "4 CCR 723-4-4"}
    statutes = {"weekend_extension": "C.R.S. 2-4-108(2)", "application_hold_days": "HB25-1234"}
    for topic in TOPICS:
        for name, dated in load_topic("us-co", service, topic).items():
            cited = dated[0].citation
            usual = "proposed 4 CCR 723-3-3" if cited.reading == "proposed" else parts[service]
            assert cited.rule.startswith(statutes.get(name, usual))
            assert cited.reading != "proposed" or service == "electric" or "twin" in cited.note


def test_every_open_reading_says_which_default_was_taken() -> None:
    for service in SERVICES:
        for topic in TOPICS:
            for dated in load_topic("us-co", service, topic).values():
                for value in dated:
                    assert value.citation.reading == "text" or len(value.citation.note) > 30


def test_the_number_that_a_text_gives_stands_in_its_quote() -> None:
    words = {
        "limit_days": "90",
        "limit_in_advance_days": "60",
        "good_payment_window_days": "60",
        "assistance_window_months": "12",
        "return_late_payments_max": "two",
        "explanation_business_days": "three business days",
        "abandonment_months": "two years",
        "grace_months": "four",
        "surcharge_ppm": "six percent",
        "threshold_bp": "25",
        "recalculation_ppm": "25 percent",
        "poverty_guideline_ppm": "200 percent",
        "area_median_income_ppm": "80 percent",
        "arrearage_months_min": "one month",
        "arrearage_months_max": "twenty-four months",
        "copayment_max_ppm": "one percent",
        "electric_heat_highest_ppm": "six percent",
        "electric_heat_with_gas_highest_ppm": "five percent",
        "electric_other_heat_lowest_ppm": "two percent",
        "gas_heat_highest_ppm": "three percent",
        "gas_electric_heat_highest_ppm": "one percent",
        "electric_heat_minimum_payment_max_cents": "$20.00",
        "gas_minimum_payment_max_cents": "$10.00",
        "down_payment_ppm": "ten percent",
        "installments_max": "12 months",
        "budget_payments": "11 equal",
        "least_past_due_cents": "$50",
        "past_due_from_days": "31st",
        "opens_hour": "8:00 a.m.",
        "closes_hour": "4:00 p.m.",
        "last_weekday": "Thursday",
        "day_before_hour": "12:00 Noon",
        "day_after_hour": "8:00 a.m.",
        "warned_from_hour": "11:59 a.m.",
        "certificate_days": "90",
        "certificate_months": "twelve",
        "cold_f": "32",
        "electric_hot_f": "95",
        "application_hold_days": "60",
        "restore_hours": "24",
        "after_hours_hours": "12",
        "before_close_minutes": "one hour",
        "latest_request_minute": "12:59",
        "late_day_credit_cents": "$50",
        "administrative_share_ppm": "ten percent",
        "administrative_least_cents": "$10,000",
        "set_aside_hundredths": "0013",
        "highest_fee_cents": "$1.00",
        "out_of_balance_ppm": "50 percent",
        "electric_high_use_kwh": "10,000 kWh",
        "gas_high_use_therms": "600 therms",
    }
    quotes = {
        name: dated[0].citation.quote
        for service in SERVICES
        for topic in TOPICS
        for name, dated in load_topic("us-co", service, topic).items()
    }
    assert {name: word for name, word in words.items() if word not in quotes[name]} == {}


def test_a_paragraph_comes_with_its_citation_and_words() -> None:
    citation, words = paragraph("4-ccr-723-4-4412#(e)(III)")
    assert citation == "4 CCR 723-4-4412(e)(III)"
    assert words.endswith("minimum payment for a natural gas account shall be no more than $10.00 a month.")
    assert "\n" not in words


def test_the_grounds_that_bar_a_deposit_can_be_cited() -> None:
    for name, program in (("4-ccr-723-3-3403", "rule 3412"), ("4-ccr-723-4-4403", "rule 4412")):
        held = authority(name).paragraphs
        assert "recent or substantial delinquencies" in held["(c)"]
        assert "12 consecutive month good" in held["(d)"]
        assert program in held["(e)"]


def test_authorities_that_lack_something_are_named(shipped_data: DataFolder) -> None:
    shipped_data.seal()
    expected = r"^no authority crs-1; expected one of 4-ccr-723-1-1210, .*, crs-2-4-108, crs-40-3-104, hb25-1234$"
    with pytest.raises(DataError, match=expected):
        paragraph("crs-1#(1)")
    with pytest.raises(
        DataError, match=r"^authority crs-2-4-108 holds no paragraph \(4\); expected one of \(1\), \(2\), \(3\)$"
    ):
        paragraph("crs-2-4-108#(4)")
