"""Compute balances of dated events, and interest on them under the default readings, in the baselines."""

from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import Tables, duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.arrays import Array
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL
from calc.units import CENTS_MAX, FIRST_DAY, NO_DAY

BEFORE: Final = FIRST_DAY - 1  # SQL counts from one


def owner_rows(comparison: Comparison) -> Array:
    return np.repeat(np.arange(comparison.rows, dtype=np.int64), np.diff(comparison.columns["offset"]))


def tables_of(comparison: Comparison) -> dict[str, pl.DataFrame]:
    """The rows as `cases`, with their place; the events with their row and place as `events`."""
    columns = comparison.columns
    entries = {name: columns[name] for name in comparison.entries}
    own = {name: column for name, column in columns.items() if name not in {*comparison.entries, "offset"}}
    events = pl.DataFrame({"row": owner_rows(comparison), **entries}).with_row_index("place")
    return {"cases": pl.DataFrame({"row": np.arange(comparison.rows), **own}), "events": events}


TABLES: Final[Tables] = tables_of


def _numpy_balances(comparison: Comparison) -> Run:
    columns, as_of = comparison.columns, comparison.parameters["as_of"]
    day, kind, amount, offset = (columns[name] for name in ("event_day", "event_kind", "amount_cents", "offset"))
    owner, starts = owner_rows(comparison), offset[:-1]

    def run() -> dict[str, Array]:
        happened = day <= as_of
        principal = kind == PRINCIPAL
        change = np.where(principal & happened, amount, 0)
        running = np.cumsum(change)
        running -= np.repeat(running[starts] - change[starts], np.diff(offset))
        ends = np.append((day[1:] != day[:-1]) | (owner[1:] != owner[:-1]), [True])
        by_day = np.where(ends, running, 0)
        negative = np.minimum.reduceat(by_day, starts) < 0
        posted = columns["posted_cents"] + np.add.reduceat(np.where((kind == POSTING) & happened, amount, 0), starts)
        owed = columns["amounts_owed_cents"] + np.add.reduceat(np.where((kind == OWED) & happened, amount, 0), starts)
        beyond = np.maximum(np.maximum(np.maximum.reduceat(by_day, starts), posted), owed) > CENTS_MAX
        good = ~(negative | beyond)
        first = np.minimum.reduceat(np.where(principal, day, NO_DAY), starts)
        own = first == NO_DAY
        refunded = np.maximum.reduceat(np.where(change < 0, day, -NO_DAY), starts)
        empty = running[offset[1:] - 1] == 0
        refunded = np.where(empty & (refunded > -NO_DAY), refunded, NO_DAY)
        paid = np.minimum(columns["paid_day"], refunded)
        last = np.minimum(np.minimum(paid, columns["remitted_day"]), as_of)
        last -= (last == refunded) & (last < columns["remitted_day"])
        held = np.add.reduceat(np.where(day <= last[owner], change, 0), starts)
        return {
            "held_cents": np.where(good, np.where(own, columns["principal_cents"], held), 0),
            "first_day": np.where(own, columns["received_day"], first),
            "returned_day": paid,
            "posted_in_all_cents": np.where(good, posted, 0),
            "owed_in_all_cents": np.where(good, owed, 0),
            "moved": good & ~own,
            "negative": negative,
            "beyond": beyond,
        }

    return run


