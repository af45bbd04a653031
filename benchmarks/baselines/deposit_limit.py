"""Compute the deposit limit, the limit from monthly bills and the grounds in the baselines."""

from decimal import ROUND_FLOOR, Context
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.deposit_limit import NO, NOT_CHECKED, YES
from calc.units import FIRST_DAY, NO_DAY

FLOOR: Final = Context(prec=40, rounding=ROUND_FLOOR)


def _numpy_limit(comparison: Comparison) -> Run:
    columns, given = comparison.columns, comparison.parameters
    held, late = columns["held_cents"], columns["late_payments"]

    def run() -> dict[str, np.ndarray]:
        own, premises = columns["billed_days"] > 0, columns["premises_billed_days"] > 0
        days = np.where(columns["in_advance"], given["limit_days_in_advance"], given["limit_days"])
        class_days = np.maximum(1, columns["class_billed_days"])
        billed_days = np.where(
            own, columns["billed_days"], np.where(premises, columns["premises_billed_days"], class_days)
        )
        billed = np.where(
            own,
            columns["billed_cents"],
            np.where(premises, columns["premises_billed_cents"], columns["class_billed_cents"]),
        )
        limit = billed * days // billed_days
        return {
            "limit_cents": limit,
            "excess_cents": np.maximum(0, held - limit),
            "available_cents": np.where(columns["ground_bits"] != 0, 0, np.maximum(0, limit - held)),
            "return_due": (held > 0)
            & (
                ((late >= 0) & (late <= given["late_payments_max"]))
                | (columns["return_qualified_day"] <= given["qualified_by_day"])
            ),
            "source": np.where(own, 0, np.where(premises, 1, 2)).astype(np.int8),
        }

    return run


