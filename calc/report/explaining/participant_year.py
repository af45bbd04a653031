"""Steps of a participant's year, rules 3412 and 4412 (e), (g)(V): what each event changes, and that no cent is lost."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from calc.kernels.fixed_credit import MONTHS
from calc.kernels.participant_events import KINDS
from calc.report.explaining import income_plan
from calc.report.explaining.arrearage import spread
from calc.report.explaining.eligibility import eligibility_steps
from calc.report.explaining.fixed_credit import LEAP, RECALCULATION, class_of, start_steps
from calc.report.explaining.step import Law, Parameter, Passage, Step, agree, whole_step
from calc.rules.guidelines import Guidelines
from calc.units import PPM
from calc.units import format_cents as money
from calc.units import format_percent as percent

Row = Mapping[str, Any]

_OF_A_CAUSE: Final = {
    "move": ("(e)(VIII)",),
    "heating": ("(e)(I)", "(e)(II)"),
    "regulated_gas": ("(e)(I)(A)",),
    "income": ("(e)(I)",),
    "rate_change": ("(e)(V)",),
    "not_due": ("(e)(V)",),
    "missed_payment": ("(e)(IX)",),
    "partial_payment": ("(e)(IX)",),
    "payment": ("(e)(IX)",),
    "exit": ("(e)(VII)(D)",),
    "move_out": ("(e)(VIII)", "(e)(VII)(D)"),
}
"""Paragraphs by cause; those on grants differ by rule."""
_WHERE_NOT_ZERO: Final = (
    "leap_to_unaffordable_cents", "leap_to_arrearage_cents", "leap_to_account_cents", "credit_to_recover_cents",
    "due_on_exit_cents",
)  # fmt: skip
_LEAVING: Final = ("exit", "move_out")
_REBASING: Final = frozenset(("move", "heating", "regulated_gas", "income", "rate_change"))


def steps(row: Row, result: Row, *, law: Law, as_of: date, guidelines: Guidelines) -> tuple[Step, ...]:
    """Work out one participant's year.

    Args:
        row: The participant's row, its events among the values.
        result: Its result.
        law: The rules of the service.
        as_of: Date whose guidelines apply; later events have not happened.
        guidelines: The published figures.

    Returns:
        The steps: the year's start, one for each bill on which something takes effect, and the sums.

    Raises:
        PuccalcError: The steps lead to another result.
    """
    if law.rules.clauses is not None:
        return income_plan.year_steps(row, result, law, as_of)
    account = str(class_of(law.service, row["primary_heating"], row["regulated_gas"]))
    return (
        *start_steps(account, row, result, law),
        *_bills(row, result["months"], law, as_of),
        *_sums(row, result, law),
        *eligibility_steps(row, result, law, as_of, guidelines.in_force(as_of, law.own.fixed_credit)),
    )


def _bills(row: Row, months: list[Row], law: Law, as_of: date) -> Iterator[Step]:
    """Yield a step for bill 1, and one for each later bill on which an event takes effect."""
    events = _in_the_program(row, as_of)
    income, before = row["household_income_cents"], date.min
    for number, month in enumerate(months, 1):
        own = [each for each in events if before <= each["date"] < month["bill_date"]]
        before = month["bill_date"]
        incomes = [each["amount_cents"] for each in own if each["kind"] == "income"]
        income = incomes[-1] if incomes else income
        grants = sum(each["amount_cents"] for each in own if each["kind"] == "leap_grant")
        grants += row["leap_grant_cents"] if number == 1 else 0
        if number == 1 or month["causes"]:
            yield _bill(number, months, (income, grants), law)


def _in_the_program(row: Row, as_of: date) -> list[Row]:
    """Return the events that have happened, in the order in which they act, through an exit."""
    happened = sorted(
        (each for each in row["events"] if each["date"] <= as_of),
        key=lambda each: (each["date"], KINDS.index(each["kind"])),
    )
    leaves = next((place for place, each in enumerate(happened) if each["kind"] in _LEAVING), len(happened))
    return happened[: leaves + 1]


def _bill(number: int, months: list[Row], known: tuple[int, int], law: Law) -> Step:
    """Make the step of a bill: its causes, the credits that follow, and the paragraphs they rest on."""
    month = months[number - 1]
    income, grants = known
    causes = month["causes"]
    lines = [f"by {', '.join(causes)}" if causes else "the year begins"]
    figures: dict[str, Any] = {"bill_date": month["bill_date"]}
    parameters: list[Parameter] = []
    if month["in_program"]:
        if number == 1 or _REBASING & {*causes}:
            lines.append(_rebased(number, months, income))
            figures |= {"basis_bill_cents": month["basis_bill_cents"], "share_ppm": month["share_ppm"]}
        names = ("fixed_credit_cents", "program_credit_cents", "planned_payment_cents")
        figures |= {name: month[name] for name in names}
    if grants:
        lines.append(
            f"grants of {money(grants)}: first to the credits left, then to the arrearage, then to the account"
        )
        parameters += law.parameters("grant_timing")
    moved = (
        "leap_to_unaffordable_cents",
        "leap_to_arrearage_cents",
        "leap_to_account_cents",
        "credit_to_recover_cents",
    )
    figures |= {name: month[name] for name in (*moved, "due_on_exit_cents") if month[name]}
    if {"rate_change", "not_due"} & {*causes}:
        parameters += law.parameters("recalculation_ppm")
    if "missed_payment" in causes and law.terms.arrearage_condition == "payment":
        lines.append("the tariff withholds this bill's arrearage credit")
        parameters.append(_condition(law))
    return Step(
        f"bill {number}", figures, "; ".join(lines), parameters=tuple(parameters), passages=_passages(causes, law)
    )


def _rebased(number: int, months: list[Row], income: int) -> str:
    """Describe the credits from a bill on, and check those that no later event changes."""
    month = months[number - 1]
    limit = income * month["share_ppm"] // PPM
    basis, left = month["basis_bill_cents"], MONTHS + 1 - number
    later = next((n for n in range(number, MONTHS) if _REBASING & {*months[n]["causes"]}), MONTHS)
    later = min(later, next((n for n in range(number, MONTHS) if not months[n]["in_program"]), MONTHS))
    if income:
        worked = spread(max(0, basis - limit), MONTHS)[: later - number + 1]
        agree(
            f"credits from bill {number} on",
            worked,
            tuple(each["fixed_credit_cents"] for each in months[number - 1 : later]),
        )
    affordable = f"{money(income)} x {percent(month['share_ppm'])} %" if income else "the minimum payments"
    return f"{money(basis)} less {affordable}, over {MONTHS} months, for the {left} left"


def _condition(law: Law) -> Parameter:
    """Return the tariff's condition on arrearage credits, which (e)(VII)(C)(i) allows."""
    (passage,) = law.passages(RECALCULATION, "(e)(VII)(C)(i)")
    beside = law.own.citations["copayment_max_ppm"]
    authority = f"{beside.authority.partition('#')[0]}#(e)(VII)(C)(i)"
    cited = replace(
        beside, rule=passage.rule, quote=passage.quote.strip(), authority=authority, reading="text", note=""
    )
    return Parameter("arrearage_condition", law.terms.arrearage_condition, "tariff", cited)


