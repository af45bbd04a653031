"""Rates of other jurisdictions: what was published, figures by hand, and the twin over every year of the series."""

import csv
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from calc.errors import RatesMissingError, UsageError
from calc.rates.computing.annual import compute_chain, published_rates
from calc.rates.fred.snapshot import current_series
from calc.rates.ruled.observations import Series, load_series, series_names
from calc.rates.ruled.periods import compute_periods, rate_of_period
from calc.rates.ruled.rate import RuledRate, rounded_ppm
from calc.rates.ruled.table import load_ruled_table
from calc.rates.ruled.windows import average
from calc.rules.jurisdictions import jurisdiction_ids, load_jurisdiction
from calc.rules.rate_rule import RateRule, rate_rule
from calc.rules.resolve import load_rules
from calc.units import to_day
from tests.jurisdictions.series_of_twin import daily, monthly
from tests.reference import jurisdictions as twin

OUTRANKED = {("us-ms", "2005"): "4.28", ("us-ms", "2018"): "2.34", ("us-ms", "2022"): "1.40"}
"""Published rates that the formula does not give, and what it gives."""
ONE_YEAR = "series/treasury_1y_daily"


def published() -> list[tuple[str, str, str]]:
    with (Path(__file__).parent / "published_rates.csv").open(encoding="utf-8") as file:
        return [(row["jurisdiction"], row["period"], row["percent"]) for row in csv.DictReader(file)]


def one(jurisdiction: str, period: str) -> RuledRate:
    year, _, quarter = period.partition("-Q")
    (rate,) = rate_of_period(jurisdiction, int(year), int(quarter) if quarter else None)
    return rate


@pytest.mark.parametrize(("jurisdiction", "period", "percent"), published())
def test_published_rates_are_reproduced_or_outrank_and_say_so(jurisdiction: str, period: str, percent: str) -> None:
    rate = one(jurisdiction, period)
    ppm = int(Fraction(percent) * 10_000)
    if jurisdiction == "us-ct":  # the order sets an index: at least 1.5 after the rounding
        assert (rate.average_ppm, rate.rate_ppm, str(rate.source)) == (Fraction(ppm), 15_000, "published")
        return
    assert (rate.rate_ppm, rate.source) == (ppm, "published")
    if (jurisdiction, period) in OUTRANKED:
        computed = OUTRANKED[jurisdiction, period]
        assert rate.computed_ppm == int(Fraction(computed) * 10_000)
        assert f"published {percent}, which is in force; the rule gives {computed}" in rate.note
    else:
        assert (rate.computed_ppm, rate.note) == (ppm, "")


def test_a_misprint_is_called_one() -> None:
    assert "probably a misprint" in one("us-ms", "2018").note


def test_mississippi_by_hand() -> None:
    # December 2016 to November 2017, the figures below: 28.05 in all, / 12 = 2.3375.
    rate = one("us-ms", "2018")
    assert rate.window is not None
    assert [each.rate_bp for each in rate.window.figures] == [
        249, 243, 242, 248, 230, 230, 219, 232, 221, 220, 236, 235,
    ]  # fmt: skip
    assert rate.average_ppm == Fraction(28_05, 12) * 100


def test_massachusetts_municipal_2013_by_days_and_by_months() -> None:
    rate = one("us-ma-municipal", "2013")
    assert rate.average_ppm is not None
    assert round(float(rate.average_ppm) / 10_000, 4) == 0.1748  # to 0.17, as published
    by_month = monthly("gs1")
    assert twin.mean_of_months(by_month, (2012, 1), (2012, 12)) == Fraction("0.175")  # would be 0.18


def test_minnesota_takes_the_week_that_was_named_and_not_that_of_thanksgiving() -> None:
    rate = one("us-mn", "2022")
    assert rate.window is not None
    assert [str(each.day) for each in rate.window.figures] == [f"2021-11-{day}" for day in range(15, 20)]


