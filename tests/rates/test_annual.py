from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.errors import RatesMissingError
from calc.rates.computing.annual import compute_chain, compute_year, rate_of_year
from calc.rates.fred.series import month_number, shipped_series
from calc.rates.register.published import PublishedRate, shipped_published
from calc.units import format_percent
from tests.rates.by_hand import RULE, check_rows, series_of
from tests.reference import annual_rate as twin


def letter(day: date, rate_ppm: int) -> PublishedRate:
    return PublishedRate(day, rate_ppm, day, "the Commission", "a letter", "the rate is ...")


def test_year_2024_step_by_step() -> None:
    result = rate_of_year(2024, RULE)
    assert result.months[0][:2] == ("2022-10", 443)
    assert result.months[11][:2] == ("2023-09", 544)
    assert result.sum_bp == 5915
    assert result.average_exact == Fraction(5915, 1200)
    assert (result.average_ppm, result.existing_ppm, result.difference_bp) == (49300, 16900, Fraction(324))
    assert (result.decision, result.rate_ppm, result.source) == ("reset", 49300, "published")
    assert result.effective_from == date(2024, 1, 1)
    assert not result.note


@pytest.mark.parametrize(
    ("year", "published_ppm"), [(2011, 3400), (2012, 3400), (2013, 3400), (2014, 3400), (2023, 16900), (2024, 49300)]
)
def test_the_rule_alone_reproduces_what_the_commission_published(year: int, published_ppm: int) -> None:
    assert compute_chain(shipped_series(), RULE)[year].rate_ppm == published_ppm


@pytest.mark.parametrize("check", check_rows(), ids=lambda check: check["calendar_year"])
def test_every_year_of_the_reference(check: dict[str, str]) -> None:
    result = rate_of_year(int(check["calendar_year"]), RULE)
    assert abs(result.average_exact - Fraction(check["average_percent_6_decimals"])) <= Fraction(1, 2_000_000)
    assert (result.decision, format_percent(result.rate_ppm)) == (check["decision"], check["rate_percent"])


def test_chain_begins_in_1955_and_ends_with_the_last_complete_window() -> None:
    chain = compute_chain(shipped_series(), RULE)
    assert list(chain) == list(range(1955, 2028))
    assert chain[1955].existing_ppm is None
    assert chain[1955].average_exact == Fraction(1418, 1200)  # October 1953 to September 1954, added by hand
    assert (chain[1955].decision, chain[1955].difference_bp) == ("reset", None)
    assert chain[1989].rate_ppm == 73300


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"average_rounding": "half_even"},
        {"average_rounding": "down", "average_decimals": 1},
        {"average_rounding": "up", "average_decimals": 3},
        {"threshold_bp": 60, "threshold_inclusive": False},
        {"threshold_bp": 10, "threshold_stage": "unrounded", "average_decimals": 0},
        {"published_override": False, "threshold_bp": 100},
    ],
)
def test_shipped_chain_equals_the_twin(switches: dict[str, object]) -> None:
    series = shipped_series()
    months = {
        month.month: str(Fraction(month.rate_bp, 100))
        for month in (series.month(number) for number in range(series.first_month, series.last_month + 1))
        if month.rate_bp is not None
    }
    published = {row.effective_from.year: str(Fraction(row.rate_ppm, 10_000)) for row in shipped_published()}
    expected = twin.rate_chain(months, published, 1955, 2027, **switches)  # type: ignore[arg-type]  # drawn by name
    chain = compute_chain(series, replace(RULE, **switches), shipped_published())  # type: ignore[arg-type]  # as above
    assert {year: Fraction(result.rate_ppm, 10_000) for year, result in chain.items()} == expected


def test_neither_half_even_nor_the_unrounded_test_changes_a_year_from_1990() -> None:
    chain = compute_chain(shipped_series(), RULE)
    for other in (replace(RULE, average_rounding="half_even"), replace(RULE, threshold_stage="unrounded")):
        otherwise = compute_chain(shipped_series(), other)
        assert all(otherwise[year].rate_ppm == chain[year].rate_ppm for year in range(1990, 2028))


def test_compute_year_takes_the_given_existing_rate() -> None:
    series = series_of(2000, 5100)
    assert compute_year(series, 2000, 40000, RULE).rate_ppm == 42500
    kept = compute_year(series, 2000, 40100, RULE)
    assert (kept.decision, kept.rate_ppm, kept.difference_bp) == ("keep", 40100, Fraction(24))
    assert compute_year(series, 2000, None, RULE).difference_bp is None


def test_difference_is_that_of_the_average_that_was_tested() -> None:
    series = series_of(2000, 5094)
    assert compute_year(series, 2000, 40000, RULE).difference_bp == 25
    unrounded = replace(RULE, threshold_stage="unrounded")
    exact = compute_year(series, 2000, 40000, unrounded)
    assert (exact.difference_bp, exact.average_is) == (Fraction(49, 2), "above")
    assert compute_year(series, 2000, 42475, unrounded).average_is == "below"  # 4.245 before it is rounded to 4.25
    assert compute_year(series, 2000, 42475, RULE).average_is == "above"


def test_missing_months_are_named() -> None:
    with pytest.raises(RatesMissingError) as raised:
        rate_of_year(2029, RULE)
    assert raised.value.missing_months[0] == "2027-10"
    assert raised.value.missing_months[11] == "2028-09"
    assert len(raised.value.missing_months) == 12
    assert "2028-02" in str(raised.value)


