import numpy as np
import pytest

from benchmarks.baselines.participant_year import PARTICIPANT_YEAR
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import AS_OF_DAY, amounts, draw, flags, offsets, rules, unwritten
from calc.columns.participant_terms import plan_terms
from calc.columns.year_tables import kernel_tables
from calc.kernels import participant_year as kernels
from calc.kernels.arrays import Array
from calc.kernels.fixed_credit import MONTHS
from calc.kernels.participant_events import FIRST_YES, KINDS, NO_WORD, WORDS

SIZES = (1_000, 300_000)
"""More say nothing else: a year has 1.6 kB."""
MOST_EVENTS = 5
ENTRIES = frozenset({"event_day", "event_kind", "event_amount_cents", "event_word"})


def events(random: np.random.Generator, offset: Array, first_bill: Array) -> dict[str, Array]:
    """Events of every kind within the year, by day; words for those that take one."""
    count = int(offset[-1])
    owner = np.repeat(np.arange(first_bill.size), np.diff(offset))
    day = first_bill[owner] + random.integers(-20, 365, count, dtype=np.int32)
    day = day[np.lexsort((day, owner))]
    kind = random.choice(np.arange(len(KINDS), dtype=np.int8), count, p=[0.1] * 9 + [0.06, 0.02, 0.02])
    heat = np.where(flags(random, count, 0.5), 0, 1).astype(np.int8)
    says = random.integers(FIRST_YES, len(WORDS), count, dtype=np.int8)
    word = np.select(
        [np.isin(kind, [KINDS.index("heating")]), np.isin(kind, [KINDS.index("regulated_gas"), 9])],
        [heat, says],
        NO_WORD,
    ).astype(np.int8)
    return {
        "offset": offset, "event_day": day, "event_kind": kind,
        "event_amount_cents": random.integers(0, 250_000, count), "event_word": word,
    }  # fmt: skip


@pytest.mark.parametrize("rows", SIZES)
def test_participant_year(race: Race, rows: int) -> None:
    """Three events a year on average."""
    random = draw(rows)
    bill = random.integers(50_000, 400_000, rows)
    arrearage = amounts(random, rows, 90_000, share=0.3)
    first_bill = AS_OF_DAY - random.integers(0, 365, rows, dtype=np.int32)
    names = ("bill_date", "in_program", *amounts_filled())
    kinds = {"bill_date": np.int32, "in_program": np.bool_}
    comparison = Comparison(
        kernels.participant_year,
        rows,
        columns={
            **events(random, offsets(random, rows, MOST_EVENTS), first_bill),
            "service": random.choice(np.array([0, 1], dtype=np.int8), rows),
            "primary_heating": random.choice(np.array([0, 1], dtype=np.int8), rows),
            "regulated_gas": flags(random, rows, 0.5),
            "household_income_cents": amounts(random, rows, 4_000_000, share=0.97),
            "own_share_ppm": np.full(rows, -1),
            "full_annual_bill_cents": bill,
            "basis_bill_cents": np.where(flags(random, rows, 0.5), -1, bill * 9 // 10),
            "months_remaining": np.full(rows, 12),
            "leap_grant_cents": np.where(flags(random, rows, 0.2), random.integers(1, 80_000, rows), 0),
            "arrearage_cents": arrearage,
            "arrearage_months_left": random.integers(1, 25, rows),
            "arrearage_copayments_cents": np.minimum(arrearage, 6_000),
            "first_bill_day": first_bill,
        },
        parameters={"as_of": AS_OF_DAY, **kernel_tables(rules())._asdict(), **plan_terms(rules())._asdict()},
        results={
            "refused": unwritten(rows, np.int8),
            **{name: unwritten((rows, MONTHS), kinds.get(name, np.int64)) for name in names},
        },
        entries=ENTRIES,
    )
    race(comparison, PARTICIPANT_YEAR, guarded_at=SIZES[-1])


def amounts_filled() -> tuple[str, ...]:
    """Whole numbers that the kernel fills of each month, in its order."""
    return (
        "basis_cents", "share_ppm", "expected_bill_cents", "fixed_credit_cents", "leap_to_unaffordable_cents",
        "program_credit_cents", "leap_to_arrearage_cents", "leap_to_account_cents", "arrearage_credit_cents",
        "copayment_cents", "planned_payment_cents", "arrearage_outstanding_cents", "causes", "due_on_exit_cents",
        "credit_to_recover_cents",
    )  # fmt: skip
