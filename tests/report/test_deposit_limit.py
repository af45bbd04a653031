"""Workings of the deposit limit: each estimate, what is held, what bars a deposit."""

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from calc.columns.bills import of_rows
from calc.columns.contract import ACCOUNTS
from calc.columns.limit_estimates import limits_from_months
from calc.errors import PuccalcError
from calc.report.explaining import deposit_limit as report
from calc.report.explaining.row import filled
from calc.report.explaining.step import Step
from tests.report.one import law_on

APPLIED = date(2026, 3, 1)


def steps_of(row: dict[str, Any], result: dict[str, Any], **switches: str) -> dict[str, Step]:
    full = {**filled(ACCOUNTS, row), "held_cents": row.get("held_cents", 0), "applied_date": APPLIED}
    said = ("clean_past_service", "good_payment_ended_date", "assistance_last_date", "assistance_now")
    may_ask = "no" if result.get("barred") else "yes" if any(name in row for name in said) else "not_checked"
    found = {"excess_cents": 0, "estimate_source": "account", "return_due": False, "barred": [], **result}
    found["may_ask"] = may_ask
    steps = report.steps(full, found, law=law_on(APPLIED, switches=switches))
    return {step.label: step for step in steps}


def test_average_daily() -> None:
    # 1,460.00 in 365 days is 4.00 a day: 360.00; in advance 240.00.
    row = {"billed_cents": 1460_00, "billed_days": 365, "held_cents": 300_00}
    steps = steps_of(row, {"limit_cents": 360_00, "available_cents": 60_00})
    step = steps["limit by the average daily bill of the account"]
    assert (step.formula, step.rounding) == ("1460.00 x 90 days / 365 days", "down")
    assert step.exact_cents == 360_00
    assert [each.citation.rule for each in step.parameters] == ["4 CCR 723-3-3403(j)"] * 2
    assert steps["still available"].figures == {"available_cents": 60_00}
    result = {"limit_cents": 240_00, "excess_cents": 60_00, "available_cents": 0}
    in_advance = steps_of({**row, "bills_in_advance": True}, result)
    assert in_advance["limit by the average daily bill of the account"].parameters[0].name == "limit_in_advance_days"


@pytest.mark.parametrize("source", ["premises", "class"])
def test_other_sources(source: str) -> None:
    row = {f"{source}_billed_cents": 100_00, f"{source}_billed_days": 31}
    result = {"limit_cents": 290_32, "available_cents": 290_32, "estimate_source": source}
    step = steps_of(row, result)[f"limit by the average daily bill of the {source}"]
    assert step.exact_cents == Fraction(10_000 * 90, 31)  # 29032.26


def test_by_months() -> None:
    bills = (120_00, 98_50, 130_01, 80_00)
    rule = law_on(APPLIED, switches={"estimate": "monthly_average"}).own.deposit_limit
    # 428.51 x 3 / 4 = 321.3825
    assert limits_from_months(of_rows([bills]), np.array([False]), rule).tolist() == [321_38]
    steps = steps_of(
        {"monthly_bill_cents": bills}, {"limit_cents": 321_38, "available_cents": 321_38}, estimate="monthly_average"
    )
    assert steps["limit by the average month"].formula == "(120.00 + 98.50 + 130.01 + 80.00) x 3 / 4"
    peak = law_on(APPLIED, switches={"estimate": "peak_consecutive"}).own.deposit_limit
    limits = limits_from_months(of_rows([bills, bills, bills[:2]]), np.array([False, True, False]), peak)
    assert limits.tolist() == [120_00 + 98_50 + 130_01, 98_50 + 130_01, -1]
    steps = steps_of(
        {"monthly_bill_cents": bills, "bills_in_advance": True},
        {"limit_cents": 228_51, "available_cents": 228_51},
        estimate="peak_consecutive",
    )
    assert steps["limit by the highest months in a row"].formula == "months 2 to 3: 98.50 + 130.01"


@pytest.mark.parametrize(
    ("ended", "helped", "barred"),
    [
        (date(2025, 12, 31), date(2025, 3, 1), ["good_payment_history", "energy_assistance"]),  # 60 days, 12 months
        (date(2025, 12, 30), date(2025, 2, 28), []),
        (APPLIED, APPLIED, ["good_payment_history", "energy_assistance"]),
        (date(2026, 3, 2), None, []),
    ],
)
def test_grounds(ended: date, helped: date | None, barred: list[str]) -> None:
    row = {"billed_cents": 0, "billed_days": 1, "good_payment_ended_date": ended, "assistance_last_date": helped}
    steps = steps_of(row, {"limit_cents": 0, "available_cents": 0, "barred": barred})
    step = steps["ground: good payment history"]
    assert step.formula == f"2025-12-31 <= {ended} <= 2026-03-01"
    assert step.figures["bars"] == ("good_payment_history" in barred)
    assert step.passages[0].rule == "4 CCR 723-3-3403(d)"


def test_past_service() -> None:
    row = {"billed_cents": 0, "billed_days": 1, "clean_past_service": True}
    steps = steps_of(row, {"limit_cents": 0, "available_cents": 0, "barred": ["past_service"]})
    (passage,) = steps["ground: past service"].passages
    assert passage.rule == "4 CCR 723-3-3403(c)"
    assert "recent or substantial delinquencies" in passage.quote


@pytest.mark.parametrize(("late", "due"), [(2, True), (3, False)])
def test_due_back(late: int, due: bool) -> None:
    row = {"billed_cents": 0, "billed_days": 1, "held_cents": 5, "late_payments_12m": late}
    steps = steps_of(row, {"limit_cents": 0, "excess_cents": 5, "available_cents": 0, "return_due": due})
    assert steps["due back"].figures == {"return_due": due}
    assert steps["due back"].parameters[0].citation.rule == "4 CCR 723-3-3403(l)"


GOOD = {"limit_cents": 360_00, "available_cents": 60_00}
ROW = {"billed_cents": 1460_00, "billed_days": 365, "held_cents": 300_00, "late_payments_12m": 3}


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_cents": 360_01},
        {"excess_cents": 1},
        {"available_cents": 1},
        {"return_due": True},
        {"barred": ["past_service"]},
    ],
)
def test_a_result_that_is_off_is_not_explained(wrong: dict[str, Any]) -> None:
    assert steps_of(ROW, GOOD)
    with pytest.raises(PuccalcError, match="differ"):
        steps_of(ROW, {**GOOD, **wrong})
