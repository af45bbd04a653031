"""A reading, or a tariff's choice, has the same effect through every door; figures worked out by hand."""

from datetime import date
from typing import Any

import pytest

from tests.cases.doors import DOORS, Asked

# 200.00 over 2023 at 1.69 %: 3.38. Over 2024 at 4.93 %: 9.86 of the 200.00, 7.395 of the 150.00 that debts of 50.00
# left when service ended on 2024-01-01. Remitted on 2025-01-01, net of the 50.00.
OWING: dict[str, Any] = {
    "service": "gas",
    "principal_cents": 200_00,
    "received_date": date(2023, 1, 1),
    "service_ended_date": date(2024, 1, 1),
    "remitted_date": date(2025, 1, 1),
    "amounts_owed_cents": 50_00,
}


@pytest.mark.parametrize("service", ["electric", "gas"])
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("reading", "interest", "remittance"),
    [("remittance", 3_38 + 9_86, 200_00 + 13_24 - 50_00), ("service_ended", 10_78, 200_00 + 10_78 - 50_00)],
)
def test_when_debts_are_taken_off(door: str, service: str, reading: str, interest: int, remittance: int) -> None:
    row = {**OWING, "service": service}
    found = DOORS[door](Asked("unclaimed", row, date(2025, 1, 1), {"owed_applied": reading}))
    assert (found["interest_cents"], found["remittance_cents"]) == (interest, remittance)
