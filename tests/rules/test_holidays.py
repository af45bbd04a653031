"""Legal holidays day by day against the published library and against the twin, and by hand."""

from datetime import date, timedelta

import holidays as library
import pytest

from calc.rules.holidays import business_day_from, business_day_until, day_off, legal_holidays
from tests.reference import holidays as twin

# The library ends in 2100. Martin Luther King Day was first kept in 1986; no rate is in force before 1990.
YEARS = range(1986, 2101)
FEDERAL_DAYS = library.country_holidays("US", years=range(1985, 2102))
COLORADO_DAYS = library.country_holidays("US", subdiv="CO", years=range(1985, 2102))


def library_day(day: date) -> bool:
    """Whether either government keeps the day, as the library has it, with what is known to differ named."""
    colorado = COLORADO_DAYS.get_list(day)
    # An optional day: a state employee may take it in the place of another one, C.R.S. 24-11-112.
    colorado = [name for name in colorado if name != "Cesar Chavez Day"]
    # Kept by the state since Senate Bill 22-139; the library takes the federal year, 2021, for Colorado too.
    if day.year == 2021:
        colorado = [name for name in colorado if not name.startswith("Juneteenth")]
    # Under C.R.S. 24-11-101 a holiday on a Saturday stays there; the library keeps it on Friday, as the federal one.
    if day.weekday() == 4:
        colorado = [name for name in colorado if not name.endswith("(observed)")]
    # Until 2019 Colorado kept Columbus Day, the federal day; the library has none for Colorado.
    return bool(colorado or FEDERAL_DAYS.get_list(day))


def test_every_day_of_a_hundred_years_against_the_library() -> None:
    day, differing, compared = date(YEARS[0], 1, 1), [], 0
    while day.year in YEARS:
        if day.weekday() < 5:
            compared += 1
            if bool(day_off(day)) != library_day(day):
                differing.append(day)
        day += timedelta(days=1)
    assert differing == []
    assert compared > 100 * 260


def test_every_day_against_the_twin() -> None:
    for year in range(1955, 2104):
        assert list(legal_holidays(year)) == list(twin.legal_holidays(year))
    for offset in range(0, 54_000, 7):
        day = date(1955, 1, 3) + timedelta(days=offset + offset // 7 % 7)
        assert business_day_from(day) == twin.business_day_from(day)
        assert business_day_until(day) == twin.business_day_until(day)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-07-03", "Independence Day (federal)"),  # 4 July 2026 is a Saturday: Friday for the federal government
        ("2026-07-04", "Independence Day (Colorado)"),
        ("2026-07-05", "Sunday"),
        ("2026-07-06", ""),
        ("2026-10-05", "Frances Xavier Cabrini Day (Colorado)"),  # first Monday
        ("2026-10-12", "Columbus Day (federal)"),
        ("2019-10-14", "Columbus Day"),  # both, until 2019
        ("2019-10-07", ""),
        ("2021-06-18", "Juneteenth (federal)"),  # 19 June 2021 was a Saturday; the state's first was in 2022
        ("2022-06-20", "Juneteenth"),  # from a Sunday
        ("2027-12-31", "New Year's Day (federal)"),  # 1 January 2028 is a Saturday
        ("2026-11-26", "Thanksgiving"),
        ("2026-11-27", ""),
        ("2026-03-31", ""),  # Cesar Chavez Day
        ("2025-01-20", "Martin Luther King Day"),  # Inauguration Day is none
        ("2028-02-21", "Washington-Lincoln Day"),
        ("2026-11-28", "Saturday"),
    ],
)
def test_why_a_day_is_off(day: str, why: str) -> None:
    assert day_off(date.fromisoformat(day)) == why


def test_business_days_by_hand() -> None:
    # Friday 31 December 2027 is kept for New Year's Day; 1 and 2 January are a week-end.
    assert business_day_from(date(2027, 12, 31)) == date(2028, 1, 3)
    assert business_day_until(date(2028, 1, 2)) == date(2027, 12, 30)
    assert business_day_until(date(2026, 12, 1)) == date(2026, 12, 1)
