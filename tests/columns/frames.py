"""Rows of Python values as the typed frame that a calculator takes."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from calc.columns.contract import Dataset, Holds

TYPES: dict[Holds, Any] = {
    Holds.DATE: pl.Date,
    Holds.MOMENT: pl.Datetime("us"),
    Holds.FLAG: pl.Boolean,
    Holds.MONEY: pl.Int64,
    Holds.COUNT: pl.Int64,
    Holds.BILLS: pl.List(pl.Int64),
}


def as_frame(dataset: Dataset, *rows: Mapping[str, Any]) -> pl.DataFrame:
    """A frame of rows; what a row leaves out is null."""
    return pl.DataFrame([
        pl.Series(column.name, [row.get(column.name) for row in rows], dtype=TYPES.get(column.holds, pl.String))
        for column in dataset.columns
    ])  # fmt: skip
