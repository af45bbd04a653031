"""Steps of a fixed credit, rules 3412 and 4412: share of income, unaffordable portion, LEAP order, the months."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from calc.columns.contract import HEATING, SERVICES
from calc.columns.participant_terms import account_class
from calc.kernels.fixed_credit import MONTHS
from calc.report.explaining import income_plan
from calc.report.explaining.arrearage import arrearage_steps, spread
from calc.report.explaining.eligibility import eligibility_steps
from calc.report.explaining.step import Law, Parameter, Step, agree, rounded_step, whole_step
from calc.rules.guidelines import Guidelines
from calc.rules.schema import ACCOUNT_CLASSES
from calc.units import PPM
from calc.units import format_cents as money
from calc.units import format_percent as percent

LEAP = {
    "electric": ("(g)(V)", "(g)(V)(A)", "(g)(V)(B)", "(g)(V)(B)(i)", "(g)(V)(B)(ii)", "(g)(V)(C)", "(g)(V)(D)"),
    "gas": ("(g)(V)(A)", "(g)(V)(B)", "(g)(V)(C)", "(g)(V)(C)(i)", "(g)(V)(C)(ii)", "(g)(V)(D)"),
}
"""Paragraphs on LEAP grants: the two rules letter them differently."""
RECALCULATION = "recalculation_ppm"
"""A field whose authority holds the paragraphs from which no value is taken."""


def class_of(service: str, heating: str, regulated_gas: bool) -> str | None:
    """Find an account's class.

    Args:
        service: "electric" or "gas".
        heating: The primary heat.
        regulated_gas: Whether the account has gas service from a regulated utility.

    Returns:
        One of ACCOUNT_CLASSES; None if the rule has no band for the account.
    """
    codes = np.array([SERVICES.index(service)]), np.array([HEATING.index(heating)]), np.array([regulated_gas])
    place = int(account_class(*codes)[0])
    return None if place < 0 else ACCOUNT_CLASSES[place]


def steps(
    row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law, as_of: date, guidelines: Guidelines
) -> tuple[Step, ...]:
    """Work out one participant's credit.

    Args:
        row: The participant's row.
        result: Its result.
        law: The rules of the service.
        as_of: Date whose guidelines apply.
        guidelines: The published figures.

    Returns:
        The steps.

    Raises:
        PuccalcError: The steps lead to another result.
    """
    if law.rules.clauses is not None:
        return income_plan.steps(row, result, law)
    account = str(class_of(law.service, row["primary_heating"], row["regulated_gas"]))
    return (
        *start_steps(account, row, result, law),
        *_leap_steps(row, result, law),
        _months_step(row, result, law),
        *arrearage_steps(row, result, law),
        *eligibility_steps(row, result, law, as_of, guidelines.in_force(as_of, law.own.fixed_credit)),
    )


def start_steps(account: str, row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Make the steps through the unaffordable portion of the year: class, share, affordable, recalculation, credit.

    Args:
        account: One of ACCOUNT_CLASSES.
        row: The participant's row.
        result: Its result.
        law: The rules of the service.
    """
    return [
        *_share_steps(account, row, result, law),
        _affordable_step(account, row, result, law),
        *_credit_steps(row, result, law),
    ]


