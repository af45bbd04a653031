"""Published worked examples under rules with other values than Colorado's: the same calculators, one value replaced.

Sources: C017-C020 http://leg.wa.gov/CodeReviser/Documents/rates.htm (rate plus two percentage points); C061 C.R.S.
2-4-106 annotation, Daly v. Concordia Fire Ins. Co., 16 Colo. App. 349 (1901); C063 C.R.S. 2-4-108(3); C064
https://github.com/Automattic/wp-calypso/pull/61170; C073 https://www.justice4all.org, "What is PIPP".
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from calc.columns import fixed_credit, unclaimed
from calc.columns.contract import DEPOSITS, PARTICIPANTS
from calc.rates.computing.table import RateTable
from calc.report.explaining import fixed_credit as fixed_credit_report
from calc.report.explaining import unclaimed as unclaimed_report
from calc.report.explaining.row import filled
from calc.report.explaining.step import Law
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import Rules, load_rules
from tests.columns.frames import as_frame


def other_unclaimed(switches: dict[str, str], **values: Any) -> Rules:  # noqa: ANN401 - fields of the rule
    rules = load_rules(date(2026, 1, 1), switches=switches)
    electric = replace(rules.electric, unclaimed=replace(rules.electric.unclaimed, **values))
    return replace(rules, electric=electric)


def unclaimed_result(row: dict[str, Any], rules: Rules, rates: RateTable, as_of: date) -> dict[str, Any]:
    full = filled(DEPOSITS, {"deposit_id": "D", "account_id": "A", "service": "electric", **row})
    evaluation = unclaimed.evaluate(as_frame(DEPOSITS, full), rules=rules, rates=rates, as_of=as_of)
    result = evaluation.results.row(0, named=True)
    unclaimed_report.steps(full, result, law=Law(rules, "electric"), rates=rates, as_of=as_of)  # and it can be shown
    return result


@pytest.mark.parametrize(
    ("case", "base_ppm", "sum_cents"),
    [
        ("C017 2.536 -> 4.536", 25_360, 4_536_000),
        ("C018 2.562 -> 4.562", 25_620, 4_562_000),
        ("C019 2.515 -> 4.515", 25_150, 4_515_000),
        ("C020 2.396 -> 4.396", 23_960, 4_396_000),
    ],
)
def test_rate_plus_two_points(case: str, base_ppm: int, sum_cents: int) -> None:
    # 1,000,000.00 over the year 2019, long after the surcharge began: the year's interest is the rate itself.
    rules, rates = other_unclaimed({}, surcharge_ppm=20_000), RateTable.flat(base_ppm)
    row = {
        "principal_cents": 100_000_000,
        "received_date": date(2015, 1, 1),
        "service_ended_date": date(2015, 2, 1),
    }
    totals = [unclaimed_result(row, rules, rates, date(year, 1, 1))["interest_cents"] for year in (2019, 2020)]
    assert totals[1] - totals[0] == sum_cents, case


@pytest.mark.parametrize(
    ("case", "months", "start", "end"),
    [
        ("C061", 1, date(2021, 1, 15), date(2021, 2, 15)),
        ("C063 the same day number", 12, date(2023, 5, 31), date(2024, 5, 31)),
        ("C063 else the last day", 24, date(2024, 2, 29), date(2026, 2, 28)),
        ("C063 else the last day", 4, date(2026, 10, 31), date(2027, 2, 28)),
        ("C064", 3, date(2021, 1, 31), date(2021, 4, 30)),
    ],
)
def test_months(case: str, months: int, start: date, end: date) -> None:
    rules = other_unclaimed({"more_than": "anniversary"}, abandonment_months=months)
    row = {"principal_cents": 100, "received_date": start, "service_ended_date": start}
    result = unclaimed_result(row, rules, RateTable.flat(0), date(2027, 12, 31))
    assert result["deemed_unclaimed_date"] == end, case


def test_a_tenth_of_income() -> None:
    # C073: 1,000 a month, a bill of 300 a month, ten percent: he pays 100, the other 200 are the credit.
    rules = load_rules(date(2026, 1, 1))
    rule = replace(rules.electric.fixed_credit, electric_heat_highest_ppm=100_000)
    rules = replace(rules, electric=replace(rules.electric, fixed_credit=rule))
    row = filled(
        PARTICIPANTS,
        {
            "participant_id": "P",
            "account_id": "A",
            "service": "electric",
            "primary_heating": "electric",
            "regulated_gas": False,
            "household_income_cents": 1_200_000,
            "household_size": 1,
            "leap_qualified": False,
            "full_annual_bill_cents": 360_000,
            "share_ppm": 100_000,
        },
    )
    evaluation = fixed_credit.evaluate(as_frame(PARTICIPANTS, row), rules=rules, as_of=date(2026, 1, 1))
    result = evaluation.results.row(0, named=True)
    assert result["monthly_credit_cents"] == [20_000] * 12
    assert result["affordable_annual_cents"] == 12 * 10_000
    law = Law(rules, "electric")
    fixed_credit_report.steps(row, result, law=law, as_of=date(2026, 1, 1), guidelines=load_guidelines())
