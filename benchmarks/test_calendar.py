import pytest

from benchmarks.baselines.calendar import YEAR_UNITS
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, draw, later, received, tables, unwritten
from calc.kernels import calendar


@pytest.mark.parametrize("rows", SIZES)
def test_year_units(race: Race, rows: int) -> None:
    random = draw(rows)
    start = received(random, rows)
    comparison = Comparison(
        calendar.year_units,
        rows,
        columns={"start_day": start, "end_day": later(random, start, 4_000)},
        parameters={"index": tables().points, "start_shift": 0, "end_shift": 0},
        results={"units": unwritten(rows)},
    )
    race(comparison, YEAR_UNITS)
