"""Compute unclaimed monies under the default readings of the rules in the baselines."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.baselines.unclaimed_in_sql import AMOUNTS, RESULTS
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.arrays import Array
from calc.kernels.unclaimed import (
    ACTIVE,
    ADVANCE,
    EXCLUDED,
    NOT_RECEIVED,
    OVERDUE,
    REMITTED,
    RETURNED,
    UNCLAIMED,
    WAITING,
)
from calc.units import FIRST_DAY, NO_DAY

PRECISION: Final = Context(prec=40, rounding=ROUND_HALF_UP)


def in_numpy(columns: Mapping[str, Array], given: Mapping[str, Any]) -> Run:
    """Compute the kernel's results from columns under its parameters."""
    as_of, denominator = given["as_of"], given["denominator"]
    rates, points = given["rates"], given["points"]

    def happened(name: str) -> Array:
        days: Array = np.where(columns[name] <= as_of, columns[name], NO_DAY)
        return days

    def rounded(principal: Array, difference: Array) -> Array:
        quotient: Array = (principal.astype(np.float64) * difference / denominator + 0.5).astype(np.int64)
        remainder = principal * difference - quotient * denominator + denominator // 2
        quotient += remainder >= denominator
        quotient -= remainder < 0
        return quotient

    def run() -> dict[str, np.ndarray]:
        principal, received, efforts = columns["principal_cents"], columns["received_day"], columns["efforts_made"]
        excluded = columns["kind"] > ADVANCE
        alive = ~excluded & (received <= as_of)
        paid, remitted = happened("paid_day"), happened("remitted_day")
        ordered = np.where(efforts, happened("order_payable_day"), NO_DAY)
        trigger = np.minimum(happened("service_ended_day"), ordered)
        known = alive & (trigger != NO_DAY)
        place = np.where(known, trigger, FIRST_DAY) - FIRST_DAY
        deemed = np.where(known, given["deemed_of"][place], NO_DAY)
        surcharge = np.where(known, given["surcharge_of"][place], NO_DAY)

        first = np.where(alive, received, FIRST_DAY).astype(np.int64)
        stop = np.maximum(first, np.minimum(np.minimum(paid, remitted), as_of))
        stop = np.where(alive, stop, first)
        days = stop - first
        surcharge_first = np.minimum(np.maximum(first, surcharge), stop)
        late_only = (columns["kind"] == ADVANCE) & ~columns["interest_payable"]
        first = np.where(late_only, surcharge_first, first)
        no_rate = (first < stop) & ((first < given["rates_first"]) | (stop > given["rates_stop"]))
        base_difference = rates[stop - FIRST_DAY] - rates[first - FIRST_DAY]
        more = points[stop - FIRST_DAY] - points[surcharge_first - FIRST_DAY]
        base = rounded(principal, base_difference)
        total = rounded(principal, base_difference + more)

        status = np.full(principal.size, ACTIVE, dtype=np.int8)
        for code, rows in (
            (WAITING, deemed != NO_DAY),
            (UNCLAIMED, deemed <= as_of),
            (OVERDUE, surcharge <= as_of),
            (RETURNED, paid <= as_of),
            (REMITTED, (remitted <= as_of) & (remitted <= paid)),
            (NOT_RECEIVED, received > as_of),
            (EXCLUDED, excluded),
        ):
            status[rows] = code
        posted = columns["posted_cents"]
        net = np.maximum(0, principal + total - posted - columns["amounts_owed_cents"])
        remits = (status >= UNCLAIMED) & (status <= REMITTED)
        return {
            "status": status,
            "accrued_days": days,
            "base_interest_cents": base,
            "surcharge_interest_cents": total - base,
            "interest_cents": total,
            "interest_due_cents": np.where(alive, total - posted, 0),
            "deemed_unclaimed_day": deemed,
            "surcharge_from_day": surcharge,
            "remittance_cents": np.where(remits, net, 0),
            "no_rate": no_rate,
        }

    return run


