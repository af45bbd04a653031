"""Full annual bills against the twin and by hand: prices as a file has them, use as a frame has it."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import calc
from calc.columns import annual_bill
from calc.columns.evaluation import Evaluation
from calc.errors import Reason
from calc.rules.rate_schedule import parse_rate_schedules
from calc.rules.resolve import Rules, load_rules
from tests.reference import annual_bill as twin
from tests.reference.fixed_credit import recalculation_due

ON = date(2026, 9, 30)
RULES = load_rules(ON, tariff="example")
MICRO = 10**6
USE = st.one_of(st.integers(0, 3_000), st.integers(0, 3_000_000), st.just(500_000), st.integers(10**9 - 5, 10**9))
PRICES = st.one_of(st.integers(0, 20), st.integers(0, 400_000), st.integers(100 * MICRO - 5, 100 * MICRO))
MONTHS = st.lists(st.integers(1, 12), min_size=1, max_size=12, unique=True)


@st.composite
def seasons(draw: st.DrawFn) -> tuple[twin.Season, ...]:
    """Blocks of one or two seasons that share out the months; limits in whole thousandths."""
    first = tuple(draw(MONTHS))
    rest = tuple(month for month in range(1, 13) if month not in first)
    found = []
    for months in filter(None, (first, rest)):
        limits = sorted(draw(st.lists(st.integers(1, 2_000_000), max_size=3, unique=True)))
        blocks = [twin.Block(draw(PRICES), limit) for limit in limits]
        found.append(twin.Season((*blocks, twin.Block(draw(PRICES))), months))
    return tuple(found)


@st.composite
def riders(draw: st.DrawFn) -> twin.Rider:
    months = tuple(draw(MONTHS))
    if draw(st.booleans()):
        return twin.Rider(price_millionths=draw(st.integers(-300_000, 300_000)), months=months)
    return twin.Rider(
        share_ppm=draw(st.integers(-200_000, MICRO)), of=draw(st.sampled_from(("base", "charges"))), months=months
    )


@st.composite
def schedules(draw: st.DrawFn) -> twin.Schedule:
    fixed = draw(st.integers(0, 100_00))
    return twin.Schedule(fixed, draw(seasons()), tuple(draw(st.lists(riders(), max_size=4))))


def scaled(number: int, decimals: int) -> str:
    sign = "-" if number < 0 else ""
    whole, part = divmod(abs(number), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}}"


def as_toml(schedule: twin.Schedule, **head: str) -> str:
    """A twin's schedule as a table of a file."""
    head = {"code": "R", "service": "electric", "effective_from": "2025-01-01"} | head
    tables = []
    for season in schedule.seasons:
        tiers = [
            f"{{ through = {scaled(block.limit_thousandths, 3)}, price = {scaled(block.price_millionths, 6)} }}"
            if block.limit_thousandths is not None
            else f"{{ price = {scaled(block.price_millionths, 6)} }}"
            for block in season.blocks
        ]
        tables.append(f"{{ months = {list(season.months)}, tiers = [{', '.join(tiers)}] }}")
    found = [
        f"{{ name = 'r', months = {list(each.months)}, "
        + (f"percent = {scaled(each.share_ppm, 4)}, of = '{each.of}' }}" if each.share_ppm
           else f"price = {scaled(each.price_millionths, 6)} }}")
        for each in schedule.riders
    ]  # fmt: skip
    return (
        f"[[schedule]]\ncode = '{head['code']}'\ntitle = 'T'\nservice = '{head['service']}'\nunit = 'kWh'\n"
        f"effective_from = {head['effective_from']}\ncitation = 'Made up'\n"
        f"fixed_charge = {scaled(schedule.fixed_charge_cents, 2)}\nseasons = [{', '.join(tables)}]\n"
        f"riders = [{', '.join(found)}]\n"
    )


