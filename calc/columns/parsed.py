"""Hold a parsed column, and what parsers share: blank rows, rows by mask, and what was parsed of open rows."""

from typing import Final, NamedTuple

import numpy as np

from calc.columns import texts
from calc.columns.contract import Column
from calc.columns.lazy_polars import pl
from calc.errors import ColumnError, Reason
from calc.kernels.arrays import Array, Int64

_NOWHERE: Final[Int64] = np.empty(0, dtype=np.int64)


class Parsed(NamedTuple):
    """A column's values (the default where blank), the positions of blank rows, and those of refused rows by reason.

    Blank rows may be omitted for a column that may be null.
    """

    values: Array
    blank: Int64
    refused: list[tuple[Reason, Int64]]


def with_rest(settled: texts.Settled, rest: Parsed) -> Parsed:
    """Put what was parsed of the open rows in its place."""
    values, places = settled
    values[places] = rest.values
    return Parsed(values, places[rest.blank], [(reason, places[refused]) for reason, refused in rest.refused])


def wrong_type(series: "pl.Series", column: Column, hint: str) -> ColumnError:
    """Say that a column's type cannot hold its values, and what to write instead."""
    wrong = f"is of type {series.dtype}"
    return ColumnError(
        f"column {series.name} {wrong}, but holds {column.holds.value}: {hint}", {column.name: wrong}
    )  # fmt: skip


def blank_places(series: "pl.Series", column: Column) -> Int64:
    """Return positions of rows that are null or, in text, only white space.

    A typed column that may be null yields none. Decimals and columns of only nulls are read as text.
    """
    if series.dtype == pl.String:
        return np.flatnonzero(texts.blank(series))
    typed = series.dtype.is_integer() or series.dtype in {pl.Date, pl.Boolean}
    return _NOWHERE if (typed and column.nullable) or not series.null_count() else true_places(series.is_null())


def true_places(rows: "pl.Series") -> Int64:
    """Return positions of the true rows; null counts as false."""
    return np.flatnonzero(rows.fill_null(value=False).to_numpy())


def make_harmless(values: Array, refused: list[tuple[Reason, Int64]], harmless: int) -> None:
    """Replace every refused number by a harmless one."""
    for _, places in refused:
        values[places] = harmless
