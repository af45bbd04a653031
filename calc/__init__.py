"""Exact deposit, rate, unclaimed-monies and bill-credit figures under the Colorado PUC rules.

    import calc, datetime, polars as pl
    frame = pl.read_parquet("deposits.parquet")
    results, quarantine = calc.unclaimed(frame, as_of=datetime.date(2026, 9, 30))

What is named here is loaded when it is first used: `import calc` itself takes a few milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calc.bulk.publish.results import read_results
    from calc.calculators import (
        Calculation,
        budget_billing,
        contributions,
        deposit_limit,
        discontinuance,
        fixed_credit,
        installment_plan,
        interest,
        restoration,
        unclaimed,
    )
    from calc.rates.computing.table import RateTable, load_rate_table
    from calc.rules.resolve import Rules, load_rules

__version__ = "0.1.0"

__all__ = [
    "Calculation",
    "RateTable",
    "Rules",
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
    "unclaimed",
]

_HOMES = {
    "Calculation": "calc.calculators",
    "RateTable": "calc.rates.computing.table",
    "Rules": "calc.rules.resolve",
    "budget_billing": "calc.calculators",
    "contributions": "calc.calculators",
    "deposit_limit": "calc.calculators",
    "discontinuance": "calc.calculators",
    "fixed_credit": "calc.calculators",
    "installment_plan": "calc.calculators",
    "interest": "calc.calculators",
    "load_rate_table": "calc.rates.computing.table",
    "load_rules": "calc.rules.resolve",
    "participant_year": "calc.calculators",
    "read_results": "calc.bulk.publish.results",
    "restoration": "calc.calculators",
    "unclaimed": "calc.calculators",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'calc' has no attribute {name!r}")
