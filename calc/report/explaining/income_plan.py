"""Steps of a credit under another jurisdiction's percentage-of-income plan: share, payment, credit, months, old debt.

Input: a row and its result, the rules with their plan. Output: steps that lead to the result's figures, each with the
clauses of the plan that decide.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from calc.kernels.fixed_credit import MONTHS
from calc.report.explaining.arrearage import spread
from calc.report.explaining.clauses import cited, clauses_of
from calc.report.explaining.step import Figure, Law, Step, agree, whole_step
from calc.rules.income_plan import IncomePlan
from calc.units import PPM
from calc.units import format_cents as money
from calc.units import format_percent as percent

Row = Mapping[str, Any]

_PAID: Final = "where every payment is made on time"


def plan_of(law: Law) -> IncomePlan:
    """Return the plan; ValueError where the rules have none."""
    plan = clauses_of(law).plan
    if plan is None:
        raise ValueError("these rules have no plan")
    return plan


def steps(row: Row, result: Row, law: Law) -> tuple[Step, ...]:
    """Work out one household's yearly figures.

    Args:
        row: The participant's row.
        result: Its result.
        law: The rules of the service.

    Returns:
        The steps.

    Raises:
        PuccalcError: The steps lead to another result.
    """
    return (
        *start_steps(row, result, law),
        *_grant_steps(row, result, law),
        _credit_step(row, result, law),
        *_arrearage_steps(row, result, law),
        unscreened(),
    )


def start_steps(row: Row, result: Row, law: Law) -> list[Step]:
    """Make the steps through the payment of a year: the share of income, the payment and its bounds."""
    share, plan = result["share_ppm"], plan_of(law)
    origin = f"of {law.rules.jurisdiction}'s plan"
    if row["share_ppm"] is not None:
        origin = "as given"
    elif plan.leaves_a_share_open:
        origin = f"by the tariff {law.rules.tariff.name}"
    return [
        Step("share of income", {"share_ppm": share}, f"{percent(share)} % {origin}", parameters=cited(law, "shares")),
        _payment_step(row, result, law),
    ]


def unscreened() -> Step:
    """Make the step that says why no income is screened."""
    figures: dict[str, Figure] = {"eligible": False, "eligible_basis": "none"}
    return Step("eligibility screen", figures, "no income limit of this plan is at hand: no test could be made")


def _payment_step(row: Row, result: Row, law: Law) -> Step:
    plan, income, share = plan_of(law), row["household_income_cents"], result["share_ppm"]
    if plan.income_base == "month":
        payment = MONTHS * (income * share // (MONTHS * PPM))
        formula = f"{MONTHS} x ({money(income)} / {MONTHS} x {percent(share)} %, rounded down)"
    else:
        payment = income * share // PPM
        formula = f"{money(income)} x {percent(share)} %, rounded down"
    least, most = plan.payment_least_cents, plan.payment_most_cents
    if least:
        payment, formula = max(payment, MONTHS * least), f"{formula}; at least {MONTHS} x {money(least)}"
    if most is not None:
        payment, formula = min(payment, MONTHS * most), f"{formula}; at most {MONTHS} x {money(most)}"
    used = cited(law, "income_base", "payment_least_cents", "payment_most_cents")
    name = "affordable_annual_cents"
    return whole_step("affordable a year", name, result[name], payment, formula, used)


def _bill(row: Row) -> int:
    """Return the bill that counts: a change counts at once."""
    return int(row["full_annual_bill_cents"])


def _grant_steps(row: Row, result: Row, law: Law) -> list[Step]:
    grant = row["leap_grant_cents"]
    if not grant:
        return []
    names = ("leap_to_unaffordable_cents", "leap_to_arrearage_cents", "leap_to_account_cents")
    agree("energy assistance grant", grant, sum(result[name] for name in names))
    to_bill = money(result[names[0]])
    formula = f"of {money(grant)} {to_bill} reduce what the bill exceeds the payment by; the rest goes to the account"
    if plan_of(law).grant_offset and plan_of(law).arrearage_months:
        formula = f"of {money(grant)} {to_bill} reduce what the bill exceeds the payment by, then the old debt"
    figures = {name: result[name] for name in names}
    return [Step("energy assistance grant", figures, formula, parameters=cited(law, "grant_offset"))]


def _credit_step(row: Row, result: Row, law: Law) -> Step:
    """Make the step of the twelve credits: the bill above the payment, less the grant, within the plan's bounds."""
    plan, bill, payment = plan_of(law), _bill(row), result["affordable_annual_cents"]
    of_grant = result["leap_to_unaffordable_cents"]
    rest = max(0, bill - payment) - of_grant
    formula = f"{money(bill)} - {money(payment)}"
    formula += f" - {money(of_grant)}" if of_grant else ""
    formula += f", at least 0, over {MONTHS} months"
    if plan.credit_least_cents or plan.credit_most_cents is not None:
        bounds = [f"at least {money(plan.credit_least_cents)}"] if plan.credit_least_cents else []
        bounds += [] if plan.credit_most_cents is None else [f"at most {money(plan.credit_most_cents)}"]
        formula += f"; {' and '.join(bounds)} a month that has a credit"
    if plan.credit_condition == "payment":
        formula += f"; {_PAID}"
    exceeding = spread(max(0, bill - payment), MONTHS)
    needs = [
        due - over + each for due, over, each in zip(spread(bill, MONTHS), exceeding, spread(rest, MONTHS), strict=True)
    ]
    worked = sum(within(plan, each, need) for each, need in zip(spread(rest, MONTHS), needs, strict=True))
    agree("credits of the year", worked, _program(result))
    agree("fixed credit a year", result["fixed_credit_annual_cents"], of_grant + _program(result))
    names = ("fixed_credit_annual_cents", "program_credit_annual_cents")
    figures = {**{name: result[name] for name in names}, "monthly_credit_cents": tuple(result["monthly_credit_cents"])}
    used = cited(law, "credit_least_cents", "credit_most_cents", "credit_condition")
    return Step("credits of the year", figures, formula, parameters=used)


