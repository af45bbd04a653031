from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.baselines.control_totals import GROUPED_SUMS
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, amounts, draw
from calc.kernels import control_totals

GROUPS = 16


@dataclass(frozen=True)
class Sums(Comparison):
    """A result has an entry a group, not a row."""

    def head(self, rows: int) -> Comparison:
        """The sums of fewer rows."""
        if rows >= self.rows:
            return self
        part = sums({name: column[:rows] for name, column in self.columns.items()})
        part.run()
        return part


def sums(columns: dict[str, np.ndarray]) -> Sums:
    results = {name: np.zeros(GROUPS, dtype=np.int64) for name in ("low", "high")}
    return Sums(control_totals.grouped_sums, columns["group"].size, columns, {}, results, whole=True)


@pytest.mark.parametrize("rows", SIZES)
def test_grouped_sums(race: Race, rows: int) -> None:
    """One figure of a run's parts by service and status; the copy of the same bytes has nothing to add up."""
    random = draw(rows)
    group = random.integers(0, GROUPS, rows).astype(np.uint8)
    race(sums({"group": group, "amount_cents": amounts(random, rows, 10**7)}), GROUPED_SUMS)
