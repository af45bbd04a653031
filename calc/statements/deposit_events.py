"""List what happened to a deposit, day by day, as a statement shows it: date, event, amount, balance held."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from calc.statements.deposit_life import DepositLife
from calc.statements.deposit_terms import payee
from calc.statements.paper import dollars


class _Event(NamedTuple):
    """Hold an event; `change_cents` is what it changes of the principal held, `order` its place in its day."""

    day: date
    order: int
    what: str
    amount_cents: int | None = None
    change_cents: int = 0


def events_of(life: DepositLife) -> Iterator[tuple[str, str, str, str]]:
    """Yield rows of date, what, amount and principal held, through the as-of date; then what is known without a day."""
    held = 0
    for event in sorted(_events(life), key=lambda each: (each.day, each.order)):
        held += event.change_cents
        amount = "" if event.amount_cents is None else dollars(event.amount_cents)
        yield event.day.isoformat(), event.what, amount, dollars(held) if event.change_cents else ""
    undated = {"posted_cents": "Interest paid or credited", "amounts_owed_cents": "Owed for service"}
    for name, what in undated.items():
        if life.undated[name]:
            yield "no day given", f"{what}, as of the extract", dollars(life.undated[name]), ""


def _events(life: DepositLife) -> Iterator[_Event]:
    yield from _money_events(life)
    if life.result["status"] not in {"excluded", "not_received"}:
        yield from _closing_events(life)
        yield from _day_events(life)


def _money_events(life: DepositLife) -> Iterator[_Event]:
    row = life.row
    if not _has_principal(life) and row["received_date"] <= life.as_of:
        yield _Event(row["received_date"], 0, "Received", row["principal_cents"], row["principal_cents"])
    words = {"posting": "Interest paid or credited", "owed": "Owed for service"}
    for each in life.transactions:
        if each.day > life.as_of:
            continue
        if each.kind == "principal":
            order, what = (0, "Received") if each.amount_cents >= 0 else (5, "Refunded")
            yield _Event(each.day, order, what, abs(each.amount_cents), each.amount_cents)
        else:
            yield _Event(each.day, 2, words[each.kind], each.amount_cents)


def _has_principal(life: DepositLife) -> bool:
    return any(each.kind == "principal" for each in life.transactions)


def _closing_events(life: DepositLife) -> Iterator[_Event]:
    """Yield the payment or remittance that ended the deposit, and what was left of it then."""
    row = life.row
    end = life.closed_on
    if end is None:
        return
    left = row["principal_cents"]
    if _has_principal(life):
        left = sum(each.amount_cents for each in life.transactions if each.kind == "principal" and each.day <= end)
    if life.result["status"] == "remitted":
        what = f"Paid to {payee(life.law)}"
        yield _Event(end, 6, what, life.result["remittance_cents"], -left)
    elif left:
        yield _Event(end, 6, "Paid back to the customer", left, -left)


def _day_events(life: DepositLife) -> Iterator[_Event]:
    """Yield days that bear on unclaimed monies: those that are known, and those that follow from them."""
    for name, what in (
        ("service_ended_date", "Service ended"),
        ("order_payable_date", "Payable by a final order of the Commission"),
    ):
        if life.row[name] and life.row[name] <= life.as_of:
            yield _Event(life.row[name], 1, what)
    for name, what in (
        ("deemed_unclaimed_date", "Deemed unclaimed from this day on"),
        ("surcharge_from_date", "Six percentage points more from this day on"),
    ):
        if life.result[name] and life.result[name] <= (life.closed_on or life.as_of):
            yield _Event(life.result[name], 3, what)