def _passages(causes: list[str], law: Law) -> tuple[Passage, ...]:
    labels = [label for cause in causes for label in _OF_A_CAUSE.get(cause, ())]
    if "leap_grant" in causes:
        labels += LEAP[law.service]
    if "missed_payment" in causes and law.terms.arrearage_condition == "payment":
        labels.append("(e)(VII)(C)(i)")
    return law.passages(RECALCULATION, *dict.fromkeys(labels))


def _sums(row: Row, result: Row, law: Law) -> Iterator[Step]:
    """Yield the steps of the year's sums: what the arrearage and the credits came to."""
    months = result["months"]
    credit, program, leap = (
        result[f"year_{name}_cents"] for name in ("fixed_credit", "program_credit", "leap_to_unaffordable")
    )
    yield whole_step(
        "program credits of the year", "year_program_credit_cents", program, credit - leap,
        f"{money(credit)} of fixed credits - {money(leap)} that grants cover",
        passages=law.passages(RECALCULATION, "(b)(VI)"),
    )  # fmt: skip
    if row["arrearage_cents"]:
        yield _arrearage(row, result, law)
    paid, copaid = result["year_planned_payment_cents"], result["year_copayment_cents"]
    bills = result["year_expected_bill_cents"]
    formula = f"{money(bills)} of bills - {money(credit)} of fixed credits + {money(copaid)} of copayments"
    if not all(month["in_program"] for month in months) and any(
        "budget_billing" in month["causes"] for month in months
    ):
        yield Step(
            "to be paid in the year", {"year_planned_payment_cents": paid}, "the budget plan's payments to the exit"
        )
        return
    yield whole_step("to be paid in the year", "year_planned_payment_cents", paid, bills - credit + copaid, formula)


def _arrearage(row: Row, result: Row, law: Law) -> Step:
    """Make the step that shows where each cent of the arrearage went."""
    parts = {
        "of grants": result["year_leap_to_arrearage_cents"],
        "of credits": result["year_arrearage_credit_cents"],
        "of copayments": result["year_copayment_cents"],
        "that fall due on exit": result["year_due_on_exit_cents"],
    }
    entry, left = row["arrearage_cents"], result["arrearage_outstanding_cents"]
    agree("arrearage left", entry - sum(parts.values()), left)
    taken = "".join(f" - {money(cents)} {what}" for what, cents in parts.items() if cents)
    bounds = law.parameters("arrearage_months_min", "arrearage_months_max", "copayment_max_ppm")
    return Step(
        "arrearage left after bill 12",
        {"arrearage_outstanding_cents": left},
        f"{money(entry)} at entry{taken}",
        Fraction(left),
        parameters=(*bounds, _condition(law)),
        passages=law.passages(RECALCULATION, "(e)(VII)(A)", "(e)(VII)(D)", "(e)(VII)(F)"),
    )
