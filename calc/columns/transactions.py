"""Calculate deposits with dated transactions by column: changing principal, postings and debts; rule (o), (q)-(s).

In: a part of the deposits and these deposits' transactions, both as they come. Out: results of the deposits, as from
`calc.columns.unclaimed`, and the reasons of every transaction. The caller decides which transactions belong to a part
and what happens to refused ones.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from calc.columns import unclaimed
from calc.columns.blocks import in_blocks
from calc.columns.evaluation import Evaluation, by_service
from calc.columns.gated import Gated
from calc.columns.interest import accrual_tables
from calc.columns.matching import Events, Matched, match
from calc.errors import Reason
from calc.kernels import transactions as kernels
from calc.kernels.arrays import Array, Bool, Int64
from calc.kernels.deposit_columns import Balances, Earned, HeldDeposits, OwnFigures
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules, ServiceRules
from calc.units import CENTS_MAX, to_day

_ORIGINALS = (
    "principal_cents", "received_date", "paid_date", "remitted_date", "posted_cents", "amounts_owed_cents",
)  # fmt: skip
_REPLACED = ("principal_cents", "received_date", "paid_date", "posted_cents", "amounts_owed_cents")
_FOUND = (
    "status", "received_date", "paid_date", "remitted_date", "service_ended_date", "accrued_days",
    "surcharge_from_date", "kind", "interest_payable", "principal_cents", "posted_cents", "amounts_owed_cents",
)  # fmt: skip
_FIGURES = (
    "base_interest_cents", "surcharge_interest_cents", "interest_cents", "interest_due_cents", "remittance_cents",
)  # fmt: skip
_ADDED_TO = {POSTING: "posted_cents", OWED: "amounts_owed_cents"}


class Settled(NamedTuple):
    """The evaluation of the deposits, and a bitmask of reasons for each transaction (0: good)."""

    deposits: Evaluation
    transaction_reasons: Int64


def evaluate(
    frame: pl.DataFrame,
    transactions: pl.DataFrame,
    *,
    rules: Rules,
    rates: RateTable,
    as_of: date,
    threads: int = 1,
    flagged: Int64 | None = None,
    flagged_transactions: Int64 | None = None,
) -> Settled:
    """Calculate deposits and advances on the as-of day with their transactions, which may come in any order.

    Interest is rounded once per row. Principal events replace a deposit's principal_cents and received_date, and the
    refund that leaves nothing is its payment; postings and debts are added to the row's own. The evaluation's input
    principal_cents is the balance on the end date (what such a refund paid out).

    Deposits are refused as in `unclaimed.evaluate`, and: with a bad transaction (bad_transaction); with a day that ends
    below zero (negative_balance); with a sum above 10**12 cents (out_of_range); every row of an id that has
    transactions and appears more than once in the frame (duplicate_key). Transactions are refused by the gate; for a
    posting or debt below zero (negative_amount); without a deposit in the frame (unknown_deposit).

    Args:
        frame: Rows of the dataset `deposits`.
        transactions: Rows of the dataset `transactions`.
        rules: Rules of both services.
        rates: Rate table.
        as_of: Day of the results; later transactions have not happened.
        threads: Number of threads.
        flagged: Bitmask of reasons known before, by deposit.
        flagged_transactions: Bitmask of reasons known before, by transaction.

    Raises:
        InputError: Columns of either frame are missing or unusable.
    """
    found = match(frame, transactions, flagged, flagged_transactions)
    gated, outputs = settle(found, rules=rules, rates=rates, as_of=as_of, threads=threads)
    return Settled(unclaimed.assembled(frame, gated, outputs), found.transaction_reasons)


def settle(
    matched: Matched, *, rules: Rules, rates: RateTable, as_of: date, threads: int = 1
) -> tuple[Gated, dict[str, Array]]:
    """Apply the transactions up to the as-of day and compute the deposits' results; `matched` is not changed.

    Returns:
        The deposits as their transactions have made them, and their result columns by name.
    """
    gated, moved = _with_balances(matched.gated.copy(), matched.events, to_day(as_of), threads)
    outputs = unclaimed.compute(gated, rules=rules, rates=rates, as_of=as_of, threads=threads)
    for own, of_service in by_service(rules, gated.values["service"][matched.events.rows], unclaimed.parameters):
        _put_interest_on_balances(
            gated.values, matched.events, moved, outputs, own, rates, to_day(as_of), threads, of_service
        )
    return gated, outputs


def _with_balances(gated: Gated, events: Events, as_of: int, threads: int) -> tuple[Gated, Bool]:
    """Replace deposits' principal, dates, postings and debts by their events' results; also return which rows moved."""
    own = {name: gated.values[name][events.rows] for name in _ORIGINALS}
    replaced = {name: np.empty_like(own[name]) for name in _REPLACED}
    moved, negative, beyond = (np.empty(events.rows.size, dtype=np.bool_) for _ in range(3))

    def work(rows: slice) -> None:
        given = OwnFigures(*(column[rows] for column in own.values()))
        room = (column[rows] for column in (*replaced.values(), moved, negative, beyond))
        kernels.balances(events.of(rows), given, as_of, Balances(*room))

    in_blocks(events.rows.size, threads, work)
    gated.refuse_at(events.rows[negative], Reason.negative_balance, "principal_cents")
    for row in np.flatnonzero(beyond).tolist():
        gated.refuse_at(events.rows[row : row + 1], Reason.out_of_range, *_beyond(events, row, own, as_of))
    values = dict(gated.values)
    for name, column in replaced.items():
        values[name] = values[name].copy()
        values[name][events.rows] = column
    return gated._replace(values=values), moved


def _beyond(events: Events, row: int, own: dict[str, Array], as_of: int) -> list[str]:
    """Name the sums of a deposit that exceed the bound; principal too if it moves more than a kernel allows."""
    days, kinds, amounts = (
        column[events.offset[row] : events.offset[row + 1]].tolist() for column in events.columns
    )  # fmt: skip
    sums = {PRINCIPAL: 0} | {kind: int(own[name][row]) for kind, name in _ADDED_TO.items()}
    highest = 0
    for place, (day, kind, amount) in enumerate(zip(days, kinds, amounts, strict=True)):
        sums[kind] += amount if day <= as_of else 0
        if day not in days[place + 1 :]:
            highest = max(highest, sums[PRINCIPAL])
    added = [name for kind, name in _ADDED_TO.items() if sums[kind] > CENTS_MAX]
    return added if added and highest <= CENTS_MAX else ["principal_cents", *added]


def _put_interest_on_balances(
    values: dict[str, Array],
    events: Events,
    moved: Bool,
    outputs: dict[str, Array],
    rules: ServiceRules,
    rates: RateTable,
    as_of: int,
    threads: int,
    of_service: Bool | None,
) -> None:
    """Replace the interest, and what follows from it, of one service's deposits whose events change what earns.

    `of_service` marks which of `events.rows` belong to the service (None: all).
    """
    tables = accrual_tables(rates, rules.deposit_interest, rules.unclaimed)
    reading = unclaimed.reading_of(rules.unclaimed)
    found = {name: (outputs if name in outputs else values)[name][events.rows] for name in _FOUND}
    figures = {name: outputs[name][events.rows] for name in _FIGURES}

    def work(rows: slice) -> None:
        deposits = HeldDeposits(moved[rows], *(column[rows] for column in found.values()))
        room = Earned(*(column[rows] for column in figures.values()))
        kernels.interest_on_balances(events.of(rows), deposits, tables, reading, as_of, room)

    in_blocks(events.rows.size, threads, work)
    own = slice(None) if of_service is None else of_service
    for name, column in figures.items():
        outputs[name][events.rows[own]] = column[own]
