"""Work out what rules and tariff say of each participant: class, share of income, minimum, copayments, months.

Rule and tariff are those of the row's service; rules 3412 and 4412 (e).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from calc.columns.contract import HEATING, NONE, SERVICES
from calc.columns.gated import Gated
from calc.errors import Reason
from calc.kernels.arrays import Array, Int64
from calc.kernels.income_plan import PlanTerms
from calc.rules.resolve import Rules
from calc.rules.schema import ACCOUNT_CLASSES
from calc.rules.tariff_schema import FuelTerms, PlanChoices
from calc.units import CENTS_MAX, PPM

_MINIMUM_CLASS = {
    "electric_heat": "electric_heat",
    "electric_heat_with_gas": "electric_heat",
    "electric_other_heat": "electric_other_heat",
    "gas_heat": "gas",
    "gas_electric_heat": "gas",
}


class RowTerms(NamedTuple):
    """What rules and tariff say of each row, all arrays of shape (rows,).

    `classes` are positions in ACCOUNT_CLASSES (-1: none). Shares of income are in ppm, minimum monthly payments and all
    copayments together in cents; months are those left of arrearage credits.
    """

    classes: Array
    share_ppm: Int64
    minimum_cents: Int64
    copayment_cents: Int64
    arrearage_months: Int64


def account_class(service: Array, heating: Array, regulated_gas: Array) -> Array:
    """Return each row's position in ACCOUNT_CLASSES; -1 if the rule has no band: gas service, other primary heat.

    Args:
        service: Code of the service, shape (rows,).
        heating: Code of the primary heating.
        regulated_gas: Whether a regulated gas utility serves the household.
    """
    electric_heat = heating == HEATING.index("electric")
    electric = np.where(electric_heat, np.where(regulated_gas, 1, 0), 2)
    gas = np.where(heating == HEATING.index("gas"), 3, np.where(electric_heat, 4, NONE))
    return np.where(service == SERVICES.index("electric"), electric, gas)


def classes_of(rules: Rules, service: Array, heating: Array, regulated_gas: Array) -> Array:
    """Return each row's position in ACCOUNT_CLASSES under rules, -1 where they have no share of income for it.

    Where a plan of another jurisdiction has a share for gas, it holds whatever the primary heat is.
    """
    found = account_class(service, heating, regulated_gas)
    if rules.clauses is None:
        return found
    plan = rules.clauses.plan
    taking_part = () if plan is None else plan.account_classes
    gas = ACCOUNT_CLASSES.index("gas_heat")
    found = np.where((found < 0) & (service == SERVICES.index("gas")), gas, found)
    return np.where(np.array([name in taking_part for name in ACCOUNT_CLASSES])[found], found, NONE)


def plan_terms(rules: Rules) -> PlanTerms:
    """Return what a percentage-of-income plan sets beside the share of income, by service."""
    plans = [terms.plan for terms in (rules.tariff.electric, rules.tariff.gas)]

    def bounds(pick: Callable[[PlanChoices], int | None], otherwise: int) -> Int64:
        picked = [pick(each) for each in plans]
        return np.array([otherwise if each is None else each for each in picked], dtype=np.int64)

    return PlanTerms(
        monthly_income=np.array([each.monthly_income for each in plans]),
        payment_least_cents=bounds(lambda each: each.payment_least_cents, 0),
        payment_most_cents=bounds(lambda each: each.payment_most_cents, CENTS_MAX),
        credit_least_cents=bounds(lambda each: each.credit_least_cents, 0),
        credit_most_cents=bounds(lambda each: each.credit_most_cents, CENTS_MAX),
        grant_to_arrearage=np.array([each.grant_to_arrearage for each in plans]),
        credit_conditional=np.array([each.credit_condition == "payment" for each in plans]),
        arrearage_waits=np.array([each.arrearage_waits for each in plans]),
    )


def row_terms(gated: Gated, rules: Rules) -> RowTerms:
    """Work out what rules and tariff say of each gated row of the dataset `participants`.

    Rule and tariff are those of the row's service. Shares of income come from the row or, where it has none, from the
    tariff in `rules`. Rows are refused as no_rule_band, share_outside_band, or out_of_range for copayments above the
    share of income and for an arrearage whose months have all elapsed.
    """
    values = gated.values
    classes = classes_of(rules, values["service"], values["primary_heating"], values["regulated_gas"])
    share, minimum = _shares(gated, classes, rules)
    return RowTerms(classes, share, minimum, _copayments(gated, rules), _arrearage_months(gated, rules))


def by_fuel(rules: Rules, pick: Callable[[FuelTerms], int]) -> tuple[int, int]:
    """Return what the tariff sets for electric and for gas."""
    return pick(rules.tariff.electric), pick(rules.tariff.gas)


def _of_service(service: Array, by_service: tuple[int, int]) -> Array | int:
    """Return each row's figure by its service, or the single figure if both services have the same."""
    electric, gas = by_service
    return electric if electric == gas else np.array(by_service, dtype=np.int64)[service]


