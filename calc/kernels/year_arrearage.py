"""Reduce a participant's arrearage by a bill's credit and copayment; rules 3412, 4412 (e)(VII)."""

from calc.kernels._jit import inner
from calc.kernels.arrearage import spread


@inner
def arrearage_parts(
    outstanding_cents: int, copayments_cents: int, months_left: int, withheld: bool, waits: bool
) -> tuple[int, int, int]:
    """Return a bill's arrearage credit and copayment in cents, and the months left after it.

    What is outstanding is spread anew at every bill, which gives the same entries as one spread over all months as long
    as nothing changes it.

    Args:
        outstanding_cents: Arrearage before the bill.
        copayments_cents: Copayments left, at most the arrearage.
        months_left: Months left, this one included.
        withheld: Whether the credit is withheld for a missed payment. In the last month it never is, since no month
            remains to which it could move, unless it waits.
        waits: Whether what is withheld waits for the next payment: the months left then stay as they are.
    """
    if months_left <= 0:
        return 0, 0, months_left
    if withheld and waits:
        return 0, 0, months_left
    copayment = spread(copayments_cents, months_left, 0)
    if withheld and months_left > 1:
        return 0, copayment, months_left - 1
    return spread(outstanding_cents - copayments_cents, months_left, 0), copayment, months_left - 1
