"""Interest of rows under a jurisdiction's clauses: what `calc.columns.interest` is for Colorado's rule (o)."""

from typing import NamedTuple

import numpy as np

from calc.columns.blocks import in_blocks
from calc.columns.clauses import clause_tables
from calc.columns.evaluation import Outputs
from calc.columns.gated import Gated
from calc.errors import Reason
from calc.kernels import jurisdictions as kernels
from calc.kernels.arrays import Array, Bool, Int8, Int32, Int64
from calc.rates.computing.table import RateTable
from calc.rules.clause_rules import Clauses
from calc.rules.deposit_clauses import InterestClauses
from calc.units import LAST_DAY


class Earned(NamedTuple):
    """Hold each row's interest in cents, the days that earn, and what came of it (`kernels.EARNED` and others)."""

    interest_cents: Int64
    days: Int32
    outcome: Int8


def earned(
    principal_cents: Int64,
    start: Int32,
    end: Int32,
    deposit_class: Array,
    *,
    clauses: InterestClauses,
    rates: RateTable,
    threads: int = 1,
) -> Earned:
    """Compute interest of amounts from a day of receipt to the day that ends it, each row rounded as the clauses say.

    Args:
        principal_cents: Cents.
        start: Day of receipt, epoch days.
        end: Day that ends interest, epoch days; before `start` where nothing is earned.
        deposit_class: Place of each row's class in `kernels.CLASSES`.
        clauses: The clauses.
        rates: The rates.
        threads: Number of threads.
    """
    tables = clause_tables(clauses, rates)
    size = principal_cents.size
    found = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int8)
    until = np.maximum(start, end)

    def work(rows: slice) -> None:
        kernels.clause_interest(
            principal_cents[rows], start[rows], until[rows], deposit_class[rows], tables,
            *(column[rows] for column in found),
        )  # fmt: skip

    in_blocks(size, threads, work)
    interest_cents, first, outcome = found
    stop = np.maximum(start + np.int32(tables.start_shift), until + np.int32(tables.end_shift))
    return Earned(interest_cents, stop - first, outcome)


def compute(gated: Gated, *, clauses: Clauses, rates: RateTable, threads: int = 1) -> Outputs:
    """Compute interest (cents) and days of gated rows of the dataset `interest` under a jurisdiction's clauses.

    A notice ends interest where the jurisdiction has one that does. Refused as Colorado's rows are: date_order,
    no_rate_in_force; and out_of_range where interest on interest passes what can be divided exactly.
    """
    own = clauses.require_interest()
    values = gated.values
    start = np.minimum(values["received_date"], np.int32(LAST_DAY))
    end = np.minimum(values["through_date"], np.int32(LAST_DAY))
    gated.refuse(end < start, Reason.date_order, "received_date", "through_date")
    if own.stops_at_notice:
        end = np.minimum(end, values["stop_date"])
    found = earned(values["principal_cents"], start, end, values["class"], clauses=own, rates=rates, threads=threads)
    refuse(gated, found.outcome, start < rates.first_day, ("received_date", "through_date"))
    return {"interest_cents": found.interest_cents, "days": found.days}


def refuse(gated: Gated, outcome: Int8, early: Bool, days: tuple[str, str]) -> None:
    """Refuse rows that earn on a day without a rate, or whose interest passes the bounds of exact division.

    Args:
        gated: The rows.
        outcome: What came of each.
        early: Mask of rows that were received before the first rate.
        days: Columns of the first day and of the end.
    """
    unrated = outcome == kernels.NO_RATE
    if unrated.any():
        gated.refuse(unrated & early, Reason.no_rate_in_force, days[0], rests_on=days)
        gated.refuse(unrated & ~early, Reason.no_rate_in_force, days[1], rests_on=days)
    gated.refuse(outcome == kernels.TOO_LARGE, Reason.out_of_range, "principal_cents", rests_on=days)
