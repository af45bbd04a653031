"""Add up sums by group in the baselines, in 128 bits where the engine has them."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.control_totals import LOW_BITS


def _numpy(comparison: Comparison) -> Run:
    group, cents = comparison.columns["group"], comparison.columns["amount_cents"]
    places = comparison.results["low"].size

    def run() -> dict[str, np.ndarray]:
        low, high = (np.zeros(places, dtype=np.int64) for _ in range(2))
        np.add.at(low, group, cents & ((1 << LOW_BITS) - 1))
        np.add.at(high, group, cents >> LOW_BITS)
        return {"low": low, "high": high}

    return run


def _polars(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    cents = pl.col("amount_cents")
    low = cents.mod(1 << LOW_BITS)
    return cases.group_by("group").agg(low=low.sum(), high=((cents - low) // (1 << LOW_BITS)).sum()).sort("group")


GROUPED_SUMS: Final[Baselines] = {
    "NumPy": Baseline(_numpy),
    "Polars": polars_baseline(_polars),
    "DuckDB": duckdb_baseline(
        f"""SELECT sum(amount_cents & {(1 << LOW_BITS) - 1})::BIGINT AS low,
                   sum(amount_cents >> {LOW_BITS})::BIGINT AS high
            FROM cases GROUP BY "group" ORDER BY "group" """  # noqa: S608 - our own number
    ),
    "Python": "adds whole cents and divides nothing",
}
