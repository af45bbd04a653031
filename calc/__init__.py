"""Exact deposit, rate, unclaimed-monies and bill-credit figures under the Colorado PUC rules.

    import calc, datetime, polars as pl
    frame = pl.read_parquet("deposits.parquet")
    results, quarantine = calc.unclaimed(frame, as_of=datetime.date(2026, 9, 30))

What is named here is loaded when it is first used: `import calc` itself takes a few milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from calc.bulk.publish.results import read_results
    from calc.bulk.run.job import NightlyJob
    from calc.bulk.run.nightly import run_nightly
    from calc.calculators import Calculation, YearCalculation, interest, participant_year, unclaimed
    from calc.rates.computing.table import RateTable, load_rate_table
    from calc.rules.resolve import Rules, load_rules
    from calc.sample import write_sample

    annual_bill: Callable[..., Calculation]
    budget_billing: Callable[..., Calculation]
    contributions: Callable[..., Calculation]
    deposit_limit: Callable[..., Calculation]
    discontinuance: Callable[..., Calculation]
    fixed_credit: Callable[..., Calculation]
    installment_plan: Callable[..., Calculation]
    restoration: Callable[..., Calculation]

__version__ = "0.1.0"

__all__ = [
    "Calculation",
    "NightlyJob",
    "RateTable",
    "Rules",
    "YearCalculation",
    "annual_bill",
    "budget_billing",
    "contributions",
    "deposit_limit",
    "discontinuance",
    "fixed_credit",
    "installment_plan",
    "interest",
    "load_rate_table",
    "load_rules",
    "participant_year",
    "read_results",
    "restoration",
    "run_nightly",
    "unclaimed",
    "write_sample",
]

_HOMES = {
    "Calculation": "calc.calculators",
    "NightlyJob": "calc.bulk.run.job",
    "RateTable": "calc.rates.computing.table",
    "Rules": "calc.rules.resolve",
    "YearCalculation": "calc.calculators",
    "interest": "calc.calculators",
    "load_rate_table": "calc.rates.computing.table",
    "load_rules": "calc.rules.resolve",
    "participant_year": "calc.calculators",
    "read_results": "calc.bulk.publish.results",
    "run_nightly": "calc.bulk.run.nightly",
    "unclaimed": "calc.calculators",
    "write_sample": "calc.sample",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if not name.startswith("_") and name.replace("_", "-") in import_module("calc.topics.table").TOPICS:
        return getattr(import_module("calc.calculators"), name)
    raise AttributeError(f"module 'calc' has no attribute {name!r}")
