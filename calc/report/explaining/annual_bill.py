"""Steps of a full annual bill: prices in force, each month's bill, their sum, and the test of a quarter, (e)(V)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from calc.report.explaining.step import Law, Step, agree, rounded_step, whole_step
from calc.rules.rate_schedule_schema import RateSchedule, Rider
from calc.units import MICROS, PPM, format_scaled, rounded
from calc.units import format_cents as money
from calc.units import format_percent as percent

_USE: Final = 1_000
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def steps(row: Mapping[str, Any], result: Mapping[str, Any], schedule: RateSchedule, *, law: Law) -> tuple[Step, ...]:
    """Work out a full annual bill.

    Args:
        row: A row of the dataset `annual_bills`, with its defaults.
        result: Its result.
        schedule: The version of its rate schedule in force.
        law: The rules of the service.

    Returns:
        The steps: the prices in force, the twelve bills, their sum, and the test of a quarter where a basis is given.

    Raises:
        PuccalcError: The steps lead to other figures.
    """
    found = [_prices(schedule)]
    bills = result["monthly_bill_cents"]
    for place, (use, cents) in enumerate(zip(row["monthly_use_thousandths"], bills, strict=True)):
        month = (row["first_month"] - 1 + place) % 12 + 1
        exact, formula = bill_of(schedule, month, use)
        found.append(
            rounded_step(f"bill of {_MONTHS[month - 1]}", "bill_cents", cents, exact, "half_up", formula)
            if exact >= 0
            else _below_zero(month, cents, exact, formula)
        )
    total = result["full_annual_bill_cents"]
    found.append(
        whole_step("full annual bill", "full_annual_bill_cents", total, sum(bills), "the twelve monthly bills together")
    )
    return (*found, _change(row["basis_bill_cents"], total, result["bill_change"], law))


def _prices(schedule: RateSchedule) -> Step:
    return Step(
        "prices in force",
        {"rates_effective_from": schedule.effective_from},
        f"{schedule.code}, {schedule.title}, in {schedule.unit}",
        note=f"{schedule.citation}.",
    )


def bill_of(schedule: RateSchedule, month: int, use_thousandths: int) -> tuple[Fraction, str]:
    """Return a month's bill in exact cents before rounding, and its formula.

    Args:
        schedule: The prices in force.
        month: Calendar month, 1 through 12.
        use_thousandths: The month's use.
    """
    parts = [_dollars(schedule.fixed_charge_micros)]
    base, below = Fraction(schedule.fixed_charge_micros, MICROS), 0
    for tier in schedule.tiers[month - 1]:
        upto = use_thousandths if tier.through_thousandths is None else min(use_thousandths, tier.through_thousandths)
        if upto > below:
            base += Fraction((upto - below) * tier.price_micros, _USE * MICROS)
            parts.append(f"{_units(upto - below)} x {_dollars(tier.price_micros)}")
            below = upto
    own = [each for each in schedule.riders if month in each.months]
    riders = Fraction(0)
    for each in own:
        if each.price_micros:
            riders += Fraction(use_thousandths * each.price_micros, _USE * MICROS)
            parts.append(f"{each.name} {_units(use_thousandths)} x {_dollars(each.price_micros)}")
    shares = [each for each in own if each.share_ppm]
    dollars = base + riders
    for each in shares:
        dollars += Fraction(each.share_ppm, PPM) * (base if each.of == "base" else base + riders)
    return dollars * 100, " + ".join([*parts, *map(_share, shares)])


def _share(rider: Rider) -> str:
    of = "fixed charge and tiers" if rider.of == "base" else "all charges"
    return f"{rider.name} {percent(rider.share_ppm)} % of {of}"


def _below_zero(month: int, cents: int, exact: Fraction, formula: str) -> Step:
    agree("bill below zero", -rounded(-exact, "half_up"), cents)
    return Step(f"bill of {_MONTHS[month - 1]}", {"bill_cents": cents}, formula, exact, "half_up")


def _change(basis: int | None, total: int, change: str, law: Law) -> Step:
    parameters = law.parameters("recalculation_ppm")
    if basis is None:
        return Step("recalculation", {"bill_change": change}, "no bill before is given", parameters=parameters)
    share = law.own.fixed_credit.recalculation_ppm
    due = total != basis and abs(total - basis) * PPM >= basis * share
    agree("recalculation", "due" if due else "none" if total == basis else "not_due", change)
    formula = (
        f"|{money(total)} - {money(basis)}| = {money(abs(total - basis))} against {percent(share)} % of {money(basis)}"
    )
    return Step("recalculation", {"bill_change": change}, formula, parameters=parameters)


def _units(thousandths: int) -> str:
    return format_scaled(thousandths, 3).rstrip("0").rstrip(".")


def _dollars(micros: int) -> str:
    text = format_scaled(micros, 6).rstrip("0")
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<2}"
