"""Declare the topic `unclaimed`: deposits and construction advances as of a date, rule (q)-(s)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from calc.columns import docstring_examples, unclaimed
from calc.columns.contract import DEPOSITS
from calc.columns.declared_columns import day
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.errors import Reason
from calc.kernels.arrays import Int64
from calc.report.explaining import accrual
from calc.report.explaining import unclaimed as report
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Step
from calc.topics import caller_figures, clauses
from calc.topics.clauses import ELSEWHERE
from calc.topics.outcomes import outcomes_of
from calc.topics.rates import no_rate
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Names, Question, QuoteField, Topic
from calc.units import to_day

if TYPE_CHECKING:
    import polars as pl


def _compute(gated: Gated, question: Question) -> Outputs:
    return unclaimed.compute(gated, rules=question.law.rules, rates=question.table, as_of=question.on)


_OUTCOMES: Final = outcomes_of(DEPOSITS, _compute)


def _outcomes(rows: Sequence[Row], question: Question) -> list[Outcome]:
    return [clauses.with_payees(each, question.law) for each in _OUTCOMES(rows, question)]


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    return report.steps(outcome.row, outcome.result or {}, law=question.law, rates=question.table, as_of=question.on)


def _is_provisional(outcome: Outcome, question: Question) -> bool:
    """Return whether a day that earns by the rate table has a provisional rate; the six points are not such a rate."""
    row, result = outcome.row, outcome.result or {}
    if not result["accrued_days"]:
        return False
    ends = (row["paid_date"], row["remitted_date"], question.on)
    end = min(day for day in ends if day and day <= question.on)
    first, stop = accrual.earning_days(row["received_date"], end, question.law.own.deposit_interest.day_ends)
    if row["kind"] == "construction_advance" and not row["interest_payable"]:
        surcharge_from = result["surcharge_from_date"]
        first = stop if surcharge_from is None else max(first, to_day(surcharge_from))
    return question.table.is_provisional(first, stop)


def _refusals(outcome: Outcome, question: Question, named: Names) -> dict[Reason, str]:
    row, received = outcome.row, named("received_date")
    dates = ["paid_date", "remitted_date"]
    if row["kind"] == "deposit":
        dates += ["service_ended_date", "order_payable_date"]
    early = " and ".join(named(name) for name in dates if row[name] and row[name] < row["received_date"])
    span = f"{received} to {named('through_date')}, or to what came first"
    return {
        Reason.date_order: f"{early}: before {received}; give the day of receipt or a later one",
        Reason.no_rate_in_force: no_rate(question.table, span, named),
    }


def _evaluate(frame: "pl.DataFrame", question: Question, threads: int, flagged: Int64 | None) -> Evaluation:
    return unclaimed.evaluate(
        frame, rules=question.law.rules, rates=question.table, as_of=question.on, threads=threads, flagged=flagged
    )


_KINDS: Final = ("Deposit", "Construction advance", "Overcharge refund", "Cost adjustment credit")

TOPIC: Final = Topic(
    name="unclaimed",
    title="Unclaimed monies",
    asks="Is a deposit unclaimed, since when, and what must be remitted?",
    paragraphs="3403(q)-(s), 4403(q)-(s)",
    meaning="Unclaimed monies, rule (q)",
    row_meaning="A deposit or construction advance and what has happened to it; through_date is the as-of date.",
    dataset=DEPOSITS,
    groups=(
        Group(
            "The money",
            (
                QuoteField(DEPOSITS.column("kind"), "Kind", "What the money is", choices=_KINDS),
                QuoteField(DEPOSITS.column("principal_cents"), "Amount", "Dollars and cents, e.g. 200.00", needed=True),
                QuoteField(
                    DEPOSITS.column("received_date"), "Received on", "Of an advance: the day it is owed", needed=True
                ),
                QuoteField(
                    DEPOSITS.column("service_ended_date"), "Service ended on", "Leave empty while service goes on"
                ),
                QuoteField(
                    day("through_date", "As-of date: what is dated later has not happened."), "As of",
                    "What is dated later has not happened", needed=True,
                ),
                SERVICE,
            ),
        ),
        Group(
            "What else has happened",
            (
                QuoteField(DEPOSITS.column("order_payable_date"), "Payable by order on", "By a final Commission order"),
                QuoteField(
                    DEPOSITS.column("efforts_made"), "No reasonable efforts were made to locate the customer",
                    denied=True, option="efforts",
                ),
                QuoteField(DEPOSITS.column("paid_date"), "Paid to the customer on"),
                QuoteField(DEPOSITS.column("remitted_date"), "Remitted on"),
                QuoteField(DEPOSITS.column("posted_cents"), "Interest already posted"),
                QuoteField(DEPOSITS.column("amounts_owed_cents"), "Owed by the customer", option="owed"),
                QuoteField(
                    DEPOSITS.column("interest_payable"), "Advance: the tariff makes no interest payable", denied=True
                ),
            ),
            folded=True,
        ),
        ELSEWHERE,
    ),
    day="through_date",
    headline=("status", "remittance_cents", "interest_cents"),
    rules=("unclaimed", "deposit_interest", "annual_rate"),
    not_together="rates",
    may_have={"payees": "payees"},
    outcomes=_outcomes,
    steps=_steps,
    evaluate=_evaluate,
    is_provisional=_is_provisional,
    caller_figures=caller_figures.money_held,
    refusals=_refusals,
    frame_example=docstring_examples.UNCLAIMED,
    example=Example(
        "A deposit whose service ended in 2024",
        {
            "principal_cents": 20_000,
            "received_date": "2022-03-01",
            "service_ended_date": "2024-03-15",
            "through_date": "2026-09-30",
        },
    ),
)  # fmt: skip
