"""The twin of the full annual bill against results by hand."""

from datetime import date
from typing import Any

import pytest

from tests.reference.annual_bill import (
    Block,
    Rider,
    Schedule,
    Season,
    full_annual_bill,
    high_use,
    month_bill,
    rate_changes,
)
from tests.reference.participant_year import participant_year

SUMMER = (6, 7, 8, 9)
WINTER = (1, 2, 3, 4, 5, 10, 11, 12)
FUEL = Rider(price_millionths=30_000)
KWH = 1_000
USE = [600 * KWH if month in SUMMER else 400 * KWH for month in range(1, 13)]


def _schedule(*riders: Rider) -> Schedule:
    """5.60 a month; in summer 8 cents up to 500 kWh and 12 cents above, else 7 cents."""
    summer = Season((Block(80_000, 500 * KWH), Block(120_000)), SUMMER)
    return Schedule(5_60, (summer, Season((Block(70_000),), WINTER)), riders)


def _flat(fixed_cents: int = 0, price_millionths: int = 0, *riders: Rider) -> Schedule:
    return Schedule(fixed_cents, (Season((Block(price_millionths),)),), riders)


@pytest.mark.parametrize(
    ("riders", "summer", "winter", "year"),
    [
        # Summer 5.60 + 40.00 + 12.00, winter 5.60 + 28.00.
        ((), 57_60, 33_60, 4 * 57_60 + 8 * 33_60),
        # 600 and 400 kWh at three cents more.
        ((FUEL,), 75_60, 45_60, 667_20),
        # Two percent of all that: 1.512 and 0.912; 77.112 and 46.512.
        ((FUEL, Rider(share_ppm=20_000)), 77_11, 46_51, 680_52),
        # Two percent of fixed charge and blocks: 1.152 and 0.672; 76.752 and 46.272.
        ((FUEL, Rider(share_ppm=20_000, of="base")), 76_75, 46_27, 677_16),
        # Two percentages are both of the charges: 2 % and 3 % of 75.60 are 3.78, of 45.60 are 2.28.
        ((Rider(share_ppm=20_000), FUEL, Rider(share_ppm=30_000)), 79_38, 47_88, 700_56),
        # A credit of one cent a unit, less a tenth: 51.60 - 5.16 and 29.60 - 2.96.
        ((Rider(price_millionths=-10_000), Rider(share_ppm=-100_000)), 46_44, 26_64, 398_88),
        # A rider of the summer.
        ((Rider(price_millionths=30_000, months=SUMMER),), 75_60, 33_60, 4 * 75_60 + 8 * 33_60),
    ],
)
def test_a_year_of_bills(riders: tuple[Rider, ...], summer: int, winter: int, year: int) -> None:
    bills = full_annual_bill(_schedule(*riders), USE)
    assert bills == [winter] * 5 + [summer] * 4 + [winter] * 3
    assert sum(bills) == year


def test_a_year_that_starts_in_another_month() -> None:
    # From November: seven months of winter, June to September, October.
    use = USE[10:] + USE[:10]
    assert full_annual_bill(_schedule(), use, first_month=11) == [33_60] * 7 + [57_60] * 4 + [33_60]


@pytest.mark.parametrize(
    ("use", "cents"),
    [
        (0, 5_60),
        (500 * KWH, 45_60),
        (500 * KWH + 1, 45_60),  # 0.012 cents more
        (500 * KWH + 41, 45_60),  # 0.492 cents
        (500 * KWH + 42, 45_61),  # 0.504 cents
        (501 * KWH, 45_72),
        (1_000 * KWH, 105_60),
    ],
)
def test_what_lies_on_a_limit_is_in_the_lower_block(use: int, cents: int) -> None:
    assert month_bill(_schedule(), 7, use) == cents


def test_three_blocks() -> None:
    # 100 at 1 cent, 200 more at 2 cents, the rest at 4: 100 + 400 + 80 cents for 320.
    blocks = (Block(10_000, 100 * KWH), Block(20_000, 300 * KWH), Block(40_000))
    schedule = Schedule(0, (Season(blocks),))
    assert [month_bill(schedule, 1, use * KWH) for use in (50, 100, 300, 320)] == [50, 100, 500, 580]


def test_each_bill_is_rounded_once_half_up() -> None:
    # Half a unit at a cent is half a cent, twelve times over.
    assert full_annual_bill(_flat(0, 10_000), [500] * 12) == [1] * 12
    assert full_annual_bill(_flat(0, 9_999), [500] * 12) == [0] * 12
    # 0.4 and 0.4 cents are rounded together; half a cent of credit is rounded away from zero.
    assert month_bill(_flat(0, 8_000, Rider(price_millionths=8_000)), 1, 500) == 1
    assert month_bill(_flat(0, 0, Rider(price_millionths=-10_000)), 1, 500) == -1


