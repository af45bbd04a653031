"""Baselines of interest on balances: NumPy, Polars, DuckDB and Python's decimals."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.baselines.transactions import BEFORE, TABLES, owner_rows, tables_of
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.arrays import Array
from calc.kernels.event_kinds import PRINCIPAL
from calc.kernels.unclaimed import ADVANCE, EXCLUDED, NOT_RECEIVED, REMITTED, UNCLAIMED
from calc.units import FIRST_DAY

PRECISION: Final = Context(prec=40, rounding=ROUND_HALF_UP)


def _numpy_interest(comparison: Comparison) -> Run:
    """Linear in the events: floors and remainders of each one, summed over its row, then one division."""
    columns, given = comparison.columns, comparison.parameters
    day, kind, offset = (columns[name] for name in ("event_day", "event_kind", "offset"))
    owner, starts, denominator = owner_rows(comparison), offset[:-1], given["denominator"]

    def run() -> dict[str, Array]:
        alive = columns["moved"] & ~np.isin(columns["status"], (NOT_RECEIVED, EXCLUDED))
        first = columns["first_day"].astype(np.int64)
        stop = first + columns["accrued_days"]
        late = np.minimum(np.maximum(first, columns["surcharge_from_day"]), stop)
        base_first = np.where((columns["kind"] == ADVANCE) & ~columns["interest_payable"], late, first)
        until = stop[owner]
        earns = (kind == PRINCIPAL) & (day < until) & alive[owner]
        amount = np.where(earns, columns["amount_cents"], 0)

        def pairs(index: Array, since: Array) -> tuple[Array, Array]:
            since = np.minimum(np.maximum(day, since[owner]), until)
            difference = index[until - FIRST_DAY] - index[since - FIRST_DAY]
            quotient = np.floor(amount.astype(np.float64) * difference / denominator).astype(np.int64)
            remainder = amount * difference - quotient * denominator
            step = (remainder >= denominator).astype(np.int64) - (remainder < 0)
            return (
                np.add.reduceat(quotient + step, starts),
                np.add.reduceat(remainder - step * denominator, starts) + denominator // 2,
            )

        quotient, remainder = pairs(given["rates"], base_first)
        more, part = pairs(given["points"], late)
        base = quotient + remainder // denominator
        total = quotient + more + (remainder + part - denominator // 2) // denominator
        posted = np.where(alive, columns["posted_cents"], 0)
        net = columns["held_cents"] + total - posted - columns["amounts_owed_cents"]
        remits = alive & (columns["status"] >= UNCLAIMED) & (columns["status"] <= REMITTED)
        return {
            "base_interest_cents": base,
            "surcharge_interest_cents": total - base,
            "interest_cents": total,
            "interest_due_cents": total - posted,
            "remittance_cents": np.where(remits, np.maximum(0, net), 0),
        }

    return run


def _polars_interest(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    given = comparison.parameters
    denominator: int = given["denominator"]
    rates, points = (pl.lit(pl.Series(given[name])) for name in ("rates", "points"))
    col = pl.col
    late_only = (col("kind") == ADVANCE) & ~col("interest_payable")
    spans = (
        cases.with_columns(
            alive=col("moved") & ~col("status").is_in([NOT_RECEIVED, EXCLUDED]),
            stop=col("first_day") + col("accrued_days"),
        )
        .with_columns(late=pl.min_horizontal(pl.max_horizontal("first_day", "surcharge_from_day"), "stop"))
        .with_columns(since=pl.when(late_only).then("late").otherwise("first_day"))
    )

    def product(index: pl.Expr, since: str) -> pl.Expr:
        begin = pl.max_horizontal("event_day", since)
        difference = index.gather(col("stop") - FIRST_DAY) - index.gather(begin - FIRST_DAY)
        return col("amount_cents").cast(pl.Int128) * difference

    def rounded(sums: pl.Expr) -> pl.Expr:
        return (sums.fill_null(0) + denominator // 2).floordiv(denominator).cast(pl.Int64)

    sums = (
        tables_of(comparison)["events"]
        .lazy()
        .filter(col("event_kind") == PRINCIPAL)
        .join(spans.select("row", "alive", "stop", "late", "since"), on="row")
        .filter("alive", col("event_day") < col("stop"))
        .with_columns(base=product(rates, "since"), more=product(points, "late"))
        .group_by("row")
        .agg(col("base").sum(), col("more").sum())
    )
    total, base = col("interest_cents"), col("base_interest_cents")
    net = col("held_cents") + total - col("posted_cents") - col("amounts_owed_cents")
    remits = col("alive") & col("status").is_between(UNCLAIMED, REMITTED)
    return (
        spans.join(sums, on="row", how="left")
        .with_columns(
            base_interest_cents=rounded(col("base")), interest_cents=rounded(col("base") + col("more"))
        )
        .select(
            "row",
            base_interest_cents=base,
            surcharge_interest_cents=total - base,
            interest_cents=total,
            interest_due_cents=pl.when("alive").then(total - col("posted_cents")).otherwise(0),
            remittance_cents=pl.when(remits).then(pl.max_horizontal(0, net)).otherwise(0),
        )
    )  # fmt: skip


_INTEREST: Final = f"""
WITH spans AS (
    SELECT *, moved AND status NOT IN ({NOT_RECEIVED}, {EXCLUDED}) AS alive, first_day + accrued_days AS stop_day,
        least(greatest(first_day, surcharge_from_day), stop_day) AS late_day,
        CASE WHEN kind = {ADVANCE} AND NOT interest_payable THEN late_day ELSE first_day END AS since_day
    FROM cases),
