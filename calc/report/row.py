"""Rows of a dataset: Python values with the contract's defaults filled in, and the frame that a calculator takes."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from calc.columns.contract import Column, Dataset, Holds

_TYPES: Final[dict[Holds, Any]] = {
    Holds.DATE: pl.Date,
    Holds.FLAG: pl.Boolean,
    Holds.MONEY: pl.Int64,
    Holds.COUNT: pl.Int64,
}


def filled(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Every column of the dataset: the row's value, or where it has none the default (None if there is none)."""
    return {
        column.name: _default(column) if row.get(column.name) is None else row[column.name]
        for column in dataset.columns
    }


def as_frame(dataset: Dataset, *rows: Mapping[str, Any]) -> pl.DataFrame:
    """A frame of rows of Python values, each of which has every column of the dataset."""
    types = {column.name: _TYPES.get(column.holds, pl.String) for column in dataset.columns}
    return pl.DataFrame({name: pl.Series([row[name] for row in rows], dtype=dtype) for name, dtype in types.items()})


def _default(column: Column) -> Any:  # noqa: ANN401 - what the column holds
    if not column.optional or column.default < column.lowest:  # not a value, but the mark of none
        return None
    if column.holds is Holds.WORD:
        return column.words[column.default]
    return bool(column.default) if column.holds is Holds.FLAG else column.default
