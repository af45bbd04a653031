"""Idaho: rates that were published, every year against the twin, interest and limit by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from calc.rates.ruled.checking import check_folder
from calc.rates.ruled.periods import compute_periods, rate_of_period
from tests.jurisdictions.series_of_twin import daily
from tests.jurisdictions.test_quotes import interest, quote
from tests.reference import jurisdictions as twin
from tests.rules.data_folder import DataFolder

AVERAGES = {2002: "4.12", 2003: "2.13", 2012: "0.21", 2018: "1.06", 2019: "2.15"}
"""What the weekly means give; the orders name 4.13 for 2002, and the others as here."""


@pytest.mark.parametrize(("year", "percent"), [(2002, 4), (2003, 2), (2012, 1), (2018, 1), (2019, 2)])
def test_published_rates_are_reproduced(year: int, percent: int) -> None:
    (rate,) = rate_of_period("us-id", year)
    ppm = percent * 10_000
    assert (rate.rate_ppm, rate.computed_ppm, rate.source, rate.note) == (ppm, ppm, "published", "")
    assert rate.average_ppm is not None
    assert abs(rate.average_ppm - Fraction(AVERAGES[year]) * 10_000) <= 50


def test_a_published_rate_whose_window_is_not_at_hand_is_taken_and_says_so() -> None:
    (rate,) = rate_of_period("us-id", 2001)
    assert (rate.rate_ppm, rate.computed_ppm, rate.source) == (60_000, None, "published")
    assert "not computed again" in rate.note
    assert "lacks 1998-10" not in rate.note
    assert "1999-11" in rate.note


def test_every_year_agrees_with_the_twin() -> None:
    days = daily("series/treasury_1y_daily")
    rates = [rate for rate in compute_periods("us-id").values() if rate.computed_ppm is not None]
    assert [rate.starts_on.year for rate in rates] == list(range(2002, 2027))
    for rate in rates:
        year = rate.starts_on.year
        mean = twin.mean_of_weekly_means(days, date(year - 2, 11, 1), date(year - 1, 10, 31))
        expected, _ = twin.rate_percent(mean, step=Fraction(1), floor=Fraction(1))
        assert rate.computed_ppm == expected * 10_000
        assert rate.window is not None
        assert (rate.window.first + timedelta(days=6)).weekday() == rate.window.last.weekday() == 4  # Fridays


def test_interest_and_limit_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    # 500.00 at 1 % in 2018 and at 2 % for 181 of 365 days of 2019: 5.00 + 4.9589.
    assert interest(capsys, "us-id", "500.00", "2018-01-01", "2019-07-01")["interest_cents"] == 9_96
    found = quote(capsys, "deposit-limit", "--jurisdiction", "us-id", "--billed", "1460.00", "--billed-days", "365")
    assert found["limit_cents"] == 243_33


def test_its_folder_is_complete(shipped_data: DataFolder) -> None:
    assert check_folder(shipped_data.root / "rules/us-id").faults == []
