"""The twin of unclaimed monies against results by hand and published cases (C... names them)."""

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest

from tests.reference.by_hand import DAY_COUNTS, DAY_ENDS, ENDED, STEP_TABLE, STEPS, TEN_PERCENT
from tests.reference.interest import NoRate, RateTable
from tests.reference.rate_table import rates_by_year
from tests.reference.unclaimed import unclaimed

COMPUTED = RateTable(rates_by_year({2022: 800, 2023: 16_900, 2024: 49_300, 2025: 49_300, 2026: 40_800}))


def _row(**columns: object) -> dict[str, Any]:
    return {"principal_cents": 3_650_00, "received_date": date(2024, 3, 1), **columns}


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
        "owed_applied",
    ],
)
def test_unknown_switches_are_refused(switch: str) -> None:
    unknown: dict[str, Any] = {switch: "other"}
    with pytest.raises((ValueError, KeyError)):
        unclaimed(_row(**ENDED), date(2026, 7, 31), STEPS, **unknown)


@pytest.mark.parametrize(
    ("trigger", "extension", "deemed", "surcharge_from"),
    [
        # Two years end on Sunday 15 March 2026; four months after the 16th end on Thursday 16 July.
        ("2024-03-15", "payment", "2026-03-16", "2026-07-17"),
        # Two years end on 4 March 2026, a Wednesday; four months end on Sunday 5 July 2026; Monday 6 is a business day.
        ("2024-03-04", "none", "2026-03-05", "2026-07-06"),
        ("2024-03-04", "payment", "2026-03-05", "2026-07-07"),
        # ... on Friday 3 July, which the federal government keeps for Saturday 4: the period ends on Monday 6 too.
        ("2024-03-02", "payment", "2026-03-03", "2026-07-07"),
        # Two years end on Thursday 1 January 2026, extended to Friday 2; deemed Saturday 3, four months: Sunday 3 May.
        ("2024-01-01", "statute", "2026-01-03", "2026-05-05"),
        # Deemed Friday 2; four months end on Saturday 2 May: Monday 4.
        ("2024-01-01", "payment", "2026-01-02", "2026-05-05"),
        # Cabrini Day, Monday 5 October 2026, ends the two years; four months from 7 October: Sunday 7 February 2027.
        ("2024-10-05", "statute", "2026-10-07", "2027-02-09"),
        # Juneteenth, 19 June 2026, a Friday, ends the four months that began on 19 February.
        ("2024-02-18", "payment", "2026-02-19", "2026-06-23"),
    ],
)
def test_week_ends_and_holidays(trigger: str, extension: str, deemed: str, surcharge_from: str) -> None:
    row = _row(received_date=date(2023, 1, 1), service_ended_date=date.fromisoformat(trigger))
    found = unclaimed(row, date(2024, 12, 31), TEN_PERCENT, weekend_extension=extension)
    assert found["deemed_unclaimed_date"] == date.fromisoformat(deemed)
    assert found["surcharge_from_date"] == date.fromisoformat(surcharge_from)


@pytest.mark.parametrize(
    ("columns", "switches", "amounts"),
    [
        # A dollar a day on 3,650.00 for 14 days, 1 to 14 March 2024; half of it is owed: half a dollar for the 868 days
        # from 15 March 2024 to 30 July 2026. Points: 30 cents a day for 14 days.
        ({}, {}, (14_00 + 434_00, 14 * 30, 448_00 + 4_20)),
        # Debts beyond the deposit leave nothing that earns.
        ({"amounts_owed_cents": 9_999_00}, {}, (14_00, 0, 14_00)),
        # The debt is taken off the base of the points once, not twice.
        ({}, {"surcharge_principal": "net_of_owed"}, (448_00, 14 * 30, 452_20)),
        ({}, {"surcharge_mode": "multiplicative"}, (448_00, 14 * 3, 448_42)),
        # Accrued by 17 July: 14 + 854 / 2 = 441 dollars; 6 % of them for 14 of 365 days is 101.49 cents more.
        ({}, {"surcharge_base": "principal_plus_accrued"}, (448_00, 14 * 30 + 101, 448_00 + 4_20 + 1_01)),
        # The day of the debts is like that of a refund: with the last day included it still earns on the whole.
        ({}, {"day_ends": "start_excluded_end_included"}, (14_00 + 434_00, 15 * 30, 448_00 + 4_50)),
        # An order is no end of service; an advance is no deposit.
        ({"service_ended_date": None, "order_payable_date": date(2024, 3, 15)}, {}, (882_00, 8_40, 890_40)),
        ({"kind": "construction_advance"}, {}, (882_00, 8_40, 890_40)),
        # Nobody searched for the customer: no trigger, but service ended all the same.
        ({"efforts_made": False}, {"efforts_scope": "both"}, (448_00, 0, 448_00)),
    ],
)
def test_debts_applied_when_service_ended(
    columns: dict[str, Any], switches: dict[str, Any], amounts: tuple[int, int, int]
) -> None:
    row = _row(**(ENDED | {"amounts_owed_cents": 1_825_00} | columns))
    found = unclaimed(
        row, date(2026, 7, 31), TEN_PERCENT, day_count="actual_365", owed_applied="service_ended", **switches
    )
    assert _amounts(found) == amounts
    if found["status"] == "overdue":
        assert found["remittance_cents"] == max(0, 3_650_00 + amounts[2] - row["amounts_owed_cents"])


def test_debts_are_not_applied_to_a_deposit_that_is_gone() -> None:
    # Paid back on 14 March 2024, a day before service ended, and on that day itself: 13 and 14 dollars.
    for paid, dollars in ((date(2024, 3, 14), 13_00), (date(2024, 3, 15), 14_00)):
        row = _row(**ENDED, amounts_owed_cents=1_825_00, paid_date=paid)
        switches: dict[str, Any] = {"day_count": "actual_365", "owed_applied": "service_ended"}
        assert unclaimed(row, date(2026, 7, 31), TEN_PERCENT, **switches)["interest_cents"] == dollars


def test_debts_applied_when_service_ended_and_rounding_by_year() -> None:
    # 25.00 at 0.3 % over 30/360 is 0.625 cents a month. 10.00 owed leave 15.00 from 15 March 2024: 0.375 cents a month.
    # 2024: 14 days 0.2917, 9 months and 16 days 3.575: 3.867; 2025: 4.5; 2026 to 1 July: 2.25; no points yet.
    row = _row(**ENDED, amounts_owed_cents=10_00) | {"principal_cents": 25_00}
    flat = RateTable(lambda _: 3_000)
    switches: dict[str, Any] = {"day_count": "thirty_e_360", "owed_applied": "service_ended"}
    by_year = unclaimed(row, date(2026, 7, 1), flat, rounding_point="year", **switches)
    assert _amounts(by_year) == (4 + 5 + 2, 0, 11)
    assert _amounts(unclaimed(row, date(2026, 7, 1), flat, **switches)) == (11, 0, 11)  # 10.617
