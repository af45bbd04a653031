"""Twin of unclaimed monies, rules 3403(q)-(s) and C.R.S. 40-8.5-103(5): one deposits row in, its result columns out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.reference.calendar import ONE_DAY, add_months, earning_days, extend_past_weekend
from tests.reference.interest import rounding_spans
from tests.reference.rate_table import PPM, NoRate, RateOn, rated_share, year_share
from tests.reference.rounding import round_fraction

__all__ = ["NoRate", "period_end", "status_of", "unclaimed"]

EXCLUDED_KINDS = ("overcharge_refund", "cost_adjustment_credit")
REMITTABLE = ("unclaimed", "overdue", "remitted")


def _given(row: Mapping[str, Any], column: str, default: Any) -> Any:  # noqa: ANN401 - a column of any type
    """Value of an optional column, or its default where the column is absent or null."""
    value = row.get(column)
    return default if value is None else value


def _happened(row: Mapping[str, Any], column: str, as_of: date) -> date | None:
    """Date of a column if it is on or before the as-of date; what is dated later has not happened."""
    day: date | None = row.get(column)
    return day if day is not None and day <= as_of else None


def period_end(start: date, months: int, weekend_extension: str, *, day_after: bool) -> date:
    """Last day of a period of months, moved past a week-end under "statute", and one day more where asked for."""
    last = add_months(start, months)
    last = {"none": last, "statute": extend_past_weekend(last)}[weekend_extension]
    return last + ONE_DAY if day_after else last


def status_of(
    as_of: date, paid: date | None, remitted: date | None, deemed: date | None, surcharge_from: date | None
) -> str:
    """First status that applies to a deposit received by the as-of date; paid and remitted lie on or before it."""
    if remitted is not None and (paid is None or paid >= remitted):
        return "remitted"
    if paid is not None:
        return "returned"
    if surcharge_from is not None and as_of >= surcharge_from:
        return "overdue"
    if deemed is not None and as_of >= deemed:
        return "unclaimed"
    return "active" if deemed is None else "waiting"


def unclaimed(
    row: Mapping[str, Any],
    as_of: date,
    rate_on: RateOn,
    *,
    day_count: str = "actual_actual",
    day_ends: str = "start_included_end_excluded",
    rounding_mode: str = "half_up",
    rounding_point: str = "posting",
    more_than: str = "day_after",
    surcharge_start: str = "day_after_period",
    surcharge_mode: str = "points",
    surcharge_base: str = "principal",
    surcharge_principal: str = "gross",
    efforts_scope: str = "order",
    weekend_extension: str = "none",
    abandonment_months: int = 24,
    grace_months: int = 4,
    surcharge_ppm: int = 60_000,
) -> dict[str, Any]:
    """Status, dates, interest and remittance of one row; raises NoRate on an earning day without a rate.

    deemed = trigger + 24 months + 1 day; surcharge_from = deemed + 4 months + 1 day: 3403(q), C.R.S. 40-8.5-103(5).
    base = principal x sum of rate x fraction over the earning days; surcharge = principal x 6 points x fraction over
    those on or after surcharge_from. interest = round(base + surcharge), base_interest = round(base), the
    surcharge is the difference. remittance = max(0, principal + interest - posted - owed).
    """
    kind = _given(row, "kind", "deposit")
    received: date = row["received_date"]
    if kind in EXCLUDED_KINDS or received > as_of:
        return {
            "status": "excluded" if kind in EXCLUDED_KINDS else "not_received",
            "accrued_days": 0,
            "base_interest_cents": 0,
            "surcharge_interest_cents": 0,
            "interest_cents": 0,
            "interest_due_cents": 0,
            "deemed_unclaimed_date": None,
            "surcharge_from_date": None,
            "remittance_cents": 0,
        }

    # The dates: termination, or an order after reasonable efforts; whichever is deemed first.
    service_ended = _happened(row, "service_ended_date", as_of)
    order_payable = _happened(row, "order_payable_date", as_of)
    efforts_made = _given(row, "efforts_made", True)
    termination_counts = {"order": True, "both": efforts_made}[efforts_scope]
    triggers = []
    if service_ended is not None and termination_counts:
        triggers.append(service_ended)
    if order_payable is not None and efforts_made:
        triggers.append(order_payable)
    day_after_years = {"day_after": True, "anniversary": False}[more_than]
    day_after_grace = {"day_after_period": True, "last_day_of_period": False}[surcharge_start]
    deemed: date | None = None
    surcharge_from: date | None = None
    if triggers:
        deemed = min(
            period_end(trigger, abandonment_months, weekend_extension, day_after=day_after_years)
            for trigger in triggers
        )
        surcharge_from = period_end(deemed, grace_months, weekend_extension, day_after=day_after_grace)

    # The days: [first, stop) earn, [surcharge_first, stop) earn the points as well.
    paid = _happened(row, "paid_date", as_of)
    remitted = _happened(row, "remitted_date", as_of)
    end = min(day for day in (paid, remitted, as_of) if day is not None)
    first, stop = earning_days(received, end, day_ends)
    surcharge_first = stop if surcharge_from is None else min(stop, max(first, surcharge_from))
    pays_from_the_start = kind != "construction_advance" or _given(row, "interest_payable", True)
    base_first = first if pays_from_the_start else surcharge_first

    # The money.
    principal: int = row["principal_cents"]
    posted: int = _given(row, "posted_cents", 0)
    owed: int = _given(row, "amounts_owed_cents", 0)
    accrued = round_fraction(principal * rated_share(rate_on, base_first, surcharge_first, day_count), rounding_mode)
    surcharge_on = {"gross": principal, "net_of_owed": max(0, principal - owed)}[surcharge_principal]
    surcharge_on += {"principal": 0, "principal_plus_accrued": accrued}[surcharge_base]
    base_interest = 0
    interest = 0
    for since, until in rounding_spans(first, stop, rounding_point):
        base = principal * rated_share(rate_on, max(since, base_first), until, day_count)
        extra_since = max(since, surcharge_first)
        if surcharge_mode == "points":
            extra = surcharge_on * year_share(extra_since, until, day_count) * surcharge_ppm / PPM
        elif surcharge_mode == "multiplicative":
            extra = surcharge_on * rated_share(rate_on, extra_since, until, day_count) * surcharge_ppm / PPM
        else:
            raise ValueError(f"unknown surcharge mode {surcharge_mode!r}")
        base_interest += round_fraction(base, rounding_mode)
        interest += round_fraction(base + extra, rounding_mode)

    status = status_of(as_of, paid, remitted, deemed, surcharge_from)
    return {
        "status": status,
        "accrued_days": (stop - first).days,
        "base_interest_cents": base_interest,
        "surcharge_interest_cents": interest - base_interest,
        "interest_cents": interest,
        "interest_due_cents": interest - posted,
        "deemed_unclaimed_date": deemed,
        "surcharge_from_date": surcharge_from,
        "remittance_cents": max(0, principal + interest - posted - owed) if status in REMITTABLE else 0,
    }
