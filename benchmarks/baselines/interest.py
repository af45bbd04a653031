"""Compute interest (one principal, dated events) and the accrual index in the baselines, exact to the cent."""

from decimal import ROUND_HALF_UP, Context
from typing import Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline, row_table
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.units import FIRST_DAY

PRECISION: Final = Context(prec=40, rounding=ROUND_HALF_UP)
_BEFORE: Final = FIRST_DAY - 1  # SQL counts from one


def _numpy_interest(comparison: Comparison) -> Run:
    """The kernel's own way, a whole column a step: products wrap, and the remainder corrects the quotient."""
    columns, index, denominator = (
        comparison.columns,
        comparison.parameters["index"],
        comparison.parameters["denominator"],
    )
    principal, start, end = columns["principal_cents"], columns["start_day"], columns["end_day"]

    def run() -> dict[str, np.ndarray]:
        first = start.astype(np.int64) - FIRST_DAY
        stop = np.maximum(first, end.astype(np.int64) - FIRST_DAY)
        difference = index[stop] - index[first]
        quotient = (principal.astype(np.float64) * difference / denominator + 0.5).astype(np.int64)
        remainder = principal * difference - quotient * denominator + denominator // 2
        quotient += remainder >= denominator
        quotient -= remainder < 0
        return {"interest_cents": quotient}

    return run


