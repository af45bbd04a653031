"""Declare the topic `budget-billing`: eleven equal payments and a settlement, rule 3404(h) (proposed)."""

from typing import TYPE_CHECKING, Final

from calc.columns import docstring_examples, plans
from calc.columns.contract import BUDGET_PLANS
from calc.columns.declared_columns import day
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.kernels import plans as kernels
from calc.kernels.arrays import Int64
from calc.report.explaining import plans as report
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Step
from calc.topics.outcomes import outcomes_of
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Question, QuoteField, Topic

if TYPE_CHECKING:
    import polars as pl


def _compute(gated: Gated, question: Question) -> Outputs:
    return plans.budgets(gated, rules=question.law.rules)


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    return report.budget_steps(outcome.row, outcome.result or {}, law=question.law)


def _evaluate(frame: "pl.DataFrame", question: Question, _: int, flagged: Int64 | None) -> Evaluation:
    return plans.evaluate_budgets(frame, rules=question.law.rules, flagged=flagged)


TOPIC: Final = Topic(
    name="budget-billing",
    title="Budget billing",
    asks="What is paid each month under budget billing, and what is settled in the twelfth?",
    paragraphs="proposed 3404(h)",
    meaning="Budget billing, proposed rule 3404(h)",
    row_meaning="What was billed in a year, and the arrears that a budget plan takes in.",
    dataset=BUDGET_PLANS,
    groups=(
        Group(
            "The plan",
            (
                QuoteField(
                    BUDGET_PLANS.column("last_year_billed_cents"), "Billed last year",
                    "To the premises, adjusted for changes of rates", needed=True,
                ),
                QuoteField(BUDGET_PLANS.column("arrears_cents"), "Arrears", "What the plan takes in besides"),
                QuoteField(
                    BUDGET_PLANS.column("actual_billed_cents"), "Actual charges of the year",
                    "Leave empty while they are not known",
                ),
                SERVICE,
                QuoteField(day("as_of_date", "Day of the rules; by default today.", optional=True), "As of"),
            ),
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("payment_cents", "settlement_cents"),
    rules=("plans",),
    outcomes=outcomes_of(BUDGET_PLANS, _compute),
    steps=_steps,
    evaluate=_evaluate,
    kernels=(kernels.budget_billing,),
    frame_example=docstring_examples.BUDGET_BILLING,
    example=Example(
        "1,100.07 dollars billed last year and 100.00 of arrears",
        {"last_year_billed_cents": 110_007, "arrears_cents": 10_000, "as_of_date": "2026-09-30"},
    ),
)  # fmt: skip
