"""Compute arrearage credit schedules over columns, rules 3412 and 4412 (e)(VII)."""

import numpy as np

from calc.columns.lists import Lists
from calc.kernels import arrearage as kernels
from calc.kernels.arrays import Int64


def schedules(left_cents: Int64, copayment_cents: Int64, months: Int64) -> Lists:
    """Compute the monthly credits that, with the copayments, bring what is left to zero.

    Args:
        left_cents: Arrearage left, cents, shape (rows,).
        copayment_cents: Copayments in all, cents; cut to what is left where they exceed it.
        months: Length of each schedule, at least 1.

    Returns:
        Cents by row and month, extra cents on the first months; an empty list where nothing is left.
    """
    offset = np.empty(left_cents.size + 1, dtype=np.int64)
    kernels.schedule_offsets(left_cents, months, offset)
    credit_cents = np.empty(int(offset[-1]), dtype=np.int64)
    kernels.arrearage_schedule(left_cents, copayment_cents, offset, credit_cents)
    return Lists(offset, credit_cents)
