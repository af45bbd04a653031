"""`puccalc quote ... --sensitivities`: the result under each other reading, worked out by hand."""

from datetime import date
from typing import Any

import pytest

from calc.rules.resolve import load_rules
from tests.cases.command import puccalc, quote

YEAR = "interest --principal 200.00 --received 2024-01-01 --through 2025-01-01"
MONTHS = "deposit-limit --estimate monthly_average --monthly-bills 100.00,200.00,100.00,100.00"
LIMIT = "deposit-limit --billed 1460.00 --billed-days 365"
CREDIT = (
    "fixed-credit --service electric --primary-heating electric --income 18000.00 --household-size 3 "
    "--annual-bill 1800.00 --as-of 2026-10-31"
)


def readings(words: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["switch"], each["value"]): each for each in quote(words, "--sensitivities")["sensitivities"]}


def test_interest_over_2024() -> None:
    # 200.00 at 4.93 percent over a leap year of 366 days: 9.86. Of 365 days 9.8870, of 360 days 10.0243; 30E/360 has
    # 360 of 360. A day more, 2025-01-01, is 0.0270 of 365 at 4.93 percent; a day less is 0.0269 of 366.
    cents = {
        ("day_count", "actual_365"): (989, 366, True),
        ("day_count", "actual_360"): (1002, 366, True),
        ("day_count", "thirty_e_360"): (986, 366, False),
        ("day_ends", "both"): (989, 367, True),
        ("day_ends", "neither"): (983, 365, True),
        ("rounding_mode", "down"): (986, 366, False),  # 9.86 is whole
        ("average_rounding", "down"): (986, 366, False),  # 2024's rate was published
    }
    found = readings(YEAR)
    assert {
        key: (each["figures"]["interest_cents"], each["figures"]["days"], each["changes"])
        for key, each in found.items()
        if key in cents
    } == cents
    assert found["day_count", "actual_365"]["reading"] == "open"
    assert found["threshold_inclusive", "false"]["reading"] == "text"
    rule = load_rules(date(2025, 1, 1)).electric.deposit_interest
    assert ("day_count", rule.day_count) not in found


def test_readings_depart_from_the_switches_that_are_set() -> None:
    found = readings(f"{YEAR} --set day_ends=both")
    # 367 days of 360: 9.86 x 367 / 360 = 10.0517. 30E/360 does not go with these day ends.
    assert found["day_count", "actual_360"]["figures"] == {"interest_cents": 1005, "days": 367}
    assert ("day_count", "thirty_e_360") not in found
    assert found["day_ends", "start_included_end_excluded"]["figures"] == {"interest_cents": 986, "days": 366}


def test_a_rate_of_ones_own_rests_on_no_annual_rate() -> None:
    found = readings(f"{YEAR} --rate 6.00")
    assert {switch for switch, _ in found} == {"day_count", "day_ends", "rounding_mode", "rounding_point"}
    assert found["day_count", "actual_365"]["figures"]["interest_cents"] == 1203  # 12.00 x 366 / 365 = 12.0329


def test_a_reading_that_has_no_rate_is_refused() -> None:
    found = readings("interest --principal 200.00 --received 2027-01-01 --through 2028-01-01")
    assert found["day_ends", "both"]["figures"] == {"interest_cents": None, "days": None}
    assert found["day_ends", "both"]["changes"] is True
    assert found["day_ends", "neither"]["figures"]["days"] == 364


def test_unclaimed_under_another_day_count() -> None:
    # 200.00 at 6 percent without surcharge: 2022-03-01 to 2023-03-01 is 12.00, of 360 days 12.00 x 365 / 360 = 12.1667
    found = readings("unclaimed --principal 200.00 --received 2022-03-01 --through 2023-03-01 --rate 6.00")
    assert found["day_count", "actual_360"]["figures"]["interest_cents"] == 1217
    assert found["surcharge_mode", "multiplicative"]["changes"] is False


def test_only_the_estimates_that_the_bills_allow() -> None:
    found = readings(MONTHS)
    # the highest three consecutive months: 100 + 200 + 100; the average of four, three times over: 375.00
    assert set(found) == {("estimate", "peak_consecutive"), ("return_window", "any_12")}
    assert found["return_window", "any_12"]["changes"] is False
    assert found["estimate", "peak_consecutive"]["figures"] == {
        "limit_cents": 400_00,
        "excess_cents": 0,
        "available_cents": 400_00,
        "may_ask": "not_checked",
        "return_due": None,
    }
    qualified = readings("deposit-limit --billed 1460.00 --billed-days 365 --held 1.00 --return-qualified 2026-01-31")
    assert set(qualified) == {("return_window", "any_12")}
    assert qualified["return_window", "any_12"]["changes"] is True
    assert qualified["return_window", "any_12"]["figures"]["return_due"] is True


def test_whether_a_household_is_eligible_may_rest_on_the_median() -> None:
    found = readings(CREDIT)
    assert set(found) == {("ami_basis", "share_of_median")}
    assert found["ami_basis", "share_of_median"]["changes"] is False  # below 200 % of the poverty guideline
    # Baca, one person, fiscal year 2026: HUD's limit is 54,550; 80 % of the median of 70,600 is 56,480.
    between = CREDIT.replace("--income 18000.00 --household-size 3", "--income 56480.00 --household-size 1")
    reading = readings(f"{between} --county 08009")["ami_basis", "share_of_median"]
    assert (reading["changes"], reading["reading"]) == (True, "open")
    assert reading["figures"]["eligible_basis"] == "ami_80"


def test_a_limit_by_days_rests_on_the_window_alone() -> None:
    found = readings(LIMIT)
    assert set(found) == {("return_window", "any_12")}
    assert found["return_window", "any_12"]["changes"] is False


def test_only_where_asked_for() -> None:
    assert "sensitivities" not in quote(YEAR)


@pytest.mark.parametrize("words", ["day_count = actual_360", "10.02", "changes"])
def test_for_a_person(words: str) -> None:
    finished = puccalc(["quote", *YEAR.split(), "--sensitivities"])
    assert (finished.code, finished.err) == (0, "")
    assert words in finished.out
