"""Twin of unclaimed monies, rules 3403(q)-(s) and C.R.S. 40-8.5-103(5): one deposits row in, its result columns out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from tests.reference.calendar import ONE_DAY, add_months, earning_days
from tests.reference.holidays import business_day_from
from tests.reference.interest import rounding_spans
from tests.reference.rate_table import PPM, NoRate, RateOn, rated_share, year_share
from tests.reference.rounding import round_fraction

__all__ = ["NoRate", "period_end", "status_of", "unclaimed"]

EXCLUDED_KINDS = ("overcharge_refund", "cost_adjustment_credit")
REMITTABLE = ("unclaimed", "overdue", "remitted")
EXTENDED = {  # what weekend_extension says of (the two years, the four months)
    "none": ("none", "none"),
    "payment": ("none", "statute"),
    "statute": ("statute", "statute"),
}


def _given(row: Mapping[str, Any], column: str, default: Any) -> Any:  # noqa: ANN401 - a column of any type
    """Value of an optional column, or its default where the column is absent or null."""
    value = row.get(column)
    return default if value is None else value


def _happened(row: Mapping[str, Any], column: str, as_of: date) -> date | None:
    """Date of a column if it is on or before the as-of date; what is dated later has not happened."""
    day: date | None = row.get(column)
    return day if day is not None and day <= as_of else None


def period_end(start: date, months: int, weekend_extension: str, *, day_after: bool) -> date:
    """Last day of a period of months, and one day more where asked for.

    Under "statute" the last day moves past Saturdays, Sundays and legal holidays: C.R.S. 2-4-108(2).
    """
    last = add_months(start, months)
    last = {"none": last, "statute": business_day_from(last)}[weekend_extension]
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


def unclaimed_dates(
    row: Mapping[str, Any],
    as_of: date,
    *,
    more_than: str,
    surcharge_start: str,
    efforts_scope: str,
    weekend_extension: str,
    abandonment_months: int,
    grace_months: int,
) -> tuple[date | None, date | None]:
    """(deemed unclaimed, first day with the points) of the trigger that is deemed first; None without a trigger.

    Triggers: termination of service; an order that makes the money payable, after reasonable efforts: 3403(q)(I).
    """
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
    years_extension, grace_extension = EXTENDED[weekend_extension]
    if not triggers:
        return None, None
    deemed = min(
        period_end(trigger, abandonment_months, years_extension, day_after=day_after_years) for trigger in triggers
    )
    return deemed, period_end(deemed, grace_months, grace_extension, day_after=day_after_grace)


def applied_debts(
    changes: Sequence[tuple[date, int]],
    owed: int,
    owed_events: Sequence[tuple[date, int]],
    service_ended: date | None,
    *,
    apply: bool,
) -> list[tuple[date, int]]:
    """Dated amounts by which debts lower what earns, 3403(n): day by day, min(held, owed by then) in all.

    From the day service ended on, with what is owed without a date; a debt of a later day from that day on. Never more
    than is held: a refund after it makes room again (a negative amount).
    """
    if not apply or service_ended is None:
        return []
    undated = owed - sum(cents for _, cents in owed_events)
    debts = [(service_ended, undated), *((max(day, service_ended), cents) for day, cents in owed_events)]
    found = []
    so_far = 0
    for day in sorted({day for day, _ in debts} | {day for day, _ in changes if day > service_ended}):
        held = sum(cents for dated, cents in changes if dated <= day)
        owed_by_then = sum(cents for dated, cents in debts if dated <= day)
        applied = max(0, min(held, owed_by_then))
        found.append((day, applied - so_far))
        so_far = applied
    return found


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
    owed_applied: str = "remittance",
    owed_events: Sequence[tuple[date, int]] = (),
    abandonment_months: int = 24,
    grace_months: int = 4,
    surcharge_ppm: int = 60_000,
) -> dict[str, Any]:
    """Status, dates, interest and remittance of one row; raises NoRate on an earning day without a rate.

    deemed = trigger + 24 months + 1 day; surcharge_from = deemed + 4 months + 1 day: 3403(q), C.R.S. 40-8.5-103(5).
    base = principal x sum of rate x fraction over the earning days; surcharge = principal x 6 points x fraction over
    those on or after surcharge_from. interest = round(base + surcharge), base_interest = round(base), the
    surcharge is the difference. remittance = max(0, principal + interest - posted - owed).
    owed_applied = service_ended: debts are applied to a deposit on the day service ended, 3403(n), and interest runs on
    what is left; the debts are taken off the remittance once, as ever. A construction advance is no deposit of (n).
    owed_events names the dated part of the amounts owed (day, cents): a later debt is applied on its own day.
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

    deemed, surcharge_from = unclaimed_dates(
        row,
        as_of,
        more_than=more_than,
        surcharge_start=surcharge_start,
        efforts_scope=efforts_scope,
        weekend_extension=weekend_extension,
        abandonment_months=abandonment_months,
        grace_months=grace_months,
    )

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
    service_ended = _happened(row, "service_ended_date", as_of)
    debts_apply = {"remittance": False, "service_ended": kind == "deposit"}[owed_applied]
    applied = [
        (max(first, earning_days(day, end, day_ends)[0]), cents)
        for day, cents in applied_debts([(received, principal)], owed, owed_events, service_ended, apply=debts_apply)
        if day < end
    ]

    def on_what_is_left(share: Callable[[date, date, str], Fraction], a: date, b: date) -> Fraction:
        """Share of [a, b) times the principal, and from the day of each applied debt times what it leaves."""
        off = (cents * share(max(a, since), b, day_count) for since, cents in applied)
        return principal * share(a, b, day_count) - sum(off, Fraction(0))

    rated = partial(rated_share, rate_on)
    accrued = round_fraction(on_what_is_left(rated, base_first, surcharge_first), rounding_mode)
    plus = {"principal": 0, "principal_plus_accrued": accrued}[surcharge_base]
    shares: dict[str, Callable[[date, date, str], Fraction]] = {
        "points": year_share,
        "multiplicative": rated,
    }
    surcharge_share = shares[surcharge_mode]
    base_interest = 0
    interest = 0
    for since, until in rounding_spans(first, stop, rounding_point):
        base = on_what_is_left(rated, max(since, base_first), until)
        extra_since = max(since, surcharge_first)
        if surcharge_principal == "gross":
            extra = on_what_is_left(surcharge_share, extra_since, until)
        elif surcharge_principal == "net_of_owed":
            extra = max(0, principal - owed) * surcharge_share(extra_since, until, day_count)
        else:
            raise ValueError(f"unknown surcharge principal {surcharge_principal!r}")
        extra += plus * surcharge_share(extra_since, until, day_count)
        base_interest += round_fraction(base, rounding_mode)
        interest += round_fraction(base + extra * surcharge_ppm / PPM, rounding_mode)

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
