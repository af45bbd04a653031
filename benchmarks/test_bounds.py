from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from benchmarks.baselines.bounds import FILLED
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw, flags, received, unwritten
from calc.kernels import bounds as kernels
from calc.kernels._jit import Kernel
from calc.kernels.arrays import Array
from calc.units import CENTS_MAX, FIRST_DAY, LAST_DAY, NO_DAY

STRAY = 0.001
"""Share of the values that are out of bounds, also of those under nulls."""
MONEY = {"lowest": 0, "highest": CENTS_MAX}
DAYS = {"lowest": FIRST_DAY, "highest": LAST_DAY}


@dataclass(frozen=True)
class Counted(Comparison):
    """A comparison of which one result has one entry, whatever the number of rows."""

    def head(self, rows: int) -> Comparison:
        """What fewer rows come to."""
        if rows >= self.rows:
            return self
        columns = {name: column[:rows] for name, column in self.columns.items()}
        part = filling(self.kernel, columns, self.parameters)
        part.run()
        return part


def filling(kernel: Kernel, columns: Mapping[str, Array], parameters: Mapping[str, Any]) -> Counted:
    rows, dtype = columns["value"].size, columns["value"].dtype
    results = {"filled": unwritten(rows, dtype.type), "outside": unwritten(1)}
    return Counted(kernel, rows, columns, parameters, results, whole=True)


def money(rows: int) -> dict[str, Array]:
    """Amounts of which one in fifty is null."""
    random = draw(rows)
    cents = amounts(random, rows, 10**7)
    cents[flags(random, rows, STRAY)] = -1
    return {"value": cents, "given": flags(random, rows, 0.98)}


def days(rows: int) -> dict[str, Array]:
    """Days of which most are null, as those of payment are."""
    random = draw(rows)
    day = received(random, rows)
    day[flags(random, rows, STRAY)] = LAST_DAY + 1
    return {"value": day, "given": flags(random, rows, 0.3)}


@pytest.mark.parametrize("rows", SIZES)
def test_filled_numbers(race: Race, rows: int) -> None:
    race(filling(kernels.filled_numbers, money(rows), {**MONEY, "missing": 0}), FILLED)


@pytest.mark.parametrize("rows", SIZES)
def test_filled_days(race: Race, rows: int) -> None:
    race(filling(kernels.filled_days, days(rows), {**DAYS, "missing": NO_DAY}), FILLED)
