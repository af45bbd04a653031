"""Quotes: the contract's keys, the same figures as a batch, workings that add up, every switch."""

import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.cli.answer import today
from calc.columns import deposit_limit, fixed_credit, interest, unclaimed
from calc.columns.contract import DEPOSITS, PARTICIPANTS
from calc.rates.computing.table import load_rate_table
from calc.rules.fields import fields
from calc.rules.resolve import load_rules
from calc.rules.schema import SWITCHES
from tests.cases.command import puccalc, quote

YEAR = "interest --principal 200.00 --received 2024-01-01 --through 2025-01-01"
EXAMPLE = "unclaimed --principal 200.00 --received 2022-03-01 --service-ended 2024-03-15 --through 2026-09-30"
LIMIT = "deposit-limit --billed 1460.00 --billed-days 365"
CREDIT = (
    "fixed-credit --service electric --primary-heating electric --income 18000.00 --household-size 3 "
    "--annual-bill 1800.00 --as-of 2026-10-31"
)


@pytest.mark.parametrize(("day_count", "cents"), [("actual_actual", 986), ("actual_365", 989), ("actual_360", 1002)])
def test_interest_over_2024(day_count: str, cents: int) -> None:
    found = quote(YEAR, "--set", f"day_count={day_count}")
    assert (found["interest_cents"], found["days"]) == (cents, 366)
    assert found["switches"] == {"day_count": day_count}


def test_what_every_quote_rests_on() -> None:
    found = quote(YEAR)
    rules = load_rules(date(2025, 1, 1))
    assert found["provenance"] == {
        "version": "0.1.0",
        "jurisdiction": "us-co",
        "rules_on": "2025-01-01",
        "rules_sha256": rules.checksum,
        "tariff_title": rules.tariff.title,
        "tariff_sha256": rules.tariff.checksum,
        "rates": "shipped",
        "rates_sha256": load_rate_table(rules.electric.annual_rate).checksum,
    }
    assert (found["tariff"], found["switches"], found["provisional"]) == ("default", {}, False)
    assert "steps" not in found


def test_a_provisional_rate_is_marked() -> None:
    words = "interest --principal 200.00 --received 2026-12-31 --through 2027-06-01"
    assert quote(words)["provisional"] is True
    assert "PROVISIONAL" in puccalc(["quote", *words.split()]).out


def test_flat_rate_and_rates_of_a_file(tmp_path: Path) -> None:
    assert quote(f"{YEAR} --rate 6.00")["interest_cents"] == 1200
    path = tmp_path / "rates.csv"
    path.write_text("effective_from,rate_percent\n2024-01-01,1.00\n2024-12-31,367.00\n".replace("367", "37"), "utf-8")
    found = quote(YEAR, "--rates", str(path))
    # 365 days at 1 % and one at 37 % of a leap year: 200.00 x (365 + 37) / 36600 = 2.1967.
    assert found["interest_cents"] == 220
    assert found["provenance"]["rates"] == str(path)


def test_the_example_of_the_rules() -> None:
    found = quote(EXAMPLE)
    assert {name: found[name] for name in DEPOSITS.results if name in found} == {
        "service": "electric",
        "status": "overdue",
        "principal_cents": 20000,
        "posted_cents": 0,
        "amounts_owed_cents": 0,
        "accrued_days": 1674,
        "base_interest_cents": 2932,
        "surcharge_interest_cents": 246,
        "interest_cents": 3178,
        "interest_due_cents": 3178,
        "deemed_unclaimed_date": "2026-03-16",
        "surcharge_from_date": "2026-07-17",
        "remittance_cents": 23178,
    }
    active = quote("unclaimed --principal 200.00 --received 2022-03-01 --through 2022-03-02")
    assert (active["status"], active["deemed_unclaimed_date"], active["surcharge_from_date"]) == ("active", None, None)


def test_every_option_of_unclaimed() -> None:
    words = (
        "unclaimed --principal 500.00 --received 2015-01-31 --service-ended 2016-02-29 --order-payable 2016-01-31 "
        "--kind construction_advance --no-interest-payable --remitted 2020-05-05 --paid 2020-06-01 --posted 1.00 "
        "--owed 20.00 --through 2026-01-01 --service gas"
    )
    row = {
        "deposit_id": "D",
        "account_id": "A",
        "service": "gas",
        "kind": "construction_advance",
        "principal_cents": 500_00,
        "received_date": date(2015, 1, 31),
        "paid_date": date(2020, 6, 1),
        "remitted_date": date(2020, 5, 5),
        "service_ended_date": date(2016, 2, 29),
        "order_payable_date": date(2016, 1, 31),
        "efforts_made": True,
        "interest_payable": False,
        "posted_cents": 1_00,
        "amounts_owed_cents": 20_00,
    }
    assert_same(quote(words), unclaimed_batch(row, date(2026, 1, 1)))
    without = quote(f"{words} --no-efforts")
    assert_same(without, unclaimed_batch({**row, "efforts_made": False}, date(2026, 1, 1)))
    assert without["deemed_unclaimed_date"] == "2018-03-01"  # two years after 29 February, and a day


