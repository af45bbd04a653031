"""Compute shares of a year in the baselines."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.units import FIRST_DAY

_BEFORE: Final = FIRST_DAY - 1  # SQL counts from one


def _numpy(comparison: Comparison) -> Run:
    start, end, index = comparison.columns["start_day"], comparison.columns["end_day"], comparison.parameters["index"]

    def run() -> dict[str, np.ndarray]:
        first = start.astype(np.int64) - FIRST_DAY
        stop = np.maximum(first, end.astype(np.int64) - FIRST_DAY)
        return {"units": index[stop] - index[first]}

    return run


def _polars(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    index = pl.lit(pl.Series(comparison.parameters["index"]))
    first = pl.col("start_day") - FIRST_DAY
    stop = pl.max_horizontal(first, pl.col("end_day") - FIRST_DAY)
    return cases.select(units=index.gather(stop) - index.gather(first))


YEAR_UNITS: Final[Baselines] = {
    "NumPy": Baseline(_numpy),
    "Polars": polars_baseline(_polars),
    "DuckDB": duckdb_baseline(
        f"""SELECT index[greatest(start_day, end_day) - {_BEFORE}] - index[start_day - {_BEFORE}] AS units
           FROM cases, given"""  # noqa: S608 - our own constants
    ),
    "Python": "counts whole numbers, no amount",
}
