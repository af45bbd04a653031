"""The twin of deposit limits and grounds against results by hand and published cases (C... names them)."""

from datetime import date
from typing import Any

import pytest

from tests.reference.deposit_limit import deposit_limit, grounds, limit_from_months


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
    assert grounds(applied, False, date(2025, 4, 1), date(2025, 4, 1)) == []
    assert grounds(applied, False, applied, applied) == ["good_payment_history", "energy_assistance"]
