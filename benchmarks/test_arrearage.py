import numpy as np
import pytest

from benchmarks.baselines.arrearage import ARREARAGE_SCHEDULE, SCHEDULE_OFFSETS
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, unwritten
from calc.kernels import arrearage


@pytest.mark.parametrize("rows", SIZES)
def test_schedule_offsets(race: Race, rows: int) -> None:
    random = draw(rows)
    comparison = Comparison(
        arrearage.schedule_offsets,
        rows,
        columns={"left_cents": amounts(random, rows, 90_000, share=0.5), "months": random.integers(1, 25, rows)},
        parameters={},
        results={"offset": unwritten(rows + 1)},
        whole=True,
    )
    race(comparison, SCHEDULE_OFFSETS)


@pytest.mark.parametrize("rows", SIZES)
def test_arrearage_schedule(race: Race, rows: int) -> None:
    random = draw(rows)
    left = amounts(random, rows, 90_000, share=0.5)
    offset = unwritten(rows + 1)
    arrearage.schedule_offsets(left, random.integers(1, 25, rows), offset)
    comparison = Comparison(
        arrearage.arrearage_schedule,
        rows,
        columns={
            "left_cents": left,
            "copayment_cents": np.minimum(left, amounts(random, rows, 20_000, share=0.5)),
            "offset": offset,
        },
        parameters={},
        results={"credit_cents": unwritten(int(offset[-1]))},
        entries=frozenset({"credit_cents"}),
    )
    race(comparison, ARREARAGE_SCHEDULE)