def _program(result: Row) -> int:
    return int(result["program_credit_annual_cents"])


def within(plan: IncomePlan, credit_cents: int, need_cents: int) -> int:
    """Return a month's credit within the plan's bounds and what is needed, cents; a month without one gets none."""
    if not credit_cents:
        return 0
    at_least = min(max(credit_cents, plan.credit_least_cents), need_cents)
    return at_least if plan.credit_most_cents is None else min(at_least, plan.credit_most_cents)


def _arrearage_steps(row: Row, result: Row, law: Law) -> list[Step]:
    """Make the step of the credits on old debt: empty without one."""
    plan, debt = plan_of(law), row["arrearage_cents"] - result["leap_to_arrearage_cents"]
    schedule = tuple(result["arrearage_credit_cents"])
    if not row["arrearage_cents"]:
        return []
    if plan.arrearage_months is None:
        agree("credits on old debt", schedule, ())
        return [Step("credits on old debt", {"arrearage_credit_cents": ()}, "the plan credits no old debt")]
    months = plan.arrearage_months - row["arrearage_elapsed_months"]
    agree("credits on old debt", schedule, spread(debt, months) if debt else ())
    formula = f"{money(debt)} over {months} months, extra cents first"
    formula += f"; {_PAID}" if plan.arrearage_condition == "payment" else ""
    used = cited(law, "arrearage_months", "arrearage_condition")
    return [Step("credits on old debt", {"arrearage_credit_cents": schedule}, formula, parameters=used)]


def year_steps(row: Row, result: Row, law: Law, as_of: date) -> tuple[Step, ...]:
    """Work out one household's twelve bills: those on which something takes effect, and the sums of the year."""
    return (
        *start_steps(row, result, law),
        *_bills(result["months"], law, as_of),
        *_sums(row, result, law),
        unscreened(),
    )


def _bills(months: list[Row], law: Law, as_of: date) -> Iterator[Step]:
    plan = plan_of(law)
    names = ("expected_bill_cents", "fixed_credit_cents", "program_credit_cents", "planned_payment_cents")
    for number, month in enumerate(months, 1):
        causes = month["causes"]
        if number > 1 and not causes:
            continue
        agree(
            f"payment of bill {number}",
            month["fixed_credit_cents"],
            month["program_credit_cents"] + month["leap_to_unaffordable_cents"],
        )
        lines = [f"by {', '.join(causes)}" if causes else "the year begins"]
        used = cited(law, "shares") if number == 1 else ()
        if {"missed_payment", "partial_payment"} & {*causes} and "payment" in (
            plan.credit_condition,
            plan.arrearage_condition,
        ):
            lines.append("the payment was not made whole: what depends on it is withheld from this bill")
            used += cited(law, "credit_condition", "arrearage_condition")
        figures = {"bill_date": month["bill_date"], **{name: month[name] for name in names}}
        yield Step(f"bill {number}", figures, "; ".join(lines), parameters=used, note=f"events through {as_of}")


def _sums(row: Row, result: Row, law: Law) -> Iterator[Step]:
    bills, credit = result["year_expected_bill_cents"], result["year_fixed_credit_cents"]
    paid = result["year_planned_payment_cents"]
    formula = f"{money(bills)} of bills - {money(credit)} of credits"
    budget = any("budget_billing" in month["causes"] for month in result["months"])
    if budget and not all(month["in_program"] for month in result["months"]):
        yield Step("to be paid in the year", {"year_planned_payment_cents": paid}, "the budget plan's payments")
    else:
        yield whole_step("to be paid in the year", "year_planned_payment_cents", paid, bills - credit, formula)
    if not row["arrearage_cents"]:
        return
    parts = {
        "of grants": result["year_leap_to_arrearage_cents"],
        "of credits": result["year_arrearage_credit_cents"],
        "that fall due on exit": result["year_due_on_exit_cents"],
    }
    entry, left = row["arrearage_cents"], result["arrearage_outstanding_cents"]
    agree("old debt left", entry - sum(parts.values()), left)
    taken = "".join(f" - {money(cents)} {what}" for what, cents in parts.items() if cents)
    yield Step(
        "old debt left after bill 12", {"arrearage_outstanding_cents": left}, f"{money(entry)} at entry{taken}",
        Fraction(left), parameters=cited(law, "arrearage_months", "arrearage_condition"),
    )  # fmt: skip
