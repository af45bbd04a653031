"""For each switch and value a small row whose figure it changes, with the figure by hand before and after.

Amounts are worked out here in fractions from the rule's words: 4.93 % in 2024 and 2025, 4.08 % in 2026 (published and
computed rates of the shipped table). A rate of 2027 is that of twelve made-up months, whose sum a case gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

P = 1_000_000
"""A deposit of 10,000.00: 49,300 cents a year at 4.93 %, 40,800 at 4.08 %."""
JAN_24, JAN_25, JAN_27, JAN_28 = (date(year, 1, 1) for year in (2024, 2025, 2027, 2028))


@dataclass(frozen=True)
class Case:
    """A row of a topic under a switch: `usual` is its figure by default, `other` under the value.

    `other_row` has what the row gives instead under the value. `sum_bp` are the months of 2027's window in basis
    points; `approved_sum_bp` those on which a rate of 2027 was approved before. `tariff` is a shipped one's name.
    """

    switch: str
    value: str
    topic: str
    on: date
    row: Mapping[str, Any]
    figure: str
    usual: Any
    other: Any
    other_row: Mapping[str, Any] = field(default_factory=dict)
    sum_bp: int | None = None
    approved_sum_bp: int | None = None
    tariff: str = "default"


def cents(exact: Fraction) -> int:
    """Half up."""
    return int((2 * exact + 1) // 2)


def earning(
    switch: str, value: str, principal: int, received: date, through: date, usual: int, other: int, **more: int
) -> list[Case]:  # fmt: skip
    """A deposit held through a day, as a row of interest and as a deposit on that day."""
    row = {"principal_cents": principal, "received_date": received}
    rows = {"interest": {**row, "through_date": through}, "unclaimed": row}
    return [
        Case(switch, value, topic, through, each, "interest_cents", usual, other, **more)  # type: ignore[arg-type] # by name
        for topic, each in rows.items()
    ]


def of_2027(switch: str, value: str, sum_bp: int, usual_bp: int, other_bp: int, **more: int) -> list[Case]:
    """The rate of 2027 from months of a sum, beside 4.08 % before: a year's interest on P is the rate in 100 cents."""
    usual, other = usual_bp * 100, other_bp * 100
    return earning(switch, value, P, JAN_27, JAN_28, usual, other, sum_bp=sum_bp, **more)


# The average of 5,406 bp is 450.5: 4.505 %.
RATES = [
    *of_2027("average_decimals", "0", 5_406, 451, 500),
    *of_2027("average_decimals", "1", 5_406, 451, 450),
    *earning("average_decimals", "3", P, JAN_27, JAN_28, 45_100, 45_050, sum_bp=5_406),
    *earning("average_decimals", "4", P, JAN_27, JAN_28, 45_100, 45_050, sum_bp=5_406),
    *of_2027("average_rounding", "half_even", 5_406, 451, 450),
    *of_2027("average_rounding", "down", 5_406, 451, 450),
    *of_2027("average_rounding", "up", 5_401, 450, 451),  # 450 1/12
    *of_2027("threshold_bp", "10", 5_040, 408, 420),  # 420 is 12 above 408
    *of_2027("threshold_inclusive", "false", 5_196, 433, 408),  # 433 is 25 above 408
    *of_2027("threshold_stage", "unrounded", 5_191, 433, 408),  # 432 7/12 rounds to 433
    *of_2027("published_override", "false", 6_000, 450, 500, approved_sum_bp=5_400),
]

_LEAP_MONTH = (date(2024, 1, 31), date(2024, 3, 1))
"""30 days of a leap year; by 30E/360 31 of 360, since 31 January counts as the 30th."""
_NEW_YEAR = (date(2025, 12, 31), date(2026, 1, 1))
_LAST_25, _FIRST_26 = Fraction(49_300, 365), Fraction(40_800, 365)
INTEREST = [
    *earning("day_count", "actual_365", P, JAN_24, JAN_25, 49_300, cents(Fraction(49_300 * 366, 365))),
    *earning("day_count", "actual_360", P, JAN_24, JAN_25, 49_300, cents(Fraction(49_300 * 366, 360))),
    *earning(
        "day_count", "thirty_e_360", P, *_LEAP_MONTH, cents(Fraction(49_300 * 30, 366)),
        cents(Fraction(49_300 * 31, 360)),
    ),
    *earning("day_ends", "start_excluded_end_included", P, *_NEW_YEAR, cents(_LAST_25), cents(_FIRST_26)),
    *earning("day_ends", "both", P, *_NEW_YEAR, cents(_LAST_25), cents(_LAST_25 + _FIRST_26)),
    *earning("day_ends", "neither", P, *_NEW_YEAR, cents(_LAST_25), 0),
    *earning("rounding_mode", "half_even", 5_000, JAN_24, JAN_25, 247, 246),  # 246.5
    *earning("rounding_mode", "down", 5_000, JAN_24, JAN_25, 247, 246),
    *earning("rounding_mode", "up", 1_000, JAN_24, JAN_25, 49, 50),  # 49.3
    *earning("rounding_point", "year", 1_000, JAN_24, date(2026, 1, 1), 99, 98),  # twice 49.3
]  # fmt: skip

_ENDED = {"principal_cents": P, "received_date": JAN_24, "service_ended_date": date(2024, 3, 15)}
"""Deemed unclaimed on 2026-03-16, the six points from 2026-07-17."""
_LATER = date(2026, 7, 27)
_BASE = 98_600 + Fraction(40_800 * 207, 365)
"""Two years at 4.93 %, and 207 days of 2026, 1 January through 26 July."""
_TO_SURCHARGE = 98_600 + Fraction(40_800 * 197, 365)
_TEN_DAYS = Fraction(10, 365)