sums AS (
    SELECT spans.row,
        sum(amount_cents::HUGEINT * (rates[stop_day - {BEFORE}] - rates[greatest(event_day, since_day) - {BEFORE}]))
            AS base,
        sum(amount_cents::HUGEINT * (points[stop_day - {BEFORE}] - points[greatest(event_day, late_day) - {BEFORE}]))
            AS more
    FROM spans JOIN events ON events.row = spans.row AND event_day < stop_day, given
    WHERE alive AND event_kind = {PRINCIPAL} GROUP BY spans.row),
amounts AS (
    SELECT spans.*, ((coalesce(base, 0) + $denominator // 2) // $denominator)::BIGINT AS base_cents,
        ((coalesce(base + more, 0) + $denominator // 2) // $denominator)::BIGINT AS total_cents
    FROM spans LEFT JOIN sums USING (row))
SELECT row, base_cents AS base_interest_cents, total_cents - base_cents AS surcharge_interest_cents,
    total_cents AS interest_cents, CASE WHEN alive THEN total_cents - posted_cents ELSE 0 END AS interest_due_cents,
    CASE WHEN alive AND status BETWEEN {UNCLAIMED} AND {REMITTED}
        THEN greatest(0, held_cents + total_cents - posted_cents - amounts_owed_cents) ELSE 0 END AS remittance_cents
FROM amounts"""  # noqa: S608 - our own constants


def _decimal_interest(comparison: Comparison) -> Run:
    given, denominator = comparison.parameters, comparison.parameters["denominator"]
    rates, points = given["rates"].tolist(), given["points"].tolist()
    columns = [column.tolist() for column in comparison.columns.values()]
    offset, days, kinds, amounts, *own = columns
    rows = list(zip(*own, strict=True))

    def earned(changes: list[tuple[int, int]], index: list[int], since: int, stop: int) -> Decimal:
        total = PRECISION.create_decimal(0)
        for day, cents in changes:
            difference = index[stop - FIRST_DAY] - index[max(day, since) - FIRST_DAY]
            total = PRECISION.add(total, PRECISION.multiply(cents, difference))
        return PRECISION.divide(total, denominator)

    def figures(place: int, row: tuple[Any, ...]) -> tuple[int, ...]:
        moved, status, first, _, _, _, accrued_days, surcharge_from, kind, payable, held, posted, owed = row
        if not moved or status in {NOT_RECEIVED, EXCLUDED}:
            return 0, 0, 0, 0, 0
        stop = first + accrued_days
        late = min(max(first, surcharge_from), stop)
        mine = range(offset[place], offset[place + 1])
        changes = [(days[at], amounts[at]) for at in mine if kinds[at] == PRINCIPAL and days[at] < stop]
        at_rates = earned(changes, rates, late if kind == ADVANCE and not payable else first, stop)
        in_all = PRECISION.add(at_rates, earned(changes, points, late, stop))
        base, total = (int(PRECISION.to_integral_value(share)) for share in (at_rates, in_all))
        remittance = max(0, held + total - posted - owed) if UNCLAIMED <= status <= REMITTED else 0
        return base, total - base, total, total - posted, remittance

    def run() -> dict[str, list[Any]]:
        found = zip(*(figures(place, row) for place, row in enumerate(rows)), strict=True)
        return {name: list(column) for name, column in zip(comparison.results, found, strict=True)}

    return run


INTEREST_ON_BALANCES: Final[Baselines] = {
    "NumPy": Baseline(_numpy_interest),
    "Polars": polars_baseline(_polars_interest, TABLES),
    "DuckDB": duckdb_baseline(_INTEREST, TABLES),
    "Python": Baseline(_decimal_interest, per_row=True),
}
