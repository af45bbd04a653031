"""Twin of a participant's year, rules 3412(e), (g)(V) and 4412: a participants row and its events in, 12 months out.

Bill m is dated first_bill_date + (m - 1) months. An event takes effect with the first bill dated after it; at each bill
what has happened since the last one acts together: first new figures, then grants, then exits.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from tests.reference.arrearage import LONGEST_MONTHS, OutOfRange
from tests.reference.calendar import add_months
from tests.reference.fixed_credit import (
    BANDS_PPM,
    ShareOutsideBand,
    account_class,
    copayments,
    of_fuel,
    recalculation_due,
)
from tests.reference.participant_state import YEAR, State

KINDS = (  # in the order in which events of one day act
    "move",
    "heating",
    "regulated_gas",
    "income",
    "rate_change",
    "leap_grant",
    "missed_payment",
    "partial_payment",
    "payment",
    "budget_billing",
    "exit",
    "move_out",
)
ADD_UP = {"leap_grant", "payment", "partial_payment"}
REBASING = {"move", "heating", "regulated_gas", "income", "rate_change"}
LEAVING = {"exit", "move_out"}
FLAGS = {"true": True, "false": False, "on": True, "off": False}


class RepeatedEvent(Exception):  # noqa: N818 - named for the reason
    """Two events of one kind on one day that cannot be added up: the participant is refused."""


def _start(row: Mapping[str, Any], tariff: Mapping[str, Any]) -> State:
    """State before bill 1. Raises NoRuleBand, ShareOutsideBand, OutOfRange."""
    terms = of_fuel(tariff, row["service"])
    basis = row.get("basis_bill_cents")
    state = State(
        service=row["service"],
        heating=row["primary_heating"],
        regulated_gas=row["regulated_gas"],
        income=row["household_income_cents"],
        basis=row["full_annual_bill_cents"] if basis is None else basis,
        given_share_ppm=row.get("share_ppm"),
        terms=terms,
        arrearage=row.get("arrearage_cents") or 0,
    )
    lowest, highest = BANDS_PPM[account_class(state.service, state.heating, state.regulated_gas)]
    if state.given_share_ppm is not None and not lowest <= state.given_share_ppm <= highest:
        raise ShareOutsideBand(f"{state.given_share_ppm} ppm is not within {lowest} to {highest}")
    months = row.get("arrearage_months") or terms["arrearage_months"]
    elapsed = row.get("arrearage_elapsed_months") or 0
    if not 1 <= months <= LONGEST_MONTHS or not 0 <= elapsed < months:
        raise OutOfRange(f"{elapsed} of {months} months of arrearage credits")
    if not 0 <= (YEAR if row.get("months_remaining") is None else row["months_remaining"]) <= YEAR:
        raise OutOfRange("months remaining")
    state.arrearage_months = months - elapsed
    state.copayments = copayments(row, terms["copayment_ppm"])
    state.rebase(1)
    return state


def _by_month(events: Iterable[Mapping[str, Any]], first_bill: date, as_of: date) -> dict[int, list[Mapping[str, Any]]]:
    """Events that have happened, by the month whose bill they act on; 13: none of this year's.

    Nothing that comes after an exit acts. Raises RepeatedEvent.
    """
    bills = [add_months(first_bill, month) for month in range(YEAR)]
    happened = sorted((e for e in events if e["date"] <= as_of), key=lambda e: (e["date"], KINDS.index(e["kind"])))
    for (day, kind), same in groupby(happened, key=lambda e: (e["date"], e["kind"])):
        if len(list(same)) > 1 and kind not in ADD_UP:
            raise RepeatedEvent(f"{kind} more than once on {day}")
    found: dict[int, list[Mapping[str, Any]]] = {month: [] for month in range(1, YEAR + 2)}
    for event in happened:
        found[1 + sum(bill <= event["date"] for bill in bills)].append(event)
        if event["kind"] in LEAVING:
            break
    return found


def _new_figures(state: State, events: Iterable[Mapping[str, Any]]) -> tuple[bool, list[str]]:
    """(whether credits are to be re-based, kinds that took effect in their order), the state's figures changed."""
    causes: list[str] = []
    rebased = False
    for event in events:
        cause = kind = event["kind"]
        amount: Any = event.get("amount_cents")
        word: Any = event.get("word")
        if kind == "move":
            state.basis, state.heating = amount, word or state.heating
        elif kind == "heating":
            state.heating = word
        elif kind == "regulated_gas":
            state.regulated_gas = FLAGS[word]
        elif kind == "income":
            state.income = amount
        elif kind == "rate_change" and recalculation_due(amount, state.basis):
            state.basis = amount
        elif kind == "rate_change":
            cause = "not_due"
        elif kind == "budget_billing":
            state.budget = FLAGS[word]
        rebased = rebased or cause in REBASING
        causes.append(cause)
    return rebased, list(dict.fromkeys(causes))


