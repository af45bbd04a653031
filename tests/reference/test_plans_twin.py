"""The twins of plans, discontinuance and restoration against figures and days by hand."""

from datetime import date, datetime, time
from typing import Any

import pytest

from tests.reference.arrearage import OutOfRange
from tests.reference.discontinuance import Account, certificates_that_count, discontinuance, hours_after, restoration
from tests.reference.plans import (
    budget_billing,
    contribution_report_due,
    contribution_transfer,
    installment_plan,
    late_reconnection_credit,
    undercharge_plan,
)


def test_installment_plans() -> None:
    # A tenth of 1,000.01 is 100.001, so 100.01; 900.00 over 7 months is 128.57 and one cent more.
    assert installment_plan(1_000_01, 7) == {
        "down_payment_cents": 100_01,
        "installment_cents": [128_58] + [128_57] * 6,
    }
    assert installment_plan(1_000_00, 12, 400_00)["installment_cents"] == [50_00] * 12
    assert installment_plan(9, 1) == {"down_payment_cents": 1, "installment_cents": [8]}
    assert installment_plan(9, 3, 9)["installment_cents"] == [0, 0, 0]
    for months, down in ((0, None), (13, None), (3, 99_99), (3, 1_000_01)):
        with pytest.raises(OutOfRange):
            installment_plan(1_000_00, months, down)


def test_undercharges_run_as_long_as_the_errors() -> None:
    found = undercharge_plan(1_000_00, 18)  # 55.55 and ten extra cents
    assert found == {"down_payment_cents": 0, "installment_cents": [55_56] * 10 + [55_55] * 8}
    with pytest.raises(OutOfRange):
        undercharge_plan(1, 0)


def test_budget_billing() -> None:
    # 100.00 + 1,100.07 is 1,200.07: eleven times 100.00; settlement 100.07 as planned.
    assert budget_billing(100_00, 1_100_07) == {"payment_cents": [100_00] * 11, "settlement_cents": 100_07}
    # Actual charges of 900.00: 1,000.00 less 1,100.00.
    assert budget_billing(100_00, 1_100_07, 900_00)["settlement_cents"] == -100_00
    assert budget_billing(0, 11) == {"payment_cents": [0] * 11, "settlement_cents": 11}


@pytest.mark.parametrize(
    ("restored", "cents"),
    [
        ("2026-03-02T23:59", 0),
        ("2026-03-03T00:01", 50_00),
        ("2026-03-03T23:59", 50_00),
        ("2026-03-04T08:00", 100_00),
        ("2026-03-01T08:00", 0),
    ],
)
def test_late_reconnection(restored: str, cents: int) -> None:
    assert (
        late_reconnection_credit(datetime.fromisoformat("2026-03-02T10:00"), datetime.fromisoformat(restored)) == cents
    )


@pytest.mark.parametrize(
    ("collected", "last", "before"),
    [
        ("2026-01-01", "2026-03-31", "2026-05-01"),
        ("2026-03-31", "2026-03-31", "2026-05-01"),
        ("2026-04-01", "2026-06-30", "2026-08-01"),
        ("2026-09-30", "2026-09-30", "2026-11-01"),
        ("2026-10-01", "2026-12-31", "2027-02-01"),
        ("2026-12-31", "2026-12-31", "2027-02-01"),
    ],
)
def test_contributions(collected: str, last: str, before: str) -> None:
    found = contribution_transfer(date.fromisoformat(collected))
    assert (found["last"], found["before"]) == (date.fromisoformat(last), date.fromisoformat(before))
    assert (found["before"] - found["last_day"]).days == 1
    assert contribution_report_due(2026) == date(2027, 2, 1)


# Tuesday 3 March 2026, 10:00; due on 1 January, past due from 1 February on.
TUESDAY = datetime.fromisoformat("2026-03-03T10:00")
ACCOUNT: dict[str, Any] = {"service": "electric", "past_due_cents": 80_00, "due_date": date(2026, 1, 1)}


