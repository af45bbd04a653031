"""Totals of customers over all parts of the accounts, and the dataset `customers`.

Before the accounts are written, one pass over those that name a customer keeps, of each part, one row a customer and
service. They go by way of the disk to as many groups as the accounts have parts, by a hash of the customer; a group is
added up, written as a part of `customers`, and sent back to the parts of the accounts that it came from. In memory at
one time: a part of the accounts, or a group.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import HOLDINGS, Run
from calc.bulk.publish.parts import write_part
from calc.bulk.reconcile import totals as control
from calc.bulk.reconcile.part_totals import totals_of_part
from calc.bulk.run.outcome import Outcome, Progress
from calc.bulk.shuffle.spill import Spill
from calc.columns.contract import CUSTOMERS
from calc.columns.customers import COLUMNS, KEY, added_up, no_totals, results_of, unmatched_held
from calc.columns.evaluation import results_alone
from calc.errors import InputError, UsageError

_SPILL: Final = "by-customer"
_BACK: Final = "customers-by-part"
_SEED: Final = 0x94D049BB133111EB
OwnTotals = Callable[[Part], pl.DataFrame]
"""A part of the accounts -> totals of its rows that name a customer, by their own figures."""


def name_customers(accounts: Source) -> bool:
    """Whether rows of the accounts can name a customer."""
    return CUSTOMERS in accounts.gives


def check_customers_named(accounts: Source | None) -> None:
    """Refuse totals by customer where no row can name one: UsageError without accounts, else InputError."""
    if accounts is None:
        raise UsageError("--customers adds up accounts by customer: give --accounts as well")
    if not name_customers(accounts):
        raise InputError(
            f"{accounts.files[0].path}: --customers adds up accounts by customer_id, and accounts has no such column"
        )


class Customers:
    """Customers' totals, on their way from the accounts to `customers` and back to the accounts."""

    def __init__(self, run: Run, accounts: Source) -> None:
        """Nothing is added up yet."""
        self._run = run
        self._accounts = accounts
        self._groups = 1 + accounts.rows_hint // accounts.part_rows
        self._spill = Spill(run.subfolder(HOLDINGS) / _SPILL)
        self._back = Spill(run.subfolder(HOLDINGS) / _BACK)
        self._began = monotonic()

    def gather(self, own_totals: OwnTotals, threads: int) -> None:
        """Pass over the accounts; errors as reading and evaluating their parts has them."""
        adding = Lock()
        self._began = monotonic()

        def work(part: Part) -> None:
            self._send(own_totals(part), part.number)
            with adding:
                self._back.positions[part.number] = part.position

        for_each_part(self._accounts.parts(), work, threads)

    def add_unmatched_held(self, rows: pl.DataFrame) -> None:
        """Add what is held of customers on accounts without a row; as `calc.columns.customers.unmatched_held`."""
        self._send(unmatched_held(rows), -1)

    def write(self, threads: int, report: Callable[[Progress], None]) -> Outcome:
        """Add up every group, write it, and send its totals back; OutputError where they cannot be written."""
        name = CUSTOMERS.name
        folder = self._run.subfolder(name)
        outcome = Outcome(name)
        adding = Lock()

        def work(group: int) -> None:
            found = list(self._spill.rows_of(group))
            if not found:
                return
            rows = pl.concat(found)
            totals = added_up(rows.select(list(COLUMNS)))
            self._send_back(rows.select(*KEY, "part"), totals)
            frame = results_of(totals)
            kept = totals_of_part(name, results_alone(frame))
            path = folder / f"part-{group:05}.parquet"
            file = write_part(self._run.out, path, frame, CUSTOMERS.never_null) if frame.height else None
            written = control.totals_of(name, self._run.out / file.path) if file else {}
            with adding:
                outcome.chunks += 1
                outcome.rows_in += frame.height
                outcome.rows_out += frame.height
                outcome.withheld += int(totals["refused"].sum())
                control.add(outcome.totals, kept)
                control.add(outcome.written, written)
                if file:
                    outcome.parts[group] = file
                report(Progress(name, outcome.chunks, outcome.rows_in, 0, monotonic() - self._began))

        for_each_part(range(self._groups), work, threads)
        outcome.seconds = monotonic() - self._began
        return outcome

    def of_part(self, part: Part) -> pl.DataFrame:
        """Totals of the customers that a part of the accounts names."""
        found = self._back.read(part)
        return no_totals() if found is None else found

    def _send(self, totals: pl.DataFrame, number: int) -> None:
        groups = totals["customer_id"].hash(_SEED).to_numpy() % np.uint64(self._groups)
        self._spill.add(totals.with_columns(part=pl.lit(number, pl.Int64)), groups.astype(np.int64))

    def _send_back(self, wanted: pl.DataFrame, totals: pl.DataFrame) -> None:
        back = wanted.filter(pl.col("part") >= 0).join(totals, on=KEY)
        self._back.add(back.select(list(COLUMNS)), back["part"].to_numpy())
