import numpy as np
import pytest

from benchmarks.baselines.fixed_credit import ELIGIBILITY, FIXED_CREDIT
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import AS_OF, SIZES, amounts, draw, flags, rules, unwritten
from calc.columns.participant_terms import plan_terms
from calc.kernels import fixed_credit as kernels
from calc.rules.guidelines import load_guidelines


@pytest.mark.parametrize("rows", SIZES)
def test_eligibility(race: Race, rows: int) -> None:
    random = draw(rows)
    limits = load_guidelines().in_force(AS_OF, rules().electric.fixed_credit)
    comparison = Comparison(
        kernels.eligibility,
        rows,
        columns={
            "income_cents": amounts(random, rows, 9_000_000),
            "household_size": random.integers(1, 11, rows),
            "county": random.integers(0, len(limits.county_codes) + 1, rows),
            "leap_qualified": flags(random, rows, 0.2),
        },
        parameters={
            "poverty_limit_cents": limits.poverty_limit_cents,
            "median_limit_cents": limits.ami_limit_cents,
            "leap_limit_cents": limits.leap_limit_cents,
        },
        results={"basis": unwritten(rows, np.int8), "dropped_bits": unwritten(rows, np.int8)},
    )
    race(comparison, ELIGIBILITY)


@pytest.mark.parametrize("rows", SIZES)
def test_fixed_credit(race: Race, rows: int) -> None:
    random = draw(rows)
    bill = amounts(random, rows, 300_000)
    basis = bill * random.integers(70, 131, rows) // 100
    basis[flags(random, rows, 0.3)] = -1
    amount_names = (
        "affordable_annual_cents", "fixed_credit_annual_cents", "program_credit_annual_cents",
        "leap_to_unaffordable_cents", "leap_to_arrearage_cents", "leap_to_account_cents",
    )  # fmt: skip
    comparison = Comparison(
        kernels.fixed_credit,
        rows,
        columns={
            "service": random.choice(np.array([0, 1], dtype=np.int8), rows),
            "income_cents": amounts(random, rows, 4_000_000, share=0.97),
            "share_ppm": random.choice(np.array([10_000, 30_000, 60_000]), rows),
            "minimum_monthly_cents": random.choice(np.array([0, 1_000, 2_000]), rows),
            "full_annual_bill_cents": bill,
            "basis_bill_cents": basis,
            "months_remaining": random.integers(0, 13, rows),
            "leap_grant_cents": amounts(random, rows, 80_000, share=0.3),
            "arrearage_cents": amounts(random, rows, 90_000, share=0.3),
        },
        parameters={
            "leap_offset": np.array([True, False]),
            "recalculation_ppm": np.array([250_000, 250_000]),
            **plan_terms(rules())._asdict(),
        },
        results={
            **{name: unwritten(rows) for name in amount_names},
            "due": unwritten(rows, np.bool_),
            "monthly_credit_cents": unwritten((rows, kernels.MONTHS)),
        },
    )
    race(comparison, FIXED_CREDIT)
