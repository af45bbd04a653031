"""Sums by group as the peers add them up, in 128 bits where they have them."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.contest import Contest, Peer, Peers, Run
from benchmarks.peers.engines import duckdb_peer, polars_peer
from calc.kernels.control_totals import LOW_BITS


def _numpy(contest: Contest) -> Run:
    group, cents = contest.columns["group"], contest.columns["amount_cents"]
    places = contest.results["low"].size

    def run() -> dict[str, np.ndarray]:
        low, high = (np.zeros(places, dtype=np.int64) for _ in range(2))
        np.add.at(low, group, cents & ((1 << LOW_BITS) - 1))
        np.add.at(high, group, cents >> LOW_BITS)
        return {"low": low, "high": high}

    return run


def _polars(cases: pl.LazyFrame, contest: Contest) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    cents = pl.col("amount_cents")
    low = cents.mod(1 << LOW_BITS)
    return cases.group_by("group").agg(low=low.sum(), high=((cents - low) // (1 << LOW_BITS)).sum()).sort("group")


GROUPED_SUMS: Final[Peers] = {
    "NumPy": Peer(_numpy),
    "Polars": polars_peer(_polars),
    "DuckDB": duckdb_peer(
        f"""SELECT sum(amount_cents & {(1 << LOW_BITS) - 1})::BIGINT AS low,
                   sum(amount_cents >> {LOW_BITS})::BIGINT AS high
            FROM cases GROUP BY "group" ORDER BY "group" """  # noqa: S608 - our own number
    ),
    "Python": "adds whole cents and divides nothing",
}
