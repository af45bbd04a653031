"""The twin of filing and notice days against days counted by hand."""

from datetime import date

import pytest

from tests.reference.notice import earliest_effective, notice_dates


def test_the_first_of_january_2027() -> None:
    # 2 to 31 December are thirty days; 1 December 2026 is a Tuesday; the first twenty days end on 21 December.
    assert notice_dates(date(2027, 1, 1)) == {
        "filing_day_reckoned": date(2026, 12, 1),
        "file_by": date(2026, 12, 1),
        "notice_first": date(2026, 12, 2),
        "notice_last": date(2026, 12, 31),
        "additional_first": date(2026, 12, 2),
        "additional_last": date(2026, 12, 21),
        "posted_first": date(2026, 12, 1),
        "posted_last": date(2026, 12, 31),
    }


@pytest.mark.parametrize(
    ("effective", "reckoned", "file_by"),
    [
        ("2025-01-01", "2024-12-01", "2024-11-29"),  # a Sunday; Friday 29 November is no holiday
        ("2019-01-01", "2018-12-01", "2018-11-30"),  # a Saturday
        ("2026-12-27", "2026-11-26", "2026-11-25"),  # Thanksgiving
        ("2026-08-03", "2026-07-03", "2026-07-02"),  # Friday 3 July: Independence Day, a Saturday, is kept on it
        ("2026-08-05", "2026-07-05", "2026-07-02"),  # Sunday, over 4 and 3 July
        ("2026-11-05", "2026-10-05", "2026-10-02"),  # Cabrini Day, Colorado alone: Friday before
        ("2026-11-12", "2026-10-12", "2026-10-09"),  # Columbus Day, federal alone
        ("2028-01-31", "2027-12-31", "2027-12-30"),  # New Year's Day 2028, a Saturday, is kept on it
        ("2027-03-01", "2027-01-29", "2027-01-29"),  # 30 January to 28 February are thirty days
        ("2028-03-01", "2028-01-30", "2028-01-28"),  # 31 January to 29 February are thirty; 30 January is a Sunday
    ],
)
def test_filing_days(effective: str, reckoned: str, file_by: str) -> None:
    found = notice_dates(date.fromisoformat(effective))
    assert found["filing_day_reckoned"] == date.fromisoformat(reckoned)
    assert found["file_by"] == date.fromisoformat(file_by)
    assert (found["notice_last"] - found["notice_first"]).days == 29
    assert (found["additional_last"] - found["additional_first"]).days == 19
    assert found["notice_first"] > found["filing_day_reckoned"]


def test_a_day_late_moves_the_effective_date() -> None:
    assert earliest_effective(date(2026, 12, 1)) == date(2027, 1, 1)
    assert earliest_effective(date(2026, 12, 2)) == date(2027, 1, 2)
