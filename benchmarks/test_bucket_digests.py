from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.baselines.bucket_digests import BUCKET_CELLS, BUCKET_FLOWS, BUCKET_SUMS, MONEY
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import AS_OF_DAY, SIZES, amounts, draw, flags, later, received, unwritten
from calc.kernels import bucket_digests as kernels
from calc.kernels._jit import Kernel
from calc.kernels.arrays import Array
from calc.kernels.unclaimed import STATUSES

BITS = 14
LIKELY = (0.01, 0.40, 0.09, 0.02, 0.06, 0.06, 0.34, 0.02)
"""How often the sample portfolio has each status."""


@dataclass(frozen=True)
class Sums(Comparison):
    """A result has an entry a cell or a service, not a row."""

    def head(self, rows: int) -> Comparison:
        """The sums of fewer rows."""
        if rows >= self.rows:
            return self
        part = sums(self.kernel, {name: column[:rows] for name, column in self.columns.items()}, self.results["sums"])
        part.run()
        return part


def sums(kernel: Kernel, columns: dict[str, Array], like: Array) -> Sums:
    return Sums(kernel, columns["good"].size, columns, {}, {"sums": np.zeros_like(like)}, whole=True)


def statuses(random: np.random.Generator, rows: int) -> Array:
    return random.choice(np.arange(len(STATUSES), dtype=np.int8), rows, p=LIKELY)


def money(random: np.random.Generator, rows: int, *names: str) -> dict[str, Array]:
    return {name: amounts(random, rows, 60_000) for name in names}


@pytest.mark.parametrize("rows", SIZES)
def test_bucket_cells(race: Race, rows: int) -> None:
    random = draw(rows)
    day = received(random, rows)
    columns: dict[str, Array] = {
        "key_hash": random.integers(0, 2**64 - 1, rows, dtype=np.uint64),
        "good": flags(random, rows, 0.999),
        "service": random.integers(0, 2, rows, dtype=np.int8),
        "status": statuses(random, rows),
        "kind": random.choice(np.array([0, 1, 2, 3], dtype=np.int8), rows, p=(0.94, 0.03, 0.02, 0.01)),
        "efforts_made": flags(random, rows, 0.95),
        "interest_payable": flags(random, rows, 0.9),
        "received_day": day,
        "paid_day": later(random, day, 4_000, share=0.3),
        "remitted_day": later(random, day, 5_000, share=0.03),
        "service_ended_day": later(random, day, 3_000, share=0.4),
        "order_payable_day": later(random, day, 3_000, share=0.02),
        **money(random, rows, "principal_cents", "amounts_owed_cents"),
    }
    results = {"cell": unwritten(rows, np.int32), "digest": unwritten(rows)}
    comparison = Comparison(kernels.bucket_cells, rows, columns, {"as_of": AS_OF_DAY, "bits": BITS}, results)
    race(comparison, BUCKET_CELLS)


@pytest.mark.parametrize("rows", SIZES)
def test_bucket_sums(race: Race, rows: int) -> None:
    """A part's rows to their cells, on one thread; a copy of the same bytes goes to no cell."""
    random = draw(rows)
    columns: dict[str, Array] = {
        "cell": random.integers(0, kernels.BLOCKS << BITS, rows, dtype=np.int32),
        "digest": random.integers(0, 2**kernels.DIGEST_BITS, rows),
        "good": flags(random, rows, 0.999),
        "status": statuses(random, rows),
        **money(random, rows, *MONEY),
    }
    table = np.empty(((kernels.BLOCKS << BITS) + 1, kernels.CELL_SUMS), dtype=np.int64)
    race(sums(kernels.bucket_sums, columns, table), BUCKET_SUMS, copy_most=None)


@pytest.mark.parametrize("rows", SIZES)
def test_bucket_flows(race: Race, rows: int) -> None:
    random = draw(rows)
    status = statuses(random, rows)
    columns: dict[str, Array] = {
        "good": flags(random, rows, 0.999),
        "service": random.integers(0, 2, rows, dtype=np.int8),
        "status_before": np.where(flags(random, rows, 0.99), status, statuses(random, rows)),
        **money(random, rows, "principal_before", "base_before", "surcharge_before", "posted_before"),
        "status": status,
        **money(random, rows, *MONEY),
    }
    race(sums(kernels.bucket_flows, columns, np.empty((2, len(kernels.FLOWS)), dtype=np.int64)), BUCKET_FLOWS)