def _by_twin(jurisdiction: str, year: int) -> Fraction:
    if jurisdiction == "us-ms":
        mean = twin.mean_of_months(monthly("series/treasury_10y_monthly"), (year - 2, 12), (year - 1, 11))
        return twin.rate_percent(mean)[0]
    if jurisdiction == "us-mn":
        return twin.rate_percent(twin.mean_of_last_full_week(daily(ONE_YEAR), year - 1, 11), step=Fraction(1, 10))[0]
    if jurisdiction == "us-ma-municipal":
        mean = twin.mean_of_days(daily(ONE_YEAR), date(year - 1, 1, 1), date(year - 1, 12, 31))
        return twin.rate_percent(mean)[0]
    return twin.rate_percent(twin.mean_of_months(monthly("gs1"), (year - 1, 9), (year - 1, 11)))[0]


@pytest.mark.parametrize("jurisdiction", ["us-ms", "us-mn", "us-ma-municipal", "us-ky", "us-md", "us-va"])
def test_every_year_agrees_with_the_twin(jurisdiction: str) -> None:
    rates = compute_periods(jurisdiction)
    assert len(rates) >= 22
    for start, rate in rates.items():
        assert rate.computed_ppm == _by_twin(jurisdiction, start.year) * 10_000, start


def test_colorado_is_one_of_them() -> None:
    own = load_rules(date(2026, 11, 1)).electric.annual_rate
    chain = compute_chain(current_series(), own, published_rates())
    rates = compute_periods("us-co")
    assert [start.year for start in rates] == list(chain)
    for year, expected in chain.items():
        rate = rates[date(year, 1, 1)]
        found = (rate.computed_ppm, rate.rate_ppm, rate.existing_ppm, rate.decision, rate.source)
        assert found == (
            expected.computed_ppm, expected.rate_ppm, expected.existing_ppm, expected.decision, expected.source,
        )  # fmt: skip
    rule = rate_rule("us-co", date(2026, 11, 1)).values
    assert (rule.rate_threshold_bp, rule.rate_threshold_inclusive) == (own.threshold_bp, own.threshold_inclusive)
    assert (rule.rate_threshold_stage, rule.published_outranks) == (own.threshold_stage, own.published_override)
    assert (rule.step_bp, rule.step_rounding) == (10 ** (2 - own.average_decimals), own.average_rounding)


@pytest.mark.parametrize(
    ("average_percent", "rule", "percent"),
    [
        ("0.1748", {}, "0.17"),
        ("0.1750", {}, "0.18"),
        ("0.27", {"step_bp": 10, "floor_bp": 150}, "1.50"),
        ("1.55", {"step_bp": 10, "floor_bp": 150}, "1.60"),
        ("4.13", {"step_bp": 100, "floor_bp": 100}, "4.00"),
        ("0.21", {"step_bp": 100, "floor_bp": 100}, "1.00"),
        ("2.5", {"step_bp": 100}, "3.00"),
        ("2.5", {"step_bp": 100, "step_rounding": "half_even"}, "2.00"),
        # A floor of 1.44 before the rounding to tenths gives 1.40, after it 1.44.
        ("1", {"step_bp": 10, "floor_bp": 144, "floor_after_rounding": False}, "1.40"),
        ("1", {"step_bp": 10, "floor_bp": 144}, "1.44"),
        ("5.38", {"multiplier_ppm": 750_000}, "4.04"),  # 4.035
        ("9", {"cap_bp": 600}, "6.00"),
    ],
)
def test_multiplier_step_floor_and_cap(average_percent: str, rule: dict[str, int | str], percent: str) -> None:
    data = RateRule(method="order", period="year", **rule)  # type: ignore[arg-type]
    assert rounded_ppm(data, Fraction(average_percent) * 10_000) == Fraction(percent) * 10_000


