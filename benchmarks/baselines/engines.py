"""Set up the baselines' engines: Polars frames and in-memory DuckDB tables of a comparison's columns, two threads."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.comparison import THREADS, Comparison
from benchmarks.harness import Baseline, Run

Tables = Callable[[Comparison], Mapping[str, pl.DataFrame]]
"""Make the tables that a query reads, by name."""


def row_table(comparison: Comparison) -> dict[str, pl.DataFrame]:
    """Return the columns with one entry per row, as the table `cases`."""
    own = {name: column for name, column in comparison.columns.items() if name not in {*comparison.entries, "offset"}}
    return {"cases": pl.DataFrame(own)}


def polars_baseline(build: Callable[[pl.LazyFrame, Comparison], pl.LazyFrame], tables: Tables = row_table) -> Baseline:
    """Build a baseline from a lazy query over the frame `cases`; Polars uses as many threads as there are cores."""

    def prepare(comparison: Comparison) -> Run:
        query = build(tables(comparison)["cases"].lazy(), comparison)
        return query.collect

    return Baseline(prepare)


def duckdb_baseline(query: str, tables: Tables = row_table) -> Baseline:
    """Build a baseline from SQL over tables in DuckDB's memory; the result goes to Arrow.

    Args:
        query: The SQL. `$name` is the kernel's parameter of that name; arrays that the kernel looks up are lists in the
            single row of the table `given` (within a third of the time of a join with a table of days, and in the order
            of the rows).
        tables: Makes the tables that the query reads.

    Returns:
        The baseline.
    """

    def prepare(comparison: Comparison) -> Run:
        connection = connected(comparison.parameters)
        for name, frame in tables(comparison).items():
            _create(connection, name, frame)
        named = named_in(query, comparison.parameters)
        return lambda: connection.sql(query, params=named).to_arrow_table()

    return Baseline(prepare)


def connected(parameters: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    """Return a connection whose table `given` holds the parameters that are arrays."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    arrays = {name: [value.reshape(-1)] for name, value in parameters.items() if np.ndim(value)}
    _create(connection, "given", pl.DataFrame(arrays or {"nothing": [0]}))
    return connection


def named_in(query: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that a query names."""
    return {name: parameters[name] for name in set(re.findall(r"\$(\w+)", query))}


def _create(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("incoming", frame.to_arrow())
    connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')  # noqa: S608 - our own table names
    connection.unregister("incoming")
