"""Steps of the deposit limit under a jurisdiction's clauses: the class' method, its bills, the excess."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from calc.report.explaining.clauses import cited, clauses_of
from calc.report.explaining.step import Law, Step, rounded_step, whole_step
from calc.rules.deposit_clauses import ClassLimit
from calc.units import format_cents as money


def steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Work out a row of the dataset `accounts`; raise PuccalcError if the steps lead to another result."""
    held, limit = row["held_cents"], result["limit_cents"]
    own = clauses_of(law).require_limit()
    used = cited(law, "limits", "least_deposit_cents")
    exact, formula = _limit_of(row, result, limit_in_force(row, law))
    least = own.least_deposit_cents
    if least:
        formula += f", at least {money(least)}"
    return (
        rounded_step(
            "limit", "limit_cents", limit, max(exact, Fraction(least)), "down", formula, used,
        ),
        whole_step(
            "excess over the limit", "excess_cents", result["excess_cents"], max(0, held - limit),
            f"{money(held)} held - {money(limit)}, at least 0",
        ),
        whole_step(
            "still available", "available_cents", result["available_cents"], max(0, limit - held),
            f"{money(limit)} - {money(held)} held, at least 0",
        ),
    )  # fmt: skip


def limit_in_force(row: Mapping[str, Any], law: Law) -> ClassLimit | None:
    """Return the limit of the row's class; None if the jurisdiction has none for it."""
    limits = clauses_of(law).require_limit().limits
    by_class = {each.applies_to: each for each in reversed(limits)}
    return by_class.get(row.get("class") or "residential", by_class.get("all"))


def _limit_of(row: Mapping[str, Any], result: Mapping[str, Any], own: ClassLimit | None) -> tuple[Fraction, str]:
    """Return the exact limit in cents and its formula."""
    if own is None:
        raise ValueError("a class without a limit has no result")
    bills, months = row["monthly_bill_cents"] or [], own.months
    if own.method != "days" and len(bills) >= months and (own.method != "year_twelfths" or len(bills) == 12):
        if own.method == "highest_consecutive":
            highest = max((bills[at : at + months] for at in range(len(bills) - months + 1)), key=sum)
            return Fraction(sum(highest)), f"highest {months} in a row: {' + '.join(map(money, highest))}"
        if own.method == "highest_months":
            highest = sorted(bills)[-months:]
            return Fraction(sum(highest)), f"highest {months}: {' + '.join(map(money, highest))}"
        parts = 12 if own.method == "year_twelfths" else len(bills)
        return Fraction(sum(bills) * months, parts), f"{money(sum(bills))} in all x {months} / {parts}"
    prefix = {"account": "", "premises": "premises_", "class": "class_"}[result["estimate_source"]]
    billed, days = row[f"{prefix}billed_cents"], row[f"{prefix}billed_days"]
    if own.method == "days":
        return Fraction(billed * own.days, days), f"{money(billed)} x {own.days} days / {days} days"
    return Fraction(billed * months, 12), f"{money(billed)} of the year x {months} / 12"
