from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.kernels.annual_rate import KEEP, NO_RATE, NONE, RESET, RateReading, YearRates, annual_rate
from calc.kernels.intmath import ROUNDING_MODES
from tests.reference import annual_rate as twin

DEFAULTS: dict[str, Any] = {
    "average_decimals": 2,
    "average_rounding": "half_up",
    "threshold_bp": 25,
    "threshold_inclusive": True,
    "threshold_stage": "rounded",
}


class Scan(NamedTuple):
    sum_bp: list[int]
    average_ppm: list[int]
    existing_ppm: list[int]
    decision: list[int]
    rate_ppm: list[int]


def scan(months_bp: list[int], published_ppm: list[int], existing_ppm: int = NONE, **switches: Any) -> Scan:  # noqa: ANN401 - switches have several types
    chosen = DEFAULTS | switches
    outputs = [np.zeros(len(published_ppm), dtype=np.int64) for _ in Scan._fields]
    annual_rate(
        np.array(months_bp, dtype=np.int64),
        np.array(published_ppm, dtype=np.int64),
        existing_ppm,
        RateReading(
            chosen["average_decimals"],
            ROUNDING_MODES[chosen["average_rounding"]],
            chosen["threshold_bp"],
            chosen["threshold_inclusive"],
            chosen["threshold_stage"] == "unrounded",
        ),
        YearRates(*outputs),
    )
    return Scan(*(column.tolist() for column in outputs))


def one_year(sum_bp: int, existing_ppm: int = NONE, **switches: Any) -> tuple[int, int, int]:  # noqa: ANN401 - as above
    """Average, decision and rate of a year whose months have the given sum."""
    result = scan([sum_bp, *[0] * 11], [NONE], existing_ppm, **switches)
    assert result.sum_bp == [sum_bp]
    return result.average_ppm[0], result.decision[0], result.rate_ppm[0]


@pytest.mark.parametrize(
    ("sum_bp", "half_up_ppm", "half_even_ppm", "down_ppm", "up_ppm"),
    [
        (5058, 42200, 42200, 42100, 42200),  # 4.215, as 1993
        (5274, 44000, 44000, 43900, 44000),  # 4.395, as 2002
        (1914, 16000, 16000, 15900, 16000),  # 1.595, as 2005
        (5046, 42100, 42000, 42000, 42100),  # 4.205: the even neighbour lies below
        (5052, 42100, 42100, 42100, 42100),  # 4.21 exactly
        (5053, 42100, 42100, 42100, 42200),  # 4.21083...
        (5057, 42100, 42100, 42100, 42200),  # 4.21416...
        (5059, 42200, 42200, 42100, 42200),  # 4.21583...
        (0, 0, 0, 0, 0),
    ],
)
def test_average_is_rounded_once_from_the_exact_sum(
    sum_bp: int, half_up_ppm: int, half_even_ppm: int, down_ppm: int, up_ppm: int
) -> None:
    expected = {"half_up": half_up_ppm, "half_even": half_even_ppm, "down": down_ppm, "up": up_ppm}
    assert {mode: one_year(sum_bp, average_rounding=mode)[0] for mode in expected} == expected


def test_average_decimals() -> None:
    # 50.59 / 12 = 4.215833... percent
    averages = [one_year(5059, average_decimals=decimals)[0] for decimals in range(5)]
    assert averages == [40000, 42000, 42200, 42160, 42158]


@pytest.mark.parametrize(
    ("sum_bp", "switches", "decision", "rate_ppm"),
    [
        (5100, {}, RESET, 42500),  # 4.25 against 4.00: 25 basis points
        (5100, {"threshold_inclusive": False}, KEEP, 40000),
        (5112, {"threshold_inclusive": False}, RESET, 42600),
        (5088, {}, KEEP, 40000),  # 4.24
        (4500, {}, RESET, 37500),  # 3.75: 25 below
        (4500, {"threshold_inclusive": False}, KEEP, 40000),
        (4512, {}, KEEP, 40000),  # 3.76
        (5094, {}, RESET, 42500),  # 4.245 rounds to 4.25 ...
        (5094, {"threshold_stage": "unrounded"}, KEEP, 40000),  # ... and is 24.5 away
        (5100, {"threshold_stage": "unrounded"}, RESET, 42500),
        (5101, {"threshold_stage": "unrounded", "threshold_inclusive": False}, RESET, 42500),  # 25.083 away
        (5100, {"threshold_stage": "unrounded", "threshold_inclusive": False}, KEEP, 40000),
        (4505, {}, RESET, 37500),  # 3.75416... rounds to 3.75
        (4505, {"threshold_stage": "unrounded"}, KEEP, 40000),
        (5100, {"threshold_bp": 26}, KEEP, 40000),
        (5112, {"threshold_bp": 26}, RESET, 42600),
        (4800, {"threshold_bp": 0}, RESET, 40000),
        (4800, {"threshold_bp": 0, "threshold_inclusive": False}, KEEP, 40000),
    ],
)
def test_threshold_against_an_existing_rate_of_four_percent(
    sum_bp: int, switches: dict[str, Any], decision: int, rate_ppm: int
) -> None:
    assert one_year(sum_bp, 40000, **switches)[1:] == (decision, rate_ppm)