def _bars(at: datetime = TUESDAY, **columns: object) -> dict[str, str]:
    return discontinuance(Account(**(ACCOUNT | columns)), at)[0]


@pytest.mark.parametrize(
    ("columns", "bars"),
    [
        ({}, {}),
        ({"past_due_cents": 50_00}, {}),
        ({"past_due_cents": 49_99}, {"less_than_50_dollars": "4 CCR 723-3-3407(b)(II)"}),
        # 31 days after 31 January is 3 March, after 1 February 4 March.
        ({"due_date": date(2026, 1, 31)}, {}),
        ({"due_date": date(2026, 2, 1)}, {"not_past_due": "4 CCR 723-3-3407(b)(I)"}),
        ({"forecast_low_f": 33, "forecast_high_f": 94}, {}),
        ({"forecast_low_f": 32}, {"cold": "4 CCR 723-3-3407(e)(VII)(A)"}),
        ({"forecast_high_f": 95}, {"heat": "4 CCR 723-3-3407(e)(VII)(B)"}),
        ({"forecast_high_f": 95, "service": "gas"}, {}),
        ({"forecast_low_f": 0, "service": "gas"}, {"cold": "4 CCR 723-4-4407(e)(VII)(A)"}),
        ({"forecast_low_f": 0, "residential": False}, {}),
        ({"emergency": True}, {"emergency": "4 CCR 723-3-3407(e)(VII)(C)"}),
        ({"emergency": True, "service": "gas"}, {"emergency": "4 CCR 723-4-4407(e)(VII)(B)"}),
        # Ninety days after 3 December 2025 are 3 March 2026.
        ({"medical_certificates": (date(2025, 12, 3),)}, {"medical_certificate": "4 CCR 723-3-3407(e)(VI)(A)"}),
        ({"medical_certificates": (date(2025, 12, 2),)}, {}),
        ({"medical_certificates": (date(2026, 3, 4),)}, {}),
        ({"medical_certificates": (date(2026, 1, 3), date(2025, 1, 4))}, {}),  # within 12 months of the one that counts
        (
            {"medical_certificates": (date(2026, 1, 3), date(2025, 1, 3))},
            {"medical_certificate": "4 CCR 723-3-3407(e)(VI)(A)"},
        ),
        # Sixty days after 2 January are 3 March.
        ({"leap_applied": date(2026, 1, 2)}, {"leap_application": "HB25-1234"}),
        ({"leap_applied": date(2026, 1, 1)}, {}),
        # A participant's arrearage of entry is no basis: 30.00 of 80.00 leave 50.00.
        ({"participant": True, "preexisting_arrearage_cents": 30_00}, {}),
        (
            {"participant": True, "preexisting_arrearage_cents": 30_01},
            {"less_than_50_dollars": "4 CCR 723-3-3407(b)(II)"},
        ),
        (
            {"participant": True, "preexisting_arrearage_cents": 80_00},
            {
                "less_than_50_dollars": "4 CCR 723-3-3407(b)(II)",
                "preexisting_arrearage": "4 CCR 723-3-3412(e)(VII)(E)",
            },
        ),
        ({"preexisting_arrearage_cents": 80_00}, {}),
    ],
)
def test_bars_of_the_account(columns: dict[str, Any], bars: dict[str, str]) -> None:
    assert _bars(**columns) == bars


