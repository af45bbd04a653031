"""Clauses of other jurisdictions against the twin and by hand."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from calc.columns.clauses import clause_tables, limit_tables, split
from calc.kernels import jurisdictions as kernels
from calc.kernels.arrays import Int8, Int32, Int64
from calc.rates.computing.table import RateRow, RateTable
from calc.rules.deposit_clauses import ClassLimit, InterestClauses, LimitClauses, LimitMethod, RateStep
from calc.units import to_date, to_day
from tests.reference import jurisdictions as twin
from tests.reference.rate_table import RateTable as TwinRates
from tests.reference.rate_table import rates_from

EFFECTIVE = {
    date(1990, 1, 1): 60_000,
    date(2012, 1, 1): 18_300,
    date(2013, 1, 1): 1_200,
    date(2014, 7, 1): 32_500,
    date(2016, 1, 1): 0,
    date(2017, 1, 1): 61_900,
    date(2019, 4, 1): 85_000,
    date(2021, 1, 1): 3_700,
}
END = date(2030, 1, 1)


def simple(**clauses: Any) -> InterestClauses:  # noqa: ANN401 - fields of the clauses
    """Simple interest, actual/actual, half up, and some clauses."""
    usual = {"day_count": "actual_actual", "day_ends": "start_included_end_excluded", "rounding_mode": "half_up"}
    return InterestClauses(**{**usual, **clauses})


CLAUSES = {
    "simple": simple(),
    "least principal": simple(least_principal_cents=20_01),
    "held six months": simple(holding_months=6),
    "held more than six months": simple(holding_months=6, holding_more_than=True),
    "held 90 days, from then": simple(holding_days=90, holding_more_than=True, holding_from_first_day=False),
    "steps": simple(rate_steps=(RateStep(23, 30_000, "non_residential"), RateStep(3, 45_000, "all"))),
    "share": simple(rate_share_bp=7_500),
    "capitalized": simple(capitalized_month=12, capitalized_day=31),
    "all": simple(
        least_principal_cents=50_00,
        holding_months=2,
        holding_days=10,
        holding_more_than=True,
        rate_steps=(RateStep(6, 70_000, "residential"), RateStep(14, 20_000, "residential")),
        rate_share_bp=9_000,
        capitalized_month=6,
        capitalized_day=30,
    ),
}


def rates() -> RateTable:
    rows = tuple(RateRow(day, ppm, "given", day, "test") for day, ppm in EFFECTIVE.items())
    return RateTable(rows, END)


def clause_interest(
    clauses: InterestClauses,
    rows: list[tuple[int, date, date, int]],
    table: RateTable | None = None,
) -> tuple[Int64, Int32, Int8]:
    """Interest, first day that earns and outcome of rows of principal, start, end and class."""
    interest = np.empty(len(rows), dtype=np.int64)
    first, outcome = np.empty(len(rows), dtype=np.int32), np.empty(len(rows), dtype=np.int8)
    kernels.clause_interest(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([to_day(row[1]) for row in rows], dtype=np.int32),
        np.array([to_day(row[2]) for row in rows], dtype=np.int32),
        np.array([row[3] for row in rows], dtype=np.int8),
        clause_tables(clauses, table or rates()),
        interest,
        first,
        outcome,
    )
    return interest, first, outcome


def deposits(random: Random, count: int, days_max: int) -> Iterator[tuple[int, date, date, int]]:
    for _ in range(count):
        start = date(2010, 1, 1) + timedelta(days=random.randrange(5_000))
        held = random.choice((0, 1, 90, 91, 92, 181, 182, 183, random.randrange(days_max), random.randrange(days_max)))
        principal = random.choice((0, 20_00, 20_01, 49_99, 50_00, random.randrange(1_000_00), random.randrange(10**9)))
        yield principal, start, start + timedelta(days=held), random.randrange(2)


def twins_clauses(clauses: InterestClauses, deposit_class: int) -> twin.Clauses:
    own = {"all", kernels.CLASSES[deposit_class]}
    return twin.Clauses(
        least_principal_cents=clauses.least_principal_cents,
        holding_months=clauses.holding_months,
        holding_days=clauses.holding_days,
        more_than=clauses.holding_more_than,
        from_first_day=clauses.holding_from_first_day,
        steps=tuple(
            (step.after_months, step.rate_ppm * clauses.rate_share_bp // 10_000)
            for step in clauses.rate_steps
            if step.applies_to in own
        ),
        capitalized=(clauses.capitalized_month, clauses.capitalized_day or 1) if clauses.capitalized_month else None,
    )


def compare(clauses: InterestClauses, count: int, days_max: int, seed: int) -> None:
    rows = list(deposits(Random(seed), count, days_max))  # noqa: S311 - test data
    base = {day: ppm * clauses.rate_share_bp // 10_000 for day, ppm in EFFECTIVE.items()}
    rate_on = TwinRates(rates_from(base, END))
    by_class = [twins_clauses(clauses, place) for place in range(2)]
    found, _, outcome = clause_interest(clauses, rows)
    assert not outcome.any()
    for (principal, start, end, deposit_class), cents in zip(rows, found.tolist(), strict=True):
        expected = twin.deposit_interest(principal, start, end, rate_on, by_class[deposit_class])
        assert cents == expected, (principal, start, end, deposit_class)


@pytest.mark.parametrize("name", CLAUSES)
def test_rows_against_the_twin(name: str) -> None:
    compare(CLAUSES[name], 150, 1_100, seed=16)


@pytest.mark.stress
@pytest.mark.parametrize("name", CLAUSES)
def test_a_hundred_thousand_rows_against_the_twin(name: str) -> None:
    compare(CLAUSES[name], 100_000, 420, seed=160)


FLAT = RateTable.flat(20_000)


@pytest.mark.parametrize(
    ("clauses", "end", "cents"),
    [
        # Florida: 300.00 at 2 %; six months from 10 January 2024 are 10 July, 182 days of 366: 2.9836.
        (simple(holding_months=6), "2024-07-09", 0),
        (simple(holding_months=6), "2024-07-10", 2_98),
        # More than six months: 183 / 366 of 6.00.
        (simple(holding_months=6, holding_more_than=True), "2024-07-10", 0),
        (simple(holding_months=6, holding_more_than=True), "2024-07-11", 3_00),
        # From then on: one day of 366 is 1.639 cents.
        (simple(holding_months=6, holding_from_first_day=False), "2024-07-11", 2),
        # Longer than 90 days: the 90th day after 10 January is 9 April; 91 days of 366 are 1.4918.
        (simple(holding_days=90, holding_more_than=True), "2024-04-09", 0),
        (simple(holding_days=90, holding_more_than=True), "2024-04-10", 1_49),
        (simple(least_principal_cents=300_00), "2024-04-10", 1_49),
        (simple(least_principal_cents=300_01), "2024-04-10", 0),
        # 75 % of 2 % for 91 days of 366: 1.1189.
        (simple(rate_share_bp=7_500), "2024-04-10", 1_12),
        (simple(rate_share_bp=7_500, rounding_mode="down"), "2024-04-10", 1_11),
    ],
)
def test_clauses_by_hand(clauses: InterestClauses, end: str, cents: int) -> None:
    found, _, outcome = clause_interest(
        clauses, [(300_00, date(2024, 1, 10), date.fromisoformat(end), 0)], FLAT
    )  # fmt: skip
    assert (found.tolist(), outcome.tolist()) == ([cents], [kernels.EARNED])


def test_clause_interest_tells_the_first_day_that_earns() -> None:
    row = (300_00, date(2024, 1, 10), date(2024, 7, 11), 0)
    for clauses, first in (
        (simple(), date(2024, 1, 10)),
        (simple(holding_months=6, holding_from_first_day=False), date(2024, 7, 10)),
        (simple(holding_months=7), date(2024, 7, 11)),  # nothing earns: the day after the last
        (simple(day_ends="start_excluded_end_included"), date(2024, 1, 11)),
    ):
        assert to_date(clause_interest(clauses, [row], FLAT)[1][0]) == first


def test_a_day_without_a_rate_is_told_unless_nothing_earns() -> None:
    until = RateRow(date(2017, 1, 1), 15_000, "given", date(2017, 1, 1), "test", until=date(2018, 1, 1))
    table = RateTable((until, RateRow(date(2020, 1, 1), 15_000, "given", date(2020, 1, 1), "test")), date(2021, 1, 1))
    rows = [
        (400_00, date(2017, 1, 1), date(2018, 1, 1), 0),
        (400_00, date(2017, 1, 1), date(2018, 1, 2), 0),
        (400_00, date(2020, 12, 1), date(2021, 1, 2), 0),
        (400_00, date(2016, 12, 31), date(2017, 1, 2), 0),
        (400_00, date(2016, 12, 31), date(2016, 12, 31), 0),
    ]
    interest, _, outcome = clause_interest(simple(), rows, table)
    assert interest.tolist() == [6_00, 0, 0, 0, 0]
    assert outcome.tolist() == [0, kernels.NO_RATE, kernels.NO_RATE, kernels.NO_RATE, 0]
    # A step gives its days a rate of its own.
    stepped = simple(rate_steps=(RateStep(12, 15_000),))
    interest, _, outcome = clause_interest(stepped, [(400_00, date(2017, 1, 1), date(2019, 1, 2), 0)], table)
    assert outcome.tolist() == [kernels.NO_RATE]  # 1 January 2018 has none: the step begins on the 2nd
    interest, _, outcome = clause_interest(stepped, [(400_00, date(2016, 12, 31), date(2018, 12, 31), 0)], table)
    assert outcome.tolist() == [kernels.NO_RATE]  # 31 December 2016 has none
    table = RateTable((until,), date(2018, 1, 1))
    stepped = simple(rate_steps=(RateStep(11, 15_000),))
    interest, _, outcome = clause_interest(stepped, [(400_00, date(2017, 1, 1), date(2019, 1, 1), 0)], table)
    assert (interest.tolist(), outcome.tolist()) == ([12_00], [0])


def test_interest_on_interest_beyond_exact_division_is_told() -> None:
    clauses = simple(capitalized_month=12, capitalized_day=31)
    row = (10**12, date(2000, 1, 1), date(2010, 1, 1), 0)  # doubles each year: 10^13 cents are passed in 2004
    interest, _, outcome = clause_interest(clauses, [row], RateTable.flat(10**6))
    assert (interest.tolist(), outcome.tolist()) == ([0], [kernels.TOO_LARGE])


def clause_limit(clauses: LimitClauses, rows: list[dict[str, Any]]) -> list[int]:
    tables = limit_tables(clauses)
    limits = np.empty(len(rows), dtype=np.int64)
    bills = [row.get("bills", []) for row in rows]
    kernels.clause_limit(
        np.cumsum([0, *(len(own) for own in bills)]).astype(np.int64),
        np.array([bill for own in bills for bill in own], dtype=np.int64),
        np.array([row.get("billed", -1) for row in rows], dtype=np.int64),
        np.array([row.get("days", 0) for row in rows], dtype=np.int64),
        np.array([row.get("class", 0) for row in rows], dtype=np.int8),
        *tables,
        limits,
    )
    return limits.tolist()


METHODS: list[tuple[LimitMethod, int]] = [
    ("average_months", 1), ("average_months", 2), ("highest_consecutive", 2), ("highest_consecutive", 3),
    ("highest_months", 1), ("highest_months", 2), ("year_twelfths", 2), ("year_twelfths", 3),
]  # fmt: skip


@pytest.mark.parametrize(("method", "months"), METHODS)
def test_limits_against_the_twin(method: LimitMethod, months: int) -> None:
    random = Random(7)  # noqa: S311 - test data
    counts = (12,) if method == "year_twelfths" else (3, 11, 12, 24)
    rows = [{"bills": [random.randrange(10**7) for _ in range(random.choice(counts))]} for _ in range(200)]
    found = clause_limit(LimitClauses((ClassLimit(method, months=months),)), rows)
    assert found == [twin.deposit_limit(method, bills=row["bills"], months=months) for row in rows]


def test_limits_by_days_against_the_twin() -> None:
    random = Random(8)  # noqa: S311 - test data
    rows = [{"billed": random.randrange(10**12), "days": random.randrange(1, 900)} for _ in range(200)]
    found = clause_limit(LimitClauses((ClassLimit("days", days=90),)), rows)
    expected = [twin.deposit_limit("days", bills=[row["billed"]], days=90, billed_days=row["days"]) for row in rows]
    assert found == expected


def test_limits_by_class_and_of_too_few_bills() -> None:
    mississippi = LimitClauses((ClassLimit("average_months", "residential"), ClassLimit("highest_months", "all", 2)))
    bills = [100_00, 50_00, 40_00, 30_00, 20_00, 10_00, 10_00, 20_00, 30_00, 40_00, 50_00, 90_01]  # 490.01
    rows: list[dict[str, Any]] = [
        {"bills": bills}, {"bills": bills, "class": 1}, {"bills": [50_00], "class": 1}, {"bills": [50_00]},
        {"billed": 490_01, "days": 365}, {"billed": 490_01, "days": 366}, {"billed": 490_01, "days": 300}, {},
    ]  # fmt: skip
    # The average month is 40.834; the two highest are 190.01; one bill is too few for two.
    assert clause_limit(mississippi, rows) == [40_83, 190_01, -1, 50_00, 40_83, 40_83, -1, -1]
    maryland = LimitClauses((ClassLimit("year_twelfths", months=2),), least_deposit_cents=5_00)
    # Two twelfths of 490.01 are 81.668; of 24.00, 4.00, but the deposit is at least 5.00.
    assert clause_limit(maryland, [{"bills": bills}, {"bills": bills[:6]}, {"billed": 24_00, "days": 365}]) == [
        81_66, -1, 5_00,
    ]  # fmt: skip
    assert clause_limit(LimitClauses((ClassLimit("days", "residential", days=90),)), [{"class": 1, "billed": 1}]) == [
        -1
    ]


def test_split_against_the_twin() -> None:
    random = Random(9)  # noqa: S311 - test data
    for shares in ((850_000, 150_000), (150_000, 850_000), (333_333, 333_333, 333_334), (1_000_000,)):
        fractions = [Fraction(share, 10**6) for share in shares]
        for total in (0, 1, 2, 289_08, *(random.randrange(10**9) for _ in range(100))):
            assert list(split(total, shares)) == twin.split(total, fractions)
