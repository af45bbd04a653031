"""The twin of deposit limits and grounds against results by hand and published cases (C... names them)."""

from datetime import date
from typing import Any

import pytest

from tests.reference.deposit_limit import (
    account,
    barred,
    customers,
    deposit_limit,
    grounds,
    held_by_account,
    limit_from_months,
)


@pytest.mark.parametrize(
    ("columns", "held", "expected"),
    [
        # 1,000.00 x 90 / 365 = 246.575..., x 60 / 365 = 164.38...
        ({}, 0, (246_57, 0, 246_57, False, "account")),
        ({"bills_in_advance": True}, 200_00, (164_38, 35_62, 0, True, "account")),
        ({"late_payments_12m": 2}, 1, (246_57, 0, 246_56, True, "account")),
        ({"late_payments_12m": 3}, 246_57, (246_57, 0, 0, False, "account")),
        ({"late_payments_12m": None}, 246_58, (246_57, 1, 0, False, "account")),
        ({"billed_days": None}, 0, (90_00, 0, 90_00, False, "premises")),
        ({"billed_days": None, "premises_billed_cents": None}, 0, (9_00, 0, 9_00, False, "class")),
    ],
)
def test_deposit_limit(columns: dict[str, Any], held: int, expected: tuple[int, int, int, bool, str]) -> None:
    row = {
        "billed_cents": 1_000_00,
        "billed_days": 365,
        "late_payments_12m": 0,
        "premises_billed_cents": 30_00,
        "premises_billed_days": 30,
        "class_billed_cents": 36_50,
        "class_billed_days": 365,
    }
    limit, excess, available, return_due, source = expected
    assert deposit_limit(row | columns, held) == {
        "held_cents": held,
        "limit_cents": limit,
        "excess_cents": excess,
        "available_cents": available,
        "return_due": return_due,
        "estimate_source": source,
    }


def test_deposit_limit_parameters() -> None:
    row = {"billed_cents": 365_00, "billed_days": 365, "late_payments_12m": 3}
    assert deposit_limit(row, 50_00, limit_days=45, late_payments_max=3) == {
        "held_cents": 50_00,
        "limit_cents": 45_00,
        "excess_cents": 5_00,
        "available_cents": 0,
        "return_due": True,
        "estimate_source": "account",
    }
    assert deposit_limit(row | {"bills_in_advance": True}, 0, limit_in_advance_days=30)["limit_cents"] == 30_00


def test_no_billing_figures_at_all() -> None:
    with pytest.raises(ValueError, match="no billing figures"):
        deposit_limit({"billed_cents": 1}, 0)


def test_limits_from_months() -> None:
    bills = [10, 20, 31, 40, 5, 5, 5, 5, 5, 5, 5, 90]
    assert sum(bills) == 226
    assert limit_from_months(bills, "monthly_average", 3) == 56  # 226 x 3 / 12 = 56.5
    assert limit_from_months(bills, "monthly_average", 2) == 37  # 37.67
    assert limit_from_months(bills, "peak_consecutive", 3) == 100  # 5 + 5 + 90, before 20 + 31 + 40
    assert limit_from_months(bills, "peak_consecutive", 2) == 95
    assert limit_from_months([7, 9], "peak_consecutive", 2) == 16
    with pytest.raises(ValueError, match="2 monthly bills"):
        limit_from_months([7, 9], "peak_consecutive", 3)
    with pytest.raises(ValueError, match="unknown method"):
        limit_from_months([7, 9], "median", 2)


def test_grounds() -> None:
    applied = date(2025, 3, 31)
    assert grounds(applied, False, None, None) == []
    assert grounds(applied, True, date(2025, 1, 30), date(2024, 3, 31)) == [
        "past_service",
        "good_payment_history",
        "energy_assistance",
    ]
    assert grounds(applied, False, date(2025, 1, 29), date(2024, 3, 30)) == []
    assert grounds(applied, False, date(2025, 1, 29), None, window_days=61) == ["good_payment_history"]
    assert grounds(applied, False, None, date(2024, 9, 30), window_months=6) == ["energy_assistance"]
    # A last day of help after the application is help now; good payments that end after it are none yet.
    assert grounds(applied, False, date(2025, 4, 1), date(2025, 4, 1)) == ["energy_assistance"]
    assert grounds(applied, False, None, None, assistance_now=True) == ["energy_assistance"]
    assert grounds(applied, False, None, date(2020, 1, 1), participates=True) == ["energy_assistance"]
    assert grounds(applied, False, applied, applied) == ["good_payment_history", "energy_assistance"]


