"""Participants in the fixed-credit programme: every account class, LEAP grants, arrearages, recalculations.

Shares of income lie within the bands of the rules in force, counties are those of the guidelines. The two services of
one household share its income, size, county, heating and LEAP standing.
"""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from calc.columns.contract import HEATING, SERVICES
from calc.columns.participant_terms import account_class
from calc.errors import Reason
from calc.kernels.arrays import Array, Bool, Int64
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import Rules, load_rules
from calc.rules.schema import ACCOUNT_CLASSES
from calc.sample.draw import Draw, ids, or_null, picked
from calc.sample.faults import Faults
from calc.sample.layout import HOUSEHOLD, Layout
from calc.units import CENTS_MAX, PPM, to_day

_RULES_OF: Final = date(2026, 9, 30)
_FIRST_BILL_DAY: Final = to_day(date(2025, 11, 1))
UNKNOWN_COUNTY: Final = "08999"
"""Five digits that are no county of Colorado."""


def chunk(draw: Draw, layout: Layout, first: int) -> pl.DataFrame:
    """Good rows `first`, `first` + 1, ... of the participants; both whole multiples of a block."""
    account, service = layout.of_participants(np.arange(first, first + draw.rows))
    rules = load_rules(_RULES_OF)
    counties = sorted(load_guidelines().ami_usd)
    income = _shared(_income(draw))
    heating, regulated_gas = _heating(draw)
    bill, basis = _bills(draw)
    arrearage = draw.whole(1_000, 150_000)
    copayment_most = income * rules.electric.arrearage.copayment_max_ppm // PPM
    return pl.DataFrame({
        "participant_id": ids("P", account),
        "account_id": ids("A", account),
        "service": picked(service, SERVICES),
        "primary_heating": picked(heating, HEATING),
        "regulated_gas": regulated_gas,
        "household_income_cents": income,
        "household_size": _shared(_size(draw)),
        "county_fips": picked(_shared(_county(draw, len(counties))), (*counties, UNKNOWN_COUNTY, None)),
        "leap_qualified": _shared(draw.chance(250)),
        "full_annual_bill_cents": bill,
        "share_ppm": or_null(_share(draw, service, heating, regulated_gas, rules), draw.chance(800)),
        "basis_bill_cents": or_null(basis, draw.chance(400)),
        "months_remaining": or_null(draw.whole(0, 12), draw.chance(500)),
        "leap_grant_cents": or_null(draw.whole(10_000, 100_000) * draw.chance(900), draw.chance(600)),
        "arrearage_cents": or_null(arrearage * draw.chance(700), draw.chance(300)),
        "arrearage_months": or_null(draw.whole(1, 24), draw.chance(600)),
        "arrearage_copay_cents": or_null(_copayment(draw, copayment_most), draw.chance(700)),
        "first_bill_date": or_null(_FIRST_BILL_DAY + draw.whole(0, 364), draw.chance(750)).cast(pl.Int32).cast(pl.Date),
        "arrearage_elapsed_months": pl.repeat(None, draw.rows, dtype=pl.Int64, eager=True),
    })  # fmt: skip


def _shared(values: Array) -> Array:
    """A household's figure on the row of each of its services."""
    electric, gas = HOUSEHOLD
    values[gas] = values[electric]
    return values


def _income(draw: Draw) -> Int64:
    """Cents a year: up to 60,000 dollars, some more, some none."""
    plain = np.where(draw.chance(60), draw.whole(60_001, 200_000), draw.whole(1_000, 60_000))
    return 100 * np.where(draw.chance(40), 0, plain)


def _size(draw: Draw) -> Int64:
    return np.where(draw.chance(10), draw.whole(9, 30), np.minimum(draw.whole(1, 8), draw.whole(1, 8)))


def _county(draw: Draw, known: int) -> Int64:
    """Places of known counties, then of the unknown one and of none."""
    return np.choose(draw.choice(960, 10), [draw.whole(0, known - 1), known, known + 1])


def _heating(draw: Draw) -> tuple[Int64, Bool]:
    """Codes of the primary heat, and whether there is gas service of a regulated utility.

    The first row of a block has electric service only; the last one has gas service only.
    """
    alone = np.zeros(draw.rows, dtype=np.bool_)
    alone[:: HOUSEHOLD[0].step] = True
    electric_or_gas = np.where(draw.chance(300), HEATING.index("electric"), HEATING.index("gas"))
    heating = np.where(alone & draw.chance(250), HEATING.index("other"), electric_or_gas)
    return _shared(heating), _shared(~alone | draw.chance(500))


def _bills(draw: Draw) -> tuple[Int64, Int64]:
    """Full annual bill and the bill that present credits rest on: the same, about it, or a quarter away to the cent."""
    bill = np.where(draw.chance(5), 0, draw.whole(40_000, 360_000))
    case = draw.choice(300, 500, 100)
    bill = np.where(case >= 2, bill // 60 * 60, bill)  # so that 4/5 and 4/3 of it are whole
    near = bill * draw.whole(700, 1400) // 1000
    return bill, np.choose(case, [bill, near, bill * 4 // 5, bill * 4 // 3])


def _share(draw: Draw, service: Int64, heating: Int64, regulated_gas: Bool, rules: Rules) -> Int64:
    """Shares from the lowest to the highest of each class' band."""
    lowest, highest = np.array(_bands(rules)).T
    classes = account_class(service, heating, regulated_gas)
    share: Int64 = lowest[classes] + (highest - lowest)[classes] * draw.whole(0, 10) // 10
    return share


def _bands(rules: Rules) -> list[tuple[int, int]]:
    bands = []
    for name in ACCOUNT_CLASSES:
        rule = rules.service(name.partition("_")[0]).fixed_credit
        bands.append((getattr(rule, f"{name}_lowest_ppm"), getattr(rule, f"{name}_highest_ppm")))
    return bands


def _copayment(draw: Draw, most: Int64) -> Int64:
    """None, a part of what the rule allows, or all of it."""
    return np.choose(draw.choice(300, 400), [0, most * draw.whole(0, 100) // 100, most])


FAULTS: Final[Faults] = {
    Reason.missing_value: (
        {"household_size": None},
        {"full_annual_bill_cents": None},
        {"primary_heating": None},
        {"account_id": None},
    ),
    Reason.negative_amount: ({"full_annual_bill_cents": -180_000}, {"arrearage_cents": -1}),
    Reason.out_of_range: (
        {"household_size": 31},
        {"months_remaining": 13},
        {"arrearage_months": 25},
        {"leap_grant_cents": CENTS_MAX + 1},
        lambda row, _: {"arrearage_copay_cents": row["household_income_cents"] + 1},
    ),
    Reason.unknown_value: ({"primary_heating": "wood"}, {"service": "water"}),
    Reason.duplicate_key: (
        lambda _, following: {"participant_id": following["participant_id"], "service": following["service"]},
    ),
    # A household's gas row is in an even place; the other even rows belong to households without one: no key repeats.
    Reason.no_rule_band: ({"service": "gas", "primary_heating": "other"},),
    Reason.share_outside_band: ({"share_ppm": 60_001}, {"share_ppm": 500_000}),
}
TEXT_FAULTS: Final[Faults] = {
    Reason.not_a_number: ({"full_annual_bill": "1,800.00"}, {"household_size": "three"}),
    Reason.too_many_decimals: ({"full_annual_bill": "1800.125"}, {"leap_grant": "250.001"}),
}
