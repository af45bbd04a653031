"""Take what the deposit limit is estimated from, by column: bills over days, or monthly bills where a switch says so.

In: gated rows with lists of monthly bills in cents. Out: a bill per row whose limit over the rule's days is the limit.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from calc.columns.contract import NONE
from calc.columns.gated import Gated
from calc.columns.lists import Lists
from calc.errors import Reason
from calc.kernels import deposit_limit as kernels
from calc.kernels.arrays import Array, Bool, Int64
from calc.rules.schema import DepositLimit

ESTIMATES: Final = ("billed", "premises_billed", "class_billed")
_BILLS: Final = "monthly_bill_cents"


def takes_months(rule: DepositLimit) -> bool:
    """Return whether the rule's estimate uses monthly bills."""
    return rule.estimate != "average_daily"


def months_needed(in_advance: bool, rule: DepositLimit) -> int:
    """Return the least number of monthly bills that an estimate over months needs."""
    return rule.limit_in_advance_months if in_advance else rule.limit_months


def check_estimates(gated: Gated, values: Mapping[str, Array], rows: Bool) -> None:
    """Refuse rows without any estimate, or with a bill or its days alone."""
    none = rows.copy()
    told = np.zeros(rows.size, dtype=np.bool_)
    for name in ESTIMATES:
        cents, days = pair = (f"{name}_cents", f"{name}_days")
        has_cents = values[cents] != NONE
        has_days = values[days] > 0
        none &= ~has_cents
        if (rows & (has_cents != has_days)).any():
            gated.refuse(rows & has_cents & ~has_days, Reason.missing_value, days, rests_on=pair)
            lacks_cents = gated.refuse(rows & has_days & ~has_cents, Reason.missing_value, cents, rests_on=pair)
            told[lacks_cents] = True
    gated.refuse(none & ~told, Reason.missing_value, "billed_cents", "billed_days", rests_on=())


def put_months(gated: Gated, values: dict[str, Array], rows: Bool, rule: DepositLimit) -> None:
    """Replace monthly bills by a bill whose limit over the rule's days is the limit by months."""
    in_advance = values["bills_in_advance"]
    limits = limits_from_months(gated.lists[_BILLS], in_advance, rule)
    gated.refuse(rows & (limits < 0), Reason.missing_value, _BILLS)
    days = np.where(in_advance, rule.limit_in_advance_days, rule.limit_days)
    values["billed_cents"] = np.where(rows, np.maximum(limits, 0), values["billed_cents"])
    values["billed_days"] = np.where(rows, days, values["billed_days"])


def limits_from_months(bills: Lists, in_advance: Array, rule: DepositLimit) -> Int64:
    """Calculate each row's limit from its monthly bills by `rule.estimate`.

    Args:
        bills: Monthly bills of each row in cents, oldest first.
        in_advance: Whether bills are payable in advance, per row.
        rule: Months of the limit and the estimate.

    Returns:
        Limits in cents, rounded down; -1 where a row has too few bills.
    """
    limits = np.empty(bills.offset.size - 1, dtype=np.int64)
    method = kernels.PEAK_CONSECUTIVE if rule.estimate == "peak_consecutive" else kernels.MONTHLY_AVERAGE
    kernels.limit_from_months(
        bills.offset, bills.values, in_advance, rule.limit_months, rule.limit_in_advance_months, method, limits
    )
    return limits
