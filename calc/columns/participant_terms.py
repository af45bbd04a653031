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
from calc.rules.resolve import Rules
from calc.rules.schema import ACCOUNT_CLASSES
from calc.rules.tariff_schema import FuelTerms
from calc.units import PPM

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


def row_terms(gated: Gated, rules: Rules) -> RowTerms:
    """Work out what rules and tariff say of each gated row of the dataset `participants`.

    Rule and tariff are those of the row's service. Shares of income come from the row or, where it has none, from the
    tariff in `rules`. Rows are refused as no_rule_band, share_outside_band, or out_of_range for copayments above the
    share of income and for an arrearage whose months have all elapsed.
    """
    values = gated.values
    classes = account_class(values["service"], values["primary_heating"], values["regulated_gas"])
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
    outside = (classes >= 0) & ((share < lowest) | (share > highest))
    account = ("service", "primary_heating", "regulated_gas")
    gated.refuse(classes < 0, Reason.no_rule_band, "primary_heating", "service", rests_on=account)
    gated.refuse(outside, Reason.share_outside_band, "share_ppm", rests_on=(*account, "share_ppm"))
    return np.where(outside, 0, share), np.ascontiguousarray(minimum)


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
    """Return months left of arrearage credits: the row's or the tariff's, less those that elapsed in earlier years."""
    values = gated.values
    months_of_tariff = _of_service(values["service"], by_fuel(rules, lambda terms: terms.arrearage_months))
    months = np.where(values["arrearage_months"] == NONE, months_of_tariff, values["arrearage_months"])
    left: Int64 = np.maximum(months - values["arrearage_elapsed_months"], 0)
    rests_on = ("arrearage_elapsed_months", "arrearage_months", "arrearage_cents")
    over = (left == 0) & (values["arrearage_cents"] > 0)
    gated.refuse(over, Reason.out_of_range, *rests_on[:2], rests_on=rests_on)
    return left
