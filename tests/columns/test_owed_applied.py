"""Debts applied to the deposit when service ends, rule (n), under the switch owed_applied: amounts worked out by hand.

A debt known by then is taken from the principal on that day, a later one on its own day; what is left earns.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from calc.columns import transactions, unclaimed
from calc.kernels.calendar import DAY_ENDS
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.resolve import load_rules
from tests import portfolio

TEN_PERCENT = RateTable.flat(100_000)  # 3,650.00 earns a dollar a day in a year of 365 days, and 60 cents of points
TOP = 3_650_00
HALF = TOP // 2
APPLIED = {"owed_applied": "service_ended"}
ENDED = "2023-01-21"
DATES = ("received_date", "paid_date", "remitted_date", "service_ended_date", "order_payable_date")


def deposit(**columns: Any) -> portfolio.Row:  # noqa: ANN401 - a column of any type
    """3,650.00 from 2023-01-01, service ended on the 21st."""
    given: portfolio.Row = dict.fromkeys(portfolio.DEPOSIT_SCHEMA) | {
        "deposit_id": "D0",
        "account_id": "A",
        "service": "gas",
        "principal_cents": TOP,
        "received_date": "2023-01-01",
        "service_ended_date": ENDED,
    }
    given |= columns
    return given | {name: given[name] and date.fromisoformat(given[name]) for name in DATES}


def plain(given: portfolio.Row, as_of: str, **switches: str) -> dict[str, Any]:
    day = date.fromisoformat(as_of)
    rules = load_rules(day, switches=APPLIED | switches)
    found = unclaimed.evaluate(portfolio.deposits([given]), rules=rules, rates=TEN_PERCENT, as_of=day)
    assert found.reasons.tolist() == [0]
    return found.results.row(0, named=True)


def moved(given: portfolio.Row, as_of: str, moves: list[tuple[str, str, int]], **switches: str) -> dict[str, Any]:
    day = date.fromisoformat(as_of)
    rows = [
        {"deposit_id": "D0", "date": date.fromisoformat(on), "kind": kind, "amount_cents": cents}
        for kind, on, cents in moves
    ]
    rules = load_rules(day, switches=APPLIED | switches)
    found, _ = transactions.evaluate(
        portfolio.deposits([given]), portfolio.transactions(rows), rules=rules, rates=TEN_PERCENT, as_of=day
    )
    assert found.reasons.tolist() == [0]
    return found.results.row(0, named=True)


BY_REFUND = [("principal", "2023-01-01", TOP)]


@pytest.mark.parametrize(
    ("columns", "as_of", "switches", "cents"),
    [
        ({}, "2023-01-31", {}, 30_00),  # nothing is owed
        ({"amounts_owed_cents": HALF}, "2023-01-31", {}, 20_00 + 5_00),
        ({"amounts_owed_cents": HALF}, "2023-01-31", {"owed_applied": "remittance"}, 30_00),
        ({"amounts_owed_cents": TOP}, "2023-01-31", {}, 20_00),
        ({"amounts_owed_cents": 3 * TOP}, "2023-01-31", {}, 20_00),  # never below zero
        ({"amounts_owed_cents": HALF}, "2023-01-21", {}, 20_00),
        ({"amounts_owed_cents": HALF}, "2023-01-20", {}, 19_00),  # service has not ended yet
        ({"amounts_owed_cents": HALF, "service_ended_date": "2023-01-01"}, "2023-01-31", {}, 15_00),
        ({"amounts_owed_cents": HALF, "service_ended_date": None}, "2023-01-31", {}, 30_00),
        # An order alone ends no service.
        (
            {"amounts_owed_cents": HALF, "service_ended_date": None, "order_payable_date": "2023-01-11"},
            "2023-01-31", {}, 30_00,
        ),
        # (n) speaks of deposits.
        ({"amounts_owed_cents": HALF, "kind": "construction_advance"}, "2023-01-31", {}, 30_00),
        # Paid or remitted by then: all of it earned. The day of payment counts under `both`.
        ({"amounts_owed_cents": HALF, "paid_date": "2023-01-21"}, "2023-01-31", {}, 20_00),
        ({"amounts_owed_cents": HALF, "paid_date": "2023-01-21"}, "2023-01-31", {"day_ends": "both"}, 21_00),
        ({"amounts_owed_cents": HALF, "remitted_date": "2023-01-11"}, "2023-01-31", {}, 10_00),
        ({"amounts_owed_cents": HALF, "paid_date": "2023-01-26"}, "2023-01-31", {}, 20_00 + 2_50),
        # The 1st does not count, the 31st does; debts go off with the end of the 21st, as a refund of that day would.
        ({"amounts_owed_cents": HALF}, "2023-01-31", {"day_ends": "start_excluded_end_included"}, 20_00 + 5_00),
        ({"amounts_owed_cents": HALF}, "2023-01-31", {"day_ends": "both"}, 20_00 + 11 * 50),
        ({"amounts_owed_cents": HALF}, "2023-01-31", {"day_ends": "neither"}, 20_00 + 9 * 50),
        # What was posted changes no interest.
        ({"amounts_owed_cents": HALF, "posted_cents": 99_99}, "2023-01-31", {}, 20_00 + 5_00),
    ],
)  # fmt: skip
def test_what_is_left_earns(columns: dict[str, Any], as_of: str, switches: dict[str, str], cents: int) -> None:
    given = deposit(**columns)
    found = plain(given, as_of, **switches)
    assert (found["base_interest_cents"], found["interest_cents"]) == (cents, cents)
    assert found["interest_due_cents"] == cents - (columns.get("posted_cents") or 0)
    again = moved(given, as_of, BY_REFUND, **switches)
    assert {**found, "principal_cents": None} == {**again, "principal_cents": None}


@pytest.mark.parametrize(
    ("columns", "moves", "cents"),
    [
        ({}, [*BY_REFUND, ("owed", "2023-01-11", HALF)], 20_00 + 5_00),  # a debt before the end: on the day of the end
        ({}, [*BY_REFUND, ("owed", "2023-01-21", HALF)], 20_00 + 5_00),
        ({}, [*BY_REFUND, ("owed", "2023-01-26", HALF)], 25_00 + 2_50),  # a later one: on its own day
        ({}, [*BY_REFUND, ("owed", "2023-02-01", HALF)], 30_00),  # not yet
        ({}, [("owed", "2023-01-26", HALF)], 25_00 + 2_50),  # the same without principal events
        ({}, [("owed", "2023-01-11", HALF)], 20_00 + 5_00),
        ({"amounts_owed_cents": HALF}, [("owed", "2023-01-26", HALF)], 20_00 + 2_50),
        ({"amounts_owed_cents": HALF}, [*BY_REFUND, ("owed", "2023-01-26", TOP)], 20_00 + 2_50),
        ({"amounts_owed_cents": HALF}, [("posting", "2023-01-26", 5)], 20_00 + 5_00),
        # A receipt after the end: what is still owed comes off it at once.
        ({"amounts_owed_cents": TOP + HALF}, [*BY_REFUND, ("principal", "2023-01-26", TOP)], 20_00 + 2_50),
        # A refund after the end leaves half, of which half was taken.
        ({"amounts_owed_cents": HALF // 2}, [*BY_REFUND, ("principal", "2023-01-26", -HALF)], 20_00 + 3_75 + 1_25),
        # Paid out on the day service ended, or before: nothing was left to apply debts to.
        ({"amounts_owed_cents": HALF}, [*BY_REFUND, ("principal", "2023-01-21", -TOP)], 20_00),
        ({"amounts_owed_cents": HALF}, [*BY_REFUND, ("principal", "2023-01-11", -TOP)], 10_00),
        ({"kind": "construction_advance"}, [*BY_REFUND, ("owed", "2023-01-11", HALF)], 30_00),
        ({"service_ended_date": None}, [("owed", "2023-01-11", HALF)], 30_00),
    ],
)
def test_dated_debts(columns: dict[str, Any], moves: list[tuple[str, str, int]], cents: int) -> None:
    for order in (moves, moves[::-1]):
        assert moved(deposit(**columns), "2023-01-31", order)["interest_cents"] == cents


def test_a_debt_is_taken_once_from_a_remittance() -> None:
    given = deposit(amounts_owed_cents=HALF, posted_cents=2_00, remitted_date="2023-01-31")
    assert plain(given, "2023-02-28")["remittance_cents"] == TOP + 25_00 - 2_00 - HALF
    assert moved(given, "2023-02-28", BY_REFUND)["remittance_cents"] == TOP + 25_00 - 2_00 - HALF
    # More is owed than there is: what the deposit does not cover comes off the interest.
    given["amounts_owed_cents"] = TOP + 15_00
    assert plain(given, "2023-02-28")["remittance_cents"] == 20_00 - 2_00 - 15_00
    given["amounts_owed_cents"] = TOP + 19_00
    assert plain(given, "2023-02-28")["remittance_cents"] == 0


def test_each_year_rounded() -> None:
    """36.50 earns a cent a day until the 31st, then what is left of it for a day of 2025 and two of 2026."""
    given = deposit(
        principal_cents=36_50, received_date="2025-12-30", service_ended_date="2025-12-31", amounts_owed_cents=27_37
    )
    # 9.13 earns a quarter of a cent a day, and a bit more: 1.25 in 2025, just above 0.5 in 2026.
    assert plain(given, "2026-01-03")["interest_cents"] == 2
    assert plain(given, "2026-01-03", rounding_point="year")["interest_cents"] == 1 + 1
    given["amounts_owed_cents"] = 18_25  # half a cent a day is left: 1.5 in 2025, 1.0 in 2026
    assert plain(given, "2026-01-03")["interest_cents"] == 3  # 2.5
    assert plain(given, "2026-01-03", rounding_point="year")["interest_cents"] == 2 + 1
    assert plain(given, "2026-01-03", rounding_point="year", rounding_mode="half_even")["interest_cents"] == 2 + 1
    assert plain(given, "2026-01-03", rounding_mode="half_even")["interest_cents"] == 2


# 3,650.00 payable by an order of 2024-03-15: points from 2026-07-17. By 2026-07-31, 14 days bear them.
PAYABLE: dict[str, Any] = {
    "received_date": "2024-03-15",
    "order_payable_date": "2024-03-15",
    "amounts_owed_cents": HALF,
}
FIRST, POINTS_FROM = date(2024, 3, 15), date(2026, 7, 17)


@pytest.mark.parametrize(
    ("ended", "switches", "points"),
    [
        (None, {}, 14 * 60),
        ("2024-03-15", {}, 14 * 30),
        ("2024-03-15", {"surcharge_principal": "net_of_owed"}, 14 * 30),  # off once, not twice
        ("2026-07-24", {}, 7 * 60 + 7 * 30),
        ("2026-07-24", {"surcharge_principal": "net_of_owed"}, 14 * 30),
        ("2026-07-24", {"surcharge_mode": "multiplicative"}, 7 * 6 + 7 * 3),
    ],
)
def test_points_on_what_is_left(ended: str | None, switches: dict[str, str], points: int) -> None:
    as_of = date(2026, 7, 31)
    given = deposit(**PAYABLE, service_ended_date=ended)
    turn = date.fromisoformat(ended) if ended else as_of
    base = 100 * (turn - FIRST).days + 50 * (as_of - turn).days
    for found in (
        plain(given, str(as_of), day_count="actual_365", **switches),
        moved(given, str(as_of), [("principal", "2024-03-15", TOP)], day_count="actual_365", **switches),
    ):
        assert (found["status"], found["base_interest_cents"]) == ("overdue", base)
        assert found["surcharge_interest_cents"] == points


def test_points_on_what_is_left_and_what_it_earned() -> None:
    given = deposit(**PAYABLE, service_ended_date="2025-03-15")
    accrued = 100 * 365 + 50 * (POINTS_FROM - date(2025, 3, 15)).days  # 365.00 in the first year, then half a day
    assert accrued == 36_500 + 50 * 489
    # 6 % a year of 1,825.00 + 609.50 for 14 days: 5.60 cents on each 2.4345 dollars: 560.26... cents.
    points = round((HALF + accrued) * 6 * 14 / 36_500)
    switches = {"day_count": "actual_365", "surcharge_base": "principal_plus_accrued"}
    found = plain(given, "2026-07-31", **switches)
    assert found["surcharge_interest_cents"] == points
    again = moved(given, "2026-07-31", [("principal", "2024-03-15", TOP)], **switches)
    assert again["surcharge_interest_cents"] == points


def test_as_a_refund_on_the_day_service_ended() -> None:
    """Random deposits: debts below the principal act on interest as a refund of that day does, under any switches.

    Refunds are compared with the twin elsewhere. Points on the balance net of debts see what a refund leaves as well.
    """
    random = Random(20261129)  # noqa: S311 - rows, not secrets
    rates = load_rate_table(load_rules(portfolio.LAST).electric.annual_rate)
    compared = 0
    while compared < 60:
        as_of = portfolio.any_day(random, date(2000, 1, 1), date(2026, 12, 30))
        row = portfolio.deposit(random, 0, as_of, dict.fromkeys(range(1990, 2028), 493))
        ended = portfolio.any_day(
            random, row["received_date"], min(portfolio.LAST, row["received_date"] + timedelta(1500))
        )
        row |= {"service_ended_date": ended, "kind": "deposit", "posted_cents": 0}
        row["principal_cents"] = random.randint(2, 10**7)
        owed = random.randint(1, row["principal_cents"] - 1)
        closed = min((day for day in (row["paid_date"], row["remitted_date"]) if day), default=None)
        if row["received_date"] > as_of or ended > as_of or (closed and closed <= ended):
            continue
        if row["order_payable_date"] and row["order_payable_date"] < row["received_date"]:
            continue
        switches = {
            "day_ends": random.choice(list(DAY_ENDS)),
            "rounding_point": random.choice(("posting", "year")),
            "rounding_mode": random.choice(("half_up", "half_even", "down", "up")),
            "surcharge_mode": random.choice(("points", "multiplicative")),
            "surcharge_base": random.choice(("principal", "principal_plus_accrued")),
        }
        moves = [
            {
                "deposit_id": "D0",
                "date": row["received_date"],
                "kind": "principal",
                "amount_cents": row["principal_cents"],
            },
            {"deposit_id": "D0", "date": ended, "kind": "principal", "amount_cents": -owed},
        ]
        given: dict[str, Any] = {"rates": rates, "as_of": as_of}
        refunded, _ = transactions.evaluate(
            portfolio.deposits([{**row, "amounts_owed_cents": 0}]), portfolio.transactions(moves),
            rules=load_rules(as_of, switches=switches), **given,
        )  # fmt: skip
        frame = portfolio.deposits([{**row, "amounts_owed_cents": owed}])
        rules = load_rules(as_of, switches=APPLIED | switches)
        applied = unclaimed.evaluate(frame, rules=rules, **given)
        by_event, _ = transactions.evaluate(
            portfolio.deposits([{**row, "amounts_owed_cents": 0}]),
            portfolio.transactions([{**moves[0], "kind": "owed", "amount_cents": owed}]),
            rules=rules, **given,
        )  # fmt: skip
        assert applied.reasons.tolist() == refunded.reasons.tolist() == by_event.reasons.tolist()
        if applied.reasons[0]:
            continue
        names = ["status", "accrued_days", "base_interest_cents", "surcharge_interest_cents", "interest_cents"]
        assert applied.results.select(names).row(0) == refunded.results.select(names).row(0)
        assert applied.results.equals(by_event.results)
        compared += 1


def test_a_service_may_have_its_own_reading() -> None:
    """One rule for gas alone: a file holds gas and electric deposits, and only the former's debts are applied."""
    day = date(2023, 1, 31)
    rules = load_rules(day)
    gas = replace(rules.gas, unclaimed=replace(rules.gas.unclaimed, owed_applied="service_ended"))
    rows = [deposit(amounts_owed_cents=HALF, service=service) for service in ("electric", "gas")]
    found = unclaimed.evaluate(portfolio.deposits(rows), rules=replace(rules, gas=gas), rates=TEN_PERCENT, as_of=day)
    assert found.results["interest_cents"].to_list() == [30_00, 25_00]
