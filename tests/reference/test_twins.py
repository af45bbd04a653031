"""The twins against results worked out by hand and cases that others published (C... names the case)."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.reference.annual_rate import MissingMonths, annual_rate, rate_chain, window
from tests.reference.arrearage import OutOfRange, arrearage_schedule
from tests.reference.calendar import add_months, calendar_years, day_fraction, earning_days, extend_past_weekend
from tests.reference.deposit_limit import deposit_limit, grounds, limit_from_months
from tests.reference.fixed_credit import (
    NoRuleBand,
    ShareOutsideBand,
    affordable_annual,
    fixed_credit,
    monthly_spread,
    recalculation_due,
    unaffordable,
)
from tests.reference.interest import (
    NoRate,
    RateTable,
    earned,
    earned_day_by_day,
    earned_events,
    interest_cents,
    interest_events_cents,
)
from tests.reference.rate_table import (
    STOP,
    rates_by_year,
    rates_from,
    year_share,
    year_share_day_by_day,
)
from tests.reference.rounding import round_fraction
from tests.reference.unclaimed import unclaimed

DAY_COUNTS = ["actual_actual", "actual_365", "actual_360", "thirty_e_360"]
DAY_ENDS = ["start_included_end_excluded", "start_excluded_end_included", "both", "neither"]
COMPUTED = RateTable(rates_by_year({2022: 800, 2023: 16_900, 2024: 49_300, 2025: 49_300, 2026: 40_800}))
TEN_PERCENT = RateTable(lambda _: 100_000)  # on 3,650.00 and over 365 days: a dollar a day, the six points 60 cents


# Rounding


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down", "up"),
    [
        ("0", 0, 0, 0, 0),
        ("0.5", 1, 0, 0, 1),
        ("1.5", 2, 2, 1, 2),
        ("2.5", 3, 2, 2, 3),
        ("2.4999", 2, 2, 2, 3),
        ("2.0001", 2, 2, 2, 3),
        ("2.5001", 3, 3, 2, 3),
        ("-2.5", -3, -2, -2, -3),
        ("3578.5", 3579, 3578, 3578, 3579),  # C068, in cents
    ],
)
def test_rounding_modes(value: str, half_up: int, half_even: int, down: int, up: int) -> None:
    rounded = [round_fraction(Fraction(value), mode) for mode in ("half_up", "half_even", "down", "up")]
    assert rounded == [half_up, half_even, down, up]


@pytest.mark.parametrize("average", ["4.215", "4.395", "1.595"])
def test_averages_that_binary_floats_round_down(average: str) -> None:
    assert Fraction(round_fraction(Fraction(average) * 100, "half_up"), 100) == Fraction(average) + Fraction("0.005")


def test_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rounding mode"):
        round_fraction(Fraction(1), "nearest")


# Annual rate

ONE_YEAR_TREASURY = {
    2011: "0.37 0.31 0.37 0.35 0.35 0.40 0.45 0.37 0.32 0.29 0.26 0.26",  # sum 4.10, C001
    2012: "0.23 0.25 0.29 0.27 0.29 0.26 0.25 0.19 0.18 0.19 0.11 0.10",  # sum 2.61, C002
    2013: "0.11 0.11 0.12 0.12 0.16 0.19 0.18 0.19 0.19 0.19 0.18 0.18",  # sum 1.92, C003
    2014: "0.18 0.18 0.16 0.15 0.16 0.15 0.12 0.12 0.14 0.12 0.13 0.12",  # sum 1.73, C004
    2023: "0.11 0.18 0.30 0.55 1.00 1.34 1.89 2.06 2.65 3.02 3.28 3.89",  # sum 20.27
    2024: "4.43 4.73 4.68 4.69 4.93 4.68 4.68 4.91 5.24 5.37 5.37 5.44",  # sum 59.15
}
MONTHS = {
    month: value
    for year, values in ONE_YEAR_TREASURY.items()
    for month, value in zip(window(year), values.split(), strict=True)
}


def _even_months(year: int, total: str) -> dict[str, str]:
    """A window with the given sum: all of it in the first month."""
    return dict.fromkeys(window(year), "0.00") | {window(year)[0]: total}


def test_the_window_runs_from_october_to_september() -> None:
    months = window(2024)
    assert (months[0], months[2], months[3], months[-1], len(months)) == (
        "2022-10",
        "2022-12",
        "2023-01",
        "2023-09",
        12,
    )


@pytest.mark.parametrize(
    ("year", "existing", "total", "average", "decision", "rate"),
    [
        (2011, "0.63", "4.10", "0.34", "reset", "0.34"),  # C001: 29 bp apart
        (2012, "0.34", "2.61", "0.22", "keep", "0.34"),  # C002: 12 bp
        (2013, "0.34", "1.92", "0.16", "keep", "0.34"),  # C003: 18 bp
        (2014, "0.34", "1.73", "0.14", "keep", "0.34"),  # C004: 20 bp
        (2023, "0.08", "20.27", "1.69", "reset", "1.69"),
        (2024, "1.69", "59.15", "4.93", "reset", "4.93"),
    ],
)
def test_published_rates(year: int, existing: str, total: str, average: str, decision: str, rate: str) -> None:
    found = annual_rate(MONTHS, year, Fraction(existing))
    assert found == {
        "average_exact": Fraction(total) / 12,
        "average": Fraction(average),
        "decision": decision,
        "rate": Fraction(rate),
    }


def test_a_chain_of_published_rates() -> None:
    assert rate_chain(MONTHS, {}, 2011, 2014) == dict.fromkeys(range(2011, 2015), Fraction("0.34"))
    assert rate_chain(MONTHS, {}, 2023, 2024) == {2023: Fraction("1.69"), 2024: Fraction("4.93")}


def test_a_published_rate_outranks_and_is_the_next_existing_rate() -> None:
    months = _even_months(2020, "24.00") | _even_months(2021, "25.20")
    assert rate_chain(months, {2020: "1.80"}, 2020, 2021) == {2020: Fraction("1.80"), 2021: Fraction("2.10")}
    assert rate_chain(months, {2020: "1.80"}, 2020, 2021, published_override=False) == {2020: 2, 2021: 2}
    assert rate_chain({}, {2020: "1.80"}, 2020, 2020) == {2020: Fraction("1.80")}


def test_the_threshold_is_inclusive_unless_told() -> None:
    months = _even_months(2020, "27.00")  # 2.25: 25 bp from 2.00
    assert annual_rate(months, 2020, Fraction(2))["decision"] == "reset"
    assert annual_rate(months, 2020, Fraction(2), threshold_inclusive=False)["decision"] == "keep"
    assert annual_rate(months, 2020, Fraction(2), threshold_bp=26)["decision"] == "keep"


def test_the_stage_of_the_threshold() -> None:
    months = _even_months(2020, "26.94")  # 2.245 exactly, 2.25 rounded half up
    assert annual_rate(months, 2020, Fraction(2))["rate"] == Fraction("2.25")
    assert annual_rate(months, 2020, Fraction(2), threshold_stage="unrounded")["rate"] == 2
    assert annual_rate(months, 2020, Fraction(2), average_rounding="half_even")["average"] == Fraction("2.24")
    assert annual_rate(months, 2020, None, average_decimals=1)["rate"] == Fraction("2.2")
    taken = annual_rate(months, 2020, Fraction("1.99"), threshold_stage="unrounded")
    assert (taken["decision"], taken["rate"]) == ("reset", Fraction("2.25"))


def test_missing_months_are_listed() -> None:
    months = {month: value for month, value in MONTHS.items() if month not in {"2022-12", "2023-09"}}
    with pytest.raises(MissingMonths) as refused:
        annual_rate(months, 2024, None)
    assert refused.value.months == ["2022-12", "2023-09"]


# Calendar


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("1901-01-15", 1, "1901-02-15"),  # C061
        ("2023-01-31", 3, "2023-04-30"),  # C064
        ("2024-02-29", 24, "2026-02-28"),  # C063
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-10-31", 4, "2025-02-28"),
        ("2023-10-31", 4, "2024-02-29"),
        ("2024-08-31", 4, "2024-12-31"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-15", -12, "2024-01-15"),
    ],
)
def test_month_arithmetic(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-07-03", "2026-07-03"),  # a Friday
        ("2026-07-04", "2026-07-06"),
        ("2026-07-05", "2026-07-06"),
        ("2026-07-06", "2026-07-06"),
    ],
)
def test_week_ends_move_to_monday(day: str, expected: str) -> None:
    assert extend_past_weekend(date.fromisoformat(day)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("start", "end", "day_count", "expected"),
    [
        ("2022-02-23", "2023-02-23", "actual_360", Fraction(365, 360)),  # C032
        ("2022-02-23", "2023-02-23", "actual_365", Fraction(1)),  # C033
        ("2022-02-23", "2026-02-23", "actual_365", Fraction(1461, 365)),  # C034
        ("2022-02-23", "2026-02-23", "thirty_e_360", Fraction(4)),  # C036
        ("2022-04-30", "2022-07-31", "actual_365", Fraction(92, 365)),  # C037
        ("2022-04-30", "2022-07-31", "thirty_e_360", Fraction(1, 4)),  # C038
        ("2018-12-31", "2019-02-28", "actual_360", Fraction(59, 360)),  # C056
        # C040's 30E/360 ISDA lengthens February to thirty days (1/2); 30E/360 does not.
        ("2022-08-31", "2023-02-28", "thirty_e_360", Fraction(178, 360)),
        ("2024-01-01", "2025-01-01", "actual_actual", Fraction(1)),
        ("2023-12-31", "2024-01-02", "actual_actual", Fraction(1, 365) + Fraction(1, 366)),
    ],
)
def test_day_counts(start: str, end: str, day_count: str, expected: Fraction) -> None:
    span = date.fromisoformat(start), date.fromisoformat(end)
    assert year_share_day_by_day(*span, day_count) == expected
    assert year_share(*span, day_count) == expected


def test_published_day_counts_to_ten_places() -> None:
    assert round(float(Fraction(365, 360)), 10) == 1.0138888889  # C032
    assert round(float(Fraction(1461, 365)), 9) == 4.002739726  # C034
    assert round(float(Fraction(92, 365)), 10) == 0.2520547945  # C037
    assert round(float(Fraction(59, 360)), 10) == 0.1638888889  # C056


def test_single_days_of_30e_360() -> None:
    thirds = [day_fraction(date.fromisoformat(f"2023-{day}"), "thirty_e_360") * 360 for day in ("01-29", "01-30")]
    assert thirds == [1, 0]
    assert day_fraction(date(2023, 1, 31), "thirty_e_360") * 360 == 1
    assert day_fraction(date(2023, 2, 28), "thirty_e_360") * 360 == 3
    assert day_fraction(date(2024, 2, 29), "thirty_e_360") * 360 == 2


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2024-03-04", [("01", "04"), ("02", "05"), ("01", "05"), ("02", "04")]),
        ("2024-03-02", [("01", "02"), ("02", "03"), ("01", "03"), ("02", "02")]),
        ("2024-03-01", [("01", "01"), ("02", "02"), ("01", "02"), ("02", "02")]),
        ("2024-02-28", [("01", "01")] * 4),
    ],
)
def test_earning_days(end: str, expected: list[tuple[str, str]]) -> None:
    found = [earning_days(date(2024, 3, 1), date.fromisoformat(end), ends) for ends in DAY_ENDS]
    assert found == [(date(2024, 3, int(first)), date(2024, 3, int(stop))) for first, stop in expected]


def test_calendar_years() -> None:
    new_year = date(2024, 1, 1), date(2025, 1, 1)
    assert calendar_years(date(2023, 12, 31), date(2025, 1, 2)) == [
        (date(2023, 12, 31), new_year[0]),
        new_year,
        (new_year[1], date(2025, 1, 2)),
    ]
    assert calendar_years(*new_year) == [new_year]
    assert calendar_years(new_year[0], new_year[0]) == []


# Interest


def _interest(cents: int, start: str, end: str, ppm: int, day_count: str) -> int:
    return interest_cents(
        cents,
        date.fromisoformat(start),
        date.fromisoformat(end),
        lambda _: ppm,
        day_count=day_count,
        day_ends="start_included_end_excluded",
        rounding_mode="half_up",
        rounding_point="posting",
    )


@pytest.mark.parametrize(
    ("day_count", "cents"),
    [("actual_actual", 986), ("actual_365", 989), ("actual_360", 1002), ("thirty_e_360", 986)],
)
def test_two_hundred_dollars_over_2024(day_count: str, cents: int) -> None:
    assert _interest(200_00, "2024-01-01", "2025-01-01", 49_300, day_count) == cents


@pytest.mark.parametrize(
    ("dollars", "start", "end", "ppm", "cents"),
    [
        (300_000, "2023-01-01", "2023-02-01", 60_000, 1528_77),  # C025
        (300_000, "2023-02-01", "2023-03-01", 60_000, 1380_82),  # C026
        (300_000, "2023-04-01", "2023-05-01", 60_000, 1479_45),  # C027
        (300_000, "2024-02-01", "2024-03-01", 60_000, 1430_14),  # C028
        (300_000, "2023-01-01", "2024-01-01", 60_000, 18000_00),  # C029
        (1_050, "2024-01-01", "2025-01-01", 50_000, 52_64),  # C030
        (10_000_000, "2024-01-01", "2024-01-02", 60_000, 1643_84),  # C058: 0.0001644 a day
    ],
)
def test_published_interest_over_365_days(dollars: int, start: str, end: str, ppm: int, cents: int) -> None:
    assert _interest(dollars * 100, start, end, ppm, "actual_365") == cents


SPANS = [
    (date(1990, 1, 1), date(2026, 12, 31)),
    (date(2023, 2, 28), date(2024, 3, 1)),
    (date(2024, 2, 29), date(2024, 3, 1)),
    (date(2023, 12, 30), date(2024, 1, 31)),
    (date(2024, 1, 30), date(2024, 1, 31)),
    (date(2025, 5, 5), date(2025, 5, 5)),
    (date(2025, 5, 6), date(2025, 5, 5)),
]
STEPS = rates_from({date(1990, 1, 1): 73_300, date(2023, 3, 15): 16_900, date(2024, 1, 31): 49_301}, date(2027, 1, 1))
STEP_TABLE = RateTable(STEPS)


@pytest.mark.parametrize(("day_count", "day_ends"), list(product(DAY_COUNTS, DAY_ENDS)))
def test_running_sums_equal_day_by_day(day_count: str, day_ends: str) -> None:
    for start, end in SPANS:
        plain = earned_day_by_day(200_01, start, end, STEPS, day_count=day_count, day_ends=day_ends)
        assert earned(200_01, start, end, STEPS, day_count=day_count, day_ends=day_ends) == plain
        assert earned(200_01, start, end, STEP_TABLE, day_count=day_count, day_ends=day_ends) == plain
        assert year_share(start, end, day_count) == year_share_day_by_day(start, end, day_count)


@pytest.mark.parametrize("rate_on", [STEPS, STEP_TABLE])
def test_an_earning_day_without_a_rate_is_refused(rate_on: Any) -> None:  # noqa: ANN401 - a function or a table
    plain = {"day_count": "actual_actual", "day_ends": "start_included_end_excluded"}
    assert earned(1_00, date(2026, 12, 31), date(2027, 1, 1), rate_on, **plain) > 0
    with pytest.raises(NoRate) as refused:
        earned(1_00, date(2026, 12, 31), date(2027, 1, 3), rate_on, **plain)
    assert refused.value.day == date(2027, 1, 1)
    with pytest.raises(NoRate) as refused:
        earned(1_00, date(1989, 12, 31), date(1990, 1, 2), rate_on, **plain)
    assert refused.value.day == date(1989, 12, 31)
    with pytest.raises(NoRate):
        earned(1_00, date(2026, 12, 31), date(2027, 1, 1), rate_on, day_count="actual_actual", day_ends="both")


def test_a_day_beyond_the_twins_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the twin's calendar"):
        year_share(date(2024, 1, 1), STOP.replace(month=2), "actual_365")


def _rounded(mode: str, point: str) -> int:
    # 50.00 at 0.3 % over three halves of a cent: 2023 7.5 (half the year), 2024 15, 2025 7.5 cents, together 30.
    return interest_cents(
        50_00,
        date(2023, 7, 1),
        date(2025, 7, 1),
        lambda _: 3_000,
        day_count="thirty_e_360",
        day_ends="start_included_end_excluded",
        rounding_mode=mode,
        rounding_point=point,
    )


@pytest.mark.parametrize(
    ("mode", "posting", "year"), [("half_up", 30, 31), ("half_even", 30, 31), ("down", 30, 29), ("up", 30, 31)]
)
def test_rounding_points(mode: str, posting: int, year: int) -> None:
    assert (_rounded(mode, "posting"), _rounded(mode, "year")) == (posting, year)


EVENTS = [(date(2023, 1, 1), 3_650_00), (date(2023, 1, 11), 3_650_00), (date(2023, 1, 21), -3_650_00)]


@pytest.mark.parametrize(
    ("day_ends", "dollars"),
    [
        ("start_included_end_excluded", 30 + 20 - 10),
        ("start_excluded_end_included", 30 + 20 - 10),
        ("both", 31 + 21 - 11),
        ("neither", 29 + 19 - 9),
    ],
)
def test_each_event_earns_over_its_own_days(day_ends: str, dollars: int) -> None:
    end = date(2023, 1, 31)
    later = [*EVENTS, (end, 999_00), (date(2024, 1, 1), -999_00)]
    found = earned_events(later, end, TEN_PERCENT, day_count="actual_365", day_ends=day_ends)
    assert found == dollars * 100


def test_events_round_once_or_each_calendar_year() -> None:
    # 30E/360 at 0.3 %: 25.00 earn 7.5 cents a year; from mid-2023 3.75 + 7.5, from the start of 2024 7.5.
    events = [(date(2023, 7, 1), 25_00), (date(2024, 1, 1), 25_00)]
    for point, cents in (("posting", 19), ("year", 4 + 15)):
        found = interest_events_cents(
            events,
            date(2025, 1, 1),
            lambda _: 3_000,
            day_count="thirty_e_360",
            day_ends="start_included_end_excluded",
            rounding_mode="half_up",
            rounding_point=point,
        )
        assert found == cents
    for point, cents in (("posting", 18), ("year", 3 + 15)):
        found = interest_events_cents(
            events,
            date(2025, 1, 1),
            lambda _: 3_000,
            day_count="thirty_e_360",
            day_ends="start_included_end_excluded",
            rounding_mode="down",
            rounding_point=point,
        )
        assert found == cents


def test_no_event_before_the_end_earns_nothing() -> None:
    found = interest_events_cents(
        [(date(2025, 1, 1), 25_00)],
        date(2025, 1, 1),
        TEN_PERCENT,
        day_count="actual_365",
        day_ends="both",
        rounding_mode="up",
        rounding_point="year",
    )
    assert found == 0


# Unclaimed monies


def _row(**columns: object) -> dict[str, Any]:
    return {"principal_cents": 3_650_00, "received_date": date(2024, 3, 1), **columns}


ENDED = {"service_ended_date": date(2024, 3, 15)}  # deemed 2026-03-16, points from 2026-07-17


def _amounts(result: Mapping[str, Any]) -> tuple[int, int, int]:
    return result["base_interest_cents"], result["surcharge_interest_cents"], result["interest_cents"]


def test_the_published_remittance_of_31_78() -> None:
    row = {
        "principal_cents": 200_00,
        "received_date": date(2022, 3, 1),
        "service_ended_date": date(2024, 3, 15),
        "remitted_date": date(2026, 9, 30),
    }
    assert unclaimed(row, date(2026, 12, 31), COMPUTED) == {
        "status": "remitted",
        "accrued_days": 1674,
        "base_interest_cents": 29_32,
        "surcharge_interest_cents": 2_46,
        "interest_cents": 31_78,
        "interest_due_cents": 31_78,
        "deemed_unclaimed_date": date(2026, 3, 16),
        "surcharge_from_date": date(2026, 7, 17),
        "remittance_cents": 231_78,
    }


@pytest.mark.parametrize(
    ("trigger", "deemed", "surcharge_from"),
    [
        ("2024-03-15", "2026-03-16", "2026-07-17"),
        ("2024-02-29", "2026-03-01", "2026-07-02"),
        ("2024-10-30", "2026-10-31", "2027-03-01"),
    ],
)
def test_the_two_dates(trigger: str, deemed: str, surcharge_from: str) -> None:
    row = _row(received_date=date(2023, 1, 1), service_ended_date=date.fromisoformat(trigger))
    found = unclaimed(row, date(2024, 12, 31), TEN_PERCENT)
    assert found["status"] == "waiting"
    assert found["deemed_unclaimed_date"] == date.fromisoformat(deemed)
    assert found["surcharge_from_date"] == date.fromisoformat(surcharge_from)


@pytest.mark.parametrize(
    ("switches", "deemed", "surcharge_from"),
    [
        ({"more_than": "anniversary"}, "2026-03-15", "2026-07-16"),
        ({"surcharge_start": "last_day_of_period"}, "2026-03-16", "2026-07-16"),
        ({"more_than": "anniversary", "surcharge_start": "last_day_of_period"}, "2026-03-15", "2026-07-15"),
        # 15 March 2026 is a Sunday: the two years end on Monday 16; the four months end on Friday 17 July.
        ({"weekend_extension": "statute"}, "2026-03-17", "2026-07-18"),
        ({"weekend_extension": "statute", "more_than": "anniversary"}, "2026-03-16", "2026-07-17"),
        ({"abandonment_months": 12, "grace_months": 6}, "2025-03-16", "2025-09-17"),
    ],
)
def test_switches_of_the_two_dates(switches: dict[str, Any], deemed: str, surcharge_from: str) -> None:
    found = unclaimed(_row(**ENDED), date(2024, 12, 31), TEN_PERCENT, **switches)
    assert found["deemed_unclaimed_date"] == date.fromisoformat(deemed)
    assert found["surcharge_from_date"] == date.fromisoformat(surcharge_from)


def test_a_week_end_at_the_end_of_the_four_months() -> None:
    # Two years end on Thursday 15 January 2026, deemed on the 16th; Saturday 16 May moves to the 18th, points after it.
    row = _row(received_date=date(2023, 1, 1), service_ended_date=date(2024, 1, 15))
    found = unclaimed(row, date(2024, 12, 31), TEN_PERCENT, weekend_extension="statute")
    assert found["deemed_unclaimed_date"] == date(2026, 1, 16)
    assert found["surcharge_from_date"] == date(2026, 5, 19)


@pytest.mark.parametrize(
    ("columns", "efforts_scope", "deemed"),
    [
        ({"order_payable_date": date(2024, 3, 10)}, "order", date(2026, 3, 11)),
        ({"order_payable_date": date(2024, 3, 20)}, "order", date(2026, 3, 16)),
        ({"order_payable_date": date(2024, 3, 10), "efforts_made": False}, "order", date(2026, 3, 16)),
        ({"order_payable_date": date(2024, 3, 10), "efforts_made": False}, "both", None),
        ({"order_payable_date": date(2024, 3, 10), "efforts_made": True}, "both", date(2026, 3, 11)),
        ({"order_payable_date": date(2024, 3, 10), "service_ended_date": None}, "order", date(2026, 3, 11)),
        ({"order_payable_date": date(2025, 1, 1), "service_ended_date": date(2025, 1, 1)}, "order", None),
    ],
)
def test_triggers(columns: dict[str, Any], efforts_scope: str, deemed: date | None) -> None:
    found = unclaimed(_row(**(ENDED | columns)), date(2024, 12, 31), TEN_PERCENT, efforts_scope=efforts_scope)
    assert found["deemed_unclaimed_date"] == deemed
    assert found["status"] == ("active" if deemed is None else "waiting")


@pytest.mark.parametrize(
    ("day", "columns", "status"),
    [
        ("2024-02-29", {}, "not_received"),
        ("2024-03-01", {}, "active"),
        ("2024-03-14", {}, "active"),
        ("2024-03-15", {}, "waiting"),
        ("2026-03-15", {}, "waiting"),
        ("2026-03-16", {}, "unclaimed"),
        ("2026-07-16", {}, "unclaimed"),
        ("2026-07-17", {}, "overdue"),
        ("2026-07-17", {"paid_date": date(2026, 7, 17)}, "returned"),
        ("2026-07-17", {"paid_date": date(2026, 7, 18)}, "overdue"),
        ("2026-07-17", {"remitted_date": date(2026, 7, 17)}, "remitted"),
        ("2026-07-17", {"remitted_date": date(2026, 7, 18)}, "overdue"),
        ("2026-07-20", {"remitted_date": date(2026, 7, 17), "paid_date": date(2026, 7, 17)}, "remitted"),
        ("2026-07-20", {"remitted_date": date(2026, 7, 17), "paid_date": date(2026, 7, 16)}, "returned"),
        ("2026-07-20", {"remitted_date": date(2026, 7, 17), "paid_date": date(2026, 7, 18)}, "remitted"),
        ("2026-07-20", {"kind": "overcharge_refund"}, "excluded"),
        ("2024-01-01", {"kind": "cost_adjustment_credit"}, "excluded"),
        ("2026-07-20", {"kind": None}, "overdue"),
    ],
)
def test_status(day: str, columns: dict[str, Any], status: str) -> None:
    found = unclaimed(_row(**(ENDED | columns)), date.fromisoformat(day), TEN_PERCENT)
    assert found["status"] == status
    pays = status in {"unclaimed", "overdue", "remitted"}
    assert (found["remittance_cents"] > 0) == pays


def test_excluded_and_not_received_have_neither_amounts_nor_dates() -> None:
    columns = ENDED | {"posted_cents": 5, "amounts_owed_cents": 5}
    nothing = {
        "accrued_days": 0,
        "base_interest_cents": 0,
        "surcharge_interest_cents": 0,
        "interest_cents": 0,
        "interest_due_cents": 0,
        "deemed_unclaimed_date": None,
        "surcharge_from_date": None,
        "remittance_cents": 0,
    }
    refund = unclaimed(_row(kind="overcharge_refund", **columns), date(2026, 7, 31), TEN_PERCENT)
    assert refund == {"status": "excluded", **nothing}
    early = unclaimed(_row(**columns), date(2024, 2, 1), TEN_PERCENT)
    assert early == {"status": "not_received", **nothing}


@pytest.mark.parametrize(
    ("day_ends", "days", "points_days"),
    [
        ("start_included_end_excluded", 882, 14),  # 1 March 2024 .. 30 July 2026; 17 .. 30 July
        ("start_excluded_end_included", 882, 15),
        ("both", 883, 15),
        ("neither", 881, 14),
    ],
)
def test_day_ends_decide_the_days_of_the_points_too(day_ends: str, days: int, points_days: int) -> None:
    found = unclaimed(_row(**ENDED), date(2026, 7, 31), TEN_PERCENT, day_count="actual_365", day_ends=day_ends)
    assert found["accrued_days"] == days
    assert _amounts(found) == (days * 100, points_days * 60, days * 100 + points_days * 60)


def test_remittance_is_net_and_never_negative() -> None:
    interest = 882_00 + 8_40
    columns = ENDED | {"posted_cents": 882_50, "amounts_owed_cents": 1_000_00}
    found = unclaimed(_row(**columns), date(2026, 7, 31), TEN_PERCENT, day_count="actual_365")
    assert found["interest_due_cents"] == interest - 882_50
    assert found["remittance_cents"] == 3_650_00 + interest - 882_50 - 1_000_00
    columns |= {"posted_cents": 900_00, "amounts_owed_cents": 9_000_00}
    found = unclaimed(_row(**columns), date(2026, 7, 31), TEN_PERCENT, day_count="actual_365")
    assert (found["interest_due_cents"], found["remittance_cents"]) == (interest - 900_00, 0)


@pytest.mark.parametrize(
    ("switches", "points"),
    [
        ({}, 14 * 60),
        ({"surcharge_mode": "multiplicative"}, 14 * 6),  # 10 % x 0.06
        ({"surcharge_principal": "net_of_owed"}, 7 * 60),  # half of the principal is owed
        # Accrued by 17 July: 868 dollars; 6 % of them for 14 of 365 days is 199.76 cents more.
        ({"surcharge_base": "principal_plus_accrued"}, 14 * 60 + 200),
        ({"surcharge_base": "principal_plus_accrued", "surcharge_principal": "net_of_owed"}, 7 * 60 + 200),
        ({"surcharge_ppm": 30_000}, 14 * 30),
    ],
)
def test_switches_of_the_points(switches: dict[str, Any], points: int) -> None:
    row = _row(**ENDED, amounts_owed_cents=1_825_00)
    found = unclaimed(row, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365", **switches)
    assert _amounts(found) == (882_00, points, 882_00 + points)


def test_more_owed_than_principal_leaves_no_points() -> None:
    row = _row(**ENDED, amounts_owed_cents=9_999_00)
    found = unclaimed(row, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365", surcharge_principal="net_of_owed")
    assert _amounts(found) == (882_00, 0, 882_00)


def test_points_start_at_receipt_where_it_comes_later() -> None:
    row = _row(**ENDED, kind="construction_advance") | {"received_date": date(2026, 7, 21)}
    found = unclaimed(row, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365")
    assert (found["accrued_days"], _amounts(found)) == (10, (10_00, 6_00, 16_00))


def test_construction_advances() -> None:
    advance = _row(**ENDED, kind="construction_advance")
    payable = unclaimed(advance, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365")
    assert _amounts(payable) == (882_00, 8_40, 890_40)
    advance["interest_payable"] = False
    found = unclaimed(advance, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365")
    assert (found["accrued_days"], _amounts(found)) == (882, (14_00, 8_40, 22_40))
    early = unclaimed(advance, date(2026, 7, 1), TEN_PERCENT, day_count="actual_365")
    assert (early["status"], _amounts(early)) == ("unclaimed", (0, 0, 0))
    accrued = unclaimed(
        advance, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365", surcharge_base="principal_plus_accrued"
    )
    assert _amounts(accrued) == (14_00, 8_40, 22_40)
    deposit = advance | {"kind": "deposit"}
    found = unclaimed(deposit, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365")
    assert _amounts(found) == (882_00, 8_40, 890_40)


def test_a_rate_is_needed_only_where_something_earns() -> None:
    only_2026 = RateTable(rates_by_year({2026: 100_000}))
    with pytest.raises(NoRate):
        unclaimed(_row(**ENDED), date(2026, 7, 31), only_2026)
    advance = _row(**ENDED, kind="construction_advance", interest_payable=False)
    assert _amounts(unclaimed(advance, date(2026, 7, 31), only_2026)) == (14_00, 8_40, 22_40)
    none_at_all = RateTable(rates_by_year({}))
    with pytest.raises(NoRate):
        unclaimed(advance, date(2026, 7, 31), none_at_all)
    assert unclaimed(_row(), date(2024, 3, 1), none_at_all)["interest_cents"] == 0


def test_rounding_each_calendar_year_with_the_points() -> None:
    # 25.00 at 0.3 % over 30/360: 0.625 cents a month, six points 12.5 cents a month, from 17 July 2026.
    # 2024: ten months 6.25; 2025: 7.5; 2026 to 17 August: 227 days 4.729, one month of points 12.5.
    row = _row(**ENDED) | {"principal_cents": 25_00}
    flat = RateTable(lambda _: 3_000)
    by_year = unclaimed(row, date(2026, 8, 17), flat, day_count="thirty_e_360", rounding_point="year")
    assert _amounts(by_year) == (6 + 8 + 5, 12, 6 + 8 + 17)
    # All of 2026: 7.5 and 164 days of points 68.33; 2027 to 17 February, 46 days: 0.958 and 19.167.
    two_years = unclaimed(row, date(2027, 2, 17), flat, day_count="thirty_e_360", rounding_point="year")
    assert _amounts(two_years) == (6 + 8 + 8 + 1, 87, 6 + 8 + 76 + 20)
    at_once = unclaimed(row, date(2026, 8, 17), flat, day_count="thirty_e_360")
    assert _amounts(at_once) == (18, 13, 31)
    down = unclaimed(row, date(2026, 8, 17), flat, day_count="thirty_e_360", rounding_mode="down")
    assert _amounts(down) == (18, 12, 30)


@pytest.mark.parametrize(("base_ppm", "cents"), [(25_360, 45_36), (25_620, 45_62), (25_150, 45_15), (23_960, 43_96)])
def test_points_add_to_the_rate(base_ppm: int, cents: int) -> None:
    # C017-C020: two points on a base rate, here on 1,000.00 over the whole of 2027.
    row = {
        "kind": "construction_advance",
        "interest_payable": False,
        "principal_cents": 1_000_00,
        "received_date": date(2027, 1, 1),
        "service_ended_date": date(2024, 1, 1),
    }
    found = unclaimed(row, date(2028, 1, 1), lambda _: base_ppm, surcharge_ppm=20_000)
    assert found["interest_cents"] == cents


def test_a_table_and_a_function_agree() -> None:
    row = _row(**ENDED)
    for day_count, day_ends, point in product(DAY_COUNTS, DAY_ENDS, ["posting", "year"]):
        switches: dict[str, Any] = {"day_count": day_count, "day_ends": day_ends, "rounding_point": point}
        as_of = date(2026, 9, 30)
        assert unclaimed(row, as_of, STEPS, **switches) == unclaimed(row, as_of, STEP_TABLE, **switches)


@pytest.mark.parametrize(
    "switch",
    [
        "day_count",
        "day_ends",
        "rounding_mode",
        "rounding_point",
        "more_than",
        "surcharge_start",
        "surcharge_mode",
        "surcharge_base",
        "surcharge_principal",
        "efforts_scope",
        "weekend_extension",
    ],
)
def test_unknown_switches_are_refused(switch: str) -> None:
    unknown: dict[str, Any] = {switch: "other"}
    with pytest.raises((ValueError, KeyError)):
        unclaimed(_row(**ENDED), date(2026, 7, 31), STEPS, **unknown)


# Deposit limit


@pytest.mark.parametrize(
    ("columns", "held", "expected"),
    [
        # 1,000.00 x 90 / 365 = 246.575..., x 60 / 365 = 164.38...
        ({}, 0, (246_57, 0, 246_57, False, "account")),
        ({"bills_in_advance": True}, 200_00, (164_38, 35_62, 0, True, "account")),
        ({"late_payments_12m": 2}, 1, (246_57, 0, 246_56, True, "account")),
        ({"late_payments_12m": 3}, 246_57, (246_57, 0, 0, False, "account")),
        ({"late_payments_12m": None}, 246_58, (246_57, 1, 0, False, "account")),
        ({"billed_days": None}, 0, (90_00, 0, 90_00, False, "premises")),
        ({"billed_days": None, "premises_billed_cents": None}, 0, (9_00, 0, 9_00, False, "class")),
    ],
)
def test_deposit_limit(columns: dict[str, Any], held: int, expected: tuple[int, int, int, bool, str]) -> None:
    row = {
        "billed_cents": 1_000_00,
        "billed_days": 365,
        "late_payments_12m": 0,
        "premises_billed_cents": 30_00,
        "premises_billed_days": 30,
        "class_billed_cents": 36_50,
        "class_billed_days": 365,
    }
    limit, excess, available, return_due, source = expected
    assert deposit_limit(row | columns, held) == {
        "held_cents": held,
        "limit_cents": limit,
        "excess_cents": excess,
        "available_cents": available,
        "return_due": return_due,
        "estimate_source": source,
    }


def test_deposit_limit_parameters() -> None:
    row = {"billed_cents": 365_00, "billed_days": 365, "late_payments_12m": 3}
    assert deposit_limit(row, 50_00, limit_days=45, late_payments_max=3) == {
        "held_cents": 50_00,
        "limit_cents": 45_00,
        "excess_cents": 5_00,
        "available_cents": 0,
        "return_due": True,
        "estimate_source": "account",
    }
    assert deposit_limit(row | {"bills_in_advance": True}, 0, limit_in_advance_days=30)["limit_cents"] == 30_00


def test_no_billing_figures_at_all() -> None:
    with pytest.raises(ValueError, match="no billing figures"):
        deposit_limit({"billed_cents": 1}, 0)


def test_limits_from_months() -> None:
    bills = [10, 20, 31, 40, 5, 5, 5, 5, 5, 5, 5, 90]
    assert sum(bills) == 226
    assert limit_from_months(bills, "monthly_average", 3) == 56  # 226 x 3 / 12 = 56.5
    assert limit_from_months(bills, "monthly_average", 2) == 37  # 37.67
    assert limit_from_months(bills, "peak_consecutive", 3) == 100  # 5 + 5 + 90, before 20 + 31 + 40
    assert limit_from_months(bills, "peak_consecutive", 2) == 95
    assert limit_from_months([7, 9], "peak_consecutive", 2) == 16
    with pytest.raises(ValueError, match="2 monthly bills"):
        limit_from_months([7, 9], "peak_consecutive", 3)
    with pytest.raises(ValueError, match="unknown method"):
        limit_from_months([7, 9], "median", 2)


def test_grounds() -> None:
    applied = date(2025, 3, 31)
    assert grounds(applied, False, None, None) == []
    assert grounds(applied, True, date(2025, 1, 30), date(2024, 3, 31)) == [
        "past_service",
        "good_payment_history",
        "energy_assistance",
    ]
    assert grounds(applied, False, date(2025, 1, 29), date(2024, 3, 30)) == []
    assert grounds(applied, False, date(2025, 1, 29), None, window_days=61) == ["good_payment_history"]
    assert grounds(applied, False, None, date(2024, 9, 30), window_months=6) == ["energy_assistance"]
    assert grounds(applied, False, date(2025, 4, 1), date(2025, 4, 1)) == []
    assert grounds(applied, False, applied, applied) == ["good_payment_history", "energy_assistance"]


# Fixed credit and arrearage

TARIFF = {
    "share_ppm": {
        "electric_heat": 60_000,
        "electric_heat_with_gas": 50_000,
        "electric_other_heat": 30_000,
        "gas_heat": 30_000,
        "gas_electric_heat": 10_000,
    },
    "minimum_monthly_payment_cents": {"electric_heat": 0, "electric_other_heat": 0, "gas": 0},
    "leap_offset": True,
    "arrearage_months": 24,
    "copayment_ppm": 0,
}
GUIDELINES = {
    "fpl": {
        2023: {size: 10_000 + 5_000 * (size - 1) for size in range(1, 9)} | {"additional": 6_000},
        2024: {size: 11_000 + 5_000 * (size - 1) for size in range(1, 9)} | {"additional": 6_000},
    },
    "ami": {
        ("08031", 2023): {size: 40_000 + 1_000 * size for size in range(1, 9)},
        ("08001", 2024): {size: 30_000 + 1_000 * size for size in range(1, 9)},
    },
    "leap": {
        2023: {size: 4_000 + 100 * size for size in range(1, 9)} | {"additional": 50},
        2024: {size: 5_000 + 100 * size for size in range(1, 9)} | {"additional": 50},
    },
}
SUMMER = date(2024, 7, 1)


def _participant(**columns: object) -> dict[str, Any]:
    return {
        "service": "electric",
        "primary_heating": "electric",
        "regulated_gas": False,
        "household_income_cents": 20_000_00,
        "household_size": 1,
        "county_fips": None,
        "leap_qualified": False,
        "full_annual_bill_cents": 1_800_00,
        **columns,
    }


def _credit(**columns: object) -> dict[str, Any]:
    return fixed_credit(_participant(**columns), TARIFF, GUIDELINES, SUMMER)


def test_a_plain_participant() -> None:
    assert _credit() == {
        "eligible": True,
        "eligible_basis": "fpl_200",
        "guideline_year": 2024,
        "share_ppm": 60_000,
        "affordable_annual_cents": 1_200_00,
        "fixed_credit_annual_cents": 600_00,
        "program_credit_annual_cents": 600_00,
        "monthly_credit_cents": [50_00] * 12,
        "leap_to_unaffordable_cents": 0,
        "leap_to_arrearage_cents": 0,
        "leap_to_account_cents": 0,
        "recalculation_due": False,
        "arrearage_credit_cents": [],
    }


def test_published_credit_of_another_state() -> None:
    # C073: 10 % of 1,000 a month against a bill of 300 a month: pay 100, credit 200.
    affordable = affordable_annual(12_000_00, 100_000, 0)
    assert monthly_spread(affordable, 12) == [100_00] * 12
    assert monthly_spread(unaffordable(3_600_00, affordable), 12) == [200_00] * 12


@pytest.mark.parametrize(
    ("columns", "lowest", "highest"),
    [
        ({}, 30_000, 60_000),
        ({"regulated_gas": True}, 30_000, 50_000),
        ({"primary_heating": "gas", "regulated_gas": True}, 20_000, 30_000),
        ({"primary_heating": "other"}, 20_000, 30_000),
        ({"service": "gas", "primary_heating": "gas", "regulated_gas": True}, 20_000, 30_000),
        ({"service": "gas", "regulated_gas": True}, 0, 10_000),
    ],
)
def test_bands(columns: dict[str, Any], lowest: int, highest: int) -> None:
    assert _credit(**columns)["share_ppm"] == highest
    assert _credit(**columns, share_ppm=lowest)["affordable_annual_cents"] == 20_000_00 * lowest // 10**6
    for outside in (lowest - 1, highest + 1):
        with pytest.raises(ShareOutsideBand):
            _credit(**columns, share_ppm=outside)


def test_a_gas_account_with_another_heat_has_no_band() -> None:
    with pytest.raises(NoRuleBand):
        _credit(service="gas", primary_heating="other")


def test_affordable_is_rounded_down_and_the_credit_is_never_negative() -> None:
    found = _credit(household_income_cents=20_000_33, full_annual_bill_cents=1_200_02)
    assert (found["affordable_annual_cents"], found["fixed_credit_annual_cents"]) == (1_200_01, 1)
    assert found["monthly_credit_cents"] == [1] + [0] * 11
    assert _credit(full_annual_bill_cents=1_199_99)["fixed_credit_annual_cents"] == 0


@pytest.mark.parametrize(
    ("columns", "affordable"),
    [
        ({}, 240_00),
        ({"regulated_gas": True}, 240_00),
        ({"primary_heating": "gas"}, 120_00),
        ({"service": "gas"}, 60_00),
        ({"service": "gas", "primary_heating": "gas"}, 60_00),
    ],
)
def test_zero_income(columns: dict[str, Any], affordable: int) -> None:
    minimum = {"electric_heat": 20_00, "electric_other_heat": 10_00, "gas": 5_00}
    tariff = TARIFF | {"minimum_monthly_payment_cents": minimum, "copayment_ppm": 10_000}
    row = _participant(household_income_cents=0, arrearage_cents=24, **columns)
    found = fixed_credit(row, tariff, GUIDELINES, SUMMER)
    assert found["affordable_annual_cents"] == affordable
    assert found["arrearage_credit_cents"] == [1] * 24
    with pytest.raises(OutOfRange):
        fixed_credit(row | {"arrearage_copay_cents": 1}, tariff, GUIDELINES, SUMMER)


def test_a_minimum_payment_above_the_rule_is_refused() -> None:
    tariff = TARIFF | {"minimum_monthly_payment_cents": {"electric_heat": 20_01}}
    with pytest.raises(ValueError, match="minimum payment for electric_heat"):
        fixed_credit(_participant(), tariff, GUIDELINES, SUMMER)


@pytest.mark.parametrize(
    ("grant", "offset", "split", "monthly", "schedule"),
    [
        (300_00, True, (300_00, 0, 0), [25_00] * 12, [50] * 10),
        (600_00, True, (600_00, 0, 0), [0] * 12, [50] * 10),
        (602_00, True, (600_00, 2_00, 0), [0] * 12, [30] * 10),
        (605_00, True, (600_00, 5_00, 0), [0] * 12, []),
        (700_00, True, (600_00, 5_00, 95_00), [0] * 12, []),
        (700_00, False, (0, 0, 700_00), [50_00] * 12, [50] * 10),
    ],
)
def test_the_order_of_a_grant(
    grant: int, offset: bool, split: tuple[int, int, int], monthly: list[int], schedule: list[int]
) -> None:
    row = _participant(leap_grant_cents=grant, arrearage_cents=5_00, arrearage_months=10)
    found = fixed_credit(row, TARIFF | {"leap_offset": offset}, GUIDELINES, SUMMER)
    parts = [found[f"leap_to_{part}_cents"] for part in ("unaffordable", "arrearage", "account")]
    assert tuple(parts) == split
    assert found["program_credit_annual_cents"] == 600_00 - split[0]
    assert found["monthly_credit_cents"] == monthly
    assert found["arrearage_credit_cents"] == schedule


@pytest.mark.parametrize(
    ("new", "basis", "due"),
    [
        (125, 100, True),
        (124, 100, False),
        (75, 100, True),
        (76, 100, False),
        (100, 100, False),
        (0, 0, False),
        (1, 0, True),
        (126, 101, False),  # 25 x 4 = 100
        (127, 101, True),
    ],
)
def test_recalculation(new: int, basis: int, due: bool) -> None:
    assert recalculation_due(new, basis) is due


def test_a_recalculation_keeps_the_months_gone_by() -> None:
    # Basis 1,800.05: credit 600.05 a year, 50.01 in five months, then 50.00; new 2,400.00: 1,200.00, 100.00 a month.
    bills = {"basis_bill_cents": 1_800_05, "full_annual_bill_cents": 2_400_00}
    old = [50_01] * 5 + [50_00] * 7
    for remaining, schedule in ((None, [100_00] * 12), (9, [50_01] * 3 + [100_00] * 9), (0, old)):
        found = _credit(**bills, months_remaining=remaining)
        assert found["recalculation_due"]
        assert found["fixed_credit_annual_cents"] == 1_200_00
        assert found["monthly_credit_cents"] == schedule


def test_a_recalculation_takes_the_first_months_of_the_new_schedule_and_the_same_grant() -> None:
    # New: 1,200.02 less a grant of 900.00 is 300.02; basis: 600.00, all of it covered by the same grant.
    found = _credit(
        basis_bill_cents=1_800_00,
        full_annual_bill_cents=2_400_02,
        leap_grant_cents=900_00,
        arrearage_cents=10_00,
        months_remaining=3,
    )
    assert found["monthly_credit_cents"] == [0] * 9 + [25_01, 25_01, 25_00]
    assert (found["leap_to_unaffordable_cents"], found["leap_to_arrearage_cents"]) == (900_00, 0)
    assert found["program_credit_annual_cents"] == 300_02


def test_no_recalculation_stays_on_the_basis() -> None:
    found = _credit(basis_bill_cents=1_800_00, full_annual_bill_cents=2_249_99, months_remaining=3)
    assert (found["recalculation_due"], found["fixed_credit_annual_cents"]) == (False, 600_00)
    assert found["monthly_credit_cents"] == [50_00] * 12


@pytest.mark.parametrize(
    ("copay", "tariff_ppm", "schedule"),
    [
        (None, 0, [100_00, 100_00, 100_00]),
        (None, 5_000, [66_67, 66_67, 66_66]),  # half a per cent of 20,000 is 100
        (None, 50_000, [33_34, 33_33, 33_33]),  # never above 1 %, 200
        (0, 50_000, [100_00, 100_00, 100_00]),
        (200_00, 0, [33_34, 33_33, 33_33]),
    ],
)
def test_copayments(copay: int | None, tariff_ppm: int, schedule: list[int]) -> None:
    row = _participant(arrearage_cents=300_00, arrearage_months=3, arrearage_copay_cents=copay)
    found = fixed_credit(row, TARIFF | {"copayment_ppm": tariff_ppm}, GUIDELINES, SUMMER)
    assert found["arrearage_credit_cents"] == schedule


def test_copayments_are_cut_to_what_is_left() -> None:
    assert _credit(arrearage_cents=50_00, arrearage_copay_cents=200_00)["arrearage_credit_cents"] == [0] * 24


@pytest.mark.parametrize(
    "columns",
    [
        {"arrearage_cents": 300_00, "arrearage_copay_cents": 200_01},
        {"arrearage_months": 0, "arrearage_cents": 1},
        {"arrearage_months": 25, "arrearage_cents": 1},
        {"months_remaining": 13},
        {"months_remaining": -1},
        {"household_size": 0},
        {"household_size": 31},
    ],
)
def test_out_of_range(columns: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange):
        _credit(**columns)


def test_arrearage_schedules() -> None:
    assert arrearage_schedule(1_200_00, 0, 12) == [100_00] * 12  # C074
    assert arrearage_schedule(1_002, 0, 5) == [201, 201, 200, 200, 200]  # C070
    assert arrearage_schedule(1_002, 1_000, 5) == [1, 1, 0, 0, 0]
    assert arrearage_schedule(0, 5, 5) == []
    assert arrearage_schedule(5, 6, 2) == [0, 0]
    assert arrearage_schedule(5, 0, 24) == [1] * 5 + [0] * 19


def test_monthly_spread() -> None:
    assert monthly_spread(1_002, 5) == [201, 201, 200, 200, 200]  # C070
    assert monthly_spread(11, 12) == [1] * 11 + [0]
    assert monthly_spread(0, 2) == [0, 0]


@pytest.mark.parametrize(
    ("dollars", "columns", "day", "basis", "year"),
    [
        # 2024: twice 11,000; size 9: 11,000 + 7 x 5,000 + 6,000 = 52,000, twice 104,000.
        ("22000.00", {}, SUMMER, "fpl_200", 2024),
        ("22000.01", {"leap_qualified": True}, SUMMER, "leap", 2024),
        ("104000.00", {"household_size": 9}, SUMMER, "fpl_200", 2024),
        # 2030 has no guideline: the newest one; 2022 has none that is not later.
        ("22000.00", {}, date(2030, 1, 1), "fpl_200", 2024),
        ("20000.00", {}, date(2023, 12, 31), "fpl_200", 2023),
        ("1.00", {}, date(2022, 7, 1), "none", None),
        ("1.00", {"leap_qualified": True}, date(2022, 7, 1), "leap", None),
        # The county of 2023 only; an unknown county; a household of nine has no limit in the table.
        ("41000.00", {"county_fips": "08031"}, SUMMER, "ami_80", 2024),
        ("31000.00", {"county_fips": "08001"}, SUMMER, "ami_80", 2024),
        ("31000.00", {"county_fips": "08001"}, date(2023, 12, 31), "leap", 2023),
        ("104000.01", {"household_size": 9, "county_fips": "08031"}, SUMMER, "none", 2024),
        # LEAP year 2023 until September 2024: 12 x 4,100 = 49,200; then 12 x 5,100 = 61,200.
        ("49200.00", {"county_fips": "08999"}, date(2024, 9, 30), "leap", 2024),
        ("49200.01", {}, date(2024, 9, 30), "none", 2024),
        ("61200.00", {}, date(2024, 10, 1), "leap", 2024),
        ("61200.00", {}, date(2030, 10, 1), "leap", 2024),
        ("61200.01", {}, date(2024, 10, 1), "none", 2024),
    ],
)
def test_eligibility(dollars: str, columns: dict[str, Any], day: date, basis: str, year: int | None) -> None:
    row = _participant(household_income_cents=int(Fraction(dollars) * 100), **columns)
    found = fixed_credit(row, TARIFF, GUIDELINES, day)
    assert (found["eligible_basis"], found["guideline_year"]) == (basis, year)
    assert found["eligible"] is (basis != "none")