def test_therms() -> None:
    # 12.00 + 83.456 therms x (0.2513 + 0.48079) = 12.00 + 61.0973 = 73.0973; 0.78 % of it 0.57016.
    schedule = _flat(12_00, 251_300, Rider(price_millionths=480_790), Rider(share_ppm=7_800))
    assert month_bill(schedule, 1, 83_456) == 73_67


@pytest.mark.parametrize(
    ("basis", "fixed", "due"),
    [
        (120_00, 10_00, False),
        (120_00, 12_49, False),  # 149.88, 24.9 %
        (120_00, 12_50, True),
        (120_00, 7_51, False),
        (120_00, 7_50, True),
        (120_01, 12_50, False),  # 29.99 x 4 = 119.96
        (119_99, 7_50, False),  # 29.99 x 4
        (120_01, 7_50, True),
        (0, 0, False),
        (0, 1, True),
    ],
)
def test_a_quarter_or_more(basis: int, fixed: int, due: bool) -> None:
    (found,) = rate_changes([0] * 12, basis, [(date(2026, 5, 1), _flat(fixed))])
    assert (found["amount_cents"], found["recalculation_due"]) == (12 * fixed, due)


def test_small_changes_add_up_against_the_basis() -> None:
    days = [date(2026, month, 1) for month in (2, 4, 6, 8)]
    fixed = [12_00, 12_60, 14_40, 15_75]
    found = rate_changes([0] * 12, 120_00, zip(days, map(_flat, fixed), strict=True))
    # 144.00 is 20 % above 120.00, 151.20 26 %. Above 151.20, 172.80 is 14.3 % and 189.00 a quarter.
    assert [(each["basis_bill_cents"], each["amount_cents"], each["recalculation_due"]) for each in found] == [
        (120_00, 144_00, False),
        (120_00, 151_20, True),
        (151_20, 172_80, False),
        (151_20, 189_00, True),
    ]


def test_rate_changes_in_a_participants_year() -> None:
    # Income 4,000.00 at 3 %: 120.00 are affordable. The bill 480.00 leaves 360.00; at 499.92 nothing changes; at
    # 600.00, a quarter more, 480.00 are left: 40.00 a month from the first bill after 10 July, that of 1 August.
    tariff: dict[str, Any] = {
        "share_ppm": {"electric_other_heat": 30_000},
        "minimum_monthly_payment_cents": {"electric_other_heat": 0},
        "leap_offset": True,
        "arrearage_months": 24,
        "copayment_ppm": 0,
    }
    use = [100 * KWH] * 12
    old, slightly, more = _flat(0, 400_000), _flat(1_66, 400_000), _flat(0, 500_000)
    basis = sum(full_annual_bill(old, use))
    changes = rate_changes(use, basis, [(date(2026, 7, 10), more), (date(2026, 3, 10), slightly)])
    assert [each["amount_cents"] for each in changes] == [499_92, 600_00]
    row = {
        "service": "electric",
        "primary_heating": "gas",
        "regulated_gas": True,
        "household_income_cents": 4_000_00,
        "full_annual_bill_cents": basis,
        "first_bill_date": date(2026, 1, 1),
    }
    year = participant_year(row, changes, tariff, date(2026, 12, 31))
    assert [month["fixed_credit_cents"] for month in year] == [30_00] * 7 + [40_00] * 5
    assert [month["expected_bill_cents"] for month in year] == [40_00] * 7 + [50_00] * 5
    assert [month["causes"] for month in year if month["causes"]] == [["not_due"], ["rate_change"]]


@pytest.mark.parametrize(
    ("service", "use", "listed"),
    [
        ("electric", [833_333] * 11 + [833_337], False),  # 10,000 kWh
        ("electric", [833_333] * 11 + [833_338], True),
        ("gas", [50_000] * 12, False),
        ("gas", [50_000] * 11 + [50_001], True),
    ],
)
def test_high_use(service: str, use: list[int], listed: bool) -> None:
    assert high_use(service, use) == listed


@pytest.mark.parametrize(
    ("seasons", "use"),
    [
        ((Season((Block(1),), SUMMER),), USE),
        ((Season((Block(1),), SUMMER), Season((Block(1),))), USE),
        ((Season(()),), USE),
        ((Season((Block(1, 5),)),), USE),
        ((Season((Block(1), Block(1))),), USE),
        ((Season((Block(1, 5), Block(1, 5), Block(1))),), USE),
        ((Season((Block(1, 0), Block(1))),), USE),
        ((Season((Block(1),)),), USE[:11]),
        ((Season((Block(1),)),), [*USE, 0]),
        ((Season((Block(1),)),), [*USE[:11], -1]),
    ],
)
def test_what_is_no_schedule_or_no_year_is_refused(seasons: tuple[Season, ...], use: list[int]) -> None:
    with pytest.raises(ValueError, match=r"season|rise|months of use|below zero"):
        full_annual_bill(Schedule(0, seasons), use)
