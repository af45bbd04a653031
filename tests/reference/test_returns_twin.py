"""The twin of returned deposits against results by hand."""

from datetime import date
from typing import Any

import pytest

from tests.reference.by_hand import TEN_PERCENT
from tests.reference.postings import post_life
from tests.reference.returns import excess_returns, returns

ACCOUNT = {"account_id": "a", "service": "electric", "late_payments_12m": 2}


def _result(deposit_id: str, received: str, principal: int, due: int = 0, **columns: object) -> dict[str, Any]:
    return {
        "deposit_id": deposit_id,
        "account_id": "a",
        "service": "electric",
        "status": "active",
        "received_date": date.fromisoformat(received),
        "principal_cents": principal,
        "interest_due_cents": due,
        **columns,
    }


HELD = [
    _result("1", "2022-01-01", 100_00, 4_07),
    _result("2", "2023-01-01", 50_00, -1_00, status="waiting"),
    _result("3", "2023-01-01", 30_00, 2, status="overdue", kind="deposit"),
    _result("4", "2020-01-01", 70_00, 9, status="returned"),
    _result("5", "2020-01-01", 70_00, 9, status="remitted"),
    _result("6", "2020-01-01", 70_00, 9, kind="construction_advance"),
    _result("7", "2020-01-01", 70_00, 9, service="gas"),
    _result("8", "2020-01-01", 70_00, 9, account_id="b"),
]


def test_an_account_due_back_gets_every_open_deposit_with_its_interest() -> None:
    found = returns(ACCOUNT, HELD)
    columns = ("deposit_id", "principal_cents", "interest_due_cents", "to_recover_cents", "amount_cents")
    assert [tuple(each[name] for name in columns) for each in found] == [
        ("1", 100_00, 4_07, 0, 104_07),
        ("2", 50_00, 0, 1_00, 50_00),
        ("3", 30_00, 2, 0, 30_02),
    ]


@pytest.mark.parametrize(
    ("columns", "window", "due"),
    [
        ({"late_payments_12m": 3}, {}, False),
        ({"late_payments_12m": None}, {}, False),
        ({"late_payments_12m": 3, "return_qualified_date": date(2024, 1, 1)}, {"return_window": "any_12"}, True),
        ({"late_payments_12m": 3}, {"late_payments_max": 3}, True),
        ({"account_id": "c"}, {}, False),
    ],
)
def test_which_accounts_are_due_back(columns: dict[str, Any], window: dict[str, Any], due: bool) -> None:
    assert bool(returns(ACCOUNT | columns, HELD, **window)) == due


@pytest.mark.parametrize(
    ("limit", "parts"),
    [
        (180_00, []),
        (200_00, []),
        (179_99, [("2", 1)]),
        (130_00, [("2", 50_00)]),
        (129_99, [("2", 50_00), ("3", 1)]),
        (60_00, [("2", 50_00), ("3", 30_00), ("1", 40_00)]),
        (0, [("2", 50_00), ("3", 30_00), ("1", 100_00)]),
    ],
)
def test_excess_is_taken_from_the_newest_deposits(limit: int, parts: list[tuple[str, int]]) -> None:
    found = excess_returns(ACCOUNT, HELD, limit)
    assert [(each["deposit_id"], each["principal_cents"]) for each in found] == parts


def test_the_posting_on_the_day_of_return_is_the_interest_of_the_returns_list() -> None:
    # A dollar a day from 1 January 2023; 100.00 posted; returned on 1 July, after 181 days.
    night = date(2023, 7, 1)
    row = {"principal_cents": 3_650_00, "received_date": date(2023, 1, 1), "posted_cents": 100_00}
    before = post_life(row, [], [night], TEN_PERCENT)[0]
    listed = returns(ACCOUNT, [{**HELD[0], **before, "received_date": row["received_date"]}])
    assert listed[0]["amount_cents"] == 3_650_00 + 81_00
    after = post_life({**row, "paid_date": night}, [], [night], TEN_PERCENT)[0]
    assert (after["why"], after["posting_cents"]) == ("returned", listed[0]["interest_due_cents"])
