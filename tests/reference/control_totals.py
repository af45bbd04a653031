"""Twin of the control totals: sums of Python's integers."""

from collections import defaultdict
from collections.abc import Iterable


def grouped_sums(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Sum of the amounts of each group, of (group, cents) rows."""
    sums: dict[int, int] = defaultdict(int)
    for group, cents in rows:
        sums[group] += cents
    return dict(sums)
