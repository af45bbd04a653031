"""Steps of arrearage credits, rules 3412 and 4412 (e)(VII): what a grant left, the copayments, the months to zero."""

from collections.abc import Mapping
from typing import Any

from calc.report.explaining.step import Law, Parameter, Step, agree, whole_step
from calc.units import PPM
from calc.units import format_cents as money
from calc.units import format_percent as percent


def spread(total_cents: int, months: int) -> tuple[int, ...]:
    """Spread a total over months to the cent, the extra cents in the first months."""
    each, extra = divmod(total_cents, months)
    return tuple(each + int(month < extra) for month in range(months))


def arrearage_steps(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Work out a participant's arrearage schedule.

    Args:
        row: The participant's row.
        result: Its result.
        law: The rules of the service.

    Returns:
        The steps; empty without arrearage.

    Raises:
        PuccalcError: The steps lead to another schedule.
    """
    arrearage, granted = row["arrearage_cents"], result["leap_to_arrearage_cents"]
    schedule = tuple(result["arrearage_credit_cents"])
    left = arrearage - granted
    if not left:
        agree("arrearage credits", schedule, ())
    if not arrearage:
        return []
    formula = f"{money(arrearage)} - {money(granted)} of the LEAP grant"
    found = [whole_step("arrearage left", "arrearage_left_cents", left, left, formula)]
    if not left:
        return found
    copayments, copayments_step = _copayments(row, left, law)
    months, months_used = _months(row, law)
    agree("arrearage credits", schedule, spread(left - copayments, months))
    credits_step = Step(
        "arrearage credits",
        {"arrearage_credit_cents": schedule, "months": months},
        f"{money(left)} - {money(copayments)} over {months} months{_left_of(row)}, extra cents first",
        parameters=months_used,
        passages=law.passages("arrearage_months_max", "(e)(VII)(A)", "(e)(VII)(F)"),
    )
    last = left - copayments - sum(schedule)
    formula = f"{money(left)} - {money(copayments)} - {money(sum(schedule))}"
    balance_step = whole_step("arrearage after the last month", "balance_cents", 0, last, formula)
    return [*found, copayments_step, credits_step, balance_step]


def _left_of(row: Mapping[str, Any]) -> str:
    elapsed = row["arrearage_elapsed_months"]
    return f" left after {elapsed}" if elapsed else ""


def _copayments(row: Mapping[str, Any], left: int, law: Law) -> tuple[int, Step]:
    """Return all copayments in cents and their step.

    They are as given or the tariff's share of income, at most the rule's share, and at most what is left.
    """
    income, given = row["household_income_cents"], row["arrearage_copay_cents"]
    used = law.parameters("copayment_max_ppm")
    most = income * law.own.arrearage.copayment_max_ppm // PPM
    asked, origin = given, "as given"
    if given is None:
        share = law.terms.copayment_ppm
        asked = income * share // PPM
        origin = f"{percent(share)} % of income by the tariff {law.rules.tariff.name}"
        used += (Parameter("copayment_ppm", share, "tariff", used[0].citation),)
    copayments = min(asked, most, left)
    formula = f"{money(asked)} {origin}; at most {money(most)} by the rule, and {money(left)}"
    step = Step("copayments in all", {"copayments_cents": copayments}, formula, parameters=used)
    return copayments, step


def _months(row: Mapping[str, Any], law: Law) -> tuple[int, tuple[Parameter, ...]]:
    """Return the months of the schedule and the parameters that bound them.

    They are as given or the tariff's, less those that elapsed in earlier years.
    """
    bounds = law.parameters("arrearage_months_min", "arrearage_months_max")
    given: int | None = row["arrearage_months"]
    elapsed: int = row["arrearage_elapsed_months"]
    if given is not None:
        return given - elapsed, bounds
    months = law.terms.arrearage_months
    return months - elapsed, (Parameter("arrearage_months", months, "tariff", bounds[-1].citation), *bounds)
