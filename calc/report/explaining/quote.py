"""Rows of a quote to the figures that are shown: what the command line and the service share.

Comes in: rows of Python values (the contract's names; what a row leaves out is its default), the rules, the rates. Goes
out: for each row its result, or the reasons for which it is refused. A quote is one row; a batch asks with many. The
working of a result is the topic's own `steps`; printing is left to the callers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from calc.columns import deposit_limit as limit_columns
from calc.columns import fixed_credit as credit_columns
from calc.columns import interest as interest_columns
from calc.columns import unclaimed as unclaimed_columns
from calc.columns.contract import ACCOUNTS, DEPOSITS, INTEREST, PARTICIPANTS
from calc.columns.evaluation import Outputs
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.errors import Reason
from calc.rates.computing.table import RateTable
from calc.report.explaining import deposit_limit as limit_report
from calc.report.explaining.accrual import earning_days
from calc.report.explaining.row import filled
from calc.report.explaining.step import Law, Step
from calc.rules.guidelines import Guidelines
from calc.units import to_day

Row = Mapping[str, Any]
Result = dict[str, Any]

_INTEREST = Rows(INTEREST)
_DEPOSITS = Rows(DEPOSITS)
_ACCOUNTS = Rows(ACCOUNTS)
_PARTICIPANTS = Rows(PARTICIPANTS)


class Outcome(NamedTuple):
    """A row with its defaults, and its result; or, with no result, the bitmask of reasons for which it is refused.

    `refusals` are these reasons with the columns that each is about, what it lies in first.
    """

    row: Result
    result: Result | None
    reasons: int = 0
    refusals: tuple[tuple[Reason, tuple[str, ...]], ...] = ()


def interest(rows: Sequence[Row], *, law: Law, rates: RateTable) -> list[Outcome]:
    """Interest of rows of the dataset `interest` by the rule (o) of the law's service."""

    def compute(gated: Gated) -> Outputs:
        return interest_columns.compute(gated, rules=law.rules, rates=rates, service=law.service)

    return outcomes(_INTEREST, [dict(row) for row in rows], compute)


def interest_is_provisional(row: Row, *, law: Law, rates: RateTable) -> bool:
    """Whether a day that earns has a provisional rate."""
    span = earning_days(row["received_date"], row["through_date"], law.own.deposit_interest.day_ends)
    return rates.is_provisional(*span)


def unclaimed(rows: Sequence[Row], *, law: Law, rates: RateTable, as_of: date) -> list[Outcome]:
    """Unclaimed monies on a day, of rows of the dataset `deposits` each with its service; ids need not be given."""

    def compute(gated: Gated) -> Outputs:
        return unclaimed_columns.compute(gated, rules=law.rules, rates=rates, as_of=as_of)

    return outcomes(_DEPOSITS, [filled(DEPOSITS, row) for row in rows], compute)


def unclaimed_is_provisional(row: Row, result: Row, *, law: Law, rates: RateTable, as_of: date) -> bool:
    """Whether a day that earns by the rate table has a provisional rate; the six points alone are no such rate."""
    if not result["accrued_days"]:
        return False
    ends = (row["paid_date"], row["remitted_date"], as_of)
    end = min(day for day in ends if day and day <= as_of)
    first, stop = earning_days(row["received_date"], end, law.own.deposit_interest.day_ends)
    if row["kind"] == "construction_advance" and not row["interest_payable"]:
        surcharge_from = result["surcharge_from_date"]
        first = stop if surcharge_from is None else max(first, to_day(surcharge_from))
    return rates.is_provisional(first, stop)


def deposit_limit(rows: Sequence[Row], *, law: Law, on: date) -> list[Outcome]:
    """Limit, excess and grounds on a day, of rows of the dataset `accounts` with held_cents.

    `on` is the day of the application. An estimate over months takes monthly_bill_cents, any other the bills by days;
    missing_value where they are too few. `return_due` is None where nothing is known of late payments.
    """
    complete = [_account(row, on) for row in rows]
    held = np.array([row["held_cents"] for row in complete], dtype=np.int64)

    def compute(gated: Gated) -> Outputs:
        return limit_columns.compute(gated, held, rules=law.rules, as_of=on)

    return [_with_grounds(each, law) for each in outcomes(_ACCOUNTS, complete, compute)]


def deposit_limit_steps(outcome: Outcome, law: Law) -> tuple[Step, ...]:
    """Working of a result of `deposit_limit`."""
    result = outcome.result or {}
    grounds = [each["ground"] for each in result["barred"]]
    return limit_report.steps(outcome.row, {**result, "barred": grounds}, law=law)


def fixed_credit(rows: Sequence[Row], *, law: Law, as_of: date, guidelines: Guidelines) -> list[Outcome]:
    """Bill and arrearage credits on a day, of rows of the dataset `participants`; ids need not be given."""
    complete = [filled(PARTICIPANTS, row) for row in rows]
    limits = credit_columns.limits_in_force(law.rules, as_of, guidelines)
    county = credit_columns.places([row["county_fips"] for row in complete], limits)

    def compute(gated: Gated) -> Outputs:
        return credit_columns.compute(gated, county, limits, rules=law.rules)

    return outcomes(_PARTICIPANTS, complete, compute)


def plain(result: Row) -> Result:
    """A result as JSON has it: dates as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in result.items()}


def outcomes(dataset: Rows, rows: Sequence[Result], compute: Callable[[Gated], Outputs]) -> list[Outcome]:
    """Outcomes of a dataset's rows, in their order.

    Args:
        dataset: reads rows of the dataset.
        rows: rows with their defaults.
        compute: the calculator; it may refuse further rows.
    """
    gated = dataset.gate(rows)
    outputs = compute(gated)
    results = dataset.results(outputs, gated.reasons)
    found: dict[int, list[tuple[Reason, tuple[str, ...]]]] = {}
    for reason, columns, places in gated.refusals:
        for place in places.tolist():
            found.setdefault(place, []).append((reason, columns))
    answers = zip(rows, results, gated.reasons.tolist(), strict=True)
    return [Outcome(*each, tuple(sorted(found.get(place, ())))) for place, each in enumerate(answers)]


def _account(row: Row, on: date) -> Result:
    """An account's row with its defaults."""
    return filled(ACCOUNTS, row) | {"held_cents": row.get("held_cents") or 0, "applied_date": on}


def _with_grounds(outcome: Outcome, law: Law) -> Outcome:
    row, result = outcome.row, outcome.result
    if result is None:
        return outcome
    passages = [(ground, limit_report.ground_passage(ground, law)) for ground in result["barred"]]
    shown = {
        **result,
        "return_due": result["return_due"] if limit_report.return_is_known(row, law) else None,
        "estimate": law.own.deposit_limit.estimate,
        "barred": [
            {"ground": ground, "citation": passage.rule, "quote": passage.quote} for ground, passage in passages
        ],
    }
    return Outcome(row, shown)
