"""Find words and blanks of text columns in the baselines, over the same texts."""

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run


def _texts(comparison: Comparison) -> dict[str, pl.DataFrame]:
    views = np.ascontiguousarray(comparison.columns["views"])
    texts = pa.Array.from_buffers(pa.string_view(), len(views), [None, pa.py_buffer(views)])
    return {"cases": pl.DataFrame({"text": pl.Series(pl.from_arrow(texts))})}


def _numpy_codes(comparison: Comparison) -> Run:
    views, words = comparison.columns["views"], comparison.parameters["words"]

    def run() -> dict[str, np.ndarray]:
        codes = np.full(len(views), -1, dtype=np.int8)
        for code, word in enumerate(words):
            codes[(views == word).all(axis=1)] = code
        return {"codes": codes}

    return run


def _polars_codes(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    text = pl.col("text")
    return cases.select(
        codes=pl.when(text == "electric").then(0).when(text == "gas").then(1).otherwise(-1).cast(pl.Int8)
    )


WORD_CODES: Final[Baselines] = {
    "NumPy": Baseline(_numpy_codes),
    "Polars": polars_baseline(_polars_codes, _texts),
    "DuckDB": duckdb_baseline(
        "SELECT (CASE text WHEN 'electric' THEN 0 WHEN 'gas' THEN 1 ELSE -1 END)::TINYINT AS codes FROM cases", _texts
    ),
    "Python": "compares texts, no amount",
}


def _numpy_suspects(comparison: Comparison) -> Run:
    head = comparison.columns["views"][:, 0]

    def run() -> dict[str, np.ndarray]:
        first = (head >> np.uint64(32)) & np.uint64(0xFF)
        return {"suspects": (first < ord("!")) | (first > ord("~")) | ((head & np.uint64(0xFFFFFFFF)) == 0)}

    return run


def _polars_suspects(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    return cases.select(suspects=(pl.col("text") < "!") | (pl.col("text") > "~"))


BLANK_SUSPECTS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_suspects),
    "Polars": polars_baseline(_polars_suspects, _texts),
    "DuckDB": duckdb_baseline("SELECT text < '!' OR text > '~' AS suspects FROM cases", _texts),
    "Python": "compares texts, no amount",
}


def _numpy_edges(comparison: Comparison) -> Run:
    views = comparison.columns["views"]

    def run() -> dict[str, np.ndarray]:
        texts = np.ascontiguousarray(views).view(np.uint8).reshape(len(views), -1)
        length = texts[:, :4].copy().view(np.uint32)[:, 0].astype(np.int64)
        first, last = texts[:, 4], texts[np.arange(len(texts)), 3 + np.clip(length, 1, 12)]
        unusual = (np.minimum(first, last) < ord("!")) | (np.maximum(first, last) > ord("~")) | (length > 12)
        return {"suspects": unusual & (length > 0)}

    return run


def _polars_edges(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    return cases.select(suspects=pl.col("text").str.contains("^[^!-~]|[^!-~]$"))


EDGE_SUSPECTS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_edges),
    "Polars": polars_baseline(_polars_edges, _texts),
    "DuckDB": duckdb_baseline("SELECT regexp_matches(text, '^[^!-~]|[^!-~]$') AS suspects FROM cases", _texts),
    "Python": "compares texts, no amount",
}


def _polars_numbers(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - as above
    text = pl.col("text")
    plain = text.str.contains(r"^-?[0-9]+(\.[0-9]{1,2})?$")
    cents = text.str.replace(r"\.", "").cast(pl.Int64, strict=False)
    return cases.select(numbers=cents, open_rows=~plain)


PLAIN_NUMBERS: Final[Baselines] = {
    "NumPy": "parses no text but as Python does",
    "Polars": polars_baseline(_polars_numbers, _texts),
    "DuckDB": duckdb_baseline(
        "SELECT (text::DECIMAL(18, 2) * 100)::BIGINT AS numbers, "
        "NOT regexp_matches(text, '^-?[0-9]+([.][0-9]{1,2})?$') AS open_rows FROM cases",
        _texts,
    ),
    "Python": "reads text, computes no amount",
}


def _polars_dates(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - as above
    days = pl.col("text").str.to_date("%Y-%m-%d", strict=False).to_physical()
    return cases.select(days=days, open_rows=days.is_null())


PLAIN_DATES: Final[Baselines] = {
    "NumPy": "parses dates as Python does",
    "Polars": polars_baseline(_polars_dates, _texts),
    "DuckDB": duckdb_baseline(
        "SELECT (text::DATE - DATE '1970-01-01')::INTEGER AS days, text::DATE IS NULL AS open_rows FROM cases", _texts
    ),
    "Python": "reads text, computes no amount",
}
