"""Nulls filled and values out of bounds counted as the peers do it, over columns with the same nulls."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.contest import Array, Contest, Peer, Peers, Run


def _strays(contest: Contest) -> Array:
    value, parameters = contest.columns["value"], contest.parameters
    beyond: Array = (value < parameters["lowest"]) | (value > parameters["highest"])
    return beyond & contest.columns["given"]


def _filled_in_numpy(contest: Contest) -> Run:
    def run() -> dict[str, np.ndarray]:
        filled = np.where(contest.columns["given"], contest.columns["value"], contest.parameters["missing"])
        return {"filled": filled, "outside": np.array([np.count_nonzero(_strays(contest))])}

    return run


def _beyond(contest: Contest) -> pl.Expr:
    return ~pl.col("value").is_between(contest.parameters["lowest"], contest.parameters["highest"])


def _filled_in_polars(contest: Contest) -> Run:
    cases = pl.DataFrame(dict(contest.columns)).select(pl.when("given").then("value").alias("value")).lazy()
    queries = [
        cases.select(pl.col("value").fill_null(contest.parameters["missing"])),
        cases.select(_beyond(contest).sum()),
    ]

    def run() -> dict[str, np.ndarray]:
        filled, outside = pl.collect_all(queries)
        return {"filled": filled.to_series().to_numpy(), "outside": outside.to_series().to_numpy()}

    return run


FILLED: Final[Peers] = {
    "NumPy": Peer(_filled_in_numpy), "Polars": Peer(_filled_in_polars),
    "DuckDB": "fills and counts as Polars does", "Python": "compares whole numbers, no amount",
}  # fmt: skip
