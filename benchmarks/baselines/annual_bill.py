"""Compute full annual bills in the baselines."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import numpy as np

from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.units import PPM

_CENT: Final = 10**13
_MONTHS: Final = 12


def _numpy(comparison: Comparison) -> Run:
    columns, prices = comparison.columns, comparison.parameters
    use, schedule, first = (columns[name] for name in ("use_thousandths", "schedule", "first_month"))

    def run() -> dict[str, np.ndarray]:
        row = schedule[:, None] * _MONTHS + (first[:, None] - 1 + np.arange(_MONTHS)) % _MONTHS
        base = prices["fixed_micros"][row] * 1_000
        tiers = np.diff(prices["tier_offset"])
        below = np.zeros_like(use)
        for number in range(int(tiers.max())):
            has = number < tiers[row]
            tier = np.where(has, prices["tier_offset"][row] + number, 0)
            upto = np.where(has, np.minimum(use, prices["tier_through_thousandths"][tier]), below)
            base += np.maximum(0, upto - below) * prices["tier_micros"][tier]
            below = np.maximum(below, upto)
        # The products of such bills stay below 2**63.
        parts = base * prices["base_parts"][row] + use * prices["rider_micros"][row] * prices["rider_parts"][row]
        bills = (parts + _CENT // 2) // _CENT
        total = bills.sum(axis=1)
        basis = columns["basis_bill_cents"]
        moved = np.abs(total - basis)
        change = 1 + (moved > 0) + ((moved > 0) & (moved * 4 >= basis))
        change = np.where(basis >= 0, change, 0).astype(np.int8)
        return {"monthly_bill_cents": bills, "full_annual_bill_cents": total, "change": change}

    return run


def _exact_bill(use: int, row: int, prices: Mapping[str, Any]) -> int:
    base, below = Fraction(prices["fixed_micros"][row] * 1_000), 0
    for tier in range(prices["tier_offset"][row], prices["tier_offset"][row + 1]):
        upto = min(use, prices["tier_through_thousandths"][tier])
        base += max(0, upto - below) * prices["tier_micros"][tier]
        below = max(below, upto)
    whole = base * prices["base_parts"][row] + Fraction(use * prices["rider_micros"][row] * prices["rider_parts"][row])
    return int((whole / _CENT + Fraction(1, 2)) // 1)


def _python(comparison: Comparison) -> Run:
    columns = {name: column.tolist() for name, column in comparison.columns.items()}
    prices = {name: table.tolist() for name, table in comparison.parameters.items()}

    def run() -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {"monthly_bill_cents": [], "full_annual_bill_cents": [], "change": []}
        for _, schedule, first, use, basis in zip(*columns.values(), strict=True):
            months = [schedule * _MONTHS + (first - 1 + place) % _MONTHS for place in range(_MONTHS)]
            bills = [_exact_bill(each, row, prices) for each, row in zip(use, months, strict=True)]
            total = sum(bills)
            due = total != basis and abs(total - basis) * PPM >= basis * 250_000
            found["monthly_bill_cents"].append(bills)
            found["full_annual_bill_cents"].append(total)
            found["change"].append(0 if basis < 0 else 1 + (total != basis) + due)
        return found

    return run


ANNUAL_BILL: Final[Baselines] = {
    "NumPy": Baseline(_numpy),
    "Polars": "a loop over tiers within months within lists is no query of columns",
    "DuckDB": "as for Polars",
    "Python": Baseline(_python, per_row=True),
}
