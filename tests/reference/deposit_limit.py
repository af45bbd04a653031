"""Twin of the deposit's ceiling, the bars to asking for one and its return: rules 3403(c), (d), (e), (j), (l)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.reference.calendar import add_months


def estimate(row: Mapping[str, Any]) -> tuple[str, int, int]:
    """(source, billed cents, days they cover): the account's own bills, else the premises', else the class average."""
    for source, prefix in (("account", ""), ("premises", "premises_"), ("class", "class_")):
        billed_cents, billed_days = row.get(f"{prefix}billed_cents"), row.get(f"{prefix}billed_days")
        if billed_cents is not None and billed_days is not None:
            return source, billed_cents, billed_days
    raise ValueError("no billing figures: neither the account's, nor the premises', nor the class's")


def deposit_limit(
    row: Mapping[str, Any],
    held_cents: int,
    *,
    limit_days: int = 90,
    limit_in_advance_days: int = 60,
    late_payments_max: int = 2,
) -> dict[str, Any]:
    """limit = floor(billed x D / days billed), D = 90, or 60 where bills come in advance; 3403(j).

    excess = max(0, held - limit); available = max(0, limit - held). Due back, 3403(l): something is held and a known
    count of late payments in twelve months is at most two.
    """
    source, billed_cents, billed_days = estimate(row)
    days = limit_in_advance_days if row.get("bills_in_advance") else limit_days
    limit_cents = billed_cents * days // billed_days
    late = row.get("late_payments_12m")
    return {
        "held_cents": held_cents,
        "limit_cents": limit_cents,
        "excess_cents": max(0, held_cents - limit_cents),
        "available_cents": max(0, limit_cents - held_cents),
        "return_due": held_cents > 0 and late is not None and late <= late_payments_max,
        "estimate_source": source,
    }


def limit_from_months(bills: list[int], method: str, months: int) -> int:
    """Ceiling in cents from monthly bills in order, 3403(j).

    monthly_average: floor(sum x months / number of bills); peak_consecutive: the largest sum of ``months`` bills in a
    row. ValueError with fewer bills than that (or none).
    """
    if not 1 <= months <= len(bills):
        raise ValueError(f"{len(bills)} monthly bills do not give {months} months")
    if method == "monthly_average":
        return sum(bills) * months // len(bills)
    if method == "peak_consecutive":
        return max(sum(bills[i : i + months]) for i in range(len(bills) - months + 1))
    raise ValueError(f"unknown method {method!r}")


def grounds(
    applied: date,
    clean_past_service: bool,
    good_payment_ended: date | None,
    assistance_last: date | None,
    *,
    window_days: int = 60,
    window_months: int = 12,
) -> list[str]:
    """All grounds that bar a deposit on the day of the application: 3403(c), (d), (e), in that order.

    (d): applied - 60 days <= end of the good payments <= applied. (e): applied - 12 months <= last help <= applied.
    """
    found = []
    if clean_past_service:
        found.append("past_service")
    if good_payment_ended is not None and applied - timedelta(days=window_days) <= good_payment_ended <= applied:
        found.append("good_payment_history")
    if assistance_last is not None and add_months(applied, -window_months) <= assistance_last <= applied:
        found.append("energy_assistance")
    return found