def _polars_balances(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    as_of = comparison.parameters["as_of"]
    events = tables_of(comparison)["events"].lazy()
    col = pl.col
    happened, principal = col("event_day") <= as_of, col("event_kind") == PRINCIPAL
    by_row = (
        events.with_columns(
            change=pl.when(principal & happened).then("amount_cents").otherwise(0),
            ends=(col("event_day") != col("event_day").shift(-1)) | (col("row") != col("row").shift(-1)),
        )
        .with_columns(balance=col("change").cum_sum().over("row"))
        .group_by("row")
        .agg(
            negative=(col("balance").filter(col("ends").fill_null(value=True)) < 0).any(),
            highest=col("balance").filter(col("ends").fill_null(value=True)).max(),
            left=col("change").sum(),
            first=col("event_day").filter(principal).min(),
            refunded=col("event_day").filter(col("change") < 0).max(),
            posted=col("amount_cents").filter(happened, col("event_kind") == POSTING).sum(),
            owed=col("amount_cents").filter(happened, col("event_kind") == OWED).sum(),
        )
    )
    ended = (
        cases.join(by_row, on="row")
        .with_columns(
            posted=col("posted") + col("posted_cents"),
            owed=col("owed") + col("amounts_owed_cents"),
            refunded=pl.when(col("left") == 0).then("refunded"),
        )
        .with_columns(
            returned_day=pl.min_horizontal("paid_day", "refunded"),
            beyond=pl.max_horizontal("highest", "posted", "owed") > CENTS_MAX,
        )
        .with_columns(last=pl.min_horizontal("returned_day", "remitted_day", as_of))
        .with_columns(
            last=col("last")
            - ((col("last") == col("refunded")) & (col("last") < col("remitted_day"))).fill_null(value=False)
        )
    )
    held = (
        events.filter(principal)
        .join(ended.select("row", "last"), on="row")
        .filter(col("event_day") <= col("last"))
        .group_by("row")
        .agg(held=col("amount_cents").sum())
    )
    good = ~(col("negative") | col("beyond"))
    own = col("first").is_null()
    amount = pl.when(own).then("principal_cents").otherwise(col("held").fill_null(0))
    return ended.join(held, on="row", how="left").select(
        "row",
        held_cents=pl.when(good).then(amount).otherwise(0),
        first_day=pl.coalesce("first", "received_day"),
        returned_day="returned_day",
        posted_in_all_cents=pl.when(good).then("posted").otherwise(0),
        owed_in_all_cents=pl.when(good).then("owed").otherwise(0),
        moved=good & ~own,
        negative="negative",
        beyond="beyond",
    )


_BALANCES: Final = f"""
WITH running AS (
    SELECT row, place, event_day, event_kind, amount_cents, event_day <= $as_of AS happened,
        CASE WHEN event_kind = {PRINCIPAL} AND happened THEN amount_cents ELSE 0 END AS change,
        sum(change) OVER (PARTITION BY row ORDER BY event_day) AS balance
    FROM events),
sums AS (
    SELECT row, min(balance) AS lowest, max(balance) AS highest, sum(change) AS remains,
        min(event_day) FILTER (event_kind = {PRINCIPAL}) AS first,
        max(event_day) FILTER (change < 0) AS refunded,
        coalesce(sum(amount_cents) FILTER (happened AND event_kind = {POSTING}), 0) AS posted,
        coalesce(sum(amount_cents) FILTER (happened AND event_kind = {OWED}), 0) AS owed
    FROM running GROUP BY row),
ended AS (
    SELECT cases.*, first, lowest < 0 AS negative, posted + posted_cents AS posted_all,
        owed + amounts_owed_cents AS owed_all, greatest(highest, posted_all, owed_all) > {CENTS_MAX} AS beyond,
        CASE WHEN remains = 0 THEN refunded END AS emptied, least(paid_day, emptied) AS returned,
        least(returned, remitted_day, $as_of) AS ended_day,
        ended_day - coalesce((ended_day = emptied AND ended_day < remitted_day)::INT, 0) AS last
    FROM cases JOIN sums USING (row)),
held AS (
    SELECT ended.row, sum(change) AS held
    FROM ended JOIN running ON running.row = ended.row AND event_day <= last GROUP BY ended.row)
SELECT ended.row,
    CASE WHEN negative OR beyond THEN 0 WHEN first IS NULL THEN principal_cents ELSE coalesce(held, 0) END::BIGINT
        AS held_cents,
    coalesce(first, received_day) AS first_day, returned AS returned_day,
    CASE WHEN negative OR beyond THEN 0 ELSE posted_all END::BIGINT AS posted_in_all_cents,
    CASE WHEN negative OR beyond THEN 0 ELSE owed_all END::BIGINT AS owed_in_all_cents,
    NOT (negative OR beyond) AND first IS NOT NULL AS moved, negative, beyond
FROM ended LEFT JOIN held USING (row)"""  # noqa: S608 - our own constants


def _python_balances(comparison: Comparison) -> Run:
    as_of = comparison.parameters["as_of"]
    columns = [column.tolist() for column in comparison.columns.values()]
    offset, days, kinds, amounts, *own = columns
    rows = list(zip(*own, strict=True))

    def figures(place: int, row: tuple[int, ...]) -> tuple[Any, ...]:
        principal, received, paid, remitted, posted, owed = row
        mine = range(offset[place], offset[place + 1])
        happened = [(days[at], kinds[at], amounts[at]) for at in mine if days[at] <= as_of]
        posted += sum(cents for _, kind, cents in happened if kind == POSTING)
        owed += sum(cents for _, kind, cents in happened if kind == OWED)
        changes = [(day, cents) for day, kind, cents in happened if kind == PRINCIPAL]
        by_day: dict[int, int] = {}
        balance = 0
        for day, cents in changes:
            balance += cents
            by_day[day] = balance
        first = min((days[at] for at in mine if kinds[at] == PRINCIPAL), default=None)
        refunded = max((day for day, cents in changes if cents < 0), default=NO_DAY) if balance == 0 else NO_DAY
        paid = min(paid, refunded)
        last = min(paid, remitted, as_of)
        last -= last == refunded and last < remitted
        held = principal if first is None else sum(cents for day, cents in changes if day <= last)
        negative = min(by_day.values(), default=0) < 0
        beyond = max(posted, owed, *by_day.values()) > CENTS_MAX
        good = not (negative or beyond)
        begin = received if first is None else first
        return held * good, begin, paid, posted * good, owed * good, good and first is not None, negative, beyond

    def run() -> dict[str, list[Any]]:
        found = zip(*(figures(place, row) for place, row in enumerate(rows)), strict=True)
        return {name: list(column) for name, column in zip(comparison.results, found, strict=True)}

    return run


BALANCES: Final[Baselines] = {
    "NumPy": Baseline(_numpy_balances),
    "Polars": polars_baseline(_polars_balances, TABLES),
    "DuckDB": duckdb_baseline(_BALANCES, TABLES),
    "Python": Baseline(_python_balances, per_row=True),
}