def _polars_limit(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    given = comparison.parameters
    own, premises = pl.col("billed_days") > 0, pl.col("premises_billed_days") > 0
    held, late = pl.col("held_cents"), pl.col("late_payments")

    def first_there(account: pl.Expr, premises_: pl.Expr, class_: pl.Expr) -> pl.Expr:
        return pl.when(own).then(account).when(premises).then(premises_).otherwise(class_)

    days = pl.when("in_advance").then(given["limit_days_in_advance"]).otherwise(given["limit_days"])
    billed = first_there(pl.col("billed_cents"), pl.col("premises_billed_cents"), pl.col("class_billed_cents"))
    billed_days = first_there(
        pl.col("billed_days"), pl.col("premises_billed_days"), pl.max_horizontal(1, "class_billed_days")
    )
    limited = cases.with_columns(limit_cents=billed * days // billed_days)
    return limited.select(
        "limit_cents",
        excess_cents=pl.max_horizontal(0, held - pl.col("limit_cents")),
        available_cents=pl.when(pl.col("ground_bits") != 0)
        .then(0)
        .otherwise(pl.max_horizontal(0, pl.col("limit_cents") - held)),
        return_due=(held > 0)
        & (
            ((late >= 0) & (late <= given["late_payments_max"]))
            | (pl.col("return_qualified_day") <= given["qualified_by_day"])
        ),
        source=first_there(pl.lit(0), pl.lit(1), pl.lit(2)).cast(pl.Int8),
    )


def _decimal_limit(comparison: Comparison) -> Run:
    given = comparison.parameters
    rows = list(zip(*(column.tolist() for column in comparison.columns.values()), strict=True))

    def run() -> dict[str, list[Any]]:
        results: dict[str, list[Any]] = {name: [] for name in comparison.results}
        for row in rows:
            cents, days, premises_cents, premises_days, class_cents, class_days, in_advance, late, *rest = row
            qualified, bits, held = rest
            if days > 0:
                source, billed, over = 0, cents, days
            elif premises_days > 0:
                source, billed, over = 1, premises_cents, premises_days
            else:
                source, billed, over = 2, class_cents, max(1, class_days)
            product = FLOOR.multiply(billed, given["limit_days_in_advance"] if in_advance else given["limit_days"])
            limit = int(FLOOR.to_integral_value(FLOOR.divide(product, over)))
            results["limit_cents"].append(limit)
            results["excess_cents"].append(max(0, held - limit))
            results["available_cents"].append(0 if bits else max(0, limit - held))
            timely = 0 <= late <= given["late_payments_max"] or qualified <= given["qualified_by_day"]
            results["return_due"].append(held > 0 and timely)
            results["source"].append(source)
        return results

    return run


DEPOSIT_LIMIT: Final[Baselines] = {
    "NumPy": Baseline(_numpy_limit),
    "Polars": polars_baseline(_polars_limit),
    "DuckDB": duckdb_baseline(
        """WITH chosen AS (
               SELECT held_cents, late_payments, return_qualified_day, ground_bits,
                   CASE WHEN billed_days > 0 THEN 0 WHEN premises_billed_days > 0 THEN 1 ELSE 2 END::TINYINT AS source,
                   CASE source WHEN 0 THEN billed_cents WHEN 1 THEN premises_billed_cents ELSE class_billed_cents END
                       AS billed,
                   CASE source WHEN 0 THEN billed_days WHEN 1 THEN premises_billed_days
                       ELSE greatest(1, class_billed_days) END AS over_days,
                   CASE WHEN in_advance THEN $limit_days_in_advance ELSE $limit_days END AS days
               FROM cases),
           limited AS (SELECT *, billed * days // over_days AS limit_cents FROM chosen)
           SELECT limit_cents, greatest(0, held_cents - limit_cents) AS excess_cents,
               CASE WHEN ground_bits <> 0 THEN 0 ELSE greatest(0, limit_cents - held_cents) END AS available_cents,
               held_cents > 0 AND (late_payments BETWEEN 0 AND $late_payments_max
                   OR return_qualified_day <= $qualified_by_day) AS return_due, source
           FROM limited"""
    ),
    "Python": Baseline(_decimal_limit, per_row=True),
}


def _numpy_months(comparison: Comparison) -> Run:
    """Sum each run of consecutive bills as differences of one running sum, and take the highest per row."""
    offset, bills, in_advance = (comparison.columns[name] for name in ("offset", "bill_cents", "in_advance"))
    months, months_in_advance = comparison.parameters["months"], comparison.parameters["months_in_advance"]

    def run() -> dict[str, np.ndarray]:
        running = np.concatenate([[0], np.cumsum(bills)])
        count = np.where(in_advance, months_in_advance, months)
        begin, length = offset[:-1], np.diff(offset)
        place = np.arange(bills.size)
        first = np.maximum(place + 1 - np.repeat(count, length), np.repeat(begin, length))
        peak = np.maximum.reduceat(running[1:] - running[first], begin)
        return {"limit_cents": np.where(length < count, -1, peak)}

    return run


def _bills_table(comparison: Comparison) -> dict[str, pl.DataFrame]:
    owner = np.repeat(np.arange(comparison.rows, dtype=np.int64), np.diff(comparison.columns["offset"]))
    in_advance = comparison.columns["in_advance"][owner]
    return {"cases": pl.DataFrame({"row": owner, "bill": comparison.columns["bill_cents"], "in_advance": in_advance})}


def _polars_months(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    months, months_in_advance = comparison.parameters["months"], comparison.parameters["months_in_advance"]
    running = pl.col("bill").cum_sum().over("row")
    count = pl.when("in_advance").then(months_in_advance).otherwise(months)
    before = [running.shift(each, fill_value=0).over("row") for each in (months_in_advance, months)]
    windows = cases.select(
        "row",
        count=count,
        window=running - pl.when("in_advance").then(before[0]).otherwise(before[1]),
    )
    rows = windows.group_by("row", maintain_order=True).agg(pl.col("window").max(), pl.col("count").first(), pl.len())
    enough = pl.col("len") >= pl.col("count")
    return rows.select(limit_cents=pl.when(enough).then("window").otherwise(-1))


LIMIT_FROM_MONTHS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_months),
    "Polars": polars_baseline(_polars_months, _bills_table),
    "DuckDB": duckdb_baseline(
        """WITH numbered AS (
               SELECT row, bill, in_advance, row_number() OVER () AS place FROM cases),
           windows AS (
               SELECT row, CASE WHEN in_advance THEN $months_in_advance ELSE $months END AS count,
                   CASE WHEN in_advance
                       THEN sum(bill) OVER (PARTITION BY row ORDER BY place ROWS $months_in_advance - 1 PRECEDING)
                       ELSE sum(bill) OVER (PARTITION BY row ORDER BY place ROWS $months - 1 PRECEDING) END AS total
               FROM numbered)
           SELECT CASE WHEN count(*) < first(count) THEN -1 ELSE max(total) END::BIGINT AS limit_cents
           FROM windows GROUP BY row ORDER BY row""",
        _bills_table,
    ),
    "Python": "adds whole cents and divides nothing",
}


def _numpy_grounds(comparison: Comparison) -> Run:
    columns, given = comparison.columns, comparison.parameters
    ended, helped = columns["good_payment_ended_day"], columns["assistance_last_day"]
    clean, now = columns["clean_past_service"], columns["assistance_now"]

    def run() -> dict[str, np.ndarray]:
        applied = columns["applied_day"]
        good = (ended <= applied) & (ended >= applied - given["good_payment_window_days"])
        was_helped = helped != NO_DAY
        since = given["assistance_from_day"][applied - FIRST_DAY]
        assisted = (now == 1) | (was_helped & (helped >= since))
        bits = (clean == 1) + 2 * good.astype(np.int8) + 4 * assisted.astype(np.int8)
        said = was_helped | (ended != NO_DAY) | (clean >= 0) | (now >= 0)
        may_ask = np.where(bits > 0, NO, np.where(said, YES, NOT_CHECKED)).astype(np.int8)
        return {"ground_bits": bits.astype(np.int8), "may_ask": may_ask}

    return run


def _polars_grounds(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    window = comparison.parameters["good_payment_window_days"]
    applied, clean, now = (pl.col(name) for name in ("applied_day", "clean_past_service", "assistance_now"))
    ended, helped = pl.col("good_payment_ended_day"), pl.col("assistance_last_day")
    good = (ended <= applied) & (ended >= applied - window)
    since = applied.cast(pl.Date).dt.offset_by("-12mo").cast(pl.Int32)
    assisted = (now == 1) | ((helped != NO_DAY) & (helped >= since))
    bits = (clean == 1).cast(pl.Int8) + 2 * good.cast(pl.Int8) + 4 * assisted.cast(pl.Int8)
    said = (helped != NO_DAY) | (ended != NO_DAY) | (clean >= 0) | (now >= 0)
    may_ask = pl.when(pl.col("ground_bits") > 0).then(NO).when(said).then(YES).otherwise(NOT_CHECKED)
    return cases.with_columns(ground_bits=bits).select("ground_bits", may_ask=may_ask.cast(pl.Int8))


GROUNDS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_grounds),
    "Polars": polars_baseline(_polars_grounds),
    "DuckDB": duckdb_baseline(
        f"""WITH found AS (
               SELECT (CASE WHEN clean_past_service = 1 THEN 1 ELSE 0 END
                   + CASE WHEN good_payment_ended_day <= applied_day
                       AND good_payment_ended_day >= applied_day - $good_payment_window_days THEN 2 ELSE 0 END
                   + CASE WHEN assistance_now = 1 OR (assistance_last_day <> {NO_DAY} AND assistance_last_day
                       >= datediff('day', DATE '1970-01-01',
                           (DATE '1970-01-01' + applied_day - INTERVAL 12 MONTH)::DATE))
                       THEN 4 ELSE 0 END)::TINYINT AS ground_bits,
                   assistance_last_day <> {NO_DAY} OR good_payment_ended_day <> {NO_DAY}
                       OR clean_past_service >= 0 OR assistance_now >= 0 AS said
               FROM cases)
           SELECT ground_bits,
               (CASE WHEN ground_bits > 0 THEN {NO} WHEN said THEN {YES} ELSE {NOT_CHECKED} END)::TINYINT AS may_ask
           FROM found"""  # noqa: S608 - our own constants
    ),
    "Python": "compares days, no amount",
}