def test_weekly_means_and_the_first_business_day() -> None:
    days = daily(ONE_YEAR)
    series = load_series("treasury_1y_daily")
    weekly = RateRule(
        method="mean_of_weeks", period="year", series="x", window_starts_months_before=14, window_months=12
    )
    for year in range(2002, 2027):
        mean = twin.mean_of_weekly_means(days, date(year - 2, 11, 1), date(year - 1, 10, 31))
        assert average(weekly, series, date(year, 1, 1)).average_bp == mean * 100
    look_up = RateRule(
        method="first_business_day", period="quarter", series="x", window_starts_months_before=1, window_months=1
    )
    # 1 September 2025 was Labor Day: the first figure of the month is the 2nd's.
    window = average(look_up, series, date(2025, 10, 1))
    assert (window.figures[0].day, window.average_bp) == (date(2025, 9, 2), days[date(2025, 9, 2)] * 100)


@pytest.mark.parametrize(
    ("jurisdiction", "year", "expected"),
    [
        # The days end on 22 July 2026.
        ("us-ma-municipal", 2027, "2026-07, 2026-08, 2026-09, 2026-10, 2026-11, 2026-12"),
        ("us-mn", 2027, "2026-11"),
        ("us-ky", 2027, "2026-10, 2026-11"),
        ("us-ms", 2027, "2026-07, 2026-08, 2026-09, 2026-10, 2026-11"),
        ("us-ct", 2022, "set by order"),
        ("us-ma", 2024, "set by order"),
    ],
)
def test_a_window_that_is_not_whole_gives_no_rate(jurisdiction: str, year: int, expected: str) -> None:
    with pytest.raises(RatesMissingError) as raised:
        rate_of_period(jurisdiction, year)
    assert expected in str(raised.value)
    assert jurisdiction in str(raised.value)


def test_quarters() -> None:
    assert [rate.period for rate in rate_of_period("us-nh", 2021)] == ["2021-Q3", "2021-Q4"]
    with pytest.raises(UsageError, match="leave the quarter out"):
        rate_of_period("us-ms", 2021, 3)


def test_the_table_has_no_rate_between_orders() -> None:
    table = load_ruled_table("us-ct")
    by_day = table.rate_ppm_by_day(to_day(date(2017, 12, 31)), to_day(date(2020, 1, 1)))
    assert (by_day[0], by_day[1], by_day[-2], by_day[-1]) == (15_000, 0, 0, 15_000)
    assert table.end_date == date(2024, 1, 1)


def test_a_fixed_rate_is_one_row() -> None:
    (row,) = load_ruled_table("us-fl").rows
    assert (row.rate_ppm, row.source, row.provenance) == (20_000, "computed", "fixed by the rule")


def test_what_was_known_on_a_day() -> None:
    assert load_ruled_table("us-ms", known_on=date(2022, 6, 1)).rows[-1].effective_from == date(2022, 1, 1)
    assert load_ruled_table("us-nh", known_on=date(2023, 1, 1)).end_date == date(2023, 4, 1)


def test_a_derived_month_makes_a_rate_provisional() -> None:
    assert (one("us-ms", "2023").source, one("us-ms", "2025").source) == ("computed", "provisional")


def test_an_existing_rate_can_be_given() -> None:
    (rate,) = rate_of_period("us-co", 2024, existing_ppm=50_000)  # 4.93 is within 25 points of 5.00
    assert (rate.decision, rate.computed_ppm) == ("keep", 50_000)


def _gaps(series: Series) -> list[date]:
    days = [each.day for each in series.figures]
    return [before for before, after in pairwise(days) if after - before > timedelta(days=4)]


def test_the_daily_series_has_no_hole() -> None:
    # A long weekend is four days, and markets were closed on 11 and 12 September 2001.
    assert _gaps(load_series("treasury_1y_daily")) == []


def test_every_rule_names_a_series_and_every_series_its_source() -> None:
    with_rates = [each for each in jurisdiction_ids() if "rate_rule" in load_jurisdiction(each).rules]
    assert set(jurisdiction_ids()) - set(with_rates) == {"us-nj", "us-nv", "us-oh"}  # a plan alone
    for jurisdiction in with_rates:
        rule = rate_rule(jurisdiction, date(2026, 11, 1)).values
        assert rule.series is None or rule.series in series_names()
    for name in series_names():
        assert "Board of Governors of the Federal Reserve System" in load_series(name).provenance
