"""Working of the deposit limit, rule (j): the ceiling, and what is held; what bars a deposit; when it is due back."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from calc.columns import deposit_limit as columns
from calc.kernels.calendar import add_months
from calc.kernels.deposit_limit import GROUNDS
from calc.report.step import Figure, Law, Passage, Step, agree, rounded_step, source, whole_step
from calc.rules.schema import DepositLimit
from calc.units import NO_DAY, to_date, to_day
from calc.units import format_cents as money

_GROUNDS = {
    "past_service": "(c)",
    "good_payment_history": "good_payment_window_days",
    "energy_assistance": "assistance_window_months",
}
"""What each ground rests on: a field of the rule, or a paragraph beside them."""


def grounds(
    applied: date,
    clean_past_service: bool,
    good_payment_ended: date | None,
    assistance_last: date | None,
    rule: DepositLimit,
) -> list[str]:
    """The grounds that bar a deposit from one applicant, rule (c)-(e), in the rule's order."""
    if not clean_past_service and good_payment_ended is None and assistance_last is None:
        return []
    days = [NO_DAY if day is None else to_day(day) for day in (applied, good_payment_ended, assistance_last)]
    applied_day, ended_day, helped_day = (np.array([day], dtype=np.int32) for day in days)
    bits = int(columns.barred_bits(applied_day, np.array([clean_past_service]), ended_day, helped_day, rule)[0])
    return [ground for place, ground in enumerate(GROUNDS) if bits >> place & 1]


def steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Steps of one account and its result; PuccalcError where they do not lead to it.

    Beside the columns of `accounts` and held_cents, a row has monthly_bill_cents (for an estimate by months) and, where
    grounds are asked for, applied_date, clean_past_service, good_payment_ended_date, assistance_last_date; a result has
    `barred`, the grounds found.
    """
    held, limit = row["held_cents"], result["limit_cents"]
    by_months = law.own.deposit_limit.estimate != "average_daily"
    return (
        _limit_by_months(row, limit, law) if by_months else _limit_by_days(row, result, law),
        whole_step(
            "excess over the limit", "excess_cents", result["excess_cents"], max(0, held - limit),
            f"{money(held)} held - {money(limit)}, at least 0",
        ),
        whole_step(
            "still available", "available_cents", result["available_cents"], max(0, limit - held),
            f"{money(limit)} - {money(held)} held, at least 0",
        ),
        *_return_steps(row, result, law),
        *_ground_steps(row, result["barred"], law),
    )  # fmt: skip


def _limit_by_days(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> Step:
    """floor(billed x D / days billed) of the estimate that the result names."""
    prefix = {"account": "", "premises": "premises_", "class": "class_"}[result["estimate_source"]]
    billed, days = row[f"{prefix}billed_cents"], row[f"{prefix}billed_days"]
    field = "limit_in_advance_days" if row["bills_in_advance"] else "limit_days"
    limit_days: int = getattr(law.own.deposit_limit, field)
    return rounded_step(
        f"limit by the average daily bill of the {result['estimate_source']}", "limit_cents", result["limit_cents"],
        Fraction(billed * limit_days, days), "down", f"{money(billed)} x {limit_days} days / {days} days",
        law.parameters(field, "estimate"),
    )  # fmt: skip


def _limit_by_months(row: Mapping[str, Any], limit: int, law: Law) -> Step:
    """The average or the highest consecutive months out of the monthly bills."""
    bills: Sequence[int] = row["monthly_bill_cents"]
    rule = law.own.deposit_limit
    field = "limit_in_advance_months" if row["bills_in_advance"] else "limit_months"
    months: int = getattr(rule, field)
    used = law.parameters(field, "estimate")
    if rule.estimate == "monthly_average":
        formula = f"({' + '.join(map(money, bills))}) x {months} / {len(bills)}"
        exact = Fraction(sum(bills) * months, len(bills))
        return rounded_step("limit by the average month", "limit_cents", limit, exact, "down", formula, used)
    windows = [bills[start : start + months] for start in range(len(bills) - months + 1)]
    highest = max(windows, key=sum)
    first = windows.index(highest) + 1
    formula = f"months {first} to {first + months - 1}: {' + '.join(map(money, highest))}"
    return whole_step("limit by the highest months in a row", "limit_cents", limit, sum(highest), formula, used)


def _return_steps(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Whether what is held is due back, where the late payments are known."""
    late = row["late_payments_12m"]
    if late is None:
        return []
    most = law.own.deposit_limit.return_late_payments_max
    due = row["held_cents"] > 0 and late <= most
    agree("due back", due, result["return_due"])
    formula = f"{money(row['held_cents'])} held; {late} late payments in 12 months, at most {most}"
    return [Step("due back", {"return_due": due}, formula, parameters=law.parameters("return_late_payments_max"))]


def _ground_steps(row: Mapping[str, Any], barred: Sequence[str], law: Law) -> list[Step]:
    """Each ground that was asked for, whether it bars a deposit, and why."""
    found = []
    rule = law.own.deposit_limit
    if row.get("clean_past_service"):
        formula = "past service with billing records, no recent or substantial delinquency"
        found.append(_ground_step("past_service", {}, formula, True, barred, law))
    ended, helped = row.get("good_payment_ended_date"), row.get("assistance_last_date")
    if ended:
        applied: date = row["applied_date"]
        since = applied - timedelta(days=rule.good_payment_window_days)
        found.append(
            _ground_step(
                "good_payment_history", {"good_payment_ended_date": ended, "applied_date": applied},
                f"{since} <= {ended} <= {applied}", since <= ended <= applied, barred, law,
            )
        )  # fmt: skip
    if helped:
        applied = row["applied_date"]
        applied_days = np.array([to_day(applied)], dtype=np.int64)
        since = to_date(add_months(applied_days, -rule.assistance_window_months)[0])
        found.append(
            _ground_step(
                "energy_assistance", {"assistance_last_date": helped, "applied_date": applied},
                f"{since} <= {helped} <= {applied}", since <= helped <= applied, barred, law,
            )
        )  # fmt: skip
    agree("grounds", [step.figures["ground"] for step in found if step.figures["bars"]], list(barred))
    return found


def _ground_step(
    ground: str, figures: dict[str, Figure], formula: str, bars: bool, barred: Sequence[str], law: Law
) -> Step:
    agree(ground, bars, ground in barred)
    label = f"ground: {ground.replace('_', ' ')}"
    return Step(label, {"ground": ground, "bars": bars, **figures}, formula, passages=(ground_passage(ground, law),))


def ground_passage(ground: str, law: Law) -> Passage:
    """The paragraph under which a ground bars a deposit."""
    rests_on = _GROUNDS[ground]
    if rests_on.startswith("("):
        return law.passages("good_payment_window_days", rests_on)[0]
    cited = law.parameters(rests_on)[0].citation
    return Passage(cited.rule, cited.quote, cited.effective_from, source(cited))
