"""Explain a deposit limit: the limit (j) against what is held, what bars a deposit (c)-(e), when it is due back (l)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from calc.columns import limit_estimates
from calc.kernels.calendar import add_months
from calc.report.explaining import clause_limits
from calc.report.explaining.step import Figure, Law, Passage, Step, agree, rounded_step, source, whole_step
from calc.units import format_cents as money
from calc.units import to_date, to_day

_GROUNDS = {
    "past_service": "(c)",
    "good_payment_history": "good_payment_window_days",
    "energy_assistance": "assistance_window_months",
}
"""Field of the rule from which a ground's citation is taken, or its paragraph if no field has it."""


def steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Explain one account's result.

    Args:
        row: Columns of `accounts`, applied_date included, and held_cents.
        result: Result columns of `accounts`; `barred` has the words of the grounds.
        law: The rules of the service.

    Returns:
        The steps, with exact fractions of a cent before rounding.

    Raises:
        PuccalcError: The steps lead to another result.
    """
    if law.rules.clauses is not None:
        return clause_limits.steps(row, result, law=law)
    held, limit = row["held_cents"], result["limit_cents"]
    by_months = limit_estimates.takes_months(law.own.deposit_limit)
    available = f"{money(limit)} - {money(held)} held, at least 0"
    return (
        _limit_by_months(row, limit, law) if by_months else _limit_by_days(row, result, law),
        whole_step(
            "excess over the limit", "excess_cents", result["excess_cents"], max(0, held - limit),
            f"{money(held)} held - {money(limit)}, at least 0",
        ),
        whole_step(
            "still available", "available_cents", result["available_cents"],
            0 if result["barred"] else max(0, limit - held),
            "nothing: a ground bars a deposit" if result["barred"] else available,
        ),
        *_return_steps(row, result, law),
        *_ground_steps(row, result, law),
    )  # fmt: skip


def _limit_by_days(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> Step:
    """Explain floor(billed x limit days / days billed), of the bill that the result names."""
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
    """Explain the average month, or the highest consecutive months, of the monthly bills."""
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


def return_is_known(row: Mapping[str, Any], law: Law) -> bool:
    """Return whether a row has enough about late payments to decide whether a deposit is due back."""
    any_12 = law.own.deposit_limit.return_window == "any_12"
    return row["late_payments_12m"] is not None or (any_12 and row["return_qualified_date"] is not None)


def _return_steps(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Explain whether what is held is due back; no step if late payments are unknown."""
    if not return_is_known(row, law):
        return []
    rule, late, qualified = law.own.deposit_limit, row["late_payments_12m"], row["return_qualified_date"]
    most = rule.return_late_payments_max
    timely = late is not None and late <= most
    shown = ["late payments unknown" if late is None else f"{late} late payments in 12 months, at most {most}"]
    if rule.return_window == "any_12" and qualified is not None:
        timely = timely or qualified <= row["applied_date"]
        shown.append(f"records showed twelve such months on {qualified}")
    due = row["held_cents"] > 0 and timely
    agree("due back", due, result["return_due"])
    formula = f"{money(row['held_cents'])} held; {'; '.join(shown)}"
    used = law.parameters("return_late_payments_max", "return_window")
    return [Step("due back", {"return_due": due}, formula, parameters=used)]


def _ground_steps(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Explain each ground for which the row has a value, and whether a deposit may be asked for."""
    found = []
    barred: Sequence[str] = result["barred"]
    rule = law.own.deposit_limit
    clean, now = row["clean_past_service"], row["assistance_now"]
    ended, helped = row["good_payment_ended_date"], row["assistance_last_date"]
    applied: date = row["applied_date"]
    if clean is not None:
        formula = "past service with billing records, no recent or substantial delinquency"
        found.append(_ground_step("past_service", {}, formula if clean else f"no {formula}", clean, barred, law))
    if ended is not None:
        since = applied - timedelta(days=rule.good_payment_window_days)
        found.append(
            _ground_step(
                "good_payment_history", {"good_payment_ended_date": ended, "applied_date": applied},
                f"{since} <= {ended} <= {applied}", since <= ended <= applied, barred, law,
            )
        )  # fmt: skip
    if helped is not None or now is not None:
        figures: dict[str, Figure] = {"applied_date": applied}
        shown, bars = [], bool(now)
        if now is not None:
            shown.append("helped now" if now else "not helped now")
        if helped is not None:
            applied_days = np.array([to_day(applied)], dtype=np.int64)
            since = to_date(add_months(applied_days, -rule.assistance_window_months)[0])
            figures["assistance_last_date"] = helped
            shown.append(f"{since} <= {helped}{', which goes on' if helped >= applied else ''}")
            bars = bars or since <= helped
        found.append(_ground_step("energy_assistance", figures, "; ".join(shown), bars, barred, law))
    agree("grounds", [step.figures["ground"] for step in found if step.figures["bars"]], list(barred))
    may_ask = "no" if barred else "yes" if found else "not_checked"
    agree("may be asked", may_ask, result["may_ask"])
    said = {
        "no": "a ground bars a deposit", "yes": "no ground of which something was said bars one",
        "not_checked": "nothing was said of what may bar one",
    }  # fmt: skip
    return [*found, Step("may a deposit be asked for", {"may_ask": may_ask}, said[may_ask])]


def _ground_step(
    ground: str, figures: dict[str, Figure], formula: str, bars: bool, barred: Sequence[str], law: Law
) -> Step:
    agree(ground, bars, ground in barred)
    label = f"ground: {ground.replace('_', ' ')}"
    return Step(label, {"ground": ground, "bars": bars, **figures}, formula, passages=(ground_passage(ground, law),))


def ground_passage(ground: str, law: Law) -> Passage:
    """Return the paragraph under which a ground bars a deposit.

    Args:
        ground: past_service, good_payment_history or energy_assistance.
        law: The rules of the service.
    """
    rests_on = _GROUNDS[ground]
    if rests_on.startswith("("):
        return law.passages("good_payment_window_days", rests_on)[0]
    cited = law.parameters(rests_on)[0].citation
    return Passage(cited.rule, cited.quote, cited.effective_from, source(cited))
