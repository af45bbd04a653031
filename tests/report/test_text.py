"""Steps and results as tables: units by suffix, exact fractions with their first decimals, brackets left alone."""

from datetime import date
from fractions import Fraction

import pytest
from rich.console import Console
from rich.table import Table

from calc.report.explaining.step import Step
from calc.report.explaining.text import format_figure, provenance_table, result_table, step_tables
from tests.report.one import interest_of


def printed(*tables: Table) -> str:
    console = Console(width=200, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        for table in tables:
            console.print(table)
    return captured.get()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("interest_cents", 986, "9.86"),
        ("interest_due_cents", -1822, "-18.22"),
        ("share_ppm", 45_000, "4.50 %"),
        ("days", 366, "366"),
        ("monthly_credit_cents", [201, 200], "2.01 2.00"),
        ("arrearage_credit_cents", [], "none"),
        ("return_due", True, "yes"),
        ("eligible", False, "no"),
        ("deemed_unclaimed_date", date(2026, 3, 16), "2026-03-16"),
        ("surcharge_from_date", None, "-"),
        ("tests_dropped", "", "none"),
    ],
)
def test_units(name: str, value: object, text: str) -> None:
    assert format_figure(name, value) == text


def test_working() -> None:
    worked, sources = step_tables(interest_of(200_00, date(2022, 12, 31), date(2024, 1, 1)).steps)
    text = printed(worked)
    assert "2022-12-31 through 2022-12-31, 1 days" in text
    # 200.00 at 0.08 % for a day: 16/365 = 0.0438356 cents.
    assert "200.00 x 0.08 % x 1/365 = 16/365 = 0.043835... cents" in text
    assert "sum of 2 lines = 123386/365 = 338.043835... cents, rounded half_up" in text
    assert "-> interest 3.38" in text
    text = printed(sources)
    assert "simple interest on a deposit at the percentage rate per annum" in text
    assert text.count("day_count") == 1


def test_a_sum_of_whole_cents_shows_no_fraction() -> None:
    worked, _ = step_tables([Step("due [bold]", {"due_cents": -5}, "10 [x] - 15", Fraction(-5))])
    text = printed(worked)
    assert "due [bold]" in text
    assert "10 [x] - 15 " in text
    assert "-> due -0.05" in text


def test_result_and_provenance() -> None:
    barred = [{"ground": "past_service", "citation": "3403(c)"}, {"ground": "energy_assistance", "citation": "3403(e)"}]
    text = printed(result_table("Deposit limit", {"limit_cents": 5, "barred": barred, "as_of_date": "2026-01-01"}))
    assert "past_service, 3403(c)" in text
    assert "energy_assistance, 3403(e)" in text
    assert "0.05" in text
    found = {
        "provisional": True,
        "tariff": "default",
        "switches": {"day_count": "actual_365"},
        "provenance": {
            "version": "1.0",
            "jurisdiction": "us-co",
            "rules_on": "2026-01-01",
            "rules_sha256": "a" * 64,
            "tariff_title": "a title",
            "tariff_sha256": "b" * 64,
            "rates": "shipped",
            "rates_sha256": "c" * 64,
        },
    }
    text = printed(provenance_table(found))
    assert "aaaaaaaaaaaa " in text
    assert "PROVISIONAL" in text
    assert "day_count=actual_365" in text
    without = {**found, "switches": {}, "provenance": {**found["provenance"], "rates": None}}  # type: ignore[dict-item]  # a dict of dicts
    assert "none set" in printed(provenance_table(without))
    assert "rates" not in printed(provenance_table(without))


@pytest.mark.parametrize(("status", "name"), [("remitted", "Remitted"), ("overdue", "To be remitted")])
def test_a_remittance_is_made_or_to_be_made(status: str, name: str) -> None:
    lines = printed(result_table("Unclaimed", {"status": status, "remittance_cents": 23178})).splitlines()
    assert [line.split("│")[1].strip() for line in lines if "231.78" in line] == [name]
