"""Rows of a dataset: Python values with the contract's defaults filled in."""

from collections.abc import Mapping
from typing import Any

from calc.columns.contract import Dataset


def filled(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Every column of the dataset: the row's value, or where it has none the default (None if there is none).

    What else the row has stays with it.
    """
    found = dataset.defaults.copy()
    for name, value in row.items():
        if value is not None:
            found[name] = value
    return found
