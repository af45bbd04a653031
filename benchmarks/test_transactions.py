import numpy as np
import pytest

from benchmarks.baselines.interest_on_balances import INTEREST_ON_BALANCES
from benchmarks.baselines.transactions import BALANCES
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import (
    AS_OF_DAY,
    SIZES,
    accrual_parameters,
    amounts,
    draw,
    flags,
    later,
    offsets,
    reading_parameters,
    received,
    rules,
    tables,
    unwritten,
)
from calc.columns.blocks import in_blocks
from calc.columns.unclaimed import reading_of, term_tables
from calc.kernels import transactions as kernels
from calc.kernels import unclaimed
from calc.kernels.arrays import Array
from calc.kernels.deposit_columns import Deposits, Results
from calc.kernels.event_kinds import PRINCIPAL
from calc.units import NO_DAY

MOST_EVENTS = 5
ENTRIES = frozenset({"event_day", "event_kind", "amount_cents"})


def events(random: np.random.Generator, rows: int) -> dict[str, Array]:
    """A receipt first, then receipts, refunds, postings and debts; in a third of the rows a refund of everything."""
    offset = offsets(random, rows, MOST_EVENTS)
    count = int(offset[-1])
    first, last = offset[:-1], offset[1:] - 1
    owner = np.repeat(np.arange(rows), np.diff(offset))
    day = received(random, count)
    day = day[np.lexsort((day, owner))]
    kind = random.choice(np.array([0, 1, 2], dtype=np.int8), count, p=(0.6, 0.3, 0.1))
    kind[first] = PRINCIPAL
    amount = np.where((kind == PRINCIPAL) & flags(random, count, 0.4), -1, 1) * amounts(random, count, 10_000)
    amount[first] += MOST_EVENTS * 10_000 - np.minimum(0, 2 * amount[first])
    change = np.where(kind == PRINCIPAL, amount, 0)
    emptied = flags(random, rows, 0.33) & (last > first)
    before = np.add.reduceat(change, first) - change[last]
    kind[last[emptied]] = PRINCIPAL
    amount[last[emptied]] = -before[emptied]
    return {"offset": offset, "event_day": day, "event_kind": kind, "amount_cents": amount}


def balances(rows: int) -> Comparison:
    random = draw(rows)
    moves = events(random, rows)
    first = moves["event_day"][moves["offset"][:-1]]
    return Comparison(
        kernels.balances,
        rows,
        columns={
            **moves,
            "principal_cents": amounts(random, rows, 60_000),
            "received_day": received(random, rows),
            "paid_day": later(random, first, 4_000, share=0.2),
            "remitted_day": later(random, first, 5_000, share=0.03),
            "posted_cents": amounts(random, rows, 2_000, share=0.5),
            "amounts_owed_cents": amounts(random, rows, 20_000, share=0.1),
        },
        parameters={"as_of": AS_OF_DAY},
        results={
            "held_cents": unwritten(rows), "first_day": unwritten(rows, np.int32),
            "returned_day": unwritten(rows, np.int32), "posted_in_all_cents": unwritten(rows),
            "owed_in_all_cents": unwritten(rows), "moved": unwritten(rows, np.bool_),
            "negative": unwritten(rows, np.bool_), "beyond": unwritten(rows, np.bool_),
        },
        entries=ENTRIES,
    )  # fmt: skip


@pytest.mark.parametrize("rows", SIZES)
def test_balances(race: Race, rows: int) -> None:
    race(balances(rows), BALANCES, copy_most=1.5)


@pytest.mark.parametrize("rows", SIZES)
def test_interest_on_balances(race: Race, rows: int) -> None:
    """Results of `balances` and `unclaimed` are given; those of rows that did not move are 0 before."""
    random = draw(rows)
    before = balances(rows)
    before.run()
    columns = {**before.columns, **before.results}
    kind = random.choice(np.array([0, 1, 2], dtype=np.int8), rows, p=(0.94, 0.05, 0.01))
    payable = flags(random, rows, 0.9)
    ended = later(random, columns["first_day"], 3_000, share=0.4)
    found = [unwritten(rows, dtype) for dtype in (np.int8, np.int32, *[np.int64] * 4, np.int32, np.int32)]

    def settle(part: slice) -> None:
        own = (
            *(columns[name] for name in ("held_cents", "first_day", "returned_day", "remitted_day")),
            ended, np.full_like(ended, NO_DAY), kind, np.ones_like(payable), payable,
            columns["posted_in_all_cents"], columns["owed_in_all_cents"],
        )  # fmt: skip
        deposits = Deposits._make(column[part] for column in own)
        results = Results._make(column[part] for column in (*found, unwritten(rows), unwritten(rows, np.bool_)))
        service = rules().electric.unclaimed
        unclaimed.unclaimed(deposits, tables(), term_tables(service), reading_of(service), AS_OF_DAY, results)

    in_blocks(rows, 1, settle)
    comparison = Comparison(
        kernels.interest_on_balances,
        rows,
        columns={
            "offset": columns["offset"], "event_day": columns["event_day"], "event_kind": columns["event_kind"],
            "amount_cents": columns["amount_cents"], "moved": columns["moved"], "status": found[0],
            "first_day": columns["first_day"], "returned_day": columns["returned_day"],
            "remitted_day": columns["remitted_day"], "service_ended_day": ended, "accrued_days": found[1],
            "surcharge_from_day": found[7], "kind": kind, "interest_payable": payable,
            "held_cents": columns["held_cents"],
            "posted_cents": columns["posted_in_all_cents"], "amounts_owed_cents": columns["owed_in_all_cents"],
        },
        parameters={**accrual_parameters(), **reading_parameters()},
        results={
            name: np.zeros(rows, dtype=np.int64)
            for name in (
                "base_interest_cents", "surcharge_interest_cents", "interest_cents", "interest_due_cents",
                "remittance_cents",
            )
        },
        entries=ENTRIES,
    )  # fmt: skip
    race(comparison, INTEREST_ON_BALANCES, copy_most=1.8)
