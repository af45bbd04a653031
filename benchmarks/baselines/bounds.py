"""Fill nulls and count values out of bounds in the baselines, over columns with the same nulls."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.arrays import Array


def _strays(comparison: Comparison) -> Array:
    value, parameters = comparison.columns["value"], comparison.parameters
    beyond: Array = (value < parameters["lowest"]) | (value > parameters["highest"])
    return beyond & comparison.columns["given"]


def _filled_in_numpy(comparison: Comparison) -> Run:
    def run() -> dict[str, np.ndarray]:
        filled = np.where(comparison.columns["given"], comparison.columns["value"], comparison.parameters["missing"])
        return {"filled": filled, "outside": np.array([np.count_nonzero(_strays(comparison))])}

    return run


def _beyond(comparison: Comparison) -> pl.Expr:
    return ~pl.col("value").is_between(comparison.parameters["lowest"], comparison.parameters["highest"])


def _filled_in_polars(comparison: Comparison) -> Run:
    cases = pl.DataFrame(dict(comparison.columns)).select(pl.when("given").then("value").alias("value")).lazy()
    queries = [
        cases.select(pl.col("value").fill_null(comparison.parameters["missing"])),
        cases.select(_beyond(comparison).sum()),
    ]

    def run() -> dict[str, np.ndarray]:
        filled, outside = pl.collect_all(queries)
        return {"filled": filled.to_series().to_numpy(), "outside": outside.to_series().to_numpy()}

    return run


FILLED: Final[Baselines] = {
    "NumPy": Baseline(_filled_in_numpy), "Polars": Baseline(_filled_in_polars),
    "DuckDB": "fills and counts as Polars does", "Python": "compares whole numbers, no amount",
}  # fmt: skip
