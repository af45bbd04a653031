"""Exact deposit, rate, unclaimed-monies and bill-credit figures under the Colorado PUC rules, as a library.

    import puccalc
    results, quarantine = puccalc.unclaimed(frame, as_of="2026-09-30")

Rows come as a frame of Polars (lazy or not) or pandas or as an Arrow table, days as dates or text YYYY-MM-DD. These are
the public names of `calc`, each loaded when it is first used; `docs/library.md` has examples.
"""

from typing import TYPE_CHECKING, Any

import calc
from calc import __version__

if TYPE_CHECKING:
    from calc import (
        Calculation,
        NightlyJob,
        RateTable,
        Rules,
        YearCalculation,
        annual_bill,
        budget_billing,
        contributions,
        deposit_limit,
        discontinuance,
        fixed_credit,
        installment_plan,
        interest,
        load_rate_table,
        load_rules,
        participant_year,
        read_results,
        restoration,
        run_nightly,
        unclaimed,
        write_sample,
    )

__all__ = [
    "Calculation",
    "NightlyJob",
    "RateTable",
    "Rules",
    "YearCalculation",
    "__version__",
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


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name in __all__:
        return getattr(calc, name)
    raise AttributeError(f"module 'puccalc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