def _surcharge(switch: str, value: str, exact: Fraction, owed: int = 0) -> Case:
    """Ten days of the surcharge, as what the whole rounded exceeds the base rounded by."""
    usual, other = (
        cents(_BASE + points) - cents(_BASE) for points in (P * Fraction(6, 100) * _TEN_DAYS, exact)
    )  # fmt: skip
    row = {**_ENDED, "amounts_owed_cents": owed}
    return Case(switch, value, "unclaimed", _LATER, row, "surcharge_interest_cents", usual, other)


def _deemed(switch: str, value: str, ended: date, figure: str, usual: date, other: date) -> Case:
    return Case(switch, value, "unclaimed", _LATER, {**_ENDED, "service_ended_date": ended}, figure, usual, other)


_MARCH, _APRIL = date(2024, 3, 15), date(2024, 4, 1)
UNCLAIMED = [
    _deemed("more_than", "anniversary", _MARCH, "deemed_unclaimed_date", date(2026, 3, 16), date(2026, 3, 15)),
    _deemed(
        "surcharge_start", "last_day_of_period", _MARCH, "surcharge_from_date", date(2026, 7, 17), date(2026, 7, 16)
    ),
    # Two years end on Sunday, 15 March 2026.
    _deemed("weekend_extension", "statute", _MARCH, "deemed_unclaimed_date", date(2026, 3, 16), date(2026, 3, 17)),
    # Four months after 2 April 2026 end on Sunday, 2 August.
    _deemed("weekend_extension", "payment", _APRIL, "surcharge_from_date", date(2026, 8, 3), date(2026, 8, 4)),
    _surcharge("surcharge_mode", "multiplicative", P * Fraction(408, 10_000) * Fraction(6, 100) * _TEN_DAYS),
    _surcharge("surcharge_base", "principal_plus_accrued", (P + _TO_SURCHARGE) * Fraction(6, 100) * _TEN_DAYS),
    _surcharge("surcharge_principal", "net_of_owed", 600_000 * Fraction(6, 100) * _TEN_DAYS, owed=400_000),
    Case(
        "efforts_scope", "both", "unclaimed", _LATER, {**_ENDED, "efforts_made": False}, "status", "overdue", "active"
    ),
    Case(  # 182 days of 2024 on all of it, 184 on what a debt of 4,000.00 leaves from the end of service on
        "owed_applied", "service_ended", "unclaimed", JAN_25,
        {**_ENDED, "service_ended_date": date(2024, 7, 1), "amounts_owed_cents": 400_000},
        "interest_cents", 49_300, cents(Fraction(49_300 * 182 + 29_580 * 184, 366)),
    ),
]  # fmt: skip

_ON = date(2026, 9, 30)
_HELD = {"billed_cents": 146_000, "billed_days": 365, "held_cents": 30_000}
"""90 of 365 days of 1,460.00: 360.00."""
_BILLS = {"billed_cents": None, "billed_days": None, "monthly_bill_cents": [10_000] * 9 + [20_000] * 3}
"""1,500.00 in twelve months: three average ones 375.00, the three highest 600.00."""
LIMITS = [
    Case("estimate", "monthly_average", "deposit-limit", _ON, _HELD, "limit_cents", 36_000, 37_500, _BILLS),
    Case("estimate", "peak_consecutive", "deposit-limit", _ON, _HELD, "limit_cents", 36_000, 60_000, _BILLS),
    Case(
        "return_window", "any_12", "deposit-limit", _ON,
        {**_HELD, "late_payments_12m": 3, "return_qualified_date": date(2026, 6, 1)}, "return_due", False, True,
    ),
]  # fmt: skip

_BACA = {
    "service": "gas", "primary_heating": "gas", "regulated_gas": True, "county_fips": "08009",
    "full_annual_bill_cents": 180_000,
}  # fmt: skip
"""HUD's fiscal year 2026: a median of 70,600, 80 % of it 56,480; 80 % limits of 54,550 for one, 62,350 for two persons.

None is published for nine. Incomes are above the poverty and the LEAP guidelines, so that this test decides alone.
"""


def _median(size: int, income_cents: int, figure: str, usual: Any, other: Any) -> list[Case]:  # noqa: ANN401 - figures
    row = {**_BACA, "household_size": size, "household_income_cents": income_cents}
    return [
        Case("ami_basis", "share_of_median", "fixed-credit", _ON, {**row, "service": service}, figure, usual, other)
        for service in ("electric", "gas")
    ]


CREDITS = [
    *_median(1, 5_455_001, "eligible_basis", "none", "ami_80"),
    *_median(1, 5_648_000, "eligible_basis", "none", "ami_80"),
    *_median(2, 6_000_000, "eligible_basis", "ami_80", "none"),
    *_median(9, 20_000_000, "tests_dropped", "ami_80", ""),
]

# 1,800.00 of which 6 % of 18,000.00 is affordable: 60.00 a month, 360.00 in six. The grant's other 140.00 are the
# arrearage's or, against the whole year, the program's.
YEARS = [
    Case(
        "grant_timing", "annual", "participant-year", date(2026, 12, 31),
        {
            "service": "electric", "primary_heating": "electric", "household_income_cents": 1_800_000,
            "household_size": 3, "full_annual_bill_cents": 180_000, "arrearage_cents": 50_000,
            "first_bill_date": date(2026, 1, 15),
            "events": [{"date": date(2026, 6, 20), "kind": "leap_grant", "amount_cents": 50_000}],
        },
        "year_leap_to_arrearage_cents", 14_000, 0,
    ),
]  # fmt: skip

CASES = [*RATES, *INTEREST, *UNCLAIMED, *LIMITS, *CREDITS, *YEARS]