def unclaimed_batch(row: dict[str, Any], as_of: date, switches: dict[str, str] | None = None) -> dict[str, Any]:
    rules = load_rules(as_of, switches=switches)
    frame = pl.DataFrame([row, {**row, "deposit_id": "E", "principal_cents": 1}, {**row, "deposit_id": "F"}])
    rates = load_rate_table(rules.electric.annual_rate)
    results = unclaimed.evaluate(frame, rules=rules, rates=rates, as_of=as_of).results
    return results.drop("deposit_id", "account_id").row(2, named=True)


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in expected.items()}
    assert {name: found[name] for name in plain} == plain


def test_interest_as_in_a_batch() -> None:
    rules = load_rules(date(2026, 1, 15))
    frame = pl.DataFrame(
        {
            "principal_cents": [1, 123_45],
            "received_date": [date(2020, 1, 1), date(2001, 7, 4)],
            "through_date": [date(2020, 1, 2), date(2026, 1, 15)],
        }
    )
    rates = load_rate_table(rules.electric.annual_rate)
    expected = interest.evaluate(frame, rules=rules, rates=rates).results.row(1, named=True)
    words = "interest --principal 123.45 --received 2001-07-04 --through 2026-01-15"
    assert_same(quote(words), expected)
    assert_same(quote(f"{words} --service gas"), expected)


def test_deposit_limit() -> None:
    found = quote(f"{LIMIT} --held 300.00")
    assert (found["limit_cents"], found["excess_cents"], found["available_cents"]) == (360_00, 0, 60_00)
    assert (found["barred"], found["return_due"], found["estimate_source"]) == ([], None, "account")
    assert found["as_of_source"] == "today"
    assert quote(f"{LIMIT} --in-advance")["limit_cents"] == 240_00
    row = {
        "account_id": ["A", "B"],
        "service": ["gas", "gas"],
        "billed_cents": [1, 999_99],
        "billed_days": [1, 31],
        "bills_in_advance": [True, True],
        "late_payments_12m": [0, 2],
        "held_cents": [0, 2000_00],
    }
    expected = deposit_limit.evaluate(
        pl.DataFrame(row), rules=load_rules(date(2026, 1, 1)), as_of=date(2026, 1, 1)
    ).results.row(1, named=True)
    words = "deposit-limit --billed 999.99 --billed-days 31 --in-advance --late-payments 2 --held 2000.00 --service gas"
    assert expected.pop("account_id") == "B"
    assert expected["return_due"] is True
    assert_same(quote(words), expected)


def test_grounds() -> None:
    words = f"{LIMIT} --applied 2026-03-01 --clean-past-service --good-payment-ended 2025-12-31"
    found = quote(f"{words} --assistance-last 2025-03-01")
    assert [(each["ground"], each["citation"]) for each in found["barred"]] == [
        ("past_service", "4 CCR 723-3-3403(c)"),
        ("good_payment_history", "4 CCR 723-3-3403(d)"),
        ("energy_assistance", "4 CCR 723-3-3403(e)"),
    ]
    assert (found["as_of_date"], found["as_of_source"]) == ("2026-03-01", "applied")
    gas = quote(f"{LIMIT} --applied 2026-03-01 --assistance-last 2025-02-28 --clean-past-service --service gas")
    assert [each["citation"] for each in gas["barred"]] == ["4 CCR 723-4-4403(c)"]


@pytest.mark.parametrize(
    ("words", "may_ask", "available"),
    [
        ("", "not_checked", 6_000),
        ("--applied 2026-05-01", "not_checked", 6_000),
        ("--no-assistance-now", "yes", 6_000),
        ("--no-clean-past-service", "yes", 6_000),
        ("--assistance-now", "no", 0),
        ("--applied 2026-05-01 --assistance-last 2026-05-01", "no", 0),
        ("--applied 2026-05-01 --assistance-last 2027-01-01", "no", 0),  # help that goes on
        ("--applied 2026-05-01 --assistance-last 2025-04-30", "yes", 6_000),
    ],
)
def test_what_may_be_asked(words: str, may_ask: str, available: int) -> None:
    """360.00 may be held, 300.00 is: 60.00 may be asked for, and nothing where a ground bars a deposit."""
    found = quote(f"{LIMIT} --held 300.00 {words}")
    assert (found["may_ask"], found["available_cents"], found["limit_of"]) == (may_ask, available, "account")
    assert bool(found["barred"]) == (may_ask == "no")


