"""Read each row's monthly amounts, oldest first, as lists of whole cents: from a list, a text or twelve columns.

Blank months before the first amount or after the last one are not part of the history. A blank between two amounts
drops the row's whole list, because it is then unknown which months are consecutive.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from calc.columns.contract import NONE, Column
from calc.columns.lazy_polars import pl
from calc.columns.lists import Lists
from calc.columns.plain import plain
from calc.columns.refusals import Refusal
from calc.errors import ColumnError, Reason
from calc.kernels.arrays import Int64

Numbers = Callable[["pl.Series", Column], tuple[Int64, list[tuple[Reason, Int64]]]]
"""Converts a series of a column to its numbers (NONE where blank) and the positions of refused ones, by reason."""

MONTHS_MAX: Final = 120
_BETWEEN: Final = r"[\s;]+"


class Bills(NamedTuple):
    """Amounts of each row, and the rows that are refused."""

    lists: Lists
    refused: list[Refusal]


def bills_of(frame: "pl.DataFrame", column: Column, numbers: Numbers) -> Bills:
    """Read a column's amounts in whichever form the frame has them.

    Args:
        frame: Input rows.
        column: Column of the contract that holds BILLS.
        numbers: Converts a series to cents and refused positions.

    Returns:
        Cents by row, oldest first; empty lists where the frame has none of the column's names. Refused rows: those of
        `numbers`, and out_of_range for more than MONTHS_MAX amounts.

    Raises:
        ColumnError: The column's type cannot hold monthly amounts.
    """
    for name in column.names[:2]:
        if name in frame.columns:
            return _of_lists(frame[name], column, numbers)
    months = [each for each in column.month_columns if set(each.names) & set(frame.columns)]
    if not months:
        return Bills(no_bills(frame.height), [])
    refused: list[Refusal] = []
    amounts = np.full((frame.height, len(column.month_columns)), NONE, dtype=np.int64)
    for place, each in enumerate(column.month_columns):
        for name in each.names:
            if name in frame.columns:
                amounts[:, place], found = numbers(frame[name], each)
                refused += [Refusal(reason, (each.name,), places) for reason, places in found]
    return Bills(of_known(amounts.ravel(), np.full(frame.height, amounts.shape[1], dtype=np.int64)), refused)


def no_bills(rows: int) -> Lists:
    """Return an empty list for each of some rows."""
    return Lists(np.zeros(rows + 1, dtype=np.int64), np.empty(0, dtype=np.int64))


def of_rows(rows: Sequence[Sequence[int | None]]) -> Lists:
    """Convert Python lists of cents, None where blank, to `Lists`, as `of_known` does."""
    values = np.array([NONE if each is None else each for row in rows for each in row], dtype=np.int64)
    return of_known(values, np.array([len(row) for row in rows], dtype=np.int64))


def of_known(values: Int64, lengths: Int64) -> Lists:
    """Split values into lists and drop the blanks; a list with a blank between two amounts becomes empty.

    Args:
        values: Amounts of all rows, one row after another, NONE where blank.
        lengths: Number of values of each row, shape (rows,).
    """
    known = values != NONE
    if not known.all():
        owner = np.repeat(np.arange(lengths.size), lengths)
        rows, first = np.unique(owner[known], return_index=True)
        places = np.flatnonzero(known)
        count = np.diff(np.append(first, places.size))
        has_gap = np.zeros(lengths.size, dtype=np.bool_)
        has_gap[rows] = places[first + count - 1] - places[first] + 1 != count
        known &= ~has_gap[owner]
        values = values[known]
        lengths = np.bincount(owner[known], minlength=lengths.size)
    return Lists(np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)]), values)


def _of_lists(series: "pl.Series", column: Column, numbers: Numbers) -> Bills:
    lists = _as_lists(series, column)
    lengths = lists.list.len().fill_null(0).cast(pl.Int64).to_numpy()
    flat = lists.filter(pl.Series(lengths > 0)).explode()
    values, refused = numbers(flat.alias(series.name), column)
    owner = np.repeat(np.arange(lengths.size), lengths)
    found = [Refusal(reason, (column.name,), np.unique(owner[places])) for reason, places in refused]
    found.append(Refusal(Reason.out_of_range, (column.name,), np.flatnonzero(lengths > MONTHS_MAX)))
    return Bills(of_known(values, lengths), found)


def _as_lists(series: "pl.Series", column: Column) -> "pl.Series":
    series = plain(series)
    if isinstance(series.dtype, pl.Array):
        return series.arr.to_list()
    if isinstance(series.dtype, pl.List):
        return series
    if series.dtype == pl.Null:
        return series.cast(pl.List(pl.Int64))
    if series.dtype != pl.String:
        wrong = f"is of type {series.dtype}"
        raise ColumnError(f"column {series.name} {wrong}, but holds {column.holds.value}", {column.name: wrong})
    return series.str.strip_chars().str.replace_all(_BETWEEN, " ").str.split(" ")
