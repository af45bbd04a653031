"""Rows of a dataset: Python values with the contract's defaults filled in."""

from collections.abc import Mapping
from typing import Any, Final

from calc.columns.contract import DATASETS, INTEREST, Column, Dataset, Holds


def filled(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Every column of the dataset: the row's value, or where it has none the default (None if there is none).

    What else the row has stays with it.
    """
    found = _DEFAULTS[dataset.name].copy()
    for name, value in row.items():
        if value is not None:
            found[name] = value
    return found


def _default(column: Column) -> Any:  # noqa: ANN401 - what the column holds
    if not column.optional or column.default < column.lowest:  # not a value, but the mark of none
        return None
    if column.holds is Holds.WORD:
        return column.words[column.default]
    return bool(column.default) if column.holds is Holds.FLAG else column.default


_DEFAULTS: Final = {
    dataset.name: {column.name: _default(column) for column in dataset.columns}
    for dataset in (*DATASETS.values(), INTEREST)
}
