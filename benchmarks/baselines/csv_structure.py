"""Read the fields of CSV text in the baselines: every column as text, empty fields null."""

import csv
import io
from typing import Final

import duckdb
import polars as pl

from benchmarks.comparison import THREADS, Comparison
from benchmarks.csv_text import Text
from benchmarks.harness import Baseline, Baselines, Run


def _polars(comparison: Comparison) -> Run:
    assert isinstance(comparison, Text)
    text = comparison.text
    return lambda: pl.read_csv(io.BytesIO(text), has_header=False, infer_schema=False)


def _duckdb(comparison: Comparison) -> Run:
    """Let DuckDB read a file, which stays in the file cache."""
    assert isinstance(comparison, Text)
    path = comparison.folder / f"{comparison.rows}.csv"
    path.write_bytes(comparison.text)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    columns = dict.fromkeys(comparison.expected(), "VARCHAR")
    return lambda: connection.read_csv(str(path), header=False, columns=columns).to_arrow_table()


def _python(comparison: Comparison) -> Run:
    assert isinstance(comparison, Text)
    text = comparison.text.decode()

    def run() -> dict[str, list[str | None]]:
        columns = zip(*csv.reader(io.StringIO(text, newline="")), strict=True)
        return {f"column_{place}": [field or None for field in column] for place, column in enumerate(columns)}

    return run


CSV_RECORDS: Final[Baselines] = {
    "NumPy": "reads no text with quotes",
    "Polars": Baseline(_polars),
    "DuckDB": Baseline(_duckdb),
    "Python": Baseline(_python, per_row=True),
}