def test_a_window_that_a_later_lapse_does_not_undo() -> None:
    words = f"{LIMIT} --held 300.00 --applied 2026-05-01 --late-payments 5 --return-qualified"
    assert quote(f"{words} 2026-05-01 --set return_window=any_12")["return_due"] is True
    assert quote(f"{words} 2026-05-02 --set return_window=any_12")["return_due"] is False
    assert quote(f"{words} 2026-05-01")["return_due"] is False


def test_monthly_estimates() -> None:
    words = "deposit-limit --monthly-bills 120.00,98.50,130.01,80.00 --held 300.00"
    average = quote(f"{words} --estimate monthly_average")
    assert (average["limit_cents"], average["available_cents"]) == (321_38, 21_38)  # 428.51 x 3 / 4 = 321.3825
    peak = quote(f"{words} --set estimate=peak_consecutive --in-advance")
    assert (peak["limit_cents"], peak["excess_cents"]) == (228_51, 71_49)
    assert (peak["estimate"], peak["switches"]) == ("peak_consecutive", {"estimate": "peak_consecutive"})


def test_fixed_credit() -> None:
    found = quote(CREDIT)
    assert found["affordable_annual_cents"] == 1_080_00
    assert found["fixed_credit_annual_cents"] == 720_00
    assert found["monthly_credit_cents"] == [60_00] * 12
    assert (found["eligible_basis"], found["guideline_year"], found["tests_dropped"]) == ("fpl_200", 2026, "ami_80")
    assert set(PARTICIPANTS.results) - {"participant_id"} <= set(found)
    assert (found["as_of_date"], found["as_of_source"]) == ("2026-10-31", "given")


def test_every_option_of_fixed_credit() -> None:
    words = (
        "fixed-credit --service electric --primary-heating electric --income 30000.00 --household-size 4 "
        "--annual-bill 2600.00 --share 4.5 --as-of 2025-05-05 --county 08031 --leap-qualified --regulated-gas "
        "--basis-bill 2000.00 --months-remaining 7 --leap-grant 350.00 --arrearage 512.34 --arrearage-months 9 "
        "--arrearage-copay 30.00 --tariff example"
    )
    row = {
        "participant_id": ["P", "Q"],
        "account_id": ["A", "B"],
        "service": ["gas", "electric"],
        "primary_heating": ["gas", "electric"],
        "regulated_gas": [True, True],
        "household_income_cents": [1, 30_000_00],
        "household_size": [1, 4],
        "county_fips": [None, "08031"],
        "leap_qualified": [False, True],
        "full_annual_bill_cents": [1, 2_600_00],
        "share_ppm": [None, 45_000],
        "basis_bill_cents": [None, 2_000_00],
        "months_remaining": [None, 7],
        "leap_grant_cents": [None, 350_00],
        "arrearage_cents": [None, 512_34],
        "arrearage_months": [None, 9],
        "arrearage_copay_cents": [None, 30_00],
    }
    day = date(2025, 5, 5)
    results = fixed_credit.evaluate(pl.DataFrame(row), rules=load_rules(day, tariff="example"), as_of=day).results
    expected = results.drop("participant_id").row(1, named=True)
    # 30,000.00 x 4.5 % = 1,350.00; the new bill, a quarter or more above the basis, counts.
    assert expected["fixed_credit_annual_cents"] == 1_250_00
    assert_same(quote(words), expected)


def test_a_quote_without_a_day_says_that_it_took_today() -> None:
    finished = puccalc(["quote", *CREDIT.removesuffix(" --as-of 2026-10-31").split(), "--json"])
    found = json.loads(finished.out)
    assert (found["as_of_date"], found["as_of_source"]) == (today().isoformat(), "today")
    assert f"today, {today()}" in finished.err


@pytest.mark.parametrize("words", [YEAR, EXAMPLE, LIMIT, CREDIT])
def test_explained(words: str) -> None:
    steps = quote(words, "--explain")["steps"]
    assert steps
    for step in steps:
        for used in step["parameters"]:
            assert used["citation"]["rule"].startswith(("4 CCR 723-3", "C.R.S."))
            assert used["citation"]["quote"]
            assert used["citation"]["source"]
            assert date.fromisoformat(used["citation"]["effective_from"]) <= date(2026, 12, 31)
    shown = puccalc(["quote", *words.split(), "--explain"])
    assert (shown.code, shown.err) == (0, "")
    assert "Working" in shown.out
    assert "Sources" in shown.out