def test_first_year_has_no_existing_rate() -> None:
    assert one_year(4800) == (40000, RESET, 40000)


def test_existing_rate_is_the_one_in_force_not_the_last_average() -> None:
    # 4.00, then twice 10 basis points up: kept, kept; then 30 above 4.00: reset
    result = scan([400] * 12 + [410] * 12 + [420] * 12 + [430] * 12, [NONE] * 4)
    assert result.rate_ppm == [40000, 40000, 40000, 43000]
    assert result.decision == [RESET, KEEP, KEEP, RESET]
    assert result.existing_ppm == [NONE, 40000, 40000, 40000]


def test_published_rate_is_the_next_existing_rate_and_leaves_the_rule_alone() -> None:
    result = scan([400] * 24, [42600, NONE])
    assert result.rate_ppm == [40000, 40000]
    assert result.existing_ppm == [NONE, 42600]
    assert result.decision == [RESET, RESET]


@pytest.mark.parametrize("missing", range(12))
def test_year_that_lacks_a_month_has_no_rate_and_the_chain_begins_anew(missing: int) -> None:
    months = [400] * 12 + [410] * 12 + [420] * 12
    months[12 + missing] = NONE
    result = scan(months, [NONE] * 3)
    assert result.decision == [RESET, NO_RATE, RESET]
    assert (result.sum_bp[1], result.average_ppm[1], result.rate_ppm[1]) == (NONE, NONE, NONE)
    assert result.existing_ppm == [NONE, 40000, NONE]
    assert result.rate_ppm[2] == 42000


def test_published_rate_bridges_a_year_that_lacks_a_month() -> None:
    result = scan([400] * 12 + [NONE] * 12 + [420] * 12, [NONE, 43000, NONE])
    assert result.decision == [RESET, NO_RATE, KEEP]
    assert result.rate_ppm[2] == 43000


@st.composite
def windows(draw: st.DrawFn) -> list[list[int]]:
    """Years whose averages lie close together, so that ties and thresholds are met; one in five lacks a month."""
    level = draw(st.integers(0, 9950))
    years = []
    for _ in range(draw(st.integers(1, 6))):
        base = level + draw(st.sampled_from([0, 0, 1, 24, 25, 26, 50]))
        months = [base + extra for extra in draw(st.lists(st.integers(0, 1), min_size=12, max_size=12))]
        if draw(st.integers(0, 4)) == 0:
            months[draw(st.integers(0, 11))] = NONE
        years.append(months)
    return years


switches_drawn = st.fixed_dictionaries(
    {
        "average_decimals": st.integers(0, 4),
        "average_rounding": st.sampled_from(sorted(ROUNDING_MODES)),
        "threshold_bp": st.one_of(st.just(25), st.integers(0, 60)),
        "threshold_inclusive": st.booleans(),
        "threshold_stage": st.sampled_from(["rounded", "unrounded"]),
    }
)


@given(windows(), switches_drawn, st.data())
def test_scan_equals_the_twin(years: list[list[int]], switches: dict[str, Any], data: st.DataObject) -> None:
    rates = st.one_of(st.just(NONE), st.integers(0, 10**6), st.integers(0, 100).map(lambda ppm: 100 * ppm))
    published = [data.draw(rates) for _ in years]
    first_existing = data.draw(rates)
    months_percent = {
        month: str(Fraction(rate_bp, 100))
        for place, year in enumerate(years)
        for month, rate_bp in zip(twin.window(2000 + place), year, strict=True)
        if rate_bp != NONE
    }
    result = scan([rate_bp for year in years for rate_bp in year], published, first_existing, **switches)

    existing = None if first_existing == NONE else Fraction(first_existing, 10_000)
    for place, year in enumerate(years):
        assert result.existing_ppm[place] == (NONE if existing is None else existing * 10_000)
        if NONE in year:
            assert result.decision[place] == NO_RATE
            existing = None
        else:
            expected = twin.annual_rate(months_percent, 2000 + place, existing, **switches)
            assert Fraction(result.sum_bp[place], 1200) == expected["average_exact"]
            assert Fraction(result.average_ppm[place], 10_000) == expected["average"]
            assert {RESET: "reset", KEEP: "keep"}[result.decision[place]] == expected["decision"]
            assert Fraction(result.rate_ppm[place], 10_000) == expected["rate"]
            existing = expected["rate"]
        if published[place] != NONE:
            existing = Fraction(published[place], 10_000)
