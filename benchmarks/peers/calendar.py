"""Shares of a year as the peers say them."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.contest import Contest, Peer, Peers, Run
from benchmarks.peers.engines import duckdb_peer, polars_peer
from calc.units import FIRST_DAY

_BEFORE: Final = FIRST_DAY - 1  # SQL counts from one


def _numpy(contest: Contest) -> Run:
    start, end, index = contest.columns["start_day"], contest.columns["end_day"], contest.parameters["index"]

    def run() -> dict[str, np.ndarray]:
        first = start.astype(np.int64) - FIRST_DAY
        stop = np.maximum(first, end.astype(np.int64) - FIRST_DAY)
        return {"units": index[stop] - index[first]}

    return run


def _polars(cases: pl.LazyFrame, contest: Contest) -> pl.LazyFrame:
    index = pl.lit(pl.Series(contest.parameters["index"]))
    first = pl.col("start_day") - FIRST_DAY
    stop = pl.max_horizontal(first, pl.col("end_day") - FIRST_DAY)
    return cases.select(units=index.gather(stop) - index.gather(first))


YEAR_UNITS: Final[Peers] = {
    "NumPy": Peer(_numpy),
    "Polars": polars_peer(_polars),
    "DuckDB": duckdb_peer(
        f"""SELECT index[greatest(start_day, end_day) - {_BEFORE}] - index[start_day - {_BEFORE}] AS units
           FROM cases, given"""  # noqa: S608 - our own constants
    ),
    "Python": "counts whole numbers, no amount",
}