@pytest.mark.parametrize(
    ("at", "bars", "warned"),
    [
        ("2026-03-02T08:00", [], False),  # Monday
        ("2026-03-02T07:59", ["outside_hours"], False),
        ("2026-03-05T11:59", [], False),  # Thursday
        ("2026-03-05T12:00", [], True),
        ("2026-03-05T16:00", [], True),
        ("2026-03-05T16:01", ["outside_hours"], False),
        ("2026-03-06T10:00", ["outside_hours"], False),  # Friday
        # Memorial Day, Monday 25 May 2026: from noon of Sunday to 08:00 of Tuesday.
        ("2026-05-25T10:00", ["holiday"], False),
        ("2026-05-24T12:00", ["outside_hours", "holiday"], False),
        ("2026-05-24T11:59", ["outside_hours"], False),
        ("2026-05-26T07:59", ["outside_hours", "holiday"], False),
        ("2026-05-26T08:00", [], False),
        # Veterans Day, Wednesday 11 November 2026.
        ("2026-11-10T11:59", [], False),
        ("2026-11-10T12:00", ["holiday"], True),
        ("2026-11-12T08:00", [], False),
        # Columbus Day, Monday 12 October 2026, federal alone; Cabrini Day, 5 October, Colorado alone.
        ("2026-10-12T10:00", ["holiday"], False),
        ("2026-10-05T10:00", ["holiday"], False),
    ],
)
def test_hours(at: str, bars: list[str], warned: bool) -> None:
    found, warnings = discontinuance(Account(**ACCOUNT | {"due_date": date(2025, 1, 1)}), datetime.fromisoformat(at))
    assert list(found) == bars
    assert bool(warnings) == warned


def test_a_day_on_which_the_office_is_closed() -> None:
    # Closed on Wednesday 4 March 2026: from Tuesday noon to Thursday 08:00.
    account, closed = Account(**ACCOUNT), {date(2026, 3, 4)}
    for at, barred in (("03T11:59", False), ("03T12:00", True), ("04T09:00", True), ("05T08:00", False)):
        bars, _ = discontinuance(account, datetime.fromisoformat(f"2026-03-{at}"), closed)
        assert ("holiday" in bars) == barred


def test_one_certificate_in_twelve_months() -> None:
    days = [date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 1)]
    assert certificates_that_count(reversed(days)) == [date(2025, 1, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("at", "by"),
    [
        ("2026-03-03T10:00", "2026-03-04T10:00"),
        ("2026-03-06T15:00", "2026-03-09T15:00"),  # nine hours of Friday, fifteen of Monday
        ("2026-03-07T15:00", "2026-03-10T00:00"),  # Saturday: all of Monday
        ("2026-11-25T15:00", "2026-11-27T15:00"),  # over Thanksgiving
        ("2026-07-02T20:00", "2026-07-06T20:00"),  # over Friday 3 July, kept for Saturday 4
    ],
)
def test_hours_of_business_days(at: str, by: str) -> None:
    assert hours_after(datetime.fromisoformat(at), 24) == datetime.fromisoformat(by)


@pytest.mark.parametrize(
    ("at", "columns", "same_day", "by"),
    [
        ("2026-03-03T12:59", {"advanced_meter": False}, True, "2026-03-04T00:00"),
        ("2026-03-03T13:00", {"advanced_meter": False}, False, "2026-03-04T13:00"),
        ("2026-03-03T16:00", {"advanced_meter": True}, True, "2026-03-04T00:00"),
        ("2026-03-03T16:01", {"advanced_meter": True}, False, "2026-03-04T16:01"),
        ("2026-03-03T16:01", {"advanced_meter": True, "close": time(18)}, True, "2026-03-04T00:00"),
        ("2026-03-03T11:00", {"advanced_meter": True, "service": "gas"}, True, "2026-03-04T00:00"),
        ("2026-03-03T18:00", {"advanced_meter": False, "after_hours_paid": True}, False, "2026-03-04T06:00"),
        ("2026-03-03T09:00", {"advanced_meter": False, "after_hours_paid": True}, True, "2026-03-03T21:00"),
        ("2026-03-07T09:00", {"advanced_meter": True}, False, "2026-03-10T00:00"),  # a Saturday
        ("2026-03-06T09:00", {"advanced_meter": True}, True, "2026-03-07T00:00"),  # a Friday
        ("2026-11-11T09:00", {"advanced_meter": True}, False, "2026-11-13T00:00"),  # Veterans Day
    ],
)
def test_restoration(at: str, columns: dict[str, Any], same_day: bool, by: str) -> None:
    moment = datetime.fromisoformat(at)
    assert restoration(moment, moment, **columns) == {"same_day": same_day, "by": datetime.fromisoformat(by)}
