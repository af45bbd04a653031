"""Race the kernels of other jurisdictions' clauses; Colorado's rows never pass them."""

import numpy as np
import pytest

from benchmarks.baselines.jurisdictions import CLAUSE_INTEREST, CLAUSE_LIMIT
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, offsets, received, unwritten
from calc.columns.clauses import clause_tables, limit_tables
from calc.kernels import jurisdictions as kernels
from calc.rates.ruled.table import load_ruled_table
from calc.rules.deposit_clauses import ClassLimit, InterestClauses, LimitClauses, RateStep

_CLAUSES = InterestClauses(
    "actual_actual",
    "start_included_end_excluded",
    "half_up",
    holding_months=6,
    rate_steps=(RateStep(23, 30_000, "non_residential"),),
)
_LIMITS = LimitClauses((ClassLimit("average_months", "residential"), ClassLimit("highest_months", "all", months=2)))


@pytest.mark.parametrize("rows", SIZES)
def test_clause_interest(race: Race, rows: int) -> None:
    random = draw(rows)
    start = received(random, rows)
    comparison = Comparison(
        kernels.clause_interest,
        rows,
        columns={
            "principal_cents": amounts(random, rows, 60_000),
            "start_day": start,
            "end_day": start + random.integers(0, 1_500, rows, dtype=np.int32),
            "deposit_class": random.integers(0, 2, rows, dtype=np.int8),
        },
        parameters=clause_tables(_CLAUSES, load_ruled_table("us-fl"))._asdict(),
        results={
            "interest_cents": unwritten(rows),
            "first_day": unwritten(rows, np.int32),
            "outcome": unwritten(rows, np.int8),
        },
    )
    race(comparison, CLAUSE_INTEREST, copy_most=None)


@pytest.mark.parametrize("rows", SIZES)
def test_clause_limit(race: Race, rows: int) -> None:
    random = draw(rows)
    offset = offsets(random, rows, 12)
    comparison = Comparison(
        kernels.clause_limit,
        rows,
        columns={
            "offset": offset,
            "bill_cents": amounts(random, int(offset[-1]), 30_000),
            "billed_cents": amounts(random, rows, 300_000),
            "billed_days": np.full(rows, 365, dtype=np.int64),
            "deposit_class": random.integers(0, 2, rows, dtype=np.int8),
        },
        parameters=limit_tables(_LIMITS)._asdict(),
        results={"limit_cents": unwritten(rows)},
        entries=frozenset({"bill_cents"}),
    )
    race(comparison, CLAUSE_LIMIT, copy_most=None)
