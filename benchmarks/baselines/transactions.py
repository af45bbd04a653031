"""Compute balances of dated events, and interest on them under the default readings, in the baselines."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import Tables, duckdb_baseline, polars_baseline
from benchmarks.harness import Array, Baseline, Baselines, Comparison, Run
from calc.kernels.event_kinds import OWED, POSTING, PRINCIPAL
from calc.kernels.unclaimed import ADVANCE, EXCLUDED, NOT_RECEIVED, REMITTED, UNCLAIMED
from calc.units import CENTS_MAX, FIRST_DAY, NO_DAY

PRECISION: Final = Context(prec=40, rounding=ROUND_HALF_UP)
_BEFORE: Final = FIRST_DAY - 1  # SQL counts from one


def _owner(comparison: Comparison) -> Array:
    return np.repeat(np.arange(comparison.rows, dtype=np.int64), np.diff(comparison.columns["offset"]))


def _tables(comparison: Comparison) -> dict[str, pl.DataFrame]:
    """The rows as `cases`, with their place; the events with their row and place as `events`."""
    columns = comparison.columns
    entries = {name: columns[name] for name in comparison.entries}
    own = {name: column for name, column in columns.items() if name not in {*comparison.entries, "offset"}}
    events = pl.DataFrame({"row": _owner(comparison), **entries}).with_row_index("place")
    return {"cases": pl.DataFrame({"row": np.arange(comparison.rows), **own}), "events": events}


_TABLES: Final[Tables] = _tables


def _numpy_balances(comparison: Comparison) -> Run:
    columns, as_of = comparison.columns, comparison.parameters["as_of"]
    day, kind, amount, offset = (columns[name] for name in ("event_day", "event_kind", "amount_cents", "offset"))
    owner, starts = _owner(comparison), offset[:-1]

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
    events = _tables(comparison)["events"].lazy()
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
    "Polars": polars_baseline(_polars_balances, _TABLES),
    "DuckDB": duckdb_baseline(_BALANCES, _TABLES),
    "Python": Baseline(_python_balances, per_row=True),
}


def _numpy_interest(comparison: Comparison) -> Run:
    """Linear in the events: floors and remainders of each one, summed over its row, then one division."""
    columns, given = comparison.columns, comparison.parameters
    day, kind, offset = (columns[name] for name in ("event_day", "event_kind", "offset"))
    owner, starts, denominator = _owner(comparison), offset[:-1], given["denominator"]

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
        _tables(comparison)["events"]
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
        sum(amount_cents::HUGEINT * (rates[stop_day - {_BEFORE}] - rates[greatest(event_day, since_day) - {_BEFORE}]))
            AS base,
        sum(amount_cents::HUGEINT * (points[stop_day - {_BEFORE}] - points[greatest(event_day, late_day) - {_BEFORE}]))
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
    "Polars": polars_baseline(_polars_interest, _TABLES),
    "DuckDB": duckdb_baseline(_INTEREST, _TABLES),
    "Python": Baseline(_decimal_interest, per_row=True),
}
