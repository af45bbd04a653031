"""Change a tariff's choices within the rule's bands: shares, minimums, months, copayments, the LEAP offset."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from calc.errors import DataError
from calc.rules.document import described
from calc.rules.resolve import Rules
from calc.rules.schema import ACCOUNT_CLASSES, MINIMUM_PAYMENT_CLASSES, SERVICES
from calc.rules.tariff_schema import FuelTerms
from calc.units import format_cents, format_percent

_SHARE: Final = "share_ppm"
_MINIMUM: Final = "minimum_monthly_payment_cents"
TERMS: Final = (_SHARE, _MINIMUM, "arrearage_months", "copayment_ppm", "leap_offset")
"""Choices of a tariff that a scenario may change, by the tariff's own names."""

Fault = Callable[[str, str], DataError]
"""Makes the error of a key."""


def changed_tariff(rules: Rules, changes: Mapping[str, Any], fault: Fault) -> Rules:
    """Return rules whose tariff has other choices.

    Args:
        rules: The rules.
        changes: Values by key of TERMS; shares and minimums are tables by account class.
        fault: Makes the error of a key.

    Raises:
        DataError: A value lies outside the rule's band.
    """
    if not changes:
        return rules
    tariff = rules.tariff
    shares = _by_class(rules, changes, _SHARE, ACCOUNT_CLASSES, fault)
    minimums = _by_class(rules, changes, _MINIMUM, MINIMUM_PAYMENT_CLASSES, fault)
    electric, gas = (_terms(rules, service, changes, fault) for service in SERVICES)
    return replace(
        rules,
        tariff=replace(
            tariff,
            share_ppm={**tariff.share_ppm, **shares},
            minimum_monthly_payment_cents={**tariff.minimum_monthly_payment_cents, **minimums},
            electric=electric,
            gas=gas,
        ),
    )


def _by_class(
    rules: Rules, changes: Mapping[str, Any], key: str, classes: tuple[str, ...], fault: Fault
) -> dict[str, int]:
    table = changes.get(key, {})
    if not isinstance(table, dict):
        raise fault(key, f"{described(table)}; expected a table by account class: {', '.join(classes)}")
    for account, value in table.items():
        if account not in classes:
            raise fault(key, f"{account} is unknown; expected one of {', '.join(classes)}")
        own = rules.service(account.partition("_")[0])
        if key == _SHARE:
            names = f"{account}_lowest_ppm", f"{account}_highest_ppm"
            lowest, highest = (getattr(own.fixed_credit, name) for name in names)
            said = f"({format_percent(lowest)} % to {format_percent(highest)} %)"
        else:
            names = ("", f"{account}_minimum_payment_max_cents")
            lowest, highest = 0, getattr(own.fixed_credit, names[1])
            said = f"({format_cents(lowest)} to {format_cents(highest)} dollars)"
        if type(value) is not int or not lowest <= value <= highest:
            complaint = f"{account} {described(value)}; expected {lowest} through {highest} {said}"
            raise fault(key, f"{complaint} by {own.citations[names[1]].rule}")
    return table


def _terms(rules: Rules, service: str, changes: Mapping[str, Any], fault: Fault) -> FuelTerms:
    own, found = rules.service(service).arrearage, rules.tariff.terms(service)
    bands = {
        "arrearage_months": (own.arrearage_months_min, own.arrearage_months_max),
        "copayment_ppm": (0, own.copayment_max_ppm),
    }
    chosen = {key: changes.get(key, getattr(found, key)) for key in bands}
    for key, (lowest, highest) in bands.items():
        value = chosen[key]
        if type(value) is not int or not lowest <= value <= highest:
            raise fault(key, f"{described(value)}; expected a whole number from {lowest} through {highest}")
    offset = changes.get("leap_offset", found.leap_offset)
    if type(offset) is not bool or (service == "electric" and offset and found.all_electric_without_leap):
        expected = "expected true or false; an all-electric utility whose customers LEAP does not help must not offset"
        raise fault("leap_offset", f"{described(offset)}; {expected}")
    months, copayment = chosen["arrearage_months"], chosen["copayment_ppm"]
    return replace(found, leap_offset=offset, arrearage_months=months, copayment_ppm=copayment)
