"""The twin of deposits with transactions against results worked out by hand, and against a walk over single days."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.reference.by_hand import DAY_COUNTS, DAY_ENDS, ENDED, TEN_PERCENT
from tests.reference.calendar import day_fraction, earning_days
from tests.reference.rate_table import NoRate, RateTable, rates_by_year, rates_from
from tests.reference.rounding import round_fraction
from tests.reference.transactions import NegativeBalance, transactions_deposit
from tests.reference.unclaimed import unclaimed

STEPS = RateTable(rates_from({date(2020, 1, 1): 73_300, date(2026, 8, 3): 49_301}, date(2028, 1, 1)))
TOP = 3_650_00


def _event(kind: str, day: str, cents: int) -> dict[str, Any]:
    return {"date": date.fromisoformat(day), "kind": kind, "amount_cents": cents}


def _principal(*changes: tuple[str, int]) -> list[dict[str, Any]]:
    return [_event("principal", day, cents) for day, cents in changes]


def _found(row: Mapping[str, Any], events: list[dict[str, Any]], as_of: str, **switches: object) -> dict[str, Any]:
    on: dict[str, Any] = {"day_count": "actual_365", **switches}
    return transactions_deposit(row, events, date.fromisoformat(as_of), TEN_PERCENT, **on)


def _amounts(result: Mapping[str, Any]) -> tuple[int, int, int]:
    return result["base_interest_cents"], result["surcharge_interest_cents"], result["interest_cents"]


UP_AND_DOWN = _principal(("2023-01-01", TOP), ("2023-01-11", TOP), ("2023-01-21", -TOP))


@pytest.mark.parametrize(
    ("day_ends", "days", "dollars"),
    [
        ("start_included_end_excluded", 30, 30 + 20 - 10),
        ("start_excluded_end_included", 30, 30 + 20 - 10),
        ("both", 31, 31 + 21 - 11),
        ("neither", 29, 29 + 19 - 9),
    ],
)
def test_interest_runs_on_the_balance_each_event_over_its_own_days(day_ends: str, days: int, dollars: int) -> None:
    # The row's own principal and date do not count beside the events.
    row = {"principal_cents": 99_99, "received_date": date(2022, 5, 5)}
    assert _found(row, UP_AND_DOWN, "2023-01-31", day_ends=day_ends) == {
        "status": "active",
        "accrued_days": days,
        "base_interest_cents": dollars * 100,
        "surcharge_interest_cents": 0,
        "interest_cents": dollars * 100,
        "interest_due_cents": dollars * 100,
        "deemed_unclaimed_date": None,
        "surcharge_from_date": None,
        "remittance_cents": 0,
        "principal_cents": TOP,
    }


@pytest.mark.parametrize(
    ("as_of", "status", "dollars", "principal"),
    [
        ("2022-12-31", "not_received", 0, 0),
        ("2023-01-01", "active", 0, TOP),
        ("2023-01-10", "active", 9, TOP),
        ("2023-01-11", "active", 10, 2 * TOP),  # the money of the day is held at its end and has not earned
        ("2023-01-20", "active", 10 + 18, 2 * TOP),
        ("2023-01-21", "active", 10 + 20, TOP),
        ("2023-01-22", "active", 10 + 20 + 1, TOP),
    ],
)
def test_what_is_dated_later_has_not_happened(as_of: str, status: str, dollars: int, principal: int) -> None:
    found = _found({"received_date": date(2020, 1, 1)}, UP_AND_DOWN, as_of)
    assert (found["status"], found["interest_cents"], found["principal_cents"]) == (status, dollars * 100, principal)


OUT_AND_IN = _principal(("2023-01-01", 2 * TOP), ("2023-01-06", -TOP), ("2023-01-11", -TOP), ("2023-01-21", TOP))


@pytest.mark.parametrize(
    ("as_of", "columns", "status", "days", "dollars", "principal"),
    [
        ("2023-01-10", {}, "active", 9, 10 + 4, TOP),
        ("2023-01-11", {}, "returned", 10, 10 + 5, TOP),  # just before the last refund
        ("2023-01-20", {}, "returned", 10, 10 + 5, TOP),
        ("2023-01-21", {}, "active", 20, 10 + 5, TOP),  # money came in again: no payment date
        ("2023-01-25", {}, "active", 24, 10 + 5 + 4, TOP),
        ("2023-01-20", {"paid_date": date(2023, 1, 3)}, "returned", 2, 4, 2 * TOP),
        ("2023-01-20", {"paid_date": date(2023, 1, 6)}, "returned", 5, 10, TOP),  # what is held at the end of the day
        ("2023-01-20", {"paid_date": date(2023, 1, 11)}, "returned", 10, 15, TOP),
        ("2023-01-20", {"paid_date": date(2023, 1, 15)}, "returned", 10, 15, TOP),
        ("2023-01-20", {"paid_date": date(2023, 1, 21)}, "returned", 10, 15, TOP),
        ("2023-01-25", {"paid_date": date(2023, 1, 15)}, "returned", 14, 15, 0),
        ("2023-01-25", {"paid_date": date(2023, 1, 23)}, "returned", 22, 15 + 2, TOP),
    ],
)
def test_payment(as_of: str, columns: dict[str, Any], status: str, days: int, dollars: int, principal: int) -> None:
    found = _found(columns, OUT_AND_IN, as_of)
    assert (found["status"], found["accrued_days"]) == (status, days)
    assert (found["interest_cents"], found["principal_cents"], found["remittance_cents"]) == (
        dollars * 100,
        principal,
        0,
    )


def test_a_balance_below_zero_is_refused_once_it_has_happened() -> None:
    events = _principal(("2023-01-01", TOP), ("2023-01-11", -TOP - 1), ("2023-01-12", 5_00))
    assert _found({}, events, "2023-01-10")["interest_cents"] == 9_00
    for columns in ({}, {"paid_date": date(2023, 1, 2)}, {"kind": "overcharge_refund"}):
        with pytest.raises(NegativeBalance) as refused:
            _found(columns, events, "2023-01-31")
        assert refused.value.day == date(2023, 1, 11)


def test_the_events_of_a_day_are_netted_in_any_order() -> None:
    for events in (
        _principal(("2023-01-01", -TOP), ("2023-01-01", 2 * TOP)),
        _principal(("2023-01-01", 2 * TOP), ("2023-01-01", -TOP)),
    ):
        found = _found({}, events, "2023-01-11")
        assert (found["status"], found["interest_cents"], found["principal_cents"]) == ("active", 10_00, TOP)
    # 50 more and everything back on one day: what was held before that day is what was paid out.
    events = _principal(("2023-01-01", TOP), ("2023-01-11", 50_00), ("2023-01-11", -TOP - 50_00))
    found = _found({}, events, "2023-02-01")
    assert (found["status"], found["interest_cents"], found["principal_cents"]) == ("returned", 10_00, TOP)


def test_a_receipt_of_nothing_is_no_refund() -> None:
    found = _found({}, _principal(("2023-01-01", 0)), "2023-02-01")
    assert (found["status"], found["accrued_days"], found["principal_cents"]) == ("active", 31, 0)


REMITTED = ENDED | {"remitted_date": date(2026, 3, 26)}  # ten days after it is deemed unclaimed
HELD = _principal(("2026-03-06", TOP))


@pytest.mark.parametrize(
    ("later", "status", "dollars", "principal", "remittance"),
    [
        ([], "remitted", 20, TOP, TOP + 20_00),
        ([("2026-03-16", -TOP // 2)], "remitted", 15, TOP // 2, TOP // 2 + 15_00),
        ([("2026-03-26", TOP)], "remitted", 20, 2 * TOP, 2 * TOP + 20_00),  # held on the day, but earns nothing
        ([("2026-03-27", TOP)], "remitted", 20, TOP, TOP + 20_00),
        ([("2026-03-27", -TOP)], "remitted", 20, TOP, TOP + 20_00),
        ([("2026-03-26", -TOP)], "remitted", 20, 0, 20_00),  # equal dates: remitted, what is held at its end
        ([("2026-03-25", -TOP)], "returned", 19, TOP, 0),
    ],
)
def test_remittance(later: list[tuple[str, int]], status: str, dollars: int, principal: int, remittance: int) -> None:
    found = _found(REMITTED, HELD + _principal(*later), "2026-04-30")
    assert (found["status"], found["interest_cents"]) == (status, dollars * 100)
    assert (found["principal_cents"], found["remittance_cents"]) == (principal, remittance)


def test_no_event_of_the_end_date_earns_under_any_day_ends() -> None:
    for day_ends, dollars in zip(DAY_ENDS, [20, 20, 21, 19], strict=True):
        events = HELD + _principal(("2026-03-26", TOP))
        assert _found(REMITTED, events, "2026-04-30", day_ends=day_ends)["interest_cents"] == dollars * 100
        assert _found(ENDED, _principal(("2026-03-26", TOP)), "2026-03-26", day_ends=day_ends)["interest_cents"] == 0


def test_postings_and_debts_count_once_they_have_happened() -> None:
    events = [
        *HELD,
        _event("posting", "2026-03-10", 3_00),
        _event("posting", "2026-04-30", 2_00),  # after the remittance, on the as-of date
        _event("posting", "2026-05-01", 1_00),
        _event("owed", "2026-04-01", 100_00),
        _event("owed", "2026-05-01", 1_000_00),
    ]
    row = REMITTED | {"posted_cents": 1_50, "amounts_owed_cents": 10_00}
    found = _found(row, events, "2026-04-30")
    assert found["interest_due_cents"] == 20_00 - 6_50
    assert found["remittance_cents"] == TOP + 20_00 - 6_50 - 110_00
    assert _found(row, events, "2026-05-01")["remittance_cents"] == TOP + 20_00 - 7_50 - 1_110_00
    # They also add to a row that keeps its own principal.
    row |= {"principal_cents": TOP, "received_date": date(2026, 3, 6)}
    plain = _found(row, events[1:], "2026-04-30")
    assert plain == found


# 7,300.00 on 7 July 2026; points from 17 July; half of it refunded on 24 July; as of 31 July.
HALVED = _principal(("2026-07-07", 2 * TOP), ("2026-07-24", -TOP))
BASE = 1_00 * (2 * 10 + 2 * 7 + 7)


@pytest.mark.parametrize(
    ("owed", "switches", "points"),
    [
        (0, {}, 60 * (2 * 7 + 7)),
        (0, {"surcharge_mode": "multiplicative"}, 6 * (2 * 7 + 7)),
        (0, {"surcharge_ppm": 30_000}, 30 * (2 * 7 + 7)),
        (TOP // 2, {}, 60 * (2 * 7 + 7)),
        (TOP // 2, {"surcharge_principal": "net_of_owed"}, 90 * 7 + 30 * 7),
        (TOP, {"surcharge_principal": "net_of_owed"}, 60 * 7),
        (TOP + TOP // 2, {"surcharge_principal": "net_of_owed"}, 30 * 7),  # the second week not below zero
        # 20.00 accrued by 17 July; 6 % of it over 14 of 365 days is 4.6 cents.
        (0, {"surcharge_base": "principal_plus_accrued"}, 60 * (2 * 7 + 7) + 5),
        (0, {"surcharge_base": "principal_plus_accrued", "rounding_mode": "down"}, 60 * (2 * 7 + 7) + 4),
        (3 * TOP, {"surcharge_base": "principal_plus_accrued", "surcharge_principal": "net_of_owed"}, 5),
    ],
)
def test_points_run_on_the_balance_held(owed: int, switches: dict[str, Any], points: int) -> None:
    found = _found(ENDED | {"amounts_owed_cents": owed}, HALVED, "2026-07-31", **switches)
    assert (found["status"], found["surcharge_from_date"]) == ("overdue", date(2026, 7, 17))
    assert _amounts(found) == (BASE, points, BASE + points)
    assert found["remittance_cents"] == max(0, TOP + BASE + points - owed)


def test_points_of_an_event_start_with_the_event() -> None:
    events = _principal(("2026-07-07", TOP), ("2026-07-26", TOP))
    assert _amounts(_found(ENDED, events, "2026-07-31")) == (24_00 + 5_00, 14 * 60 + 5 * 60, 29_00 + 19 * 60)


def test_accrued_interest_is_rounded_once_over_all_events() -> None:
    # Half a cent a day for each 18.25: 0.5 + 1.0 + 1.5 by 17 July, 1.5 on that day. 36,500 % pay the sum once a day.
    events = _principal(("2026-07-14", 18_25), ("2026-07-15", 18_25), ("2026-07-16", 18_25))
    switches = {"surcharge_base": "principal_plus_accrued", "surcharge_ppm": 365_000_000}
    assert _amounts(_found(ENDED, events, "2026-07-18", **switches)) == (5, 54_78, 54_83)  # 4.5 and 4.5 + 54.75 + 3


def test_an_advance_without_interest_earns_after_the_four_months() -> None:
    advance = ENDED | {"kind": "construction_advance", "interest_payable": False}
    found = _found(advance, HALVED, "2026-07-31", surcharge_base="principal_plus_accrued")
    assert (found["accrued_days"], _amounts(found)) == (24, (21_00, 12_60, 33_60))
    assert _amounts(_found(advance, HALVED, "2026-07-17")) == (0, 0, 0)
    payable = advance | {"interest_payable": None}
    assert _amounts(_found(payable, HALVED, "2026-07-31")) == (BASE, 12_60, BASE + 12_60)


def test_rounding_the_total_or_each_calendar_year() -> None:
    # Half a cent a day for each 18.25. 2023: 0.5 + 1.0; 2024: 1.0 + 0.5.
    events = _principal(("2023-12-30", 18_25), ("2023-12-31", 18_25), ("2024-01-02", -18_25))
    assert _found({}, events, "2024-01-03")["interest_cents"] == 3
    assert _found({}, events, "2024-01-03", rounding_point="year")["interest_cents"] == 4
    assert _found({}, events, "2024-01-03", rounding_point="year", rounding_mode="down")["interest_cents"] == 2


def test_a_rate_is_needed_on_every_earning_day() -> None:
    only_2023 = RateTable(rates_by_year({2023: 100_000}))
    events = _principal(("2023-12-30", TOP), ("2024-01-02", TOP))
    assert (
        transactions_deposit({}, events, date(2024, 1, 1), only_2023, day_count="actual_365")["interest_cents"] == 2_00
    )
    with pytest.raises(NoRate) as refused:
        transactions_deposit({}, events, date(2024, 1, 3), only_2023)
    assert refused.value.day == date(2024, 1, 1)
    # Not on days after the end, before the points.
    row = {"service_ended_date": date(2023, 12, 31)}
    found = transactions_deposit(row, events, date(2024, 1, 1), only_2023, surcharge_base="principal_plus_accrued")
    assert found["surcharge_from_date"] == date(2026, 5, 2)
    # Also on the days between a refund of everything and the next receipt.
    events = _principal(("2023-12-30", TOP), ("2024-01-01", -TOP), ("2024-01-02", TOP))
    assert transactions_deposit({}, events, date(2024, 1, 1), only_2023)["status"] == "returned"
    with pytest.raises(NoRate):
        transactions_deposit({}, events, date(2024, 1, 2), only_2023)


@pytest.mark.parametrize("kind", ["overcharge_refund", "cost_adjustment_credit"])
def test_excluded_kinds_have_neither_amounts_nor_dates(kind: str) -> None:
    row = ENDED | {"kind": kind}
    expected = unclaimed(row | {"received_date": date(2026, 7, 7)}, date(2026, 7, 31), TEN_PERCENT)
    assert _found(row, HALVED, "2026-07-31") == expected | {"principal_cents": 0}
    plain = row | {"principal_cents": TOP, "received_date": date(2026, 7, 7)}
    assert _found(plain, [], "2026-07-31") == expected | {"principal_cents": 0}


SPLITS: dict[str, Any] = {
    "surcharge_mode": ["points", "multiplicative"],
    "surcharge_base": ["principal", "principal_plus_accrued"],
    "surcharge_principal": ["gross", "net_of_owed"],
    "rounding_point": ["posting", "year"],
}


@pytest.mark.parametrize("day_count", DAY_COUNTS)
@pytest.mark.parametrize("day_ends", DAY_ENDS)
def test_one_receipt_equals_the_row_without_events(day_count: str, day_ends: str) -> None:
    columns = ENDED | {"amounts_owed_cents": 100_00, "posted_cents": 7_00}
    for remitted, payable, values in product([None, date(2027, 2, 1)], [True, False], product(*SPLITS.values())):
        row = columns | {"kind": "construction_advance", "interest_payable": payable, "remitted_date": remitted}
        plain = row | {"principal_cents": 200_01, "received_date": date(2024, 2, 1)}
        on: dict[str, Any] = {"day_count": day_count, "day_ends": day_ends, **dict(zip(SPLITS, values, strict=True))}
        found = transactions_deposit(row, _principal(("2024-02-01", 200_01)), date(2027, 3, 1), STEPS, **on)
        assert found == unclaimed(plain, date(2027, 3, 1), STEPS, **on) | {"principal_cents": 200_01}


@pytest.mark.parametrize("day_count", DAY_COUNTS)
@pytest.mark.parametrize("day_ends", DAY_ENDS)
def test_runs_equal_a_walk_over_single_days(day_count: str, day_ends: str) -> None:
    # Receipts and refunds before and after the four months, two of one day, everything out and some of it in again.
    end = date(2026, 9, 1)
    events = _principal(
        ("2026-05-30", 400_01),
        ("2026-06-30", 150_77),
        ("2026-07-16", -100_03),
        ("2026-07-17", 33_33),
        ("2026-07-31", 250_00),
        ("2026-07-31", -20_00),
        ("2026-08-02", -714_08),
        ("2026-08-10", 90_90),
        ("2026-08-31", 10_00),
    )
    owed = 500_00
    base = extra = Fraction(0)
    for n in range(120):
        day = date(2026, 5, 20) + timedelta(days=n)
        earns = [earning_days(event["date"], end, day_ends) for event in events]
        held = sum(event["amount_cents"] for event, (a, b) in zip(events, earns, strict=True) if a <= day < b)
        fraction = day_fraction(day, day_count)
        base += held * fraction * Fraction(73_300 if day < date(2026, 8, 3) else 49_301, 10**6)
        if day >= date(2026, 7, 17):
            extra += max(0, held - owed) * fraction * Fraction(6, 100)
    found = transactions_deposit(
        ENDED | {"amounts_owed_cents": owed},
        events,
        end,
        STEPS,
        day_count=day_count,
        day_ends=day_ends,
        surcharge_principal="net_of_owed",
    )
    base_interest, interest = round_fraction(base, "half_up"), round_fraction(base + extra, "half_up")
    assert _amounts(found) == (base_interest, interest - base_interest, interest)
    assert found["principal_cents"] == 100_90
    assert extra > 0


@pytest.mark.parametrize(
    "switch",
    ["day_count", "day_ends", "rounding_mode", "rounding_point", "surcharge_mode", "surcharge_base", "more_than"],
)
def test_unknown_switches_are_refused(switch: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        _found(ENDED, HALVED, "2026-07-31", **{switch: "other"})
    with pytest.raises(TypeError):
        _found(ENDED, HALVED, "2026-07-31", other="points")


@pytest.mark.parametrize(
    ("as_of", "events", "owed", "switches", "dollars"),
    [
        # Ten days at a dollar, 1 to 10 January; half is taken on the 11th, for ten days half a dollar; then all of it.
        ("2024-01-31", [("owed", "2024-01-05", TOP // 2), ("owed", "2024-01-21", TOP)], 0, {}, 15_00),
        ("2024-01-15", [("owed", "2024-01-05", TOP // 2), ("owed", "2024-01-21", TOP)], 0, {}, 12_00),
        # The day of a debt is a day like that of a refund: 31 - 21 / 2 - 11 / 2 with both ends.
        (
            "2024-01-31",
            [("owed", "2024-01-05", TOP // 2), ("owed", "2024-01-21", TOP)],
            0,
            {"day_ends": "both"},
            15_00,
        ),
        # A second receipt on the 3rd: 2 + 16; from the 11th a dollar a day until the refund on the 21st.
        ("2024-01-31", [("principal", "2024-01-03", TOP), ("principal", "2024-01-21", -TOP)], TOP, {}, 28_00),
        # A receipt after service ended meets debts that were larger than the deposit: ten days, then nothing.
        ("2024-01-31", [("principal", "2024-01-21", TOP)], 2 * TOP, {}, 10_00),
        # Not until service ended, on the 11th.
        ("2024-01-11", [("owed", "2024-01-05", TOP)], 0, {}, 10_00),
        ("2024-01-10", [("owed", "2024-01-05", TOP)], 0, {}, 9_00),
    ],
)
def test_dated_debts_applied_when_service_ended(
    as_of: str, events: list[tuple[str, str, int]], owed: int, switches: dict[str, Any], dollars: int
) -> None:
    row = {
        "principal_cents": TOP,
        "received_date": date(2024, 1, 1),
        "service_ended_date": date(2024, 1, 11),
        "amounts_owed_cents": owed,
    }
    dated = [_event(*event) for event in events]
    with_receipt = [*_principal(("2024-01-01", TOP)), *dated]
    found = _found(row, with_receipt, as_of, owed_applied="service_ended", **switches)
    assert (found["interest_cents"], found["remittance_cents"]) == (dollars, 0)  # not yet two years
    if all(kind != "principal" for kind, _, _ in events):
        alone = _found(row, dated, as_of, owed_applied="service_ended", **switches)
        assert alone["interest_cents"] == dollars


@pytest.mark.parametrize(
    ("switches", "amounts"),
    [
        # A dollar a day for 871 days, 1 March 2024 to 19 July 2026, half of it for 11; points for 3 and 11 days.
        ({}, (876_50, 5_10, 881_60)),
        # The points net of what is owed: half of the principal for 14 days.
        ({"surcharge_principal": "net_of_owed"}, (876_50, 4_20, 880_70)),
    ],
)
def test_a_debt_of_a_later_day_than_the_end_of_service(switches: dict[str, Any], amounts: tuple[int, int, int]) -> None:
    row = {"principal_cents": TOP, "received_date": date(2024, 3, 1), **ENDED}
    debt = _event("owed", "2026-07-20", TOP // 2)
    for events in ([debt], [debt, *_principal(("2024-03-01", TOP))]):
        found = _found(row, events, "2026-07-31", owed_applied="service_ended", **switches)
        assert _amounts(found) == amounts
        assert found["remittance_cents"] == TOP + amounts[2] - TOP // 2  # the debt is taken off once
        assert found["principal_cents"] == TOP


def test_debts_of_an_advance_are_taken_off_at_the_end() -> None:
    row = {"principal_cents": TOP, "received_date": date(2024, 1, 1), "kind": "construction_advance"}
    row |= {"service_ended_date": date(2024, 1, 11), "amounts_owed_cents": TOP}
    for events in ([], _principal(("2024-01-01", TOP))):
        assert _found(row, events, "2024-01-31", owed_applied="service_ended")["interest_cents"] == 30_00
