"""The twin of other jurisdictions' rules against figures by hand."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.reference.jurisdictions import (
    Clauses,
    MissingFigures,
    deposit_interest,
    deposit_limit,
    dormant_from,
    figure_on,
    mean_of_days,
    mean_of_last_full_week,
    mean_of_months,
    mean_of_weekly_means,
    rate_percent,
    split,
)
from tests.reference.rate_table import rates_from


def test_means_of_months() -> None:
    # December to November: 1.00 eleven times and 2.20 are 13.2 / 12 = 1.1.
    series = {(2024, month): Fraction(1) for month in range(1, 12)} | {(2023, 12): Fraction("2.2")}
    assert mean_of_months(series, (2023, 12), (2024, 11)) == Fraction("1.1")
    with pytest.raises(MissingFigures, match="2024-12"):
        mean_of_months(series, (2024, 11), (2025, 1))


def test_means_of_days_and_weeks() -> None:
    # November 2021: weeks from Monday 1, 8, 15, 22, 29; the 11th and the 25th have no market. Every day of the third
    # week has 0.2, the others 1.
    days = [date(2021, 11, n) for n in range(1, 31) if date(2021, 11, n).weekday() < 5 and n not in {11, 25}]
    series = {day: Fraction("0.2") if 15 <= day.day <= 19 else Fraction(1) for day in days}
    assert mean_of_last_full_week(series, 2021, 11) == Fraction("0.2")
    assert len(days) == 20
    assert mean_of_days(series, date(2021, 11, 1), date(2021, 11, 30)) == Fraction(16, 20)
    # Fridays 12 and 19: means of four days at 1 and five at 0.2; the days' own mean would be 5 / 9.
    assert mean_of_weekly_means(series, date(2021, 11, 6), date(2021, 11, 19)) == Fraction("0.6")
    with pytest.raises(MissingFigures):
        mean_of_last_full_week({}, 2021, 11)
    assert figure_on(series, date(2021, 11, 25)) == 1
    assert figure_on(series, date(2021, 11, 21)) == Fraction("0.2")


@pytest.mark.parametrize(
    ("average", "rule", "rate"),
    [
        ("0.1748", {}, "0.17"),
        ("0.1750", {}, "0.18"),
        ("0.27", {"step": Fraction(1, 10), "floor": Fraction(3, 2)}, "1.5"),
        ("1.55", {"step": Fraction(1, 10), "floor": Fraction(3, 2)}, "1.6"),
        ("4.13", {"step": Fraction(1), "floor": Fraction(1)}, "4"),
        ("0.21", {"step": Fraction(1), "floor": Fraction(1)}, "1"),
        ("2.5", {"step": Fraction(1)}, "3"),
        # A floor of 1.44 before the rounding to tenths gives 1.4, after it 1.44.
        ("1", {"step": Fraction(1, 10), "floor": Fraction("1.44"), "floor_after_rounding": False}, "1.4"),
        ("1", {"step": Fraction(1, 10), "floor": Fraction("1.44")}, "1.44"),
        ("5.38", {"multiplier": Fraction(3, 4)}, "4.04"),  # 4.035
        ("9", {"cap": Fraction(6)}, "6"),
        ("1.24", {"existing": Fraction(1), "threshold": Fraction(1, 4)}, "1"),
        ("1.25", {"existing": Fraction(1), "threshold": Fraction(1, 4)}, "1.25"),
    ],
)
def test_rates(average: str, rule: dict[str, Any], rate: str) -> None:
    assert rate_percent(Fraction(average), **rule) == (Fraction(rate), "computed")
    assert rate_percent(Fraction(average), **rule, published=Fraction(7)) == (Fraction(7), "published")


def _flat(ppm: int) -> Any:  # noqa: ANN401 - a rate function
    return lambda _: ppm


@pytest.mark.parametrize(
    ("clauses", "end", "cents"),
    [
        # Florida: 300.00 at 2 %; six months from 10 January 2024 are 10 July, 182 days of 366: 2.9836.
        (Clauses(holding_months=6), "2024-07-09", 0),
        (Clauses(holding_months=6), "2024-07-10", 2_98),
        (Clauses(holding_months=6, more_than=True), "2024-07-10", 0),
        (Clauses(holding_months=6, more_than=True), "2024-07-11", 3_00),  # 183 / 366
        (Clauses(holding_months=6, from_first_day=False), "2024-07-11", 2),  # one day: 1.639 cents
        # Longer than 90 days: 9 April 2024 is the 90th day after 10 January, the 91st earns 1.4918 for 91 days.
        (Clauses(holding_days=90, more_than=True), "2024-04-09", 0),
        (Clauses(holding_days=90, more_than=True), "2024-04-10", 1_49),
        (Clauses(least_principal_cents=300_00), "2024-04-10", 1_49),
        (Clauses(least_principal_cents=300_01), "2024-04-10", 0),
    ],
)
def test_clauses_on_interest(clauses: Clauses, end: str, cents: int) -> None:
    assert deposit_interest(300_00, date(2024, 1, 10), date.fromisoformat(end), _flat(20_000), clauses) == cents


def test_steps_by_length_of_service() -> None:
    # 2 % for 23 months, 1 January 2021 to 1 December 2022; 3 % from the 2nd on: 1,000.00 pays 20.00 in 2021, in 2022
    # 335 days at 2 % (18.356) and 30 at 3 % (2.466), 20.822.
    clauses = Clauses(steps=((23, 30_000),))
    assert deposit_interest(1_000_00, date(2021, 1, 1), date(2023, 1, 1), _flat(20_000), clauses) == 40_82
    started = date(2020, 1, 1)  # 3 % from 2 December 2021: 20.00 + 30 x 1 / 365 x 10.00 = 20.82, then 30.00
    assert (
        deposit_interest(1_000_00, date(2021, 1, 1), date(2023, 1, 1), _flat(20_000), clauses, service_from=started)
        == 50_82
    )


def test_interest_that_becomes_principal() -> None:
    # Massachusetts' municipal rates 0.13, 0.12, 0.32, 0.61 on 1,000.00, 1 July 2014 to 1 July 2017, 31 December's
    # interest included: 0.6553 -> 0.66; 1.2008 -> 1.20; 1,001.86 x 0.32 % = 3.2060 -> 3.21; 1,005.07 x 0.61 % x
    # 181 / 365 = 3.0403 -> 3.04: 8.11. Simple: 0.6553 + 1.20 + 3.20 + 3.0249 = 8.08.
    rates = rates_from(
        {date(2014, 1, 1): 1_300, date(2015, 1, 1): 1_200, date(2016, 1, 1): 3_200, date(2017, 1, 1): 6_100},
        date(2018, 1, 1),
    )
    span = (1_000_00, date(2014, 7, 1), date(2017, 7, 1), rates)
    assert deposit_interest(*span, Clauses(capitalized=(12, 31))) == 8_11
    assert deposit_interest(*span, Clauses()) == 8_08


def test_events_that_stop_interest() -> None:
    # Connecticut: 400.00 at 1.5 % over 2023 is 6.00; until 1 July (181 days) 2.9753.
    span = (400_00, date(2023, 1, 1), date(2024, 1, 1), _flat(15_000), Clauses())
    assert deposit_interest(*span) == 6_00
    assert deposit_interest(*span, stops=[None, date(2023, 9, 1), date(2023, 7, 1)]) == 2_98
    assert deposit_interest(*span, stops=[date(2022, 1, 1)]) == 0


def test_new_hampshire() -> None:
    # 250.00 from 16 May 2022 to 1 August 2024, prime by quarter in percent (days of the quarter):
    # 2022: 3.25 (46), 4 (92), 5.5 (92); 2023: 7 (90), 7.75 (91), 8.25 (92), 8.5 (92); 2024: 8.5 (213 of 366).
    # (149.5 + 368 + 506 + 630 + 705.25 + 759 + 782) / 365 = 10.68425; 8.5 x 213 / 366 = 4.94672; 15.63097 % of 250.
    quarters = {
        date(2022, 4, 1): 32_500,
        date(2022, 7, 1): 40_000,
        date(2022, 10, 1): 55_000,
        date(2023, 1, 1): 70_000,
        date(2023, 4, 1): 77_500,
        date(2023, 7, 1): 82_500,
        date(2023, 10, 1): 85_000,
    }
    rates = rates_from(quarters, date(2024, 10, 1))
    interest = deposit_interest(250_00, date(2022, 5, 16), date(2024, 8, 1), rates, Clauses())
    assert interest == 39_08
    assert split(250_00 + interest, [Fraction(85, 100), Fraction(15, 100)]) == [245_72, 43_36]
    assert dormant_from(date(2024, 8, 1), 1) == date(2025, 8, 2)


def test_split() -> None:
    assert split(100, [Fraction(1, 3)] * 3) == [34, 33, 33]
    assert split(101, [Fraction(15, 100), Fraction(85, 100)]) == [15, 86]  # 15.15 and 85.85
    assert split(0, [Fraction(1, 2), Fraction(1, 2)]) == [0, 0]


def test_limits() -> None:
    bills = [100_00, 50_00, 40_00, 30_00, 20_00, 10_00, 10_00, 20_00, 30_00, 40_00, 50_00, 90_01]
    assert sum(bills) == 490_01
    assert deposit_limit("average_months", bills=bills, months=1) == 40_83  # 40.834
    assert deposit_limit("average_months", bills=bills, months=2) == 81_66
    assert deposit_limit("highest_months", bills=bills, months=2) == 190_01
    assert deposit_limit("highest_months", bills=bills, months=1) == 100_00
    assert deposit_limit("highest_consecutive", bills=bills, months=2) == 150_00
    assert deposit_limit("year_twelfths", bills=bills, months=2) == 81_66
    assert deposit_limit("days", bills=bills, days=90, billed_days=365) == 120_82  # 120.824
    with pytest.raises(ValueError, match="12 bills"):
        deposit_limit("average_months", bills=bills, months=13)


def test_a_week_that_reaches_into_another_month_is_not_full() -> None:
    # November 2022: the 30th is a Wednesday, the 24th has no market: the last full week is 14-18 November.
    first = date(2022, 10, 31)
    days = [first + timedelta(days=n) for n in range(40)]
    series = {day: Fraction(day.day) for day in days if day.weekday() < 5 and day != date(2022, 11, 24)}
    assert mean_of_last_full_week(series, 2022, 11) == 16
