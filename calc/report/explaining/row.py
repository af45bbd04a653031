"""Fill in the contract's defaults in rows of Python values."""

from collections.abc import Mapping
from typing import Any

from calc.columns.contract import Dataset


def filled(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in a row's missing values.

    Args:
        dataset: The dataset's contract.
        row: Values by column; None counts as missing.

    Returns:
        A value for every column of the dataset, its default (possibly None) if the row has none, and whatever else the
            row holds.
    """
    found = dataset.defaults.copy()
    for name, value in row.items():
        if value is not None:
            found[name] = value
    return found
