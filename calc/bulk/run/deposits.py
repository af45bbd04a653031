"""The step of the deposits: their results on the as-of day, and what is rolled forward from the previous run.

Comes in: a part as it was read, with the reasons known so far. Goes out: its evaluation; on the way the part's own
transactions are brought to it, principals that are at odds with them are noted, and the roll-forward is told how it
stands on the as-of day and on the earlier one.
"""

from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Part, detached
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.reconcile.bucket_digests import Rows
from calc.bulk.reconcile.findings import Finding, Listed
from calc.bulk.reconcile.moved_totals import ComparedRows
from calc.bulk.reconcile.rests_on import interest_through
from calc.bulk.reconcile.roll_forward import RollForward
from calc.bulk.reconcile.totals import FIGURES
from calc.bulk.run.bounds import AT_ODDS
from calc.bulk.run.dataset_run import run_stage
from calc.bulk.run.dependents import Dependents
from calc.bulk.run.night import Night
from calc.bulk.run.outcome import Outcome
from calc.columns.contract import DEPOSITS
from calc.columns.evaluation import Evaluation
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.ledger import AtOdds, at_odds
from calc.columns.matching import Matched, match_owned
from calc.columns.transactions import settle
from calc.columns.unclaimed import assembled, compute
from calc.errors import Reason
from calc.kernels.arrays import Array, Int64
from calc.kernels.unclaimed import STATUSES
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules
from calc.units import to_date, to_day


def run_deposits(night: Night, transactions: Dependents | None, rolled: RollForward) -> Outcome:
    """Compute all parts, with their transactions if there are any, and tell `rolled` of them; errors as `run_stage`."""
    job, source = night.job, night.sources[DEPOSITS.name]
    deposits = Deposits(night, transactions, rolled)
    holds = any(DEPOSITS.name in each.dataset.rests_on for each in night.sources.values())
    outcome = run_stage(
        source, night.run, deposits, job.threads, night.keys.of(DEPOSITS.name), night.report, holds=holds
    )
    deposits.take(source, outcome, night.run.out, job.threads)
    if transactions:
        outcome.findings[AT_ODDS] = deposits.at_odds()
    return outcome


class Deposits:
    """Evaluates parts of the deposits, from any thread."""

    def __init__(self, night: Night, transactions: Dependents | None, rolled: RollForward) -> None:
        """The night, its transactions if there are any, and what is told of every part."""
        self._rules, self._rates, self._as_of = night.rules, night.rates, night.job.as_of
        self._transactions = transactions
        self._rolled = rolled
        self._readings = night.readings
        self._adding = Lock()
        self._compared = self._odd = self._odd_cents = 0
        self._listed = Listed(("deposit_id",))

    def __call__(self, frame: pl.DataFrame, flagged: Int64, part: Part) -> Evaluation:
        """A part's evaluation; InputError for missing or unusable columns."""
        own = self._transactions.of_part(part, frame, flagged) if self._transactions else None
        found = None if own is None else match_owned(frame, own, flagged)
        given = found.gated if found else gate(DEPOSITS, frame, flagged)

        def on(day: date) -> tuple[Gated, dict[str, Array]]:
            return _results(found or given, self._rules, self._rates, day)

        def rows(day: date, gated: Gated, outputs: dict[str, Array]) -> Rows:
            return Rows(to_day(day), {**gated.values, **outputs})

        gated, outputs = on(self._as_of)
        if found:
            self._add_at_odds(frame, at_odds(found, gated, to_day(self._as_of)))
        earlier = self._rolled.earlier_day
        before = None if earlier is None else rows(to_date(earlier), *on(to_date(earlier)))
        tonight = rows(self._as_of, gated, outputs)
        self._rolled.add(
            part.number, frame["deposit_id"], gated.reasons == 0, tonight, before, found.events if found else None
        )
        evaluation = assembled(frame, gated, outputs)
        through = interest_through(gated.values, outputs, gated.reasons == 0, to_day(self._as_of), self._rules)
        moved = self._moved(found or given, part)
        return evaluation._replace(rests_on={"interest_through_day": through, **moved})

    def _moved(self, given: Matched | Gated, part: Part) -> dict[str, Any]:
        """What other readings would move, of the rows that are looked at again."""
        places = self._readings.rows(DEPOSITS.name, part)
        some = given if places is None else given.at(places)

        def under(rules: Rules, rates: RateTable) -> ComparedRows:
            gated, outputs = _results(some, rules, rates, self._as_of)
            columns = {**gated.values, **outputs}
            cents = {name: columns[name] for name in FIGURES[DEPOSITS.name]}
            return ComparedRows(gated.reasons == 0, cents, outputs["status"], STATUSES, {})

        return self._readings.moves(DEPOSITS.name, part.rows if places is None else places.size, under)

    def at_odds(self) -> Finding:
        """Deposits whose own principal is not what their transactions give, and the difference."""
        return Finding(self._odd, self._compared, self._odd_cents, self._listed.rows())

    def _add_at_odds(self, frame: pl.DataFrame, found: AtOdds) -> None:
        self._listed.add(
            detached(frame.select(pl.col("deposit_id").cast(pl.String))[found.rows]).with_columns(
                principal_cents=pl.Series(found.stated_cents), ledger_cents=pl.Series(found.ledger_cents)
            )
        )
        with self._adding:
            self._compared += found.compared
            self._odd += found.rows.size
            self._odd_cents += int(np.abs(found.stated_cents - found.ledger_cents).sum())

    def take(self, source: Source, outcome: Outcome, out: Path, threads: int) -> None:
        """Tell the roll-forward of the parts that a stopped run left whole; their files stay as they are."""
        if len(self._rolled.numbers) == outcome.chunks:
            return

        def work(part: Part) -> None:
            chunk = part.load()
            flagged = np.zeros(part.rows, dtype=np.int64)
            if refused := outcome.quarantine_parts.get(part.number):
                rows = pl.read_parquet(out / refused.path, columns=["row"], glob=False)["row"].to_numpy()
                flagged[chunk.places_of(rows)] = Reason.duplicate_key  # whatever it was: refused
            self(chunk.frame, flagged, part)

        kept = (part for part in source.parts() if part.number not in self._rolled.numbers)
        for_each_part(kept, work, threads)


def _results(given: Matched | Gated, rules: Rules, rates: RateTable, day: date) -> tuple[Gated, dict[str, Array]]:
    """Deposits on a day under some law, with their transactions if they have any; `given` stays as it is."""
    if isinstance(given, Matched):
        return settle(given, rules=rules, rates=rates, as_of=day)
    gated = given.copy()
    return gated, compute(gated, rules=rules, rates=rates, as_of=day)
