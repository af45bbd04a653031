"""Workings of payment plans: figures by hand, sources, and a working that leads elsewhere."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from calc.errors import PuccalcError
from calc.report.explaining import plans as report
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Step
from calc.topics.table import TOPICS
from calc.topics.topic import Question
from tests.report.one import law_on

ON = date(2026, 9, 30)


def asked(topic: str, service: str = "electric", **row: Any) -> tuple[Outcome, dict[str, Step]]:  # noqa: ANN401 - columns
    question = Question(law_on(ON, service), ON)
    (outcome,) = TOPICS[topic].outcomes([{"service": service, **row}], question)
    return outcome, {step.label: step for step in TOPICS[topic].steps(outcome, question)}


def test_installments() -> None:
    """A tenth of 480.01 is 48.001."""
    _, steps = asked("installment-plan", due_cents=480_01, months=7)
    assert steps["least down payment"].exact_cents == Fraction(48_001, 10)
    assert steps["installments"].formula == "432.00 over 7 months, extra cents first"
    assert steps["left after the last installment"].figures == {"balance_cents": 0}
    (used,) = steps["least down payment"].parameters
    assert used.how_set == "by a proposed text, not in force"
    assert used.citation.rule == "proposed 4 CCR 723-3-3404(d)(II)"


def test_no_down_payment_after_errors_of_the_utility() -> None:
    _, steps = asked("installment-plan", "gas", due_cents=1_000_00, undercharge_months=18)
    assert steps["down payment"].figures == {"down_payment_cents": 0}
    assert [each.rule for each in steps["installments"].passages] == ["proposed 4 CCR 723-3-3404(d)(I)"]


def test_budget_billing() -> None:
    row: dict[str, Any] = {"arrears_cents": 100_00, "last_year_billed_cents": 1_100_07, "actual_billed_cents": 900_00}
    _, steps = asked("budget-billing", **row)
    assert steps["equal payment"].formula == "1200.07 / 12 months"
    settled = steps["settlement in the last month"]
    assert settled.formula == "100.00 + 900.00 actual charges - 11 x 100.00"
    assert (settled.figures, settled.note) == ({"settlement_cents": -100_00}, "Below zero it is the customer's credit.")


def test_a_working_that_leads_elsewhere_is_no_working() -> None:
    outcome, _ = asked("installment-plan", due_cents=480_01, months=7)
    wrong = {**(outcome.result or {}), "installment_cents": [61_71] * 7}
    with pytest.raises(PuccalcError, match="installments: the working and the result differ"):
        report.installment_steps(outcome.row, wrong, law=law_on(ON))