@pytest.mark.parametrize("words", [YEAR, EXAMPLE, f"{EXAMPLE} --service gas --posted 3.00"])
def test_the_lines_add_up(words: str) -> None:
    found = quote(words, "--explain")
    parts = [Fraction(step["exact_cents"]) for step in found["steps"] if step["part_of_sum"]]
    (total,) = [step for step in found["steps"] if step["label"] == "interest in all"]
    assert sum(parts) == Fraction(total["exact_cents"])
    assert total["rounding"] == "half_up"
    assert (2 * sum(parts) + 1) // 2 == found["interest_cents"]
    for step in found["steps"]:
        if step["part_of_sum"]:  # amount x rate (or six points) x share of the year, from the figures alone
            figures = step["figures"]
            days = date.fromisoformat(figures["last_date"]) - date.fromisoformat(figures["first_date"])
            assert days.days + 1 == figures["days"]
            ppm = figures.get("surcharge_ppm", figures.get("rate_ppm"))
            assert 20_000 * Fraction(ppm, 10**6) * Fraction(figures["share_of_year"]) == Fraction(step["exact_cents"])


OTHER_VALUES = {
    "average_decimals": ("1",),
    "threshold_bp": ("300",),
    "threshold_inclusive": ("false",),
    "published_override": ("false",),
}
SETTINGS = [
    (name, value) for name in SWITCHES for value in (OTHER_VALUES.get(name) or fields()[name].words)
]  # every word of every switch


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_every_switch(name: str, value: str) -> None:
    words = f"{EXAMPLE} --owed 10.00 --order-payable 2024-05-31 --explain"
    if name == "estimate":
        words = "deposit-limit --explain" + (
            " --billed 100.00 --billed-days 31" if value == "average_daily" else " --monthly-bills 1.00,2.00,4.00"
        )
        assert quote(words, "--set", f"{name}={value}")["switches"] == {name: value}
        return
    found = quote(words, "--set", f"{name}={value}")
    assert found["switches"] == {name: value}
    row = {
        "deposit_id": "D",
        "account_id": "A",
        "service": "electric",
        "principal_cents": 200_00,
        "received_date": date(2022, 3, 1),
        "paid_date": None,
        "remitted_date": None,
        "service_ended_date": date(2024, 3, 15),
        "order_payable_date": date(2024, 5, 31),
        "amounts_owed_cents": 10_00,
    }
    assert_same(found, unclaimed_batch(row, date(2026, 9, 30), {name: value}))


def test_several_switches_at_once() -> None:
    words = "--set day_count=actual_360 --set rounding_point=year --set day_ends=both --set rounding_mode=up"
    found = quote(f"{YEAR} {words} --explain")
    # 2024: 366 days of 9.86 / 360; 2025-01-01: one day of 9.86 / 360; each rounded up.
    assert found["interest_cents"] == 1003 + 3
    assert found["days"] == 367
    assert len(found["switches"]) == 4


def test_a_tariff_of_ones_own(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "data/tariffs/us-co/example.toml").read_text("utf-8")
    path = tmp_path / "ours.toml"
    path.write_text(text.replace("electric_heat = 45000", "electric_heat = 30000"), "utf-8")
    found = quote(CREDIT, "--tariff", str(path))
    assert (found["share_ppm"], found["affordable_annual_cents"], found["tariff"]) == (30_000, 540_00, "ours.toml")


@pytest.mark.parametrize("topic", ["interest", "unclaimed", "deposit-limit", "fixed-credit"])
def test_help_has_an_example(topic: str) -> None:
    finished = puccalc(["quote", topic, "--help"])
    assert finished.code == 0
    assert f"Example: puccalc quote {topic} --" in " ".join(finished.out.split())


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (YEAR, {"Interest": "9.86", "Days that earn interest": "366"}),
        (EXAMPLE, {"Status": "overdue", "To be remitted": "231.78", "Interest": "31.78"}),
        (LIMIT, {"Most that may be held": "360.00"}),
        (CREDIT, {"Affordable share of income, a year": "1080.00", "Fixed credit, a year": "720.00"}),
    ],
)
def test_for_a_person(words: str, named: dict[str, str]) -> None:
    """Under the names that the pages use, too."""
    finished = puccalc(["quote", *words.split()])
    lines = [re.split("[│┃|]", line) for line in finished.out.splitlines()]
    shown = {cells[1].strip(): cells[2].strip() for cells in lines if len(cells) == 4}
    assert {name: shown.get(name) for name in named} == named
    assert (finished.code, finished.err) == (0, "")
    assert "none set" in finished.out
    assert load_rules(date(2026, 1, 1)).checksum[:12] in finished.out


def test_a_county_of_no_guideline_is_told() -> None:
    known, unknown = (puccalc(["quote", *f"{CREDIT} --county {code}".split(), "--json"]) for code in ("08031", "08999"))
    assert (known.err, known.json()["tests_dropped"]) == ("", "")
    assert unknown.json()["tests_dropped"] == "ami_80"
    assert "--county is none of the guidelines' counties: the area median income was not tested" in unknown.err
