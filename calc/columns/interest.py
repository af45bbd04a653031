"""Calculate deposit interest by column, rule (o): accrual tables under the rules, interest of amounts and of events."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from calc.columns import clause_interest
from calc.columns.blocks import in_blocks
from calc.columns.contract import INTEREST
from calc.columns.evaluation import Evaluation, Outputs, assemble
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.errors import Reason
from calc.kernels import accrual, calendar
from calc.kernels.accrual import Accrual
from calc.kernels.arrays import Int32, Int64
from calc.kernels.events import interest_over_events
from calc.kernels.intmath import ROUNDING_MODES
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules
from calc.rules.schema import DepositInterest, Unclaimed
from calc.units import FIRST_DAY, LAST_DAY, PPM, to_day

if TYPE_CHECKING:
    import polars as pl


@lru_cache(maxsize=128)
def accrual_tables(table: RateTable, interest: DepositInterest, unclaimed: Unclaimed) -> Accrual:
    """Build the accrual tables of one rate table under one reading of the rules, exactly, in ppm x 1/YEAR_UNITS.

    Additive points accrue at `surcharge_ppm` a year on every day. Multiplicative points accrue at that share of the
    day's rate; both indices are then scaled until the share is a whole number.
    """
    rates, points, scale = _indices(table, interest.day_count, unclaimed.surcharge_ppm, unclaimed.surcharge_mode)
    start_shift, end_shift = calendar.DAY_ENDS[interest.day_ends]
    return Accrual(
        rates=rates,
        points=points,
        year_start=calendar.year_starts(),
        denominator=PPM * calendar.YEAR_UNITS * scale,
        first_day=table.first_day,
        stop_day=table.end_day,
        start_shift=start_shift,
        end_shift=end_shift,
        mode=ROUNDING_MODES[interest.rounding_mode],
        by_year=interest.rounding_point == "year",
    )


@lru_cache(maxsize=32)
def _indices(table: RateTable, day_count: str, surcharge_ppm: int, surcharge_mode: str) -> tuple[Int64, Int64, int]:
    """Return the indices of the rate and of the surcharge, and their scale."""
    rate_ppm = table.rate_ppm_by_day(FIRST_DAY, LAST_DAY)
    scale = 1
    points_ppm = np.full(rate_ppm.size, surcharge_ppm, dtype=np.int64)
    if surcharge_mode == "multiplicative":
        scale = PPM // gcd(PPM, surcharge_ppm)
        points_ppm = rate_ppm * (surcharge_ppm * scale // PPM)
    weights = _weights(day_count)
    return _index(rate_ppm * scale, weights), _index(points_ppm, weights), scale


@lru_cache(maxsize=8)
def _weights(day_count: str) -> Int64:
    weights = calendar.day_weights(day_count)
    weights.flags.writeable = False
    return weights


def _index(rate_ppm: Int64, weights: Int64) -> Int64:
    index = np.empty(rate_ppm.size + 1, dtype=np.int64)
    accrual.accrual_index(rate_ppm, weights, index)
    index.flags.writeable = False
    return index


def evaluate(
    frame: "pl.DataFrame",
    *,
    rules: Rules,
    rates: RateTable,
    service: str = "electric",
    threads: int = 1,
    flagged: Int64 | None = None,
) -> Evaluation:
    """Calculate interest (cents) on each row's principal_cents from received_date to through_date, and count its days.

    Interest is rounded once per row, under rule (o) of `service`.

    Args:
        frame: Rows of the dataset `interest`.
        rules: Rules of both services.
        rates: Rate table.
        service: Service whose rule applies to all rows.
        threads: Number of threads.
        flagged: Bitmask of reasons known before, shape (rows,).

    Raises:
        ColumnError: A column is missing or its type cannot hold its values.
    """
    gated = gate(INTEREST, frame, flagged)
    outputs = compute(gated, rules=rules, rates=rates, service=service, threads=threads)
    return assemble(INTEREST, frame, outputs, gated, {"principal_cents": gated.values["principal_cents"]})


def compute(gated: Gated, *, rules: Rules, rates: RateTable, service: str = "electric", threads: int = 1) -> Outputs:
    """Compute interest (cents) and days of gated rows of the dataset `interest`.

    Rows carry no service: all follow rule (o) of `service`. Rows that earn on a day outside the rate table are refused
    (no_rate_in_force), and so are those whose through_date is before their received_date (date_order).
    """
    if rules.clauses is not None:
        return clause_interest.compute(gated, clauses=rules.clauses, rates=rates, threads=threads)
    principal = gated.values["principal_cents"]
    start = np.minimum(gated.values["received_date"], np.int32(LAST_DAY))
    end = np.minimum(gated.values["through_date"], np.int32(LAST_DAY))
    days = ("received_date", "through_date")
    gated.refuse(end < start, Reason.date_order, *days)
    rule = rules.service(service)
    tables = accrual_tables(rates, rule.deposit_interest, rule.unclaimed)
    first = start + np.int32(tables.start_shift)
    stop = np.maximum(first, end + np.int32(tables.end_shift))
    earns = first < stop
    unrated = earns & ((first < tables.first_day) | (stop > tables.stop_day))
    if unrated.any():
        gated.refuse(unrated & (first < tables.first_day), Reason.no_rate_in_force, "received_date", rests_on=days)
        gated.refuse(unrated & (stop > tables.stop_day), Reason.no_rate_in_force, "through_date", rests_on=days)
    interest_cents = np.empty(principal.size, dtype=np.int64)

    def work(rows: slice) -> None:
        if tables.by_year:
            offset = np.arange(rows.stop - rows.start + 1, dtype=np.int64)
            _over_events(tables, offset, start[rows], principal[rows], end[rows], interest_cents[rows])
            return
        accrual.interest(
            principal[rows], start[rows], end[rows], tables.rates, tables.start_shift, tables.end_shift,
            tables.denominator, tables.mode, interest_cents[rows],
        )  # fmt: skip

    in_blocks(principal.size, threads, work)
    return {"interest_cents": interest_cents, "days": stop - first}


def over_events(events: Sequence[tuple[date, int]], end: date, *, rules: Rules, rates: RateTable) -> int:
    """Compute interest in cents on one deposit's dated principal events up to a day, under the electric rule.

    Rounds once, or once per calendar year under the rounding point `year`.

    Args:
        events: Dates and cents; receipts are positive, refunds negative.
        end: Last date of the period.
        rules: Rules of both services.
        rates: Rate table.
    """
    tables = accrual_tables(rates, rules.electric.deposit_interest, rules.electric.unclaimed)
    interest_cents = np.empty(1, dtype=np.int64)
    days = np.array([to_day(day) for day, _ in events], dtype=np.int32)
    amounts = np.array([amount for _, amount in events], dtype=np.int64)
    ends = np.array([to_day(end)], dtype=np.int32)
    _over_events(tables, np.array([0, len(events)], dtype=np.int64), days, amounts, ends, interest_cents)
    return int(interest_cents[0])


def _over_events(tables: Accrual, offset: Int64, day: Int32, amount: Int64, end: Int32, interest_cents: Int64) -> None:
    interest_over_events(
        offset, day, amount, end, tables.rates, tables.year_start, tables.start_shift, tables.end_shift,
        tables.denominator, tables.mode, tables.by_year, interest_cents,
    )  # fmt: skip
