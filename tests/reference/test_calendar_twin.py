"""The twin of the calendar against results by hand and published cases (C... names them)."""

from datetime import date
from fractions import Fraction

import pytest

from tests.reference.by_hand import DAY_ENDS
from tests.reference.calendar import add_months, calendar_years, day_fraction, earning_days, extend_past_weekend
from tests.reference.rate_table import year_share, year_share_day_by_day


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
