"""Steps of payment plans, rule 3404(d), (h): down payment, installments; equal payments and settlement."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from calc.report.explaining.arrearage import spread
from calc.report.explaining.step import Law, Step, agree, rounded_step, whole_step
from calc.units import PPM
from calc.units import format_cents as money
from calc.units import format_percent as percent


def installment_steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Work out an installment plan.

    Args:
        row: A row of the dataset `installment_plans`, with its defaults.
        result: Its result.
        law: The rules of the service.

    Returns:
        The steps: the least down payment, the one that is made, the installments, and what is left at the end.

    Raises:
        PuccalcError: The steps lead to other figures.
    """
    due, errors = row["due_cents"], row["undercharge_months"]
    down, schedule = result["down_payment_cents"], tuple(result["installment_cents"])
    months = row["months"] if errors is None else errors
    left = due - down
    agree("installments", schedule, spread(left, months))
    over = "as many as the errors ran" if errors is not None else "extra cents first"
    bound = () if errors is not None else law.parameters("installments_max")
    installments_step = Step(
        "installments",
        {"installment_cents": schedule, "months": months},
        f"{money(left)} over {months} months, {over}",
        parameters=bound,
        passages=law.passages("installments_max", "(h)" if errors is None else "(d)(I)"),
    )
    return (
        *_down_payment(row, result, law),
        whole_step("left to pay in installments", "left_cents", left, due - down, f"{money(due)} - {money(down)}"),
        installments_step,
        whole_step(
            "left after the last installment", "balance_cents", 0, left - sum(schedule),
            f"{money(left)} - {money(sum(schedule))}",
        ),
    )  # fmt: skip


def _down_payment(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> tuple[Step, ...]:
    """Return the least down payment, and the one that is made where another was given."""
    due, given, least = row["due_cents"], row["down_payment_cents"], result["least_down_payment_cents"]
    if row["undercharge_months"] is not None:
        agree("down payment", (least, result["down_payment_cents"]), (0, 0))
        return (
            Step(
                "down payment", {"down_payment_cents": 0}, "none: the utility's errors led to what is due",
                passages=law.passages("installments_max", "(d)(I)"),
            ),
        )  # fmt: skip
    share = law.own.plans.down_payment_ppm
    step = rounded_step(
        "least down payment", "least_down_payment_cents", least, Fraction(due * share, PPM), "up",
        f"{percent(share)} % of {money(due)}", law.parameters("down_payment_ppm"),
    )  # fmt: skip
    agree("down payment", least if given is None else given, result["down_payment_cents"])
    if given is None:
        return (step,)
    return step, Step("down payment", {"down_payment_cents": given}, f"as given, {money(least)} through {money(due)}")


def budget_steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Work out budget billing.

    Args:
        row: A row of the dataset `budget_plans`, with its defaults.
        result: Its result.
        law: The rules of the service.

    Returns:
        The steps: the total, the equal payment, the settlement.

    Raises:
        PuccalcError: The steps lead to other figures.
    """
    arrears, year, actual = row["arrears_cents"], row["last_year_billed_cents"], row["actual_billed_cents"]
    payments = law.own.plans.budget_payments
    payment, settlement = result["payment_cents"], result["settlement_cents"]
    total = arrears + year
    charges = year if actual is None else actual
    said = "last year's adjusted billing, until the actual charges are known" if actual is None else "actual charges"
    agree("settlement", arrears + charges - payments * payment, settlement)
    settlement_step = Step(
        "settlement in the last month",
        {"settlement_cents": settlement},
        f"{money(arrears)} + {money(charges)} {said} - {payments} x {money(payment)}",
        Fraction(settlement),
        parameters=law.parameters("budget_payments"),
        note="Below zero it is the customer's credit." if settlement < 0 else "",
    )
    return (
        whole_step(
            "total of the plan", "total_cents", total, arrears + year,
            f"{money(arrears)} arrears + {money(year)} last year's adjusted billing",
        ),
        rounded_step(
            "equal payment", "payment_cents", payment, Fraction(total, payments + 1), "down",
            f"{money(total)} / {payments + 1} months", law.parameters("budget_payments"),
        ),
        settlement_step,
    )  # fmt: skip