def _recalculated(row: Mapping[str, Any]) -> tuple[int | None, int]:
    """(month from which the row's own bill is the basis, that bill) where it is a quarter or more away from the basis.

    With m months remaining the first 12 - m keep the basis, as in the yearly figures. None: never in this year.
    """
    bill, basis = row["full_annual_bill_cents"], row.get("basis_bill_cents")
    remaining = YEAR if row.get("months_remaining") is None else row["months_remaining"]
    due = basis is not None and recalculation_due(bill, basis) and remaining > 0
    return (YEAR + 1 - remaining if due else None), bill


def participant_year(
    row: Mapping[str, Any],
    events: Iterable[Mapping[str, Any]],
    tariff: Mapping[str, Any],
    as_of: date,
    *,
    grant_timing: str = "remaining",
) -> list[dict[str, Any]]:
    """The twelve months of a participant with a first_bill_date; columns as the dataset participant_months.

    ``events``: date, kind, amount_cents, word. ``tariff``: as for ``fixed_credit``, with arrearage_condition = none
    (default) | payment. Credits + copayments + grant parts + what falls due = the arrearage, always, once it is zero.
    Raises NoRuleBand, ShareOutsideBand, OutOfRange, RepeatedEvent.
    """
    state = _start(row, tariff)
    first_bill: date = row["first_bill_date"]
    by_month = _by_month(events, first_bill, as_of)
    conditional = {"none": False, "payment": True}[state.terms.get("arrearage_condition", "none")]
    recalculated, recalculated_bill = _recalculated(row)
    result = []
    in_program = True
    for month in range(1, YEAR + 1):
        months_events = by_month[month]
        own_change = in_program and month == recalculated
        if own_change:
            state.basis = recalculated_bill
        rebased, causes = _new_figures(state, months_events)
        if own_change:
            causes = list(dict.fromkeys(["rate_change", *causes])) if month > 1 else causes
        if rebased or own_change:
            state.rebase(month)
        grant = sum(e["amount_cents"] for e in months_events if e["kind"] == "leap_grant")
        if month == 1:
            grant += row.get("leap_grant_cents") or 0
        recovered_before = state.recovered
        to_arrearage, to_account = state.cover(month, grant, grant_timing) if in_program else (0, 0)
        state.arrearage -= to_arrearage
        due_on_exit = 0
        leaves = any(e["kind"] in LEAVING for e in months_events)
        if leaves:
            in_program = False
            more_to_arrearage, more_to_account = state.release()
            to_arrearage, to_account = to_arrearage + more_to_arrearage, to_account + more_to_account
            due_on_exit = state.arrearage - more_to_arrearage
            state.arrearage = 0
        figures = _bill(state, month, rebased or own_change, months_events, conditional) if in_program else NOTHING
        result.append(
            {
                "participant_id": row.get("participant_id"),
                "service": row["service"],
                "month": month,
                "bill_date": add_months(first_bill, month - 1),
                "in_program": in_program,
                **figures,
                "leap_to_arrearage_cents": to_arrearage,
                "leap_to_account_cents": to_account,
                "credit_to_recover_cents": state.recovered - recovered_before,
                "arrearage_outstanding_cents": state.arrearage,
                "causes": causes,
                "due_on_exit_cents": due_on_exit,
            }
        )
    _leave_after_the_last_bill(result[-1], by_month[YEAR + 1])
    return result


NOTHING: dict[str, Any] = {
    "basis_bill_cents": 0,
    "share_ppm": 0,
    "expected_bill_cents": 0,
    "fixed_credit_cents": 0,
    "leap_to_unaffordable_cents": 0,
    "program_credit_cents": 0,
    "arrearage_credit_cents": 0,
    "copayment_cents": 0,
    "planned_payment_cents": 0,
}


def _bill(
    state: State, month: int, rebased: bool, events: Iterable[Mapping[str, Any]], conditional: bool
) -> dict[str, Any]:
    """What one bill of a participant carries."""
    kinds = {event["kind"] for event in events}
    gross, program = state.gross[month - 1], state.program[month - 1]
    state.pool -= (gross - program) if state.terms["leap_offset"] else 0
    credit, copayment = state.pay_arrearage(withheld=conditional and "missed_payment" in kinds)
    payment = state.payment(month, changed=rebased or "budget_billing" in kinds)
    return {
        "basis_bill_cents": state.basis,
        "share_ppm": state.share_ppm,
        "expected_bill_cents": state.expected[month - 1],
        "fixed_credit_cents": gross,
        "leap_to_unaffordable_cents": gross - program,
        "program_credit_cents": program,
        "arrearage_credit_cents": credit,
        "copayment_cents": copayment,
        "planned_payment_cents": payment + copayment,
    }


def _leave_after_the_last_bill(last: dict[str, Any], events: Iterable[Mapping[str, Any]]) -> None:
    """An exit on or after bill 12 changes no month; what is left of the arrearage falls due, told on month 12's row."""
    for kind in (event["kind"] for event in events):
        if kind in LEAVING:
            last["due_on_exit_cents"] = last["arrearage_outstanding_cents"]
            last["arrearage_outstanding_cents"] = 0
            last["causes"] = [*last["causes"], kind]
            return
