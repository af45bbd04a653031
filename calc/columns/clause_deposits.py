"""Deposits on a day under a jurisdiction's clauses: what `calc.columns.unclaimed` is for Colorado's rules (o), (q)-(s).

Interest runs to the first of payment, remittance, the as-of date and the events that the clauses name. A deposit is
unclaimed once the time of dormancy has passed since service ended or an order made it payable. There is no surcharge.
"""

from datetime import date
from functools import lru_cache

import numpy as np

from calc.columns.clause_interest import earned, refuse
from calc.columns.clauses import split
from calc.columns.gated import Gated
from calc.columns.refusals import AS_OF
from calc.kernels import calendar
from calc.kernels import unclaimed as statuses
from calc.kernels.arrays import Array, Bool, Int8, Int32
from calc.rates.computing.table import RateTable
from calc.rules.clause_rules import Clauses
from calc.rules.deposit_clauses import UnclaimedClauses
from calc.units import FIRST_DAY, LAST_DAY, NO_DAY, to_day


def compute(gated: Gated, *, clauses: Clauses, rates: RateTable, as_of: date, threads: int = 1) -> dict[str, Array]:
    """Compute results of gated rows of the dataset `deposits`; what is dated after the as-of day has not happened.

    The caller has refused dates out of order. Advances, refunds and adjustments are `excluded`: the clauses speak of
    deposits alone.
    """
    own, values, as_of_day = clauses.require_interest(), gated.values, to_day(as_of)
    received = values["received_date"]
    excluded = values["kind"] != statuses.DEPOSIT
    none = excluded | (received > as_of_day)
    ends = [values["paid_date"], values["remitted_date"]]
    ends += [values["service_ended_date"]] * own.stops_at_termination + [values["stop_date"]] * own.stops_at_notice
    end = np.minimum.reduce([*ends, np.full(received.size, as_of_day, dtype=np.int32)])
    principal = np.where(none, 0, values["principal_cents"])
    start = np.minimum(received, np.int32(LAST_DAY))
    found = earned(
        principal, start, np.where(none, start, end), values["class"], clauses=own, rates=rates, threads=threads
    )
    refuse(gated, np.where(none, 0, found.outcome).astype(np.int8), start < rates.first_day, ("received_date", AS_OF))
    interest = found.interest_cents
    deemed, triggered = _deemed(values, clauses.unclaimed, as_of_day)
    status = _status(values, deemed, triggered, as_of_day)
    remits = (status == statuses.UNCLAIMED) | (status == statuses.REMITTED)
    net = np.maximum(0, principal + interest - values["posted_cents"] - values["amounts_owed_cents"])
    zero = np.zeros(received.size, dtype=np.int64)
    return {
        "status": status,
        "accrued_days": np.where(none, 0, found.days).astype(np.int32),
        "base_interest_cents": interest,
        "surcharge_interest_cents": zero,
        "interest_cents": interest,
        "interest_due_cents": np.where(none, 0, interest - values["posted_cents"]),
        "deemed_unclaimed_date": np.where(none, np.int32(NO_DAY), deemed).astype(np.int32),
        "surcharge_from_date": np.full(received.size, NO_DAY, dtype=np.int32),
        "remittance_cents": np.where(remits, net, 0),
    }


@lru_cache(maxsize=32)
def dormancy_table(unclaimed: UnclaimedClauses) -> Int32:
    """Return the first day on which money is unclaimed, by the day of its trigger from FIRST_DAY on."""
    after = int(unclaimed.dormancy_more_than == "day_after")
    return (calendar.add_months(calendar.all_days(), unclaimed.dormancy_months) + after).astype(np.int32)


def _deemed(values: dict[str, Array], unclaimed: UnclaimedClauses | None, as_of_day: int) -> tuple[Int32, Bool]:
    """Return each row's first unclaimed day (NO_DAY: none), and whether a trigger is known on the as-of day."""
    trigger = np.minimum(values["service_ended_date"], values["order_payable_date"])
    triggered = trigger <= as_of_day
    if unclaimed is None:
        return np.full(trigger.size, NO_DAY, dtype=np.int32), triggered
    place = np.where(triggered, trigger, FIRST_DAY) - FIRST_DAY
    return np.where(triggered, dormancy_table(unclaimed)[place], NO_DAY).astype(np.int32), triggered


def _status(
    values: dict[str, Array], deemed: Int32, triggered: Bool, as_of_day: int
) -> Int8:  # fmt: skip
    """Return each row's status, the first that applies."""
    paid, remitted = values["paid_date"], values["remitted_date"]
    conditions = [
        (statuses.EXCLUDED, values["kind"] != statuses.DEPOSIT),
        (statuses.NOT_RECEIVED, values["received_date"] > as_of_day),
        (statuses.REMITTED, (remitted <= as_of_day) & (remitted <= paid)),
        (statuses.RETURNED, paid <= as_of_day),
        (statuses.UNCLAIMED, deemed <= as_of_day),
        (statuses.WAITING, triggered),
    ]
    found = np.select([rows for _, rows in conditions], [code for code, _ in conditions], statuses.ACTIVE)
    return found.astype(np.int8)


def payees(remittance_cents: int, unclaimed: UnclaimedClauses) -> list[dict[str, str | int]]:
    """Split what is remitted among those who are paid: name, share in ppm and cents of each."""
    shares = tuple(payee.share_ppm for payee in unclaimed.payees)
    parts = split(remittance_cents, shares)
    return [
        {"payee": payee.name, "share_ppm": payee.share_ppm, "amount_cents": cents}
        for payee, cents in zip(unclaimed.payees, parts, strict=True)
    ]
