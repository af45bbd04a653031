"""The first rows of an extract as they stand and as a map has them taken, with what the gate says of each value.

Comes in: a file and a map of it. Goes out: rows of cells, for a terminal and for the page of uploaded files.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from calc.bulk.inputs.mapping import DatasetMap
from calc.bulk.inputs.source import open_file
from calc.columns.contract import Column, Dataset
from calc.columns.gate import gate
from calc.columns.plain import plain
from calc.errors import InputError, reason_codes

ROWS: Final = 5
_TEXT_MAX: Final = 60
"""Characters of a cell that are shown."""
_PRIVATE: Final = "household_income_cents"
"""Column whose values are never shown."""
_HIDDEN: Final = "(not shown)"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value.

    Attributes:
        header: The extract's column; empty where the map gives a constant.
        before: Its text there.
        column: The contract's column.
        after: The text that is taken.
        reasons: Codes of the reasons for which the value is refused.
    """

    header: str
    before: str
    column: str
    after: str
    reasons: tuple[str, ...]


def preview(
    path: Path, sheet: str, mapped: DatasetMap, dataset: Dataset, *, hides_incomes: bool
) -> list[tuple[Cell, ...]]:
    """Return the first rows; none where the map does not go with the file.

    Args:
        path: The file.
        sheet: Name of a workbook's sheet; empty for the first, or another file.
        mapped: The map.
        dataset: What the file holds.
        hides_incomes: Whether a household's income is left out, and whatever else the gate refuses in its row: it may
            be an income in a wrong place.
    """
    columns = {name: column for column in dataset.columns for each in (column, *column.month_columns)
               for name in each.names}  # fmt: skip
    try:
        file = open_file(path, sheet, mapped)
        names = [name for name in file.columns if name in columns]
        loaded = next((load().head(ROWS) for _, load in file.chunks(names, ROWS)), None)
        if loaded is None:
            return []
        as_read = loaded.frame if loaded.as_read is None else loaded.as_read
        reasons = {name: _reasons(loaded.frame, name, columns[name], dataset) for name in names}
    except InputError:
        return []
    given = {name: loaded.names.get(name, name) for name in names}
    before = {name: _texts(as_read[given[name]]) if given[name] in as_read.columns else None for name in names}
    after = {name: _texts(loaded.frame[name]) for name in names}
    hides = hides_incomes and any(column.name == _PRIVATE for column in dataset.columns)

    def cell(name: str, row: int) -> Cell:
        column, refused = columns[name], reasons[name][row]
        texts = before[name]
        cell = Cell(given[name] if texts else "", texts[row] if texts else "", name, after[name][row], refused)
        if hides and (column.name == _PRIVATE or refused):
            return Cell(cell.header, _HIDDEN if cell.before else "", name, "" if refused else _HIDDEN, refused)
        return cell

    return [tuple(cell(name, row) for name in names) for row in range(loaded.frame.height)]


def _reasons(frame: pl.DataFrame, name: str, column: Column, dataset: Dataset) -> list[tuple[str, ...]]:
    """Return what the gate says of each value of a column by itself."""
    found = gate(Dataset(dataset.name, (), (column,)), frame.select(name))
    return [tuple(reason_codes(mask)) for mask in found.reasons.tolist()]


def _texts(series: pl.Series) -> list[str]:
    texts = plain(series).cast(pl.String, strict=False).fill_null("").str.slice(0, _TEXT_MAX).to_list()
    return [str(text) for text in texts]
