"""Twin of postings and remittances over a row of nightly runs: rules 3403(o), (q)-(s).

A night is a run of that as-of date. What it posts is an event that every later run reads; a second run on the day, too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from tests.reference.calendar import ONE_DAY, add_months
from tests.reference.deposit_limit import OPEN
from tests.reference.interest import NoRate, RateOn
from tests.reference.transactions import transactions_deposit

__all__ = ["first_day_held", "net_of_claims", "post_book", "post_life", "post_night", "remittance_row"]

DATED_COLUMNS = ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")
DELAY_DAYS = 30
Event = dict[str, Any]
Claims = list[tuple[date, int]]
"""Days and cents of unclaimed monies that were paid to customers after they had been remitted, 3403(s)."""


def first_day_held(row: Mapping[str, Any], events: Iterable[Event]) -> date:
    """Day of receipt: that of the first principal event, or the row's where there is none."""
    found: date = min((e["date"] for e in events if e["kind"] == "principal"), default=row["received_date"])
    return found


def is_yearly_day(night: date, received: date, yearly_day: str) -> bool:
    """Whether a night is the day of the year on which interest is posted.

    december_31: 31 December. anniversary: whole years after receipt; that of 29 February is 28 February in a common
    year, C.R.S. 2-4-108(3), and the day of receipt itself is none.
    """
    years = night.year - received.year
    return {
        "december_31": (night.month, night.day) == (12, 31),
        "anniversary": years > 0 and night == add_months(received, 12 * years),
    }[yearly_day]


def post_night(
    row: Mapping[str, Any],
    events: Sequence[Event],
    night: date,
    rate_on: RateOn,
    *,
    yearly_day: str = "december_31",
    annual_states: Collection[str] = OPEN,
    post_negative: bool = False,
    **switches: Any,  # noqa: ANN401 - words, flags and counts: the switches of ``unclaimed``
) -> dict[str, Any]:
    """One night of one deposit: its result, why it is posted to ("annual", "returned" or None), what, and to_recover.

    returned: on every night from the payment on, whatever the customer asked for. annual: where the customer asked for
    yearly payment, on the yearly day alone, while the deposit is open; a year whose day has no run is caught up on the
    next such day. posting = interest due, dated the night; none where that is zero; below zero it is to_recover, and
    posted only on request. What was remitted is posted nothing: its interest went with the remittance.
    """
    found = transactions_deposit(row, list(events), night, rate_on, **switches)
    why = None
    if found["status"] == "returned":
        why = "returned"
    elif row.get("interest_payment") == "annual" and found["status"] in annual_states:
        why = "annual" if is_yearly_day(night, first_day_held(row, events), yearly_day) else None
    due = found["interest_due_cents"] if why is not None else 0
    return {
        "night": night,
        "status": found["status"],
        "why": why,
        "principal_cents": found["principal_cents"],
        "interest_cents": found["interest_cents"],
        "interest_due_cents": found["interest_due_cents"],
        "posting_cents": due if due > 0 or post_negative else 0,
        "to_recover_cents": max(0, -due),
    }


def _posting(result: Mapping[str, Any]) -> Event:
    """Event that a night writes and every later run reads."""
    return {"date": result["night"], "kind": "posting", "amount_cents": result["posting_cents"]}


def post_life(
    row: Mapping[str, Any],
    events: Sequence[Event],
    nights: Iterable[date],
    rate_on: RateOn,
    **on: Any,  # noqa: ANN401 - the keywords of ``post_night``
) -> list[dict[str, Any]]:
    """Every night of one deposit, ascending; each reads what the ones before it posted, on the same day too.

    Once a night has posted "returned", what the row had posted and all postings sum to the interest of the deposit.
    """
    known = list(events)
    found = []
    for night in nights:
        result = post_night(row, known, night, rate_on, **on)
        found.append(result)
        if result["posting_cents"]:
            known.append(_posting(result))
    return found


