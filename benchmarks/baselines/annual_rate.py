"""Compute the yearly rate in the baselines: each year depends on the one before, which only a loop can express."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.annual_rate import KEEP, NONE, RESET
from calc.units import PPM_PER_BP

PRECISION: Final = Context(prec=40, rounding=ROUND_HALF_UP)


def _decimal(comparison: Comparison) -> Run:
    months, published = comparison.columns["months_bp"].tolist(), comparison.columns["published_ppm"].tolist()
    threshold = comparison.parameters["threshold_bp"] * PPM_PER_BP
    hundredth = Decimal(PPM_PER_BP)

    def run() -> dict[str, list[Any]]:
        results: dict[str, list[Any]] = {name: [] for name in comparison.results}
        existing = comparison.parameters["first_existing_ppm"]
        for year, letter in enumerate(published):
            total = sum(months[12 * year : 12 * year + 12])
            average = int(PRECISION.to_integral_value(PRECISION.divide(total, 12)) * hundredth)
            decision = RESET if existing == NONE or abs(average - existing) >= threshold else KEEP
            rate = average if decision == RESET else existing
            figures = (total, average, existing, decision, rate)
            for column, figure in zip(results.values(), figures, strict=True):
                column.append(figure)
            existing = rate if letter == NONE else letter
        return results

    return run


ANNUAL_RATE: Final[Baselines] = {
    "NumPy": "each year depends on the year before: no whole-column form",
    "Polars": "as NumPy",
    "DuckDB": "as NumPy",
    "Python": Baseline(_decimal),
}
