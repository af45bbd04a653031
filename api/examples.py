"""An example for each operation: shown in the documentation, run as tests."""

from typing import Any, Final

_BODIES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "interest": (
        "200 dollars through the year 2024",
        {"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"},
    ),
    "deposit-limit": (
        "1,460 dollars billed in 365 days, 300 held",
        {"billed_cents": 146_000, "billed_days": 365, "held_cents": 30_000, "applied_date": "2026-09-30"},
    ),
    "unclaimed": (
        "A deposit whose service ended in 2024",
        {
            "principal_cents": 20_000,
            "received_date": "2022-03-01",
            "service_ended_date": "2024-03-15",
            "through_date": "2026-09-30",
        },
    ),
    "fixed-credit": (
        "A household of three with electric heat",
        {
            "service": "electric",
            "primary_heating": "electric",
            "household_income_cents": 1_800_000,
            "household_size": 3,
            "full_annual_bill_cents": 180_000,
            "as_of_date": "2026-09-30",
        },
    ),
}

QUOTES: Final[dict[str, Any]] = {
    name: {
        "plain": {"summary": title, "value": body},
        "explained": {"summary": f"{title}, with its working", "value": {**body, "explain": True}},
    }
    for name, (title, body) in _BODIES.items()
}
BATCHES: Final[dict[str, Any]] = {
    name: {"rows": {"summary": f"{title}, twice", "value": {"rows": [body, body]}}}
    for name, (title, body) in _BODIES.items()
}
