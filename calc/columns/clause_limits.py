"""Deposit limits under a jurisdiction's clauses: what `calc.columns.deposit_limit` is for Colorado's rule (j)."""

from typing import Final

import numpy as np

from calc.columns.clauses import limit_tables
from calc.columns.contract import NONE
from calc.columns.gated import Gated
from calc.errors import Reason
from calc.kernels import deposit_limit as words
from calc.kernels import jurisdictions as kernels
from calc.kernels.arrays import Array, Int64
from calc.rules.clause_rules import Clauses

_BILLS: Final = "monthly_bill_cents"
_ESTIMATES: Final = ("billed", "premises_billed", "class_billed")


def compute(gated: Gated, held_cents: Int64, clauses: Clauses) -> dict[str, Array]:
    """Compute limit, excess and what is available of gated rows of the dataset `accounts`.

    Bills are the row's monthly ones or, by days, the first of the account's, the premises' and the class' that are
    there; missing_value where they are too few for the method. What bars a deposit in Colorado is not checked.
    """
    own = clauses.require_limit()
    values, size = gated.values, held_cents.size
    bills = gated.lists[_BILLS]
    billed, days, source = _estimates(values)
    limits = np.empty(size, dtype=np.int64)
    tables = limit_tables(own)
    kernels.clause_limit(bills.offset, bills.values, billed, days, values["class"], *tables, limits)
    by_months = kernels.by_months(np.diff(bills.offset), tables.method[values["class"]], tables.months[values["class"]])
    gated.refuse(limits == kernels.NO_LIMIT, Reason.missing_value, _BILLS, "billed_cents", "billed_days", rests_on=())
    limits = np.maximum(limits, 0)
    return {
        "held_cents": held_cents,
        "limit_cents": limits,
        "excess_cents": np.maximum(0, held_cents - limits),
        "available_cents": np.maximum(0, limits - held_cents),
        "return_due": np.zeros(size, dtype=np.bool_),
        "estimate_source": np.where(by_months, 0, source).astype(np.int8),
        "ground_bits": np.zeros(size, dtype=np.int8),
        "may_ask": np.full(size, words.NOT_CHECKED, dtype=np.int8),
        "limit_of": np.zeros(size, dtype=np.int8),
        "service": values["service"],
    }


def _estimates(values: dict[str, Array]) -> tuple[Int64, Int64, Int64]:
    """Return the cents and days of the first bill that is there, and whose it is; NONE and 0 where there is none."""
    cents = [values[f"{name}_cents"] for name in _ESTIMATES]
    days = [values[f"{name}_days"] for name in _ESTIMATES]
    there = [(amount != NONE) & (count > 0) for amount, count in zip(cents, days, strict=True)]
    return (
        np.select(there, cents, NONE).astype(np.int64),
        np.select(there, days, 0).astype(np.int64),
        np.select(there, range(len(there)), 0).astype(np.int64),
    )
