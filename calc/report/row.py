"""Rows of a dataset: Python values with the contract's defaults filled in."""

from collections.abc import Mapping
from typing import Any

from calc.columns.contract import Column, Dataset, Holds


def filled(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Every column of the dataset: the row's value, or where it has none the default (None if there is none)."""
    return {
        column.name: _default(column) if row.get(column.name) is None else row[column.name]
        for column in dataset.columns
    }


def _default(column: Column) -> Any:  # noqa: ANN401 - what the column holds
    if not column.optional or column.default < column.lowest:  # not a value, but the mark of none
        return None
    if column.holds is Holds.WORD:
        return column.words[column.default]
    return bool(column.default) if column.holds is Holds.FLAG else column.default
