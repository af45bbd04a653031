"""Installment plans and budget billing against the twin and by hand."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import calc
from calc.columns import plans
from calc.columns.evaluation import Evaluation
from calc.errors import Reason
from calc.rules.resolve import load_rules
from calc.units import CENTS_MAX
from tests.reference import plans as twin
from tests.reference.arrearage import OutOfRange

RULES = load_rules(date(2026, 9, 30))
CENTS = st.one_of(st.integers(0, 200), st.integers(0, 10**7), st.integers(CENTS_MAX - 100, CENTS_MAX))
SCHEMA = {"due_cents": pl.Int64, "months": pl.Int64, "down_payment_cents": pl.Int64, "undercharge_months": pl.Int64}
BUDGET_SCHEMA = {"arrears_cents": pl.Int64, "last_year_billed_cents": pl.Int64, "actual_billed_cents": pl.Int64}


def frame(rows: list[dict[str, Any]], schema: dict[str, Any]) -> pl.DataFrame:
    whole = [{"account_id": "A", "service": "electric", **row} for row in rows]
    return pl.DataFrame(whole, schema={"account_id": pl.String, "service": pl.String, **schema})


def installments(*rows: dict[str, Any]) -> Evaluation:
    return plans.evaluate_installments(frame(list(rows), SCHEMA), rules=RULES)


def expected(row: dict[str, Any]) -> dict[str, Any] | None:
    """The twin's plan; None where it refuses the row."""
    try:
        if row["undercharge_months"] is not None:
            return twin.undercharge_plan(row["due_cents"], row["undercharge_months"])
        return twin.installment_plan(row["due_cents"], row["months"], row["down_payment_cents"])
    except OutOfRange:
        return None


@st.composite
def plan_rows(draw: st.DrawFn) -> dict[str, Any]:
    due = draw(CENTS)
    row: dict[str, Any] = {"due_cents": due, "months": draw(st.integers(1, 12)), "down_payment_cents": None}
    row["undercharge_months"] = None
    if draw(st.booleans()):
        row["down_payment_cents"] = draw(st.one_of(st.integers(0, due), st.just(-(-due // 10)), st.just(due // 10)))
    elif draw(st.booleans()):
        row |= {"months": None, "undercharge_months": draw(st.integers(1, 120))}
    return row


@settings(max_examples=100, deadline=None)
@given(st.lists(plan_rows(), min_size=1, max_size=20))
def test_installments(rows: list[dict[str, Any]]) -> None:
    found = installments(*rows)
    results = iter(found.results.rows(named=True))
    for row, reasons in zip(rows, found.reasons.tolist(), strict=True):
        plan = expected(row)
        assert (plan is None) == bool(reasons), row
        if plan is not None:
            result = next(results)
            assert {name: result[name] for name in plan} == plan
            assert sum(result["installment_cents"]) + result["down_payment_cents"] == row["due_cents"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CENTS, CENTS, st.none() | CENTS), min_size=1, max_size=20))
def test_budget_billing(rows: list[tuple[int, int, int | None]]) -> None:
    given_rows = [dict(zip(BUDGET_SCHEMA, row, strict=True)) for row in rows]
    results = plans.evaluate_budgets(frame(given_rows, BUDGET_SCHEMA), rules=RULES).results
    for (arrears, year, actual), result in zip(rows, results.rows(named=True), strict=True):
        plan = twin.budget_billing(arrears, year, actual)
        assert [result["payment_cents"]] * 11 == plan["payment_cents"]
        assert result["settlement_cents"] == plan["settlement_cents"]
        assert result["settlement_basis"] == ("planned" if actual is None else "actual")


def test_down_payments_by_hand() -> None:
    """A tenth of 480.01 is 48.001: 48.01; 432.00 in seven is 61.71 and three cents."""
    (row,) = installments({"due_cents": 480_01, "months": 7}).results.rows(named=True)
    assert (row["down_payment_cents"], row["least_down_payment_cents"]) == (48_01, 48_01)
    assert row["installment_cents"] == [61_72] * 3 + [61_71] * 4
    assert row["rule_text"] == "proposed"


@pytest.mark.parametrize(
    ("row", "reason", "about"),
    [
        ({"due_cents": 100_00}, Reason.missing_value, "months"),
        ({"due_cents": 100_00, "months": 13}, Reason.out_of_range, "months"),
        ({"due_cents": 100_00, "months": 3, "down_payment_cents": 9_99}, Reason.out_of_range, "down_payment_cents"),
        ({"due_cents": 100_00, "months": 3, "down_payment_cents": 100_01}, Reason.out_of_range, "down_payment_cents"),
        ({"due_cents": 100_00, "months": 3, "undercharge_months": 4}, Reason.out_of_range, "months"),
        (
            {"due_cents": 100_00, "down_payment_cents": 1, "undercharge_months": 4},
            Reason.out_of_range,
            "down_payment_cents",
        ),
    ],
)
def test_refused(row: dict[str, Any], reason: Reason, about: str) -> None:
    found = installments(row)
    assert found.reasons.tolist() == [reason]
    assert found.refusals[0].columns[0] == about


def test_in_a_notebook_a_refusal_says_what_is_allowed() -> None:
    rows = frame([{"due_cents": 100_00, "months": 3, "down_payment_cents": 9_99}], SCHEMA)
    refused = calc.installment_plan(rows, as_of="2026-09-30").quarantine
    assert refused["reason_columns"].to_list() == [["down_payment_cents"]]
    assert "rounded up, through all of it" in refused["reason_allowed"].to_list()[0][0]


def test_a_settlement_below_zero_is_a_credit() -> None:
    """1,200.07 / 12 is 100.00; of 1,000.00 charges and arrears 1,100.00 were paid."""
    row = {"arrears_cents": 100_00, "last_year_billed_cents": 1_100_07, "actual_billed_cents": 900_00}
    found = calc.budget_billing(frame([row], BUDGET_SCHEMA), as_of="2026-09-30").results.row(0, named=True)
    assert (found["payment_cents"], found["settlement_cents"]) == (100_00, -100_00)
