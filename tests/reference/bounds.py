"""Twin of the kernels of bounds: nulls filled and values out of bounds found, over plain Python lists."""

from collections.abc import Sequence


def filled(values: Sequence[int | None], missing: int) -> list[int]:
    """Each value, or `missing` where there is none; one out of bounds stays as it is."""
    return [missing if value is None else value for value in values]


def outside(values: Sequence[int | None], lowest: int, highest: int) -> list[int]:
    """Places, ascending, of the values that there are and that lie below the lowest or above the highest."""
    return [row for row, value in enumerate(values) if value is not None and not lowest <= value <= highest]