def _polars_interest(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    index, denominator = pl.lit(pl.Series(comparison.parameters["index"])), comparison.parameters["denominator"]
    first = pl.col("start_day") - FIRST_DAY
    stop = pl.max_horizontal(first, pl.col("end_day") - FIRST_DAY)
    product = pl.col("principal_cents").cast(pl.Int128) * (index.gather(stop) - index.gather(first))
    return cases.select(interest_cents=((product + denominator // 2) // denominator).cast(pl.Int64))


def _decimal_interest(comparison: Comparison) -> Run:
    index, denominator = comparison.parameters["index"].tolist(), comparison.parameters["denominator"]
    rows = list(zip(*(column.tolist() for column in comparison.columns.values()), strict=True))

    def run() -> dict[str, list[int]]:
        interest = []
        for principal, start, end in rows:
            difference = index[max(start, end) - FIRST_DAY] - index[start - FIRST_DAY]
            product = PRECISION.multiply(principal, difference)
            interest.append(int(PRECISION.to_integral_value(PRECISION.divide(product, denominator))))
        return {"interest_cents": interest}

    return run


INTEREST: Final[Baselines] = {
    "NumPy": Baseline(_numpy_interest),
    "Polars": polars_baseline(_polars_interest),
    "DuckDB": duckdb_baseline(
        f"""WITH differences AS (
               SELECT principal_cents,
                   index[greatest(start_day, end_day) - {_BEFORE}] - index[start_day - {_BEFORE}] AS difference
               FROM cases, given)
           SELECT ((principal_cents::HUGEINT * difference + $denominator // 2) // $denominator)::BIGINT
               AS interest_cents
           FROM differences"""  # noqa: S608 - our own constants
    ),
    "Python": Baseline(_decimal_interest, per_row=True),
}


def _periods(comparison: Comparison) -> pl.DataFrame:
    """Periods of one rate within one calendar year: first day, day behind the last, units that each day adds."""
    units = np.diff(comparison.parameters["index"])
    starts = np.flatnonzero(np.diff(units, prepend=-1))
    stops = np.append(starts[1:], units.size)
    table = {"from_day": starts + FIRST_DAY, "stop_day": stops + FIRST_DAY, "units": units[starts]}
    return pl.DataFrame(table).filter(pl.col("units") > 0)


def _polars_periods(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    denominator = comparison.parameters["denominator"]
    parts = []
    for from_day, stop_day, units in _periods(comparison).iter_rows():
        first, stop = pl.max_horizontal("start_day", from_day), pl.min_horizontal("end_day", stop_day)
        parts.append(pl.max_horizontal(0, stop - first).cast(pl.Int64) * units)
    product = pl.col("principal_cents").cast(pl.Int128) * pl.sum_horizontal(parts)
    return cases.select(interest_cents=((product + denominator // 2) // denominator).cast(pl.Int64))


INTEREST_BY_PERIODS: Final[Baselines] = {
    "NumPy": "does not say it by periods: see interest",
    "Polars": polars_baseline(_polars_periods),
    "DuckDB": duckdb_baseline(
        """SELECT cases.rowid AS row,
               ((any_value(principal_cents)::HUGEINT
                   * sum(greatest(0, least(end_day, stop_day) - greatest(start_day, from_day)) * units)
                   + $denominator // 2) // $denominator)::BIGINT AS interest_cents
           FROM cases JOIN periods ON from_day <= greatest(start_day, end_day) AND stop_day > start_day
           GROUP BY cases.rowid""",
        lambda comparison: {**row_table(comparison), "periods": _periods(comparison)},
    ),
    "Python": "does not say it by periods: see interest",
}


def _numpy_events(comparison: Comparison) -> Run:
    """Floors and remainders of each event, summed over the rows' own events, then one division."""
    columns, index, denominator = (
        comparison.columns,
        comparison.parameters["index"],
        comparison.parameters["denominator"],
    )
    offset, day, amount, end = (columns[name] for name in ("offset", "event_day", "amount_cents", "end_day"))

    def run() -> dict[str, np.ndarray]:
        first = day.astype(np.int64) - FIRST_DAY
        stop = np.maximum(first, np.repeat(end.astype(np.int64) - FIRST_DAY, np.diff(offset)))
        difference = index[stop] - index[first]
        quotient = np.floor(amount.astype(np.float64) * difference / denominator).astype(np.int64)
        remainder = amount * difference - quotient * denominator
        quotient += remainder >= denominator
        quotient -= remainder < 0
        remainder = amount * difference - quotient * denominator
        starts = offset[:-1]
        rest = np.add.reduceat(remainder, starts) + denominator // 2
        return {"interest_cents": np.add.reduceat(quotient, starts) + rest // denominator}

    return run


def _events_table(comparison: Comparison) -> dict[str, pl.DataFrame]:
    owner = np.repeat(np.arange(comparison.rows, dtype=np.int64), np.diff(comparison.columns["offset"]))
    day, amount, end = (comparison.columns[name] for name in ("event_day", "amount_cents", "end_day"))
    events = pl.DataFrame({"row": owner, "event_day": day, "amount_cents": amount, "end_day": end[owner]})
    return {"cases": events}


def _polars_events(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    index, denominator = pl.lit(pl.Series(comparison.parameters["index"])), comparison.parameters["denominator"]
    first = pl.col("event_day") - FIRST_DAY
    stop = pl.max_horizontal(first, pl.col("end_day") - FIRST_DAY)
    product = pl.col("amount_cents").cast(pl.Int128) * (index.gather(stop) - index.gather(first))
    sums = cases.select("row", product=product).group_by("row", maintain_order=True).agg(pl.col("product").sum())
    return sums.select(interest_cents=((pl.col("product") + denominator // 2) // denominator).cast(pl.Int64))


def _decimal_events(comparison: Comparison) -> Run:
    index, denominator = comparison.parameters["index"].tolist(), comparison.parameters["denominator"]
    offset, days, amounts, ends = (
        comparison.columns[name].tolist() for name in ("offset", "event_day", "amount_cents", "end_day")
    )

    def run() -> dict[str, list[int]]:
        interest = []
        for row, end in enumerate(ends):
            total = PRECISION.create_decimal(0)
            for event in range(offset[row], offset[row + 1]):
                difference = index[max(days[event], end) - FIRST_DAY] - index[days[event] - FIRST_DAY]
                total = PRECISION.add(total, PRECISION.multiply(amounts[event], difference))
            interest.append(int(PRECISION.to_integral_value(PRECISION.divide(total, denominator))))
        return {"interest_cents": interest}

    return run


INTEREST_OVER_EVENTS: Final[Baselines] = {
    "NumPy": Baseline(_numpy_events),
    "Polars": polars_baseline(_polars_events, _events_table),
    "DuckDB": duckdb_baseline(
        f"""WITH differences AS (
               SELECT row, amount_cents,
                   index[greatest(event_day, end_day) - {_BEFORE}] - index[event_day - {_BEFORE}] AS difference
               FROM cases, given)
           SELECT ((sum(amount_cents::HUGEINT * difference) + $denominator // 2) // $denominator)::BIGINT
               AS interest_cents
           FROM differences GROUP BY row ORDER BY row""",  # noqa: S608 - our own constants
        _events_table,
    ),
    "Python": Baseline(_decimal_events, per_row=True),
}
