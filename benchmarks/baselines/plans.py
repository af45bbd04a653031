"""Compute payment plans in the baselines."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.baselines.arrearage import EXACT
from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.units import PPM


def _numpy_down(comparison: Comparison) -> Run:
    due, given, errors = comparison.columns.values()
    share = comparison.parameters["share_ppm"]

    def run() -> dict[str, np.ndarray]:
        least = np.where(errors == -1, -(-(due * share) // PPM), 0)
        return {"least_cents": least, "down_cents": np.where(given == -1, least, given)}

    return run


def _polars_down(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    share = comparison.parameters["share_ppm"]
    tenth = (pl.col("due_cents") * share + PPM - 1) // PPM
    least = pl.when(pl.col("undercharge_months") == -1).then(tenth).otherwise(0)
    down = pl.when(pl.col("stated_cents") == -1).then(least).otherwise("stated_cents")
    return cases.select(least_cents=least, down_cents=down)


def _decimal_down(comparison: Comparison) -> Run:
    rows = list(zip(*(column.tolist() for column in comparison.columns.values()), strict=True))
    share = EXACT.create_decimal(comparison.parameters["share_ppm"]) / PPM

    def run() -> dict[str, list[int]]:
        least = [0 if errors != -1 else -int(-(due * share) // 1) for due, _, errors in rows]
        least = [
            each + (due * share > each) * (errors == -1) for each, (due, _, errors) in zip(least, rows, strict=True)
        ]
        down = [each if given == -1 else given for each, (_, given, _) in zip(least, rows, strict=True)]
        return {"least_cents": least, "down_cents": down}

    return run


DOWN_PAYMENTS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_down),
    "Polars": polars_baseline(_polars_down),
    "DuckDB": duckdb_baseline(
        """WITH least AS (SELECT *, CASE WHEN undercharge_months = -1
             THEN (due_cents * $share_ppm + 999999) // 1000000 ELSE 0 END AS least_cents FROM cases)
           SELECT least_cents, CASE WHEN stated_cents = -1 THEN least_cents ELSE stated_cents END AS down_cents
           FROM least"""
    ),
    "Python": Baseline(_decimal_down, per_row=True),
}


def _numpy_installments(comparison: Comparison) -> Run:
    total, offset = comparison.columns.values()

    def run() -> dict[str, np.ndarray]:
        months = np.diff(offset)
        each, extra = np.divmod(total, months)
        month = np.arange(offset[-1]) - np.repeat(offset[:-1], months)
        return {"installment_cents": np.repeat(each, months) + (month < np.repeat(extra, months))}

    return run


def _month_table(comparison: Comparison) -> dict[str, pl.DataFrame]:
    total, offset = comparison.columns.values()
    return {"cases": pl.DataFrame({"total": total, "months": np.diff(offset)})}


def _polars_installments(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    each = cases.with_columns(month=pl.int_ranges("months")).explode("month", empty_as_null=False)
    extra = (pl.col("month") < pl.col("total") % pl.col("months")).cast(pl.Int64)
    return each.select(installment_cents=pl.col("total") // pl.col("months") + extra)


def _decimal_installments(comparison: Comparison) -> Run:
    total, offset = comparison.columns.values()
    rows = list(zip(total.tolist(), np.diff(offset).tolist(), strict=True))

    def run() -> dict[str, list[int]]:
        found: list[int] = []
        for cents, months in rows:
            each, extra = EXACT.divmod(EXACT.create_decimal(cents), months)
            found += [int(each) + (month < extra) for month in range(months)]
        return {"installment_cents": found}

    return run


INSTALLMENTS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_installments),
    "Polars": polars_baseline(_polars_installments, _month_table),
    "DuckDB": duckdb_baseline(
        """WITH entries AS (SELECT total, months, unnest(range(months)) AS month FROM cases)
           SELECT total // months + (month < total % months)::BIGINT AS installment_cents FROM entries""",
        _month_table,
    ),
    "Python": Baseline(_decimal_installments, per_row=True),
}


def _numpy_budget(comparison: Comparison) -> Run:
    arrears, year, actual = comparison.columns.values()
    payments = comparison.parameters["payments"]

    def run() -> dict[str, np.ndarray]:
        payment = (arrears + year) // (payments + 1)
        charges = np.where(actual == -1, year, actual)
        return {"payment_cents": payment, "settlement_cents": arrears + charges - payments * payment}

    return run


def _polars_budget(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    payments = comparison.parameters["payments"]
    payment = (pl.col("arrears_cents") + pl.col("year_cents")) // (payments + 1)
    charges = pl.when(pl.col("actual_cents") == -1).then("year_cents").otherwise("actual_cents")
    return cases.select(payment_cents=payment, settlement_cents=pl.col("arrears_cents") + charges - payments * payment)


def _decimal_budget(comparison: Comparison) -> Run:
    rows = list(zip(*(column.tolist() for column in comparison.columns.values()), strict=True))
    payments = comparison.parameters["payments"]

    def run() -> dict[str, list[int]]:
        found = [int(EXACT.create_decimal(arrears + year) // (payments + 1)) for arrears, year, _ in rows]
        settled = [
            arrears + (year if actual == -1 else actual) - payments * payment
            for payment, (arrears, year, actual) in zip(found, rows, strict=True)
        ]
        return {"payment_cents": found, "settlement_cents": settled}

    return run


BUDGET_BILLING: Final[Baselines] = {
    "NumPy": Baseline(_numpy_budget),
    "Polars": polars_baseline(_polars_budget),
    "DuckDB": duckdb_baseline(
        """WITH paid AS (SELECT *, (arrears_cents + year_cents) // ($payments + 1) AS payment_cents FROM cases)
           SELECT payment_cents, arrears_cents + CASE WHEN actual_cents = -1 THEN year_cents ELSE actual_cents END
             - $payments * payment_cents AS settlement_cents FROM paid"""
    ),
    "Python": Baseline(_decimal_budget, per_row=True),
}