def remittance_row(
    row: Mapping[str, Any],
    events: Sequence[Event],
    night: date,
    rate_on: RateOn,
    **switches: Any,  # noqa: ANN401 - words, flags and counts: the switches of ``unclaimed``
) -> dict[str, Any] | None:
    """What is to be remitted of one deposit on a night; None unless it is unclaimed or overdue, 3403(q).

    last_day_without_six_points = surcharge_from - 1 day; days_left: from the night to that day, below zero once it has
    passed. delay_30_days = interest if remitted 30 days later - interest now, each rounded once, of what is known on
    the night; None where those days have no rate.
    """
    known = [event for event in events if event["date"] <= night]
    dates = {name: row.get(name) for name in DATED_COLUMNS}
    row = {**row, **{name: day if day is not None and day <= night else None for name, day in dates.items()}}
    found = transactions_deposit(row, known, night, rate_on, **switches)
    if found["status"] not in {"unclaimed", "overdue"}:
        return None
    try:
        later = transactions_deposit(row, known, night + timedelta(days=DELAY_DAYS), rate_on, **switches)
        delay = later["interest_cents"] - found["interest_cents"]
    except NoRate:
        delay = None
    last_day = found["surcharge_from_date"] - ONE_DAY
    owed = (row.get("amounts_owed_cents") or 0) + sum(e["amount_cents"] for e in known if e["kind"] == "owed")
    return {
        "deposit_id": row.get("deposit_id"),
        "account_id": row.get("account_id"),
        "service": row.get("service"),
        "status": found["status"],
        "principal_cents": found["principal_cents"],
        "interest_cents": found["interest_cents"],
        "posted_cents": found["interest_cents"] - found["interest_due_cents"],
        "amounts_owed_cents": owed,
        "remittance_cents": found["remittance_cents"],
        "last_day_without_six_points": last_day,
        "days_left": (last_day - night).days,
        "delay_30_days_cents": delay,
    }


def net_of_claims(gross_cents: int, claims: Claims, day: date) -> tuple[dict[str, int], Claims]:
    """(summary, claims still to be deducted) of one remittance, 3403(s): the oldest claims are deducted first.

    A claim paid after the day is no claim yet: it is neither deducted nor counted as carried, and stays in the list.
    """
    left = gross_cents
    still: Claims = []
    for paid, cents in sorted(claims, key=lambda claim: claim[0]):
        deducted = min(cents, left) if paid <= day else 0
        left -= deducted
        if cents > deducted:
            still.append((paid, cents - deducted))
    return {
        "gross_cents": gross_cents,
        "claims_deducted_cents": gross_cents - left,
        "net_cents": left,
        "claims_carried_cents": sum(cents for paid, cents in still if paid <= day),
    }, still


def post_book(
    book: Sequence[Mapping[str, Any]],
    events: Mapping[str, Sequence[Event]],
    nights: Iterable[date],
    rate_on: RateOn,
    *,
    remittances: Collection[date] = (),
    claims: Claims | None = None,
    posting: Mapping[str, Any] = MappingProxyType({}),
    **switches: Any,  # noqa: ANN401 - words, flags and counts: the switches of ``unclaimed``
) -> list[dict[str, Any]]:
    """Every night of a book of deposits (``events`` by deposit_id): postings, then the remittance where one is due.

    ``posting``: the keywords of ``post_night`` that are no switches. On a night of ``remittances`` everything unclaimed
    or overdue is remitted; the night's own postings count, so that no interest is paid twice, and from then on the
    deposit's remitted_date is that night.
    """
    rows: dict[str, dict[str, Any]] = {row["deposit_id"]: dict(row) for row in book}
    known = {deposit_id: list(events.get(deposit_id, ())) for deposit_id in rows}
    still = list(claims or [])
    found = []
    for night in nights:
        postings = []
        for deposit_id, row in rows.items():
            result = post_night(row, known[deposit_id], night, rate_on, **posting, **switches)
            if result["posting_cents"]:
                known[deposit_id].append(_posting(result))
                postings.append({"deposit_id": deposit_id, "why": result["why"], **_posting(result)})
        remitted = []
        summary = None
        if night in remittances:
            sent = (
                remittance_row(row, known[deposit_id], night, rate_on, **switches) for deposit_id, row in rows.items()
            )
            remitted = [each for each in sent if each is not None]
            for each in remitted:
                rows[each["deposit_id"]]["remitted_date"] = night
            summary, still = net_of_claims(sum(each["remittance_cents"] for each in remitted), still, night)
        found.append({"night": night, "postings": postings, "remittance": remitted, "summary": summary})
    return found
