"""Day tables against datetime.date and the twin, over every day that the calculators know."""

from datetime import date, timedelta

import numpy as np
import pytest

from calc.kernels import accrual, calendar
from calc.units import EPOCH, FIRST_DATE, FIRST_DAY, LAST_DATE, LAST_DAY, to_date, to_day
from tests.reference import calendar as twin
from tests.reference.holidays import business_day_from, legal_holidays

DAY_COUNTS = ("actual_actual", "actual_365", "actual_360", "thirty_e_360")


def test_every_day_weighs_what_the_twin_says() -> None:
    for day_count in DAY_COUNTS:
        weights = calendar.day_weights(day_count)
        assert weights.size == (LAST_DATE - FIRST_DATE).days + 1
        for place in range(0, weights.size, 7 if day_count != "thirty_e_360" else 1):
            day = FIRST_DATE + timedelta(days=place)
            assert weights[place] == twin.day_fraction(day, day_count) * calendar.YEAR_UNITS, (day, day_count)


def test_months_by_hand() -> None:
    cases = {
        (date(2024, 3, 15), 24): date(2026, 3, 15),
        (date(2024, 2, 29), 24): date(2026, 2, 28),
        (date(2024, 2, 29), 48): date(2028, 2, 29),
        (date(2026, 10, 31), 4): date(2027, 2, 28),
        (date(2024, 1, 31), 3): date(2024, 4, 30),
        (date(2026, 3, 31), -1): date(2026, 2, 28),
        (date(2026, 1, 15), 1): date(2026, 2, 15),  # C.R.S. 2-4-108(3), Daly v. Concordia
    }
    for (day, months), expected in cases.items():
        assert to_date(calendar.add_months(np.array([to_day(day)]), months)[0]) == expected


@pytest.mark.parametrize("months", [24, 4, 1, -12])
def test_months_of_every_day(months: int) -> None:
    days = calendar.all_days()
    moved = calendar.add_months(days, months)
    for place in range(0, days.size, 5):
        assert to_date(moved[place]) == twin.add_months(to_date(days[place]), months)


def test_days_off() -> None:
    days = calendar.all_days()
    holidays = np.array([to_day(day) for year in range(1955, 2102) for day in legal_holidays(year)], dtype=np.int64)
    moved = calendar.extend_past_days_off(days, holidays)
    assert all(to_date(moved[place]) == business_day_from(to_date(days[place])) for place in range(0, days.size, 3))


def test_year_starts() -> None:
    starts = calendar.year_starts()
    assert [to_date(day) for day in starts] == [date(year, 1, 1) for year in range(1955, 2102)]
    assert starts[0] == FIRST_DAY
    assert starts[-1] == LAST_DAY + 1
    assert to_day(EPOCH) == 0


@pytest.mark.parametrize("day_count", DAY_COUNTS)
@pytest.mark.parametrize("day_ends", list(calendar.DAY_ENDS))
def test_shares_of_a_year(day_count: str, day_ends: str) -> None:
    weights = calendar.day_weights(day_count)
    index = np.empty(weights.size + 1, dtype=np.int64)
    accrual.accrual_index(np.ones_like(weights), weights, index)
    spans = [
        (date(2022, 2, 23), date(2026, 2, 23)),
        (date(2018, 12, 31), date(2019, 2, 28)),
        (date(2024, 2, 28), date(2024, 3, 1)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 3, 2), date(2024, 3, 1)),
        (FIRST_DATE, LAST_DATE),
    ]
    starts = np.array([to_day(start) for start, _ in spans], dtype=np.int32)
    ends = np.array([to_day(end) for _, end in spans], dtype=np.int32)
    units = np.empty(len(spans), dtype=np.int64)
    calendar.year_units(starts, ends, index, *calendar.DAY_ENDS[day_ends], units)
    for (start, end), found in zip(spans, units, strict=True):
        first, stop = twin.earning_days(start, end, day_ends)
        days = [first + timedelta(days=n) for n in range((stop - first).days)]
        assert found == sum(twin.day_fraction(day, day_count) for day in days) * calendar.YEAR_UNITS, (start, end)
