"""Declare the topic `installment-plan`: down payment and equal installments, rule 3404(d), (h) (proposed)."""

from typing import TYPE_CHECKING, Final

from calc.columns import docstring_examples, plans
from calc.columns.contract import INSTALLMENT_PLANS
from calc.columns.declared_columns import day
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.kernels import plans as kernels
from calc.kernels.arrays import Int64
from calc.report.explaining import plans as report
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Step
from calc.topics import caller_figures
from calc.topics.outcomes import outcomes_of
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Question, QuoteField, Topic

if TYPE_CHECKING:
    import polars as pl


def _compute(gated: Gated, question: Question) -> Outputs:
    return plans.installments(gated, rules=question.law.rules)


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    return report.installment_steps(outcome.row, outcome.result or {}, law=question.law)


def _evaluate(frame: "pl.DataFrame", question: Question, _: int, flagged: Int64 | None) -> Evaluation:
    return plans.evaluate_installments(frame, rules=question.law.rules, flagged=flagged)


TOPIC: Final = Topic(
    name="installment-plan",
    title="Installment plan",
    asks="What is paid down, and how much a month, until an amount due is paid?",
    paragraphs="proposed 3404(d), (h)",
    meaning="Installment plan, proposed rule 3404(d), (h)",
    row_meaning="An amount due and the months over which it is paid.",
    dataset=INSTALLMENT_PLANS,
    groups=(
        Group(
            "The plan",
            (
                QuoteField(
                    INSTALLMENT_PLANS.column("due_cents"), "Due", "Dollars and cents, e.g. 480.00", needed=True
                ),
                QuoteField(
                    INSTALLMENT_PLANS.column("months"), "Monthly installments",
                    "1 through 12; may stay empty after errors of the utility",
                ),
                QuoteField(
                    INSTALLMENT_PLANS.column("down_payment_cents"), "Down payment",
                    "The least that the rule asks for, if left empty",
                ),
                QuoteField(
                    INSTALLMENT_PLANS.column("undercharge_months"), "Months of the utility's errors",
                    "Only where meter or billing errors of the utility led to the amount due",
                ),
                SERVICE,
                QuoteField(day("as_of_date", "Day of the rules; by default today.", optional=True), "As of"),
            ),
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("down_payment_cents",),
    compared_results=("installment_cents",),
    caller_figures=caller_figures.first_installment,
    rules=("plans",),
    outcomes=outcomes_of(INSTALLMENT_PLANS, _compute),
    steps=_steps,
    evaluate=_evaluate,
    kernels=(kernels.down_payments, kernels.installments),
    frame_example=docstring_examples.INSTALLMENT_PLAN,
    example=Example(
        "480.01 dollars due, over 7 months",
        {"due_cents": 48_001, "months": 7, "as_of_date": "2026-09-30"},
    ),
)  # fmt: skip
