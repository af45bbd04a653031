"""Compute arrearage schedules in the baselines."""

from decimal import Context
from typing import Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run

EXACT: Final = Context(prec=40)


def _numpy_offsets(comparison: Comparison) -> Run:
    left, months = comparison.columns["left_cents"], comparison.columns["months"]

    def run() -> dict[str, np.ndarray]:
        offset = np.zeros(left.size + 1, dtype=np.int64)
        np.cumsum(np.where(left > 0, months, 0), out=offset[1:])
        return {"offset": offset}

    return run


def _polars_offsets(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    length = pl.when(pl.col("left_cents") > 0).then("months").otherwise(0)
    return pl.concat([pl.LazyFrame({"offset": [0]}), cases.select(offset=length.cum_sum())])


SCHEDULE_OFFSETS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_offsets),
    "Polars": polars_baseline(_polars_offsets),
    "DuckDB": duckdb_baseline(
        """SELECT 0::BIGINT AS "offset" UNION ALL
           SELECT sum(CASE WHEN left_cents > 0 THEN months ELSE 0 END)
               OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)::BIGINT FROM cases"""
    ),
    "Python": "counts months, no amount",
}


def _numpy_schedule(comparison: Comparison) -> Run:
    left, copayment, offset = (comparison.columns[name] for name in ("left_cents", "copayment_cents", "offset"))

    def run() -> dict[str, np.ndarray]:
        months = np.diff(offset)
        total = np.maximum(0, left - copayment)
        each, extra = np.divmod(total, np.maximum(1, months))
        month = np.arange(offset[-1]) - np.repeat(offset[:-1], months)
        return {"credit_cents": np.repeat(each, months) + (month < np.repeat(extra, months))}

    return run


def _month_table(comparison: Comparison) -> dict[str, pl.DataFrame]:
    left, copayment, offset = (comparison.columns[name] for name in ("left_cents", "copayment_cents", "offset"))
    return {"cases": pl.DataFrame({"left_cents": left, "copayment_cents": copayment, "months": np.diff(offset)})}


def _polars_schedule(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    with_entries = cases.filter(pl.col("months") > 0).select(
        "months",
        total=pl.max_horizontal(0, pl.col("left_cents") - pl.col("copayment_cents")),
        month=pl.int_ranges("months"),
    )
    each = with_entries.explode("month", empty_as_null=False)
    extra = (pl.col("month") < pl.col("total") % pl.col("months")).cast(pl.Int64)
    return each.select(credit_cents=pl.col("total") // pl.col("months") + extra)


def _decimal_schedule(comparison: Comparison) -> Run:
    lefts, copayments, offset = (comparison.columns[name] for name in ("left_cents", "copayment_cents", "offset"))
    rows = list(zip(lefts.tolist(), copayments.tolist(), np.diff(offset).tolist(), strict=True))

    def run() -> dict[str, list[int]]:
        credit: list[int] = []
        for left, copayment, months in rows:
            if months:
                total = EXACT.create_decimal(max(0, left - copayment))
                each, extra = EXACT.divmod(total, months)
                credit += [int(each) + (month < extra) for month in range(months)]
        return {"credit_cents": credit}

    return run


ARREARAGE_SCHEDULE: Final[Baselines] = {
    "NumPy": Baseline(_numpy_schedule),
    "Polars": polars_baseline(_polars_schedule, _month_table),
    "DuckDB": duckdb_baseline(
        """WITH totals AS (SELECT greatest(0, left_cents - copayment_cents) AS total, months FROM cases),
           entries AS (SELECT total, months, unnest(range(months)) AS month FROM totals)
           SELECT total // months + (month < total % months)::BIGINT AS credit_cents FROM entries""",
        _month_table,
    ),
    "Python": Baseline(_decimal_schedule, per_row=True),
}
