"""The twin of legal holidays against calendars by hand."""

from datetime import date

import pytest

from tests.reference.holidays import (
    business_day_from,
    business_day_until,
    colorado_holidays,
    federal_holidays,
    is_business_day,
    legal_holidays,
    nth_weekday,
)


def _short(days: dict[date, str]) -> str:
    return " ".join(f"{day.month}/{day.day}" for day in days)


def test_weekdays_of_a_month() -> None:
    # November 2026 starts on a Sunday: Thursdays 5, 12, 19, 26; Mondays 2 ... 30.
    assert nth_weekday(2026, 11, 3, 4) == date(2026, 11, 26)
    assert nth_weekday(2026, 11, 0, -1) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("year", "colorado", "federal"),
    [
        # 2026 starts on a Thursday; 4 July is a Saturday: Colorado keeps it, the federal government 3 July.
        (
            2026,
            "1/1 1/19 2/16 5/25 6/19 7/4 9/7 10/5 11/11 11/26 12/25",
            "1/1 1/19 2/16 5/25 6/19 7/3 9/7 10/12 11/11 11/26 12/25",
        ),
        # 2027: 19 June and 25 December are Saturdays, 4 July is a Sunday; 1 January 2028 is a Saturday.
        (
            2027,
            "1/1 1/18 2/15 5/31 6/19 7/5 9/6 10/4 11/11 11/25 12/25",
            "1/1 1/18 2/15 5/31 6/18 7/5 9/6 10/11 11/11 11/25 12/24 12/31",
        ),
        # 2028: 1 January is a Saturday, kept by the federal government in 2027; 11 November is a Saturday too.
        (
            2028,
            "1/1 1/17 2/21 5/29 6/19 7/4 9/4 10/2 11/11 11/23 12/25",
            "1/17 2/21 5/29 6/19 7/4 9/4 10/9 11/10 11/23 12/25",
        ),
        # 2022: Juneteenth and Christmas are Sundays; New Year's Day was a Saturday.
        (
            2022,
            "1/1 1/17 2/21 5/30 6/20 7/4 9/5 10/3 11/11 11/24 12/26",
            "1/17 2/21 5/30 6/20 7/4 9/5 10/10 11/11 11/24 12/26",
        ),
        # 2021: federal Juneteenth alone, on Friday the 18th; 4 July a Sunday; Christmas and next New Year Saturdays.
        (
            2021,
            "1/1 1/18 2/15 5/31 7/5 9/6 10/4 11/11 11/25 12/25",
            "1/1 1/18 2/15 5/31 6/18 7/5 9/6 10/11 11/11 11/25 12/24 12/31",
        ),
        # 2019: Columbus Day for both, the second Monday; no Juneteenth.
        (
            2019,
            "1/1 1/21 2/18 5/27 7/4 9/2 10/14 11/11 11/28 12/25",
            "1/1 1/21 2/18 5/27 7/4 9/2 10/14 11/11 11/28 12/25",
        ),
    ],
)
def test_years(year: int, colorado: str, federal: str) -> None:
    assert _short(colorado_holidays(year)) == colorado
    assert _short(federal_holidays(year)) == federal
    assert set(legal_holidays(year)) == {*colorado_holidays(year), *federal_holidays(year)}


def test_names() -> None:
    assert colorado_holidays(2026)[date(2026, 10, 5)] == "Frances Xavier Cabrini Day"
    assert federal_holidays(2027)[date(2027, 12, 31)] == "New Year's Day"
    assert "Cesar Chavez Day" not in legal_holidays(2026).values()
    assert list(legal_holidays(2027)) == sorted(legal_holidays(2027))


def test_business_days() -> None:
    # Thursday 26 November 2026 is Thanksgiving; Friday 27 is a business day.
    assert not is_business_day(date(2026, 11, 26))
    assert is_business_day(date(2026, 11, 27))
    assert business_day_from(date(2026, 11, 26)) == date(2026, 11, 27)
    # Friday 3 July 2026 (kept), Saturday 4, Sunday 5: on to Monday 6, back to Thursday 2.
    assert business_day_from(date(2026, 7, 3)) == date(2026, 7, 6)
    assert business_day_until(date(2026, 7, 5)) == date(2026, 7, 2)
    # Christmas 2022, a Sunday, is kept on Monday 26.
    assert business_day_from(date(2022, 12, 24)) == date(2022, 12, 27)
    # Over the turn of the year: Friday 31 December 2027 is kept, 1 and 2 January are a week-end.
    assert business_day_from(date(2027, 12, 31)) == date(2028, 1, 3)
    assert business_day_until(date(2028, 1, 2)) == date(2027, 12, 30)
