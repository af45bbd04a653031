"""Declare the topic `deposit-limit`: limit, what bars a deposit, what is due back, rule (c)-(e), (j), (l)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from calc.columns import deposit_limit, docstring_examples, limit_estimates
from calc.columns.contract import ACCOUNTS
from calc.columns.declared_columns import word
from calc.columns.evaluation import Evaluation, Outputs
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.kernels.arrays import Int64
from calc.report.explaining import deposit_limit as report
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.row import filled
from calc.report.explaining.step import Law, Step
from calc.rules.fields import fields
from calc.topics import clauses
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Names, Question, QuoteField, Topic

if TYPE_CHECKING:
    import polars as pl

_ROWS: Final = Rows(ACCOUNTS)

_BY_DAYS: Final = tuple(f"{of}billed_{unit}" for of in ("", "premises_", "class_") for unit in ("cents", "days"))
_ESTIMATE: Final = QuoteField(
    word(
        "estimate",
        "How the bill is estimated; by default as the rules in force have it.",
        fields()["estimate"].words,
        default=0,
    ),
    "Estimate by",
    choices=("Average daily bill", "Average month", "Highest consecutive months"),
)


def _outcomes(rows: Sequence[Row], question: Question) -> list[Outcome]:
    ignored = dict.fromkeys(_uncounted(question.law))
    complete = [
        filled(ACCOUNTS, {**row, **ignored}) | {"held_cents": row.get("held_cents") or 0, "applied_date": question.on}
        for row in rows
    ]
    held = np.array([row["held_cents"] for row in complete], dtype=np.int64)

    def compute(gated: Gated) -> Outputs:
        return deposit_limit.compute(gated, held, rules=question.law.rules, as_of=question.on)

    found = quote.outcomes(_ROWS, complete, compute)
    if question.law.rules.clauses is not None:
        return [clauses.with_method(each, question.law) for each in found]
    return [_with_grounds(each, question.law) for each in found]


def _with_grounds(outcome: Outcome, law: Law) -> Outcome:
    """Add the citation of each ground and the estimate; set return_due to None if late payments are unknown."""
    row, result = outcome.row, outcome.result
    if result is None:
        return outcome
    shown = {
        **result,
        "return_due": result["return_due"] if report.return_is_known(row, law) else None,
        "estimate": law.own.deposit_limit.estimate,
    }
    return quote.with_grounds(Outcome(row, shown), law, report.ground_passage, "barred")


def _steps(outcome: Outcome, question: Question) -> tuple[Step, ...]:
    result = outcome.result or {}
    grounds = [each["ground"] for each in result["barred"]]
    return report.steps(outcome.row, {**result, "barred": grounds}, law=question.law)


def _incomplete(row: Row, question: Question, named: Names) -> str:
    """Require bills with their days for the daily estimate, enough monthly bills for the others, and not both."""
    if question.law.rules.clauses is not None:
        return clauses.incomplete(row, question.law, named)
    rule = question.law.own.deposit_limit
    billed, days, monthly = named("billed_cents"), named("billed_days"), named("monthly_bill_cents")
    bills, by_days = row["monthly_bill_cents"], [row[name] is not None for name in _BY_DAYS]
    if limit_estimates.takes_months(rule):
        if bills is None or any(by_days):
            return f"the estimate {rule.estimate} takes {monthly}, and no {billed} or {days}"
        months = limit_estimates.months_needed(row["bills_in_advance"], rule)
        return (
            "" if len(bills) >= months else f"{monthly}: the estimate {rule.estimate} takes at least {months} of them"
        )
    complete = any(map(all, zip(by_days[::2], by_days[1::2], strict=True)))
    if complete and bills is None:
        return ""
    return (
        f"the estimate average_daily takes {billed} and {days}, and no {monthly}: give both, or {monthly} with "
        f"{named('estimate')} monthly_average or peak_consecutive"
    )


def _evaluate(frame: "pl.DataFrame", question: Question, threads: int, flagged: Int64 | None) -> Evaluation:
    return deposit_limit.evaluate(frame, rules=question.law.rules, as_of=question.on, threads=threads, flagged=flagged)


def _uncounted(law: Law) -> tuple[str, ...]:
    """Return the names of the bills that the estimate in force ignores."""
    if law.rules.clauses is not None:
        return ()
    return _BY_DAYS if limit_estimates.takes_months(law.own.deposit_limit) else ("monthly_bill_cents",)


TOPIC: Final = Topic(
    name="deposit-limit",
    title="Deposit limit",
    asks="How much may a utility hold, and may it ask for a deposit at all?",
    paragraphs="3403(c)-(e), (j), (l), 4403",
    meaning="Deposit limit, rule (c)-(e), (j), (l)",
    row_meaning="What was billed to an account, what is held, and what may bar a deposit on applied_date (by default "
    "today).",
    dataset=ACCOUNTS,
    groups=(
        Group(
            "What was billed",
            (
                QuoteField(ACCOUNTS.column("billed_cents"), "Billed", "All bills of the account in the days below"),
                QuoteField(ACCOUNTS.column("billed_days"), "Days billed", "How many days that covers, e.g. 365"),
                QuoteField(
                    ACCOUNTS.column("bills_in_advance"), "Bills are payable in advance of service", option="in-advance"
                ),
                QuoteField(deposit_limit.HELD, "Held now", "All deposits of the customer for this service"),
                SERVICE,
            ),
        ),
        Group(
            "What may bar a deposit, or make it due back",
            (
                QuoteField(ACCOUNTS.column("applied_date"), "Applied for service on", "Today, if left empty"),
                QuoteField(ACCOUNTS.column("clean_past_service"), "Past service with records and no delinquency"),
                QuoteField(ACCOUNTS.column("assistance_now"), "Helped now by LEAP or such a program"),
                QuoteField(
                    ACCOUNTS.column("good_payment_ended_date"), "Good payment ended on",
                    "Last day of twelve consecutive months of good payment", counted_from="applied_date",
                ),
                QuoteField(
                    ACCOUNTS.column("assistance_last_date"), "Last helped on",
                    "By LEAP, an income-qualified program or Energy Outreach Colorado", counted_from="applied_date",
                ),
                QuoteField(
                    ACCOUNTS.column("late_payments_12m"), "Late payments", "In the last twelve months",
                    option="late-payments",
                ),
                QuoteField(
                    ACCOUNTS.column("return_qualified_date"), "Twelve good months first on",
                    "When the records first showed twelve months without many late payments",
                ),
            ),
            folded=True,
        ),
        Group(
            "Other ways to estimate the bill",
            (
                _ESTIMATE,
                QuoteField(
                    ACCOUNTS.column("monthly_bill_cents"), "Monthly bills",
                    "Oldest first, with a blank or a comma between; only for the estimates by months",
                    option="monthly-bills",
                ),
                QuoteField(
                    ACCOUNTS.column("premises_billed_cents"), "Billed at the premises", "Where there is no account"
                ),
                QuoteField(ACCOUNTS.column("premises_billed_days"), "Days billed at the premises"),
                QuoteField(
                    ACCOUNTS.column("class_billed_cents"), "Billed to the class, on average", "Where there is neither"
                ),
                QuoteField(ACCOUNTS.column("class_billed_days"), "Days billed to the class"),
            ),
            folded=True,
        ),
        Group("In other jurisdictions", (clauses.ACCOUNT_CLASS,), folded=True),
    ),
    day="applied_date",
    day_source="applied",
    headline=("limit_cents", "may_ask", "available_cents", "excess_cents"),
    compared_results=("return_due",),
    unknown_results=("return_due",),
    rules=("deposit_limit",),
    choices=(_ESTIMATE,),
    not_together="applied_date",
    outcomes=_outcomes,
    steps=_steps,
    evaluate=_evaluate,
    uncounted=_uncounted,
    incomplete=_incomplete,
    more_results={"estimate": "text", "barred": "grounds"},
    frame_example=docstring_examples.DEPOSIT_LIMIT,
    example=Example(
        "1,460 dollars billed in 365 days, 300 held",
        {"billed_cents": 146_000, "billed_days": 365, "held_cents": 30_000, "applied_date": "2026-09-30"},
    ),
)  # fmt: skip
