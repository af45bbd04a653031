"""How many open deposits of the previous run are missing tonight: by their cells, or by counts where cells say nothing.

Comes in: the previous manifest, tonight's rows and totals, what the roll-forward found. Goes out: a `Finding`.
"""

from collections.abc import Mapping
from typing import Any, Final

from calc.bulk.reconcile.bucket_digests import OPEN
from calc.bulk.reconcile.findings import Finding
from calc.columns.contract import SERVICES

_FIRST: Final = "no run was published in this folder before"
_NO_DEPOSITS: Final = "the previous run had no deposits"


def gone_since(
    previous: Mapping[str, Any] | None, rows_in: int, totals: Mapping[str, Any], by_cells: tuple[int, int] | None = None
) -> Finding:
    """Open deposits of the previous run that are gone, of how many.

    `by_cells` are the deposits and their principal as the roll-forward names them; None where it is not made, or hashes
    of another Polars do not compare. Then counts decide: rows in and open deposits must both be fewer, since a deposit
    that was returned leaves the second number and one that was put away long after it the first.
    """
    if previous is None or "deposits" not in previous["control_totals"]:
        return Finding(why_not=_FIRST if previous is None else _NO_DEPOSITS)
    before = open_deposits(previous["control_totals"]["deposits"])
    if by_cells:
        return Finding(by_cells[0], before, by_cells[1])
    fewer_rows = previous["rows"]["deposits"]["in"] - rows_in
    return Finding(max(0, min(fewer_rows, before - open_deposits(totals))), before)


def open_deposits(totals: Mapping[str, Any]) -> int:
    """Number of the open deposits in control totals by service and status."""
    return sum(totals.get(service, {}).get(status, {}).get("rows", 0) for service in SERVICES for status in OPEN)