def amounts_in_polars(cases: pl.LazyFrame, given: Mapping[str, Any]) -> pl.LazyFrame:
    """Add the kernel's results, and intermediate amounts, to the columns that they are computed from."""
    as_of, denominator = given["as_of"], given["denominator"]
    names = ("rates", "points", "deemed_of", "surcharge_of")
    rates, points, deemed_of, surcharge_of = (pl.lit(pl.Series(given[name])) for name in names)
    col = pl.col

    def happened(name: str) -> pl.Expr:
        return pl.when(col(name) <= as_of).then(name).otherwise(NO_DAY)

    def rounded(difference: pl.Expr) -> pl.Expr:
        product = col("principal_cents").cast(pl.Int128) * difference + denominator // 2
        quotient: pl.Expr = product // denominator
        return quotient.cast(pl.Int64)

    def place(name: str) -> pl.Expr:
        return col(name) - FIRST_DAY

    ordered = pl.when("efforts_made").then(happened("order_payable_day")).otherwise(NO_DAY)
    known, alive, stop = col("known"), col("alive"), col("stop")
    deemed, surcharge = col("deemed_unclaimed_day"), col("surcharge_from_day")
    late_only = (col("kind") == ADVANCE) & ~col("interest_payable")
    status = (
        pl.when(col("kind") > ADVANCE).then(EXCLUDED)
        .when(col("received_day") > as_of).then(NOT_RECEIVED)
        .when((col("remitted") <= as_of) & (col("remitted") <= col("paid"))).then(REMITTED)
        .when(col("paid") <= as_of).then(RETURNED)
        .when(surcharge <= as_of).then(OVERDUE)
        .when(deemed <= as_of).then(UNCLAIMED)
        .when(deemed != NO_DAY).then(WAITING)
        .otherwise(ACTIVE)
    )  # fmt: skip
    total, base = col("interest_cents"), col("base_interest_cents")
    net = col("principal_cents") + total - col("posted_cents") - col("amounts_owed_cents")
    remits = col("status").is_between(UNCLAIMED, REMITTED)
    return (
        cases.with_columns(
            alive=(col("kind") <= ADVANCE) & (col("received_day") <= as_of),
            paid=happened("paid_day"),
            remitted=happened("remitted_day"),
            trigger=pl.min_horizontal(happened("service_ended_day"), ordered),
        )
        .with_columns(known=alive & (col("trigger") != NO_DAY))
        .with_columns(
            trigger=pl.when(known).then("trigger").otherwise(FIRST_DAY),
            first=pl.when(alive).then("received_day").otherwise(FIRST_DAY),
        )
        .with_columns(
            deemed_unclaimed_day=pl.when(known).then(deemed_of.gather(place("trigger"))).otherwise(NO_DAY),
            surcharge_from_day=pl.when(known).then(surcharge_of.gather(place("trigger"))).otherwise(NO_DAY),
            stop=pl.when(alive)
            .then(pl.max_horizontal("first", pl.min_horizontal("paid", "remitted", as_of)))
            .otherwise("first"),
        )
        .with_columns(
            accrued_days=stop - col("first"),
            surcharge_first=pl.min_horizontal(pl.max_horizontal("first", surcharge), stop),
        )
        .with_columns(first=pl.when(late_only).then("surcharge_first").otherwise("first"))
        .with_columns(
            base_difference=rates.gather(place("stop")) - rates.gather(place("first")),
            more=points.gather(place("stop")) - points.gather(place("surcharge_first")),
            status=status.cast(pl.Int8),
            no_rate=(col("first") < stop) & ((col("first") < given["rates_first"]) | (stop > given["rates_stop"])),
        )
        .with_columns(
            base_interest_cents=rounded(col("base_difference")),
            interest_cents=rounded(col("base_difference") + col("more")),
        )
        .with_columns(
            surcharge_interest_cents=total - base,
            interest_due_cents=pl.when(alive).then(total - col("posted_cents")).otherwise(0),
            remittance_cents=pl.when(remits).then(pl.max_horizontal(0, net)).otherwise(0),
        )
    )


def _decimal(comparison: Comparison) -> Run:
    given = comparison.parameters
    as_of, denominator = given["as_of"], given["denominator"]
    names = ("rates", "points", "deemed_of", "surcharge_of")
    rates, points, deemed_of, surcharge_of = (given[name].tolist() for name in names)
    rows = list(zip(*(column.tolist() for column in comparison.columns.values()), strict=True))

    def rounded(principal: int, difference: int) -> int:
        share = PRECISION.divide(PRECISION.multiply(principal, difference), denominator)
        return int(PRECISION.to_integral_value(share))

    def figures(row: tuple[Any, ...]) -> tuple[Any, ...]:
        principal, received, paid, remitted, ended, order, kind, efforts, payable, posted, owed = row
        if kind > ADVANCE or received > as_of:
            return (EXCLUDED if kind > ADVANCE else NOT_RECEIVED), 0, 0, 0, 0, 0, NO_DAY, NO_DAY, 0, False
        paid, remitted, ended, order = (day if day <= as_of else NO_DAY for day in (paid, remitted, ended, order))
        trigger = min(ended, order if efforts else NO_DAY)
        deemed = surcharge = NO_DAY
        if trigger != NO_DAY:
            deemed, surcharge = deemed_of[trigger - FIRST_DAY], surcharge_of[trigger - FIRST_DAY]
        stop = max(received, min(paid, remitted, as_of))
        surcharge_first = min(max(received, surcharge), stop)
        first = surcharge_first if kind == ADVANCE and not payable else received
        no_rate = first < stop and (first < given["rates_first"] or stop > given["rates_stop"])
        difference = rates[stop - FIRST_DAY] - rates[first - FIRST_DAY]
        more = points[stop - FIRST_DAY] - points[surcharge_first - FIRST_DAY]
        base, total = rounded(principal, difference), rounded(principal, difference + more)
        if remitted <= as_of and remitted <= paid:
            status = REMITTED
        elif paid <= as_of:
            status = RETURNED
        elif deemed == NO_DAY:
            status = ACTIVE
        else:
            status = OVERDUE if surcharge <= as_of else UNCLAIMED if deemed <= as_of else WAITING
        remittance = max(0, principal + total - posted - owed) if UNCLAIMED <= status <= REMITTED else 0
        return (
            status, stop - received, base, total - base, total, total - posted, deemed, surcharge, remittance, no_rate
        )  # fmt: skip

    def run() -> dict[str, list[Any]]:
        columns = zip(*map(figures, rows), strict=True)
        return {name: list(column) for name, column in zip(comparison.results, columns, strict=True)}

    return run


UNCLAIMED_MONIES: Final[Baselines] = {
    "NumPy": Baseline(lambda comparison: in_numpy(comparison.columns, comparison.parameters)),
    "Polars": polars_baseline(
        lambda cases, comparison: amounts_in_polars(cases, comparison.parameters).select(*comparison.results)
    ),
    "DuckDB": duckdb_baseline(f"{AMOUNTS} SELECT {RESULTS} FROM amounts"),  # noqa: S608 - our own text
    "Python": Baseline(_decimal, per_row=True),
}