def terms_by_class(rules: Rules) -> Int64:
    """Return each account class's terms: the tariff's share, the band's ends (ppm), minimum monthly payment (cents).

    Shape (classes + 1, 4); the last row, zeros, serves rows without a class.
    """
    table = np.zeros((len(ACCOUNT_CLASSES) + 1, 4), dtype=np.int64)
    for place, name in enumerate(ACCOUNT_CLASSES):
        rule = rules.service(name.partition("_")[0]).fixed_credit
        table[place] = (
            rules.tariff.share_ppm[name],
            getattr(rule, f"{name}_lowest_ppm"),
            getattr(rule, f"{name}_highest_ppm"),
            rules.tariff.minimum_monthly_payment_cents[_MINIMUM_CLASS[name]],
        )
    return table


def _shares(gated: Gated, classes: Array, rules: Rules) -> tuple[Int64, Int64]:
    """Return each row's share of income in ppm, its own or the tariff's, and minimum monthly payment in cents.

    Shares outside the rule's band, and rows without one, are refused.
    """
    tariff, lowest, highest, minimum = terms_by_class(rules)[classes].T
    given = gated.values["share_ppm"]
    share: Int64 = np.where(given == NONE, tariff, given)
    unset = (classes >= 0) & (share == NONE)
    outside = (classes >= 0) & ~unset & ((share < lowest) | (share > highest))
    account = ("service", "primary_heating", "regulated_gas")
    gated.refuse(unset, Reason.missing_value, "share_ppm", rests_on=(*account, "share_ppm"))
    gated.refuse(classes < 0, Reason.no_rule_band, "primary_heating", "service", rests_on=account)
    gated.refuse(outside, Reason.share_outside_band, "share_ppm", rests_on=(*account, "share_ppm"))
    return np.where(outside | unset, 0, share), np.ascontiguousarray(minimum)


def _copayments(gated: Gated, rules: Rules) -> Int64:
    """Return total copayments in cents: the row's own, or the tariff's share of income rounded down.

    A row's own copayments may be at most the rule's share of income, rounded down; rows above it are refused. The
    tariff's are cut to it.
    """
    income = gated.values["household_income_cents"]
    given = gated.values["arrearage_copay_cents"]
    service = gated.values["service"]
    most_ppm = rules.electric.arrearage.copayment_max_ppm, rules.gas.arrearage.copayment_max_ppm
    most = income * _of_service(service, most_ppm) // PPM
    rests_on = ("household_income_cents", "arrearage_copay_cents")
    gated.refuse(given > most, Reason.out_of_range, "arrearage_copay_cents", rests_on=rests_on)
    asked = income * _of_service(service, by_fuel(rules, lambda terms: terms.copayment_ppm)) // PPM
    copayment: Int64 = np.where(given == NONE, np.minimum(asked, most), given)
    return copayment


def _arrearage_months(gated: Gated, rules: Rules) -> Int64:
    """Return months left of arrearage credits: the row's or the tariff's, less those that elapsed in earlier years.

    A plan of another jurisdiction fixes the months; where it credits no old debt, none is left and nothing is refused.
    """
    values = gated.values
    months_of_tariff = _of_service(values["service"], by_fuel(rules, lambda terms: terms.arrearage_months))
    months = np.where(values["arrearage_months"] == NONE, months_of_tariff, values["arrearage_months"])
    left: Int64 = np.maximum(months - values["arrearage_elapsed_months"], 0)
    rests_on = ("arrearage_elapsed_months", "arrearage_months", "arrearage_cents")
    if rules.clauses is not None:
        other = (values["arrearage_months"] != NONE) & (values["arrearage_months"] != months_of_tariff)
        gated.refuse(other, Reason.out_of_range, "arrearage_months")
        months_of_tariff = np.asarray(months_of_tariff)
        left = np.where(months_of_tariff == 0, 0, left)
    over = (left == 0) & (values["arrearage_cents"] > 0) & (months_of_tariff != 0)
    gated.refuse(over, Reason.out_of_range, *rests_on[:2], rests_on=rests_on)
    return left