AS_OF = date(2026, 9, 30)
ROW: dict[str, Any] = {
    "account_id": "A",
    "service": "gas",
    "billed_cents": 1_460_00,
    "billed_days": 365,
    "late_payments_12m": 3,
}
BILLS = [100_00, 200_00, 300_00, 100_00]


@pytest.mark.parametrize(
    ("columns", "may_ask", "found"),
    [
        ({}, "not_checked", []),
        ({"applied_date": date(2026, 9, 1)}, "not_checked", []),
        ({"clean_past_service": False}, "yes", []),
        ({"assistance_now": False}, "yes", []),
        ({"assistance_last_date": date(2025, 9, 29)}, "yes", []),
        ({"assistance_last_date": date(2025, 9, 30)}, "no", ["energy_assistance"]),
        ({"assistance_last_date": date(2027, 1, 1)}, "no", ["energy_assistance"]),
        ({"assistance_last_date": date(2025, 9, 29), "assistance_now": True}, "no", ["energy_assistance"]),
        # 60 days before 30 September 2026 is 1 August; before an application on 1 July it is 2 May.
        ({"good_payment_ended_date": date(2026, 8, 1)}, "no", ["good_payment_history"]),
        ({"good_payment_ended_date": date(2026, 7, 31)}, "yes", []),
        (
            {"applied_date": date(2026, 7, 1), "good_payment_ended_date": date(2026, 5, 2)},
            "no",
            ["good_payment_history"],
        ),
        ({"applied_date": date(2026, 7, 1), "good_payment_ended_date": date(2026, 5, 1)}, "yes", []),
        # An application of tomorrow has not happened: the as-of date counts.
        ({"applied_date": date(2026, 10, 1), "assistance_last_date": date(2025, 9, 30)}, "no", ["energy_assistance"]),
        (
            {"clean_past_service": True, "good_payment_ended_date": date(2026, 9, 1), "assistance_now": True},
            "no",
            ["past_service", "good_payment_history", "energy_assistance"],
        ),
    ],
)
def test_barred(columns: dict[str, Any], may_ask: str, found: list[str]) -> None:
    assert barred(columns, AS_OF) == (may_ask, found)
    result = account(ROW | columns, 100_00, AS_OF)
    # 1,460.00 in 365 days is 4.00 a day, 360.00 in 90 days; 100.00 are held.
    assert result == {
        "held_cents": 100_00,
        "limit_cents": 360_00,
        "excess_cents": 0,
        "available_cents": 0 if found else 260_00,
        "return_due": False,
        "estimate_source": "account",
        "may_ask": may_ask,
        "barred": found,
    }


def test_participants_of_the_night_are_barred() -> None:
    for participants, may_ask in (({("A", "gas")}, "no"), ({("A", "electric"), ("B", "gas")}, "not_checked")):
        result = account(ROW, 400_00, AS_OF, participants)
        assert (result["may_ask"], result["barred"] == ["energy_assistance"]) == (may_ask, may_ask == "no")
        assert (result["excess_cents"], result["available_cents"]) == (40_00, 0)
    assert account(ROW | {"clean_past_service": False}, 0, AS_OF, {("B", "gas")})["may_ask"] == "yes"


@pytest.mark.parametrize(
    ("window", "columns", "held", "due"),
    [
        ("last_12", {"late_payments_12m": 2}, 1, True),
        ("last_12", {"late_payments_12m": 3, "return_qualified_date": date(2026, 1, 1)}, 1, False),
        ("last_12", {"late_payments_12m": None, "return_qualified_date": date(2026, 1, 1)}, 1, False),
        ("any_12", {"late_payments_12m": 2}, 1, True),
        ("any_12", {"late_payments_12m": 2}, 0, False),
        ("any_12", {"late_payments_12m": 3}, 1, False),
        ("any_12", {"late_payments_12m": 3, "return_qualified_date": AS_OF}, 1, True),
        ("any_12", {"late_payments_12m": 3, "return_qualified_date": date(2026, 10, 1)}, 1, False),
        ("any_12", {"late_payments_12m": None, "return_qualified_date": AS_OF}, 1, True),
        ("any_12", {"late_payments_12m": 3, "return_qualified_date": AS_OF}, 0, False),
    ],
)
def test_return_window(window: str, columns: dict[str, Any], held: int, due: bool) -> None:
    assert account(ROW | columns, held, AS_OF, return_window=window)["return_due"] is due