def test_one_missing_month_is_enough() -> None:
    series = series_of(2000, 4800, 4800, 4800)
    holed = replace(series, rates_bp=(*series.rates_bp[:14], -1, *series.rates_bp[15:]))
    with pytest.raises(RatesMissingError) as raised:
        compute_year(holed, 2001, 40000, RULE)
    assert raised.value.missing_months == ("1999-12",)
    assert list(compute_chain(holed, RULE)) == [2000, 2002]


def test_series_shorter_than_a_window_has_no_year() -> None:
    series = series_of(2000, 4800)
    assert compute_chain(replace(series, rates_bp=series.rates_bp[:11], statuses=series.statuses[:11]), RULE) == {}
    assert compute_chain(replace(series, first_month=month_number(1998, 11)), RULE) == {}


def test_published_rate_of_new_year_is_in_force_and_the_difference_is_said() -> None:
    series = series_of(2000, 4800, 4800)
    chain = compute_chain(series, RULE, [letter(date(2000, 1, 1), 42600)])
    assert (chain[2000].rate_ppm, chain[2000].computed_ppm, chain[2000].source) == (42600, 40000, "published")
    assert "4.26" in chain[2000].note
    assert "4.00" in chain[2000].note
    assert (chain[2001].existing_ppm, chain[2001].decision) == (42600, "reset")


def test_published_rate_of_another_day_is_the_existing_rate_of_the_next_year_only() -> None:
    series = series_of(2000, 4800, 4800)
    chain = compute_chain(series, RULE, [letter(date(2000, 7, 1), 41000), letter(date(2000, 1, 1), 50000)])
    assert chain[2000].rate_ppm == 50000
    assert (chain[2001].existing_ppm, chain[2001].decision, chain[2001].rate_ppm) == (41000, "keep", 41000)
    alone = compute_chain(series, RULE, [letter(date(2000, 7, 1), 41000)])
    assert (alone[2000].rate_ppm, alone[2000].source, alone[2001].existing_ppm) == (40000, "computed", 41000)


def test_published_override_off_keeps_the_figure_but_not_its_force() -> None:
    rule = replace(RULE, published_override=False)
    chain = compute_chain(series_of(2000, 4800, 4800), rule, [letter(date(2000, 1, 1), 42600)])
    assert (chain[2000].rate_ppm, chain[2000].published_ppm, chain[2000].source) == (40000, 42600, "computed")
    assert "set aside" in chain[2000].note
    assert chain[2001].existing_ppm == 40000


def test_derived_months_make_a_rate_provisional() -> None:
    assert rate_of_year(2027, RULE).source == "provisional"
    assert rate_of_year(2026, RULE).source == "computed"


def test_rate_tested_against_a_provisional_one_is_provisional_until_a_published_one_stands_between() -> None:
    series = series_of(2000, 4800, 4800, 9600)
    derived = replace(series, statuses=("derived", *series.statuses[1:]))
    assert [year.source for year in compute_chain(derived, RULE).values()] == ["provisional"] * 3
    bridged = compute_chain(derived, RULE, [letter(date(2000, 1, 1), 40000)])
    assert [year.source for year in bridged.values()] == ["published", "computed", "computed"]


def test_given_months_follow_the_shipped_ones() -> None:
    # 2027 is 3.78 by the shipped months; an average of 3.90 in 2028 is 12 basis points away
    result = rate_of_year(2028, RULE, series=series_of(2028, 4680))
    assert (result.existing_ppm, result.decision, result.rate_ppm) == (37800, "keep", 37800)
    assert result.source == "provisional"


def test_given_months_are_not_completed_from_the_shipped_ones() -> None:
    series = shipped_series()
    short = replace(series, rates_bp=series.rates_bp[:-1], statuses=series.statuses[:-1])
    with pytest.raises(RatesMissingError) as raised:
        rate_of_year(2027, RULE, series=short)
    assert raised.value.missing_months == ("2026-09",)


def test_given_figures_are_computed_and_the_published_rate_is_only_noted() -> None:
    result = rate_of_year(2012, RULE, existing_ppm=7500)
    assert (result.average_ppm, result.rate_ppm, result.source) == (2200, 2200, "computed")
    assert "0.34" in result.note
    other = rate_of_year(2024, RULE, series=series_of(2024, 2100))
    assert (other.existing_ppm, other.rate_ppm, other.source) == (16900, 16900, "computed")


def test_given_figures_equal_to_the_shipped_ones_change_nothing() -> None:
    assert rate_of_year(2024, RULE, existing_ppm=16900) == rate_of_year(2024, RULE)
    assert rate_of_year(2024, RULE, series=shipped_series()) == rate_of_year(2024, RULE)


@given(st.integers(0, 120_000), st.integers(0, 10**6))
def test_one_year_equals_the_twin(sum_bp: int, existing_ppm: int) -> None:
    series = series_of(2000, sum_bp)
    months = {month.month: str(Fraction(month.rate_bp or 0, 100)) for month in map(series.month, range(23985, 23997))}
    expected = twin.annual_rate(months, 2000, Fraction(existing_ppm, 10_000))
    result = compute_year(series, 2000, existing_ppm, RULE)
    assert Fraction(result.rate_ppm, 10_000) == expected["rate"]
    assert result.average_exact == expected["average_exact"]
    assert result.decision == expected["decision"]
