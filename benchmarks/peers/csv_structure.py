"""Fields of CSV text as the peers read them: every column as text, empty fields null."""

import csv
import io
from typing import Final

import duckdb
import polars as pl

from benchmarks.contest import THREADS, Contest, Peer, Peers, Run
from benchmarks.csv_text import Text


def _polars(contest: Contest) -> Run:
    assert isinstance(contest, Text)
    text = contest.text
    return lambda: pl.read_csv(io.BytesIO(text), has_header=False, infer_schema=False)


def _duckdb(contest: Contest) -> Run:
    """DuckDB reads files; this one stays in the file cache."""
    assert isinstance(contest, Text)
    path = contest.folder / f"{contest.rows}.csv"
    path.write_bytes(contest.text)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    columns = dict.fromkeys(contest.expected(), "VARCHAR")
    return lambda: connection.read_csv(str(path), header=False, columns=columns).to_arrow_table()


def _python(contest: Contest) -> Run:
    assert isinstance(contest, Text)
    text = contest.text.decode()

    def run() -> dict[str, list[str | None]]:
        columns = zip(*csv.reader(io.StringIO(text, newline="")), strict=True)
        return {f"column_{place}": [field or None for field in column] for place, column in enumerate(columns)}

    return run


CSV_RECORDS: Final[Peers] = {
    "NumPy": "reads no text with quotes",
    "Polars": Peer(_polars),
    "DuckDB": Peer(_duckdb),
    "Python": Peer(_python, per_row=True),
}