@pytest.mark.parametrize(
    ("method", "in_advance", "limit"),
    [
        ("average_daily", False, 360_00),
        ("average_daily", True, 240_00),
        ("monthly_average", False, 525_00),  # 700 / 4 x 3
        ("monthly_average", True, 350_00),
        ("peak_consecutive", False, 600_00),  # 200 + 300 + 100 and 100 + 200 + 300
        ("peak_consecutive", True, 500_00),
    ],
)
def test_estimates(method: str, in_advance: bool, limit: int) -> None:
    row = ROW | {"bills_in_advance": in_advance, "monthly_bill_cents": BILLS}
    result = account(row, 510_00, AS_OF, estimate_method=method)
    assert (result["limit_cents"], result["estimate_source"]) == (limit, "account")
    assert (result["excess_cents"], result["available_cents"]) == (max(0, 510_00 - limit), max(0, limit - 510_00))


@pytest.mark.parametrize("bills", [None, [], BILLS[:2], [1, None, 2, 3]])
def test_an_estimate_over_months_needs_the_months(bills: list[int | None] | None) -> None:
    with pytest.raises(ValueError, match="monthly bills"):
        account(ROW | {"monthly_bill_cents": bills}, 0, AS_OF, estimate_method="peak_consecutive")


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown method"):
        account(ROW | {"monthly_bill_cents": BILLS}, 0, AS_OF, estimate_method="median")
    with pytest.raises(KeyError):
        account(ROW, 0, AS_OF, return_window="other")


def test_held_by_account() -> None:
    deposits = [
        {"account_id": "A", "service": "gas", "status": status, "principal_cents": cents, "kind": kind}
        for status, cents, kind in [
            ("active", 1, None),
            ("waiting", 20, "deposit"),
            ("unclaimed", 300, "deposit"),
            ("overdue", 4_000, "deposit"),
            ("returned", 50_000, "deposit"),
            ("remitted", 50_000, "deposit"),
            ("not_received", 50_000, "deposit"),
            ("active", 50_000, "construction_advance"),
            ("excluded", 50_000, "overcharge_refund"),
        ]
    ]
    assert held_by_account(deposits) == {("A", "gas"): 4_321}


def test_customers() -> None:
    # Each account may hold 360.00. C1: 500.00 + 100.00 of 720.00; C2: 800.00 of 360.00, electric apart; C3 is barred.
    given: list[tuple[dict[str, Any], int]] = [
        ({"account_id": "A1", "customer_id": "C1"}, 500_00),
        ({"account_id": "A2", "customer_id": "C1"}, 100_00),
        ({"account_id": "A3", "customer_id": "C2"}, 800_00),
        ({"account_id": "A3", "customer_id": "C2", "service": "electric"}, 0),
        ({"account_id": "A4", "customer_id": "C3"}, 0),
        ({"account_id": "A5", "customer_id": "C3", "assistance_now": True}, 0),
        ({"account_id": "A6", "customer_id": None}, 0),
    ]
    rows = [(ROW | columns, held) for columns, held in given]
    results = [(row, account(row, held, AS_OF)) for row, held in rows]
    assert [(r["excess_cents"], r["available_cents"]) for _, r in results[:2]] == [(140_00, 0), (0, 260_00)]
    assert [tuple(total.values()) for total in customers(results)] == [
        ("C1", "gas", 600_00, 720_00, 0, 120_00, 2),
        ("C2", "electric", 0, 360_00, 0, 360_00, 1),
        ("C2", "gas", 800_00, 360_00, 440_00, 0, 1),
        ("C3", "gas", 0, 720_00, 0, 0, 2),
    ]
