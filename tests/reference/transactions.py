"""Twin of deposits with dated transactions, rules 3403(o), (q)-(s): a deposits row and its events in, its results out.

The dates and the status are those of ``unclaimed``; what differs is the money, which follows the balance held.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from inspect import signature
from itertools import pairwise
from typing import Any

from tests.reference.calendar import ONE_DAY, earning_days
from tests.reference.interest import rounding_spans
from tests.reference.rate_table import PPM, NoRate, RateOn, RateTable, rated_share, year_share
from tests.reference.rounding import round_fraction
from tests.reference.unclaimed import REMITTABLE, applied_debts, unclaimed

__all__ = ["NegativeBalance", "NoRate", "transactions_deposit"]

SWITCHES: dict[str, Any] = {  # every switch of ``unclaimed`` with its default
    name: parameter.default
    for name, parameter in signature(unclaimed).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
}
NO_INTEREST = RateTable(lambda _: 0)
Run = tuple[date, date, int, int]
"""(first day, day after the last, cents held, cents of it that debts have taken): while it lasts, these do not change.

Also one change: the days over which it counts, and its cents of either sort."""


class NegativeBalance(Exception):  # noqa: N818 - named for the reason
    """More was refunded than was held: the deposit is refused. ``day`` is the first one that ends below zero."""

    def __init__(self, day: date) -> None:
        """Keep the day."""
        super().__init__(f"the balance held is below zero at the end of {day}")
        self.day = day


def _held(changes: Iterable[tuple[date, int]], day: date) -> int:
    """Balance at the end of a day, cents."""
    return sum(cents for dated, cents in changes if dated <= day)


def _refund_day(happened: list[tuple[date, int]]) -> date | None:
    """Day at whose end nothing is held any more and after which nothing moved: a refund paid the deposit out."""
    for day, _ in sorted(happened):
        if _held(happened, day) < 0:
            raise NegativeBalance(day)
    last = max((day for day, _ in happened), default=None)
    was_refunded = any(cents < 0 for _, cents in happened)
    return last if last is not None and was_refunded and _held(happened, last) == 0 else None


def _runs(earning: list[Run], since: date, until: date, cut: date) -> list[Run]:
    """[since, until) in runs over which the same events earn, their amounts summed; no run reaches across ``cut``."""
    edges = {since, until, cut, *(first for first, _, _, _ in earning)}
    runs = []
    for a, b in pairwise(sorted(day for day in edges if since <= day <= until)):
        counts = [(held, taken) for first, stop, held, taken in earning if first <= a < stop]
        runs.append((a, b, sum(held for held, _ in counts), sum(taken for _, taken in counts)))
    return runs


def _money(
    changes: list[tuple[date, int]],
    applied: list[tuple[date, int]],
    end: date,
    surcharge_from: date | None,
    rate_on: RateOn,
    on: Mapping[str, Any],
    *,
    owed: int,
    base_from_the_start: bool,
) -> tuple[int, int]:
    """(base interest, interest) in cents of the principal changes of one deposit up to its end.

    base = sum over the days of balance x rate x fraction; surcharge = sum over the days from surcharge_from of
    balance x six points x fraction; the total is rounded once, or each calendar year's. ``applied``: what debts take
    from the balance, by day. Raises NoRate.
    """
    day_count, mode = on["day_count"], on["rounding_mode"]
    moves = [(day, cents, 0) for day, cents in changes] + [(day, 0, cents) for day, cents in applied]
    earning = [(*earning_days(day, end, on["day_ends"]), held, taken) for day, held, taken in moves if day < end]
    if not earning:
        return 0, 0
    first = min(a for a, _, _, _ in earning)
    stop = max(b for _, b, _, _ in earning)
    surcharge_first = stop if surcharge_from is None else min(stop, surcharge_from)

    accrued = 0
    if base_from_the_start and on["surcharge_base"] == "principal_plus_accrued":
        before = _runs(earning, first, surcharge_first, surcharge_first)
        accrued = round_fraction(
            sum(((held - taken) * rated_share(rate_on, a, b, day_count) for a, b, held, taken in before), Fraction(0)),
            mode,
        )
    base_interest = 0
    interest = 0
    for since, until in rounding_spans(first, stop, on["rounding_point"]):
        base = extra = Fraction(0)
        for a, b, held, taken in _runs(earning, since, until, surcharge_first):
            if base_from_the_start or a >= surcharge_first:
                base += (held - taken) * rated_share(rate_on, a, b, day_count)
            if a >= surcharge_first:
                surcharge_on = max(0, held - owed) if on["surcharge_principal"] == "net_of_owed" else held - taken
                points = on["surcharge_mode"] == "points"
                share = year_share(a, b, day_count) if points else rated_share(rate_on, a, b, day_count)
                extra += (surcharge_on + accrued) * share * on["surcharge_ppm"] / PPM
        base_interest += round_fraction(base, mode)
        interest += round_fraction(base + extra, mode)
    return base_interest, interest


def transactions_deposit(
    row: Mapping[str, Any],
    events: list[dict[str, Any]],
    as_of: date,
    rate_on: RateOn,
    **switches: Any,  # noqa: ANN401 - words, flags and counts: the switches of ``unclaimed``
) -> dict[str, Any]:
    """Results of a row with its events (date, kind, amount_cents), and principal_cents: what is held at the end date.

    Principal events replace the row's principal and the day it was received; postings and debts add to the row's.
    Interest runs on the balance held, day by day; the refund that leaves nothing is the payment. Where it ends the
    deposit, principal_cents is the balance before the day of that refund. Switches and their defaults: ``unclaimed``.
    Raises NegativeBalance (whatever the kind of the deposit) and NoRate.
    """
    dated = {
        kind: [(e["date"], e["amount_cents"]) for e in events if e["kind"] == kind and e["date"] <= as_of]
        for kind in ("posting", "owed")
    }
    on = SWITCHES | switches | {"owed_events": dated["owed"]}
    posted: int = (row.get("posted_cents") or 0) + sum(cents for _, cents in dated["posting"])
    owed: int = (row.get("amounts_owed_cents") or 0) + sum(cents for _, cents in dated["owed"])
    row = {**row, "posted_cents": posted, "amounts_owed_cents": owed}
    changes = [(event["date"], event["amount_cents"]) for event in events if event["kind"] == "principal"]
    if not changes:
        found = unclaimed(row, as_of, rate_on, **on)
        nothing = found["status"] in {"excluded", "not_received"}
        return found | {"principal_cents": 0 if nothing else row["principal_cents"]}

    # The dates: unclaimed's own, for an empty deposit received with the first event and paid with the last refund.
    happened = [(day, cents) for day, cents in changes if day <= as_of]
    refund_day = _refund_day(happened)
    paid = min((day for day in (row.get("paid_date"), refund_day) if day is not None), default=None)
    received = min(day for day, _ in changes)
    row |= {"principal_cents": 0, "received_date": received, "paid_date": paid}
    found = unclaimed(row, as_of, NO_INTEREST, **on)
    status = found["status"]
    if status in {"excluded", "not_received"}:
        return found | {"principal_cents": 0}
    end = min(day for day in (paid, row.get("remitted_date"), as_of) if day is not None)

    # The money.
    service_ended = row.get("service_ended_date")
    applied = applied_debts(
        happened,
        owed,
        dated["owed"],
        service_ended if service_ended is not None and service_ended <= as_of else None,
        apply=on["owed_applied"] == "service_ended" and row.get("kind") in {None, "deposit"},
    )
    base_interest, interest = _money(
        happened,
        applied,
        end,
        found["surcharge_from_date"],
        rate_on,
        on,
        owed=owed,
        base_from_the_start=row.get("kind") != "construction_advance" or row.get("interest_payable") is not False,
    )
    refunded = status == "returned" and end == refund_day
    principal = _held(happened, end - ONE_DAY if refunded else end)
    return found | {
        "base_interest_cents": base_interest,
        "surcharge_interest_cents": interest - base_interest,
        "interest_cents": interest,
        "interest_due_cents": interest - posted,
        "remittance_cents": max(0, principal + interest - posted - owed) if status in REMITTABLE else 0,
        "principal_cents": principal,
    }
