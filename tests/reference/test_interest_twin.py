"""The twin of interest against results by hand and published cases (C... names them)."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from tests.reference.by_hand import DAY_COUNTS, DAY_ENDS, STEP_TABLE, STEPS, TEN_PERCENT
from tests.reference.interest import (
    NoRate,
    earned,
    earned_day_by_day,
    earned_events,
    interest_cents,
    interest_events_cents,
)
from tests.reference.rate_table import STOP, year_share, year_share_day_by_day


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