def rules_with(*tables: str) -> Rules:
    found = parse_rate_schedules("rates.toml", ("title = 'Made up'\n" + "".join(tables)).encode())
    return replace(RULES, tariff=replace(RULES.tariff, rate_schedules=found))


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = {
        "participant_id": "P",
        "service": "electric",
        "rate_schedule": "R",
        "first_month": 1,
        "basis_bill_cents": None,
    }
    schema: dict[str, Any] = {
        "participant_id": pl.String, "service": pl.String, "rate_schedule": pl.String,
        "monthly_use_thousandths": pl.List(pl.Int64), "first_month": pl.Int64, "basis_bill_cents": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame([{**usual, **row} for row in rows], schema=schema)


def bills(rows: pl.DataFrame, rules: Rules = RULES, on: date = ON) -> Evaluation:
    return annual_bill.evaluate(rows, rules=rules, as_of=on)


@settings(max_examples=80, deadline=None)
@given(
    schedules(),
    st.lists(st.lists(USE, min_size=12, max_size=12), min_size=1, max_size=4),
    st.integers(1, 12),
    st.data(),
)
def test_annual_bill(schedule: twin.Schedule, use: list[list[int]], first_month: int, data: st.DataObject) -> None:
    worked = [twin.full_annual_bill(schedule, each, first_month=first_month) for each in use]
    close = st.sampled_from([sum(each) * part // 100 for each in worked for part in (75, 80, 100, 125, 133)])
    basis = [data.draw(st.none() | close.map(lambda cents: max(0, cents))) for _ in use]
    rows = frame(
        *(
            {"monthly_use_thousandths": each, "first_month": first_month, "basis_bill_cents": cents}
            for each, cents in zip(use, basis, strict=True)
        )
    )
    found = bills(rows, rules_with(as_toml(schedule)))
    results = iter(found.results.rows(named=True))
    for each, cents, reasons in zip(worked, basis, found.reasons.tolist(), strict=True):
        total = sum(each)
        assert bool(reasons) == (not 0 <= total <= 10**12)
        if reasons:
            continue
        result = next(results)
        assert (result["monthly_bill_cents"], result["full_annual_bill_cents"]) == (each, total)
        due = cents is not None and recalculation_due(total, cents)
        change = "no_basis" if cents is None else "due" if due else "none" if cents == total else "not_due"
        assert result["bill_change"] == change


def test_the_example_by_hand() -> None:
    """January: 7.50 + 55.25 = 62.75; fuel 20.3125; 4.5 % of 62.75 is 2.82375, 3 % of 83.0625 is 2.491875: 88.378125.

    July: 7.50 + 40.00 + 48.00 = 95.50; fuel 28.125; 4.2975 and 3.70875: 131.63125. Gas in January: 12.00 + 21.00 +
    40.50 - 1.50 = 72.00; in July 12.00.
    """
    use = [650_000, 0, 0, 0, 0, 0, 900_000, 0, 0, 0, 0, 0]
    rows = frame(
        {"monthly_use_thousandths": use},
        {"service": "gas", "rate_schedule": "RG", "monthly_use_thousandths": [100_000, *[0] * 11]},
    )
    electric, gas = bills(rows).results["monthly_bill_cents"].to_list()
    assert (electric[0], electric[6]) == (88_38, 131_63)
    assert (gas[0], gas[6]) == (72_00, 12_00)
    # A month without use: 7.50, 4.5 % of it 0.3375, 3 % 0.225: 8.0625.
    assert electric[1] == 8_06


def test_prices_are_those_in_force_on_the_day() -> None:
    """From 2027 a month without use is 9.00 + 0.405 + 0.27 = 9.675."""
    nothing = frame({"monthly_use_thousandths": [0] * 12})
    (now,), (then,) = (bills(nothing, on=on).results.rows(named=True) for on in (date(2026, 12, 31), date(2027, 1, 1)))
    assert (now["full_annual_bill_cents"], now["rates_effective_from"]) == (12 * 8_06, date(2025, 1, 1))
    assert (then["full_annual_bill_cents"], then["rates_effective_from"]) == (12 * 9_68, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("row", "reason", "about"),
    [
        ({"rate_schedule": "X"}, Reason.unknown_value, "rate_schedule"),
        ({"rate_schedule": None}, Reason.missing_value, "rate_schedule"),
        ({"rate_schedule": "RG"}, Reason.unknown_value, "rate_schedule"),
        ({"monthly_use_thousandths": [1] * 11}, Reason.missing_value, "monthly_use_thousandths"),
        ({"monthly_use_thousandths": [1, None, *[1] * 10]}, Reason.missing_value, "monthly_use_thousandths"),
        ({"monthly_use_thousandths": None}, Reason.missing_value, "monthly_use_thousandths"),
        ({"monthly_use_thousandths": [1] * 13}, Reason.out_of_range, "monthly_use_thousandths"),
        ({"monthly_use_thousandths": [-1, *[1] * 11]}, Reason.negative_amount, "monthly_use_thousandths"),
        ({"monthly_use_thousandths": [10**9 + 1, *[1] * 11]}, Reason.out_of_range, "monthly_use_thousandths"),
        ({"first_month": 13}, Reason.out_of_range, "first_month"),
    ],
)
def test_refused(row: dict[str, Any], reason: Reason, about: str) -> None:
    found = bills(frame({"monthly_use_thousandths": [1_000] * 12, **row}))
    assert found.reasons.tolist() == [reason]
    assert found.refusals[0].columns[0] == about


def test_before_the_first_version_there_is_no_schedule() -> None:
    found = bills(frame({"monthly_use_thousandths": [0] * 12}), on=date(2024, 12, 31))
    assert found.reasons.tolist() == [Reason.unknown_value]


def test_a_year_below_zero_is_refused() -> None:
    """A credit of a cent a unit on 1,000 units, no charge: -10.00 a month."""
    schedule = twin.Schedule(0, (twin.Season((twin.Block(0),)),), (twin.Rider(price_millionths=-10_000),))
    found = bills(frame({"monthly_use_thousandths": [1_000_000] * 12}), rules_with(as_toml(schedule)))
    assert found.reasons.tolist() == [Reason.negative_amount]


def test_use_comes_in_units_and_by_months_too() -> None:
    """640.5 kWh in each of the twelve months, in four forms."""
    whole = frame({"monthly_use_thousandths": [640_500] * 12})
    months = [f"monthly_use_{month:02}" for month in range(1, 13)]
    forms = [
        whole,
        whole.drop("monthly_use_thousandths").with_columns(monthly_use=pl.lit("640.5 " * 12)),
        whole.drop("monthly_use_thousandths").with_columns(pl.lit("640.500").alias(month) for month in months),
        whole.drop("monthly_use_thousandths").with_columns(
            pl.lit(640_500).alias(f"{month}_thousandths") for month in months
        ),
    ]
    found = [calc.annual_bill(form, as_of=ON, tariff="example") for form in forms]
    assert [each.quarantine.height for each in found] == [0] * 4
    assert {each.results["full_annual_bill_cents"].item() for each in found} == {
        found[0].results["full_annual_bill_cents"].item()
    }


def test_use_is_never_rounded() -> None:
    rows = frame({}).drop("monthly_use_thousandths").with_columns(monthly_use=pl.lit("0.0005 " * 12))
    refused = calc.annual_bill(rows, as_of=ON, tariff="example").quarantine
    assert refused["reasons"].to_list() == [["too_many_decimals"]]
    assert "units with at most three decimals" in refused["reason_allowed"].to_list()[0][0]
