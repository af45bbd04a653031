"""What a dry run foresees of the bounds of a run: what it can count without striking balances or writing anything.

Comes in: transactions and deposits part by part, as they were judged, and the previous manifest. Goes out: the same
`bounds` as a run's manifest has, but for lists, and for the principals that only balances could be compared with.
"""

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from calc.bulk.publish.output import read_manifest
from calc.bulk.reconcile.findings import Finding
from calc.bulk.reconcile.gone import gone_since
from calc.bulk.reconcile.totals import GROUPS
from calc.bulk.run.bounds import AT_ODDS, BAD, GONE, REPEATED, UNMATCHED, entry_of, worst_bad_share
from calc.bulk.run.job import NightlyJob
from calc.bulk.shuffle.holdings import held_of
from calc.bulk.shuffle.spill import Directory
from calc.columns.evaluation import Evaluation
from calc.columns.gated import Gated

if TYPE_CHECKING:
    from calc.kernels.arrays import UInt64


_NO_BALANCES: Final = "a dry run strikes no balances"
_SEED: Final = 0x165667B19E3779F9


class Foreseen:
    """Counts what bounds are held to, from any thread."""

    def __init__(self, job: NightlyJob, accounts: Directory | None) -> None:
        """Nothing is counted; `accounts` are their keys."""
        self._job = job
        self._accounts = accounts
        self._adding = Lock()
        self._hashes: list[UInt64] = []
        self._open = self._unmatched = self._unmatched_cents = 0
        self._totals: dict[str, dict[str, Counter[str]]] = {}

    def add_transactions(self, ids: pl.DataFrame, gated: Gated) -> None:
        """Add a part's transactions with their deposits' ids."""
        rows = ids.with_columns(**{name: pl.Series(gated.values[name]) for name in ("date", "kind", "amount_cents")})
        hashes = rows.filter(pl.Series(gated.reasons == 0)).hash_rows(_SEED).to_numpy()
        with self._adding:
            self._hashes.append(hashes)

    def add_deposits(self, frame: pl.DataFrame, evaluation: Evaluation) -> None:
        """Add a part of the deposits and what became of it."""
        found = evaluation.results.group_by("service", GROUPS["deposits"]).len().rows()
        held = held_of(frame, evaluation).drop_nulls("held_cents").with_columns(pl.col("service").cast(pl.String))
        missing = held.clear()
        if self._accounts:
            known = np.zeros(held.height, dtype=np.bool_)
            known[self._accounts.routes(held).rows] = True
            missing = held.filter(pl.Series(~known))
        with self._adding:
            for service, status, rows in found:
                self._totals.setdefault(str(service), {}).setdefault(str(status), Counter())["rows"] += rows
            self._open += int(held["deposits"].sum())
            self._unmatched += int(missing["deposits"].sum())
            self._unmatched_cents += int(missing["held_cents"].sum())

    def bounds(self, rows: dict[str, tuple[int, int]]) -> dict[str, Any]:
        """The bounds, from rows in and quarantined of each dataset too."""
        findings = {}
        if self._accounts:
            findings[UNMATCHED] = Finding(self._unmatched, self._open, self._unmatched_cents)
        if "transactions" in rows:
            hashes = np.concatenate([np.empty(0, np.uint64), *self._hashes])
            findings[REPEATED] = Finding(hashes.size - np.unique(hashes).size, hashes.size)
            findings[AT_ODDS] = Finding(why_not=_NO_BALANCES)
        if "deposits" in rows:
            findings[GONE] = gone_since(read_manifest(self._job.out), rows["deposits"][0], self._totals)
        told = {name: entry_of(self._job, name, finding) for name, finding in findings.items()}
        return {BAD: worst_bad_share(rows, self._job.max_bad_share), **told}
