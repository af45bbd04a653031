"""Calculate deposits with dated transactions by column: changing principal, postings and debts; rule (o), (q)-(s).

In: a part of the deposits and these deposits' transactions, both as they come. Out: results of the deposits, as from
`calc.columns.unclaimed`, and the reasons of every transaction. The caller decides which transactions belong to a part
and what happens to refused ones.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns import unclaimed
from calc.columns.blocks import in_blocks
from calc.columns.contract import DEPOSITS, TRANSACTIONS
from calc.columns.evaluation import Array, Evaluation, by_service
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.interest import accrual_tables
from calc.columns.owned import Owned
from calc.columns.plain import plain
from calc.errors import Reason
from calc.kernels import transactions as kernels
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules, ServiceRules
from calc.units import CENTS_MAX, FIRST_DAY, to_day

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_DAY_BITS = 16
"""Enough for the days from FIRST_DAY through LAST_DAY."""
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


class Events(NamedTuple):
    """Sound transactions by deposit and day.

    `rows` are the deposits that have any, `offset` is where each one's events begin (and one entry more), and `columns`
    are day (epoch days), kind (code) and amount (cents).
    """

    rows: Int64
    offset: Int64
    columns: tuple[Array, Array, Array]

    def of(self, rows: slice) -> tuple[Array, ...]:
        """Return a kernel's inputs for some of the deposits: their offsets, and day, kind and amount of all events."""
        return self.offset[rows.start : rows.stop + 1], *self.columns


class Matched(NamedTuple):
    """Gated deposits, the transactions that count for them, and a bitmask of reasons for each transaction."""

    gated: Gated
    events: Events
    transaction_reasons: Int64

    def at(self, places: Int64) -> "Matched":
        """Return some of the deposits, in their order, with their transactions."""
        place = np.full(self.gated.reasons.size, -1, dtype=np.int64)
        place[places] = np.arange(places.size)
        kept = np.flatnonzero(place[self.events.rows] >= 0)
        counts = np.diff(self.events.offset)[kept]
        offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        of = np.repeat(self.events.offset[kept] - offset[:-1], counts) + np.arange(offset[-1])
        day, kind, amount = (column[of] for column in self.events.columns)
        events = Events(place[self.events.rows[kept]], offset, (day, kind, amount))
        return self._replace(gated=self.gated.at(places), events=events)


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


def match(
    frame: pl.DataFrame,
    transactions: pl.DataFrame,
    flagged: Int64 | None = None,
    flagged_transactions: Int64 | None = None,
) -> Matched:
    """Gate deposits and transactions and match them; refuse what is refused of either on any as-of day.

    Raises:
        InputError: Columns of either frame are missing or unusable.
    """
    gated = gate(DEPOSITS, frame, flagged)
    given = gated_transactions(transactions, flagged_transactions)
    owner = _owners(frame, transactions, gated, given)
    refused = owner[(given.reasons != 0) & (owner >= 0)]
    gated.refuse_at(refused, Reason.bad_transaction, "deposit_id")
    return Matched(gated, _events(owner, gated, given), given.reasons)


def match_owned(frame: pl.DataFrame, own: Owned, flagged: Int64 | None = None) -> Matched:
    """Gate deposits and put transactions beside them that were gated and matched before; as `match` otherwise.

    Raises:
        InputError: Columns of the frame are missing or unusable.
    """
    gated, given = gate(DEPOSITS, frame, flagged), own.gated
    return Matched(gated, _events(own.rows, gated, given), given.reasons)


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


def gated_transactions(frame: pl.DataFrame, flagged: Int64 | None = None) -> Gated:
    """Gate transactions by themselves; a posting or debt below zero is refused as negative_amount.

    Raises:
        InputError: Columns are missing or unusable.
    """
    given = gate(TRANSACTIONS, frame, flagged)
    below = (given.values["amount_cents"] < 0) & (given.values["kind"] != PRINCIPAL)
    given.refuse(below, Reason.negative_amount, "amount_cents", rests_on=("kind", "amount_cents"))
    return given


def _owners(frame: pl.DataFrame, transactions: pl.DataFrame, gated: Gated, given: Gated) -> Int64:
    """Return the row of each transaction's deposit, -1 if there is none; refuse what cannot be matched."""
    ids = plain(transactions["deposit_id"]).cast(pl.String).to_frame()
    if "deposit_id" in given.unusable:
        ids = ids.select(pl.when(~pl.Series(given.unusable["deposit_id"])).then("deposit_id"))
    deposits = plain(frame["deposit_id"]).cast(pl.String).to_frame().with_row_index("row")
    moved = deposits.join(ids, on="deposit_id", how="semi")
    repeated = moved.filter(moved["deposit_id"].is_duplicated())
    gated.refuse_at(repeated["row"].cast(pl.Int64).to_numpy(), Reason.duplicate_key, "deposit_id")
    found = ids.join(moved.unique("deposit_id"), on="deposit_id", how="left", maintain_order="left")
    owner: Int64 = found["row"].cast(pl.Int64).fill_null(-1).to_numpy()
    given.refuse(owner < 0, Reason.unknown_deposit, "deposit_id")
    return owner


def _events(owner: Int64, gated: Gated, given: Gated) -> Events:
    """Collect the events of deposits without a bad transaction."""
    kept = np.flatnonzero(given.reasons == 0)
    kept = kept[gated.reasons[owner[kept]] & Reason.bad_transaction == 0]
    day = given.values["date"]
    order = (owner[kept] << _DAY_BITS) + (day[kept] - FIRST_DAY)
    if (np.diff(order) < 0).any():
        kept = kept[np.argsort(order, kind="stable")]
    rows, begin = np.unique(owner[kept], return_index=True)
    offset = np.append(begin, kept.size).astype(np.int64)
    columns = (day[kept], given.values["kind"][kept], given.values["amount_cents"][kept])
    return Events(rows, offset, columns)


def _with_balances(gated: Gated, events: Events, as_of: int, threads: int) -> tuple[Gated, Bool]:
    """Replace deposits' principal, dates, postings and debts by their events' results; also return which rows moved."""
    own = {name: gated.values[name][events.rows] for name in _ORIGINALS}
    replaced = {name: np.empty_like(own[name]) for name in _REPLACED}
    moved, negative, beyond = (np.empty(events.rows.size, dtype=np.bool_) for _ in range(3))

    def work(rows: slice) -> None:
        kernels.balances(
            *events.of(rows), *(column[rows] for column in own.values()), as_of,
            *(column[rows] for column in replaced.values()), moved[rows], negative[rows], beyond[rows],
        )  # fmt: skip

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
    found = {name: (outputs if name in outputs else values)[name][events.rows] for name in _FOUND}
    figures = {name: outputs[name][events.rows] for name in _FIGURES}

    def work(rows: slice) -> None:
        kernels.interest_on_balances(
            *events.of(rows), moved[rows], *(column[rows] for column in found.values()),
            tables.rates, tables.points, tables.year_start, as_of, tables.start_shift, tables.denominator,
            tables.mode, tables.by_year,
            rules.unclaimed.surcharge_base == "principal_plus_accrued",
            rules.unclaimed.surcharge_principal == "net_of_owed",
            rules.unclaimed.owed_applied == "service_ended",
            *(column[rows] for column in figures.values()),
        )  # fmt: skip

    in_blocks(events.rows.size, threads, work)
    own = slice(None) if of_service is None else of_service
    for name, column in figures.items():
        outputs[name][events.rows[own]] = column[own]