def _share_steps(account: str, row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Make the steps for the account's class and band, and for the share of income within it."""
    band = law.parameters(f"{account}_lowest_ppm", f"{account}_highest_ppm")
    lowest, highest = (int(bound.value) for bound in band)
    gas = "with" if row["regulated_gas"] else "without"
    class_text = f"{law.service} service, primary heat {row['primary_heating']}, {gas} regulated gas service"
    share, tariff = result["share_ppm"], law.rules.tariff
    used: tuple[Parameter, ...] = ()
    origin = "as given"
    if row["share_ppm"] is None:
        agree("share of income", tariff.share_ppm[account], share)
        used = (Parameter(f"{account}_share_ppm", share, "tariff", band[1].citation),)
        origin = f"by the tariff {tariff.name}"
    else:
        agree("share of income", row["share_ppm"], share)
    return [
        Step(
            "class of the account", {"account_class": account, "lowest_ppm": lowest, "highest_ppm": highest},
            class_text, parameters=band, passages=law.passages(RECALCULATION, "(e)(II)"),
        ),
        Step(
            "share of income", {"share_ppm": share}, f"{origin}, within {percent(lowest)} % to {percent(highest)} %",
            parameters=used,
        ),
    ]  # fmt: skip


def _affordable_step(account: str, row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> Step:
    """Make the step floor(income x share) for a year; without income, twelve of the tariff's minimum payments."""
    name, cents = "affordable_annual_cents", result["affordable_annual_cents"]
    income, share = row["household_income_cents"], result["share_ppm"]
    if income:
        formula = f"{money(income)} x {percent(share)} %"
        exact, passages = Fraction(income * share, PPM), law.passages(RECALCULATION, "(e)(I)")
        return rounded_step("affordable a year", name, cents, exact, "down", formula, passages=passages)
    payment_class = "gas" if account.startswith("gas") else account.removesuffix("_with_gas")
    most = law.parameters(f"{payment_class}_minimum_payment_max_cents")[0]
    minimum = law.rules.tariff.minimum_monthly_payment_cents[payment_class]
    used = (Parameter(f"{payment_class}_minimum_payment_cents", minimum, "tariff", most.citation), most)
    formula = f"no income: {MONTHS} x {money(minimum)}, the minimum payment by the tariff {law.rules.tariff.name}"
    return whole_step("affordable a year", name, cents, MONTHS * minimum, formula, used)


def _bills(row: Mapping[str, Any]) -> tuple[int, int]:
    """Return the bill at present rates and the bill that the credits rest on, equal for a new participant."""
    bill, basis = row["full_annual_bill_cents"], row["basis_bill_cents"]
    return bill, bill if basis is None else basis


def _credit_steps(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Make the steps for the recalculation test, the bill that counts, and its unaffordable portion."""
    bill, basis = _bills(row)
    affordable, credit = result["affordable_annual_cents"], result["fixed_credit_annual_cents"]
    difference, threshold = abs(bill - basis), law.own.fixed_credit.recalculation_ppm
    due = difference > 0 and difference * PPM >= basis * threshold
    agree("recalculation test", due, result["recalculation_due"])
    test = f"no basis given: {money(bill)} is the bill"
    if row["basis_bill_cents"] is not None:
        comparison = "a difference that reaches" if due else "no difference that reaches"
        test = f"{money(bill)} against {money(basis)}: {comparison} {percent(threshold)} % of the latter"
    counting = bill if due else basis
    return [
        Step(
            "recalculation test", {"recalculation_due": due, "counting_bill_cents": counting}, test,
            parameters=law.parameters("recalculation_ppm"),
        ),
        whole_step(
            "fixed credit a year: the unaffordable portion", "fixed_credit_annual_cents", credit,
            max(0, counting - affordable), f"{money(counting)} - {money(affordable)}, at least 0",
            passages=law.passages(RECALCULATION, "(b)(VI)", "(b)(XV)"),
        ),
    ]  # fmt: skip


def _leap_steps(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Make the steps that apply the grant in the rule's order and leave the program credit."""
    credit, grant, arrearage = result["fixed_credit_annual_cents"], row["leap_grant_cents"], row["arrearage_cents"]
    to_credit, to_arrearage = result["leap_to_unaffordable_cents"], result["leap_to_arrearage_cents"]
    found = []
    if grant:
        passages = law.passages(RECALCULATION, *LEAP[law.service])
        first, second, third = ("leap_to_unaffordable_cents", "leap_to_arrearage_cents", "leap_to_account_cents")
        offset, why = grant, ""
        if not law.terms.leap_offset:
            offset, why = 0, f"the tariff {law.rules.tariff.name} does not offset for {law.service}: "
        after = offset - to_credit
        found = [
            whole_step(
                "LEAP grant to the unaffordable portion", first, to_credit, min(offset, credit),
                f"{why}the lesser of {money(offset)} and {money(credit)}", passages=passages,
            ),
            whole_step(
                "LEAP grant to the arrearage", second, to_arrearage, min(after, arrearage),
                f"{why}the lesser of {money(after)} and {money(arrearage)}", passages=passages,
            ),
            whole_step(
                "LEAP grant to the account", third, result[third], grant - to_credit - to_arrearage,
                f"{money(grant)} - {money(to_credit)} - {money(to_arrearage)}", passages=passages,
            ),
        ]  # fmt: skip
    name, formula = "program_credit_annual_cents", f"{money(credit)} - {money(to_credit)}"
    return [*found, whole_step("program credit a year", name, result[name], credit - to_credit, formula)]


def _months_step(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> Step:
    """Make the step of the twelve monthly credits.

    They spread the program credit; the months before a recalculation spread the credit on the basis bill.
    """
    name, program = "monthly_credit_cents", result["program_credit_annual_cents"]
    monthly = tuple(result[name])
    kept = (
        MONTHS - row["months_remaining"] if result["recalculation_due"] and row["months_remaining"] is not None else 0
    )
    worked, formula = spread(program, MONTHS), f"{money(program)} over {MONTHS} months, extra cents first"
    if kept:
        before = max(0, _bills(row)[1] - result["affordable_annual_cents"])
        if law.terms.leap_offset:
            before -= min(row["leap_grant_cents"], before)
        worked = spread(before, MONTHS)[:kept] + worked[: MONTHS - kept]
        formula = f"{kept} months of {money(before)} over {MONTHS}, on the basis; then the first of {formula}"
    agree("monthly credits", monthly, worked)
    passages = law.passages(RECALCULATION, "(b)(VI)", "(e)(V)")
    return Step("monthly credits", {name: monthly}, formula, passages=passages)
