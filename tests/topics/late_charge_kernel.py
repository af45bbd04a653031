"""The kernel of a topic made up for a test: a share of what is past due, rounded down."""

from calc.kernels._jit import kernel
from calc.kernels.arrays import Int64


@kernel(fills=("charge_cents",))
def late_charge(past_due_cents: Int64, share_ppm: Int64, charge_cents: Int64) -> None:
    """floor(past due x share)."""
    for row in range(past_due_cents.size):
        charge_cents[row] = past_due_cents[row] * share_ppm[row] // 1_000_000
