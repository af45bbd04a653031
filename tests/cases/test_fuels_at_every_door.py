"""Electric and gas each go by their own terms and rules through every door; figures worked out by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.cases.switch_cases import Case
from tests.cases.switch_doors import DOORS

CREDIT_DOORS = [name for name, door in DOORS.items() if "fixed-credit" in door.topics]
YEAR_DOORS = [name for name, door in DOORS.items() if "participant-year" in door.topics]
DEPOSIT_DOORS = [name for name, door in DOORS.items() if "unclaimed" in door.topics]

# 40,000.00 of income and a bill of 2,400.00; a grant of 500.00; 900.00 of arrearage. example-by-fuel: 2.5 % of income
# for electric with another heat, 2.25 % for gas heat.
HOUSEHOLD: dict[str, Any] = {
    "primary_heating": "gas",
    "regulated_gas": True,
    "household_size": 3,
    "household_income_cents": 40_000_00,
    "full_annual_bill_cents": 2_400_00,
    "leap_grant_cents": 500_00,
    "arrearage_cents": 900_00,
}
EXPECTED: dict[str, dict[str, Any]] = {
    # 2,400 - 1,000; no offset: the grant goes to the account; 0.5 % of 40,000 are copaid over 12 months.
    "electric": {
        "fixed_credit_annual_cents": 1_400_00,
        "program_credit_annual_cents": 1_400_00,
        "leap_to_unaffordable_cents": 0,
        "leap_to_arrearage_cents": 0,
        "leap_to_account_cents": 500_00,
        "monthly_credit_cents": [116_67] * 8 + [116_66] * 4,
        "arrearage_credit_cents": [58_34] * 4 + [58_33] * 8,
    },
    # 2,400 - 900; the grant covers 500 of it; 0.25 % of 40,000 are copaid over 24 months.
    "gas": {
        "fixed_credit_annual_cents": 1_500_00,
        "program_credit_annual_cents": 1_000_00,
        "leap_to_unaffordable_cents": 500_00,
        "leap_to_arrearage_cents": 0,
        "leap_to_account_cents": 0,
        "monthly_credit_cents": [83_34] * 4 + [83_33] * 8,
        "arrearage_credit_cents": [33_34] * 8 + [33_33] * 16,
    },
}


@pytest.mark.parametrize("door", CREDIT_DOORS)
@pytest.mark.parametrize("service", EXPECTED)
def test_each_fuel_has_its_own_terms(service: str, door: str) -> None:
    row = {**HOUSEHOLD, "service": service}
    case = Case("", "", "fixed-credit", date(2026, 9, 30), row, "", None, None, tariff="example-by-fuel")
    found = {name: DOORS[door].ask(replace(case, figure=name), {}) for name in EXPECTED[service]}
    assert found == EXPECTED[service]


@pytest.mark.parametrize("door", YEAR_DOORS)
@pytest.mark.parametrize(
    ("service", "credit"),
    [
        # 900.00 less 200.00 of copayments over 24 months: 29.17, 29.17, none, then of 641.66 over 21 months 30.56.
        ("electric", 2 * 29_17 + 9 * 30_56),
        # No condition: 900.00 less 100.00, 33.34 eight times and 33.33.
        ("gas", 8 * 33_34 + 4 * 33_33),
    ],
)
def test_what_a_missed_payment_withholds_is_the_fuels_condition(service: str, credit: int, door: str) -> None:
    row = {
        **{name: value for name, value in HOUSEHOLD.items() if name != "leap_grant_cents"},
        "service": service,
        "arrearage_months": 24,
        "first_bill_date": date(2026, 1, 15),
        "events": [{"date": date(2026, 2, 20), "kind": "missed_payment"}],
    }
    name = "year_arrearage_credit_cents"
    case = Case("", "", "participant-year", date(2026, 9, 30), row, name, None, None, tariff="example-by-fuel")
    assert DOORS[door].ask(case, {}) == credit


@pytest.mark.parametrize("door", DEPOSIT_DOORS)
@pytest.mark.parametrize("service", ["electric", "gas"])
def test_a_debt_that_lowers_the_interest_is_off_the_remittance_once(service: str, door: str) -> None:
    """200.00 over 2023 at 1.69 %: 3.38; 2024 at 4.93 %: 9.86, or 7.395 on what 50.00 of debts leave of it."""
    row = {
        "service": service,
        "principal_cents": 200_00,
        "received_date": date(2023, 1, 1),
        "service_ended_date": date(2024, 1, 1),
        "remitted_date": date(2025, 1, 1),
        "amounts_owed_cents": 50_00,
    }
    case = Case("owed_applied", "service_ended", "unclaimed", date(2025, 1, 1), row, "remittance_cents", 0, 0)
    assert DOORS[door].ask(case, {}) == 200_00 + 3_38 + 9_86 - 50_00
    assert DOORS[door].ask(case, {"owed_applied": "service_ended"}) == 200_00 + 10_78 - 50_00
