"""The tables of an uploaded file: for each sheet its dataset, the map proposed for it, rows before and after.

Comes in: a CSV file or a workbook. Goes out: plain values that JSON and a page can show, with the map as TOML.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from calc.bulk.inputs.map_file import MAPPED, ExtractMap, parse_map
from calc.bulk.inputs.map_preview import preview
from calc.bulk.inputs.map_suggestion import suggest_map
from calc.bulk.inputs.source import open_file
from calc.bulk.inputs.xlsx_file import SHEET
from calc.columns.dataset import Holds
from calc.columns.plain import plain
from calc.errors import InputError, PuccalcError
from calc.uploads.refusals import UploadRefusedError

_SAMPLES: Final = 3
_SAMPLED_ROWS: Final = 1_000
_WORDS_MAX: Final = 20
_TEXT_MAX: Final = 60
"""Characters of a cell that are shown."""
_MAP: Final = "map"
"""What a map is called in messages."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a file, or a CSV file.

    Attributes:
        sheet: The sheet's name; "" for CSV.
        dataset: Name of the dataset that it is taken for.
        rows: About how many rows it has.
        map_text: The map, as TOML.
        notes: What a person has to look at in the map.
        columns: The file's columns in their order: `name`, `maps_to` (a column of the contract, or ""), `samples`.
        words: By column of words: the words of the file's first rows that the contract does not have.
        missing: Required columns that were not found, by name: whether they may be blank throughout.
        examples: The first rows: `before` as they stand in the file, `after` as they are taken.
    """

    sheet: str
    dataset: str
    rows: int
    map_text: str
    notes: tuple[str, ...]
    columns: tuple[Mapping[str, Any], ...]
    words: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, bool]
    examples: tuple[Mapping[str, Any], ...]


def sheets_of(path: Path) -> list[str]:
    """Return the names of a workbook's sheets, [""] for another file; raise UploadRefusedError where it opens not."""
    if path.suffix != ".xlsx":
        return [""]
    import fastexcel  # noqa: PLC0415 - only workbooks need it

    try:
        return list(fastexcel.read_excel(path).sheet_names)
    except fastexcel.FastExcelError:
        raise UploadRefusedError("no_workbook") from None


def propose_tables(path: Path, dataset: str | None = None) -> list[Table]:
    """Propose a map for each sheet whose columns are like those of a dataset; each dataset stands in one sheet.

    Args:
        path: The file.
        dataset: What it holds; None for what its columns are most like.

    Returns:
        The tables, in the order of the sheets.

    Raises:
        UploadRefusedError: No sheet has such columns, or the file cannot be read.
    """
    by_dataset: dict[str, Table] = {}
    for sheet in sheets_of(path):
        try:
            text = suggest_map(f"{path}{SHEET}{sheet}" if sheet else path, dataset)
        except InputError:
            continue
        table = table_of(path, sheet, text)
        before = by_dataset.get(table.dataset)
        if before is None or len(table.missing) < len(before.missing):
            by_dataset[table.dataset] = table
    if not by_dataset:
        raise UploadRefusedError("no_columns")
    return list(by_dataset.values())


def table_of(path: Path, sheet: str, map_text: str) -> Table:
    """Read a table under a map of one dataset.

    Raises:
        UploadRefusedError: The map cannot be read, or does not go with the file.
    """
    try:
        content = tomllib.loads(map_text)
        extract_map = parse_map(_MAP, map_text)
    except (tomllib.TOMLDecodeError, PuccalcError):
        raise UploadRefusedError("bad_map") from None
    if len(extract_map.datasets) != 1:
        raise UploadRefusedError("bad_map")
    ((name, mapped),) = extract_map.datasets.items()
    try:
        unmapped = open_file(path, sheet, type(mapped)(mapped.where, mapped.layout))
        names = list(unmapped.columns)
        _, load = next(unmapped.chunks(names, _SAMPLED_ROWS), (0, None))
        rows = load().frame if load else pl.DataFrame(schema=unmapped.columns)
    except InputError:
        raise UploadRefusedError("not_readable") from None
    to = {given: mapped.names.get(given, given if given in _known(name) else "") for given in names}
    columns = tuple(
        {"name": given, "maps_to": to[given], "samples": _texts(rows[given].head(_SAMPLES))} for given in names
    )
    return Table(
        sheet, name, unmapped.rows_hint, map_text, _notes(map_text), columns, _words(name, rows, to),
        _missing(name, content[name], to), _examples(path, sheet, extract_map, name),
    )  # fmt: skip


def _known(dataset: str) -> set[str]:
    return {name for column in MAPPED[dataset].columns for name in column.names}


def _words(dataset: str, rows: pl.DataFrame, to: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return words of the file that a column of words or of truth values does not have, by the contract's column."""
    given = {column: name for name, column in to.items() if column}
    return {
        column.name: tuple(
            text
            for text in dict.fromkeys(_texts(rows[given[column.name]]))
            if text and text.lower() not in (column.words or ("true", "false"))
        )[:_WORDS_MAX]
        for column in MAPPED[dataset].columns
        if column.holds in {Holds.WORD, Holds.FLAG} and column.name in given
    }


def _missing(dataset: str, content: Mapping[str, Any], to: Mapping[str, str]) -> dict[str, bool]:
    present = {*to.values(), *content.get("constants", {})}
    return {
        column.name: column.nullable
        for column in MAPPED[dataset].columns
        if not column.optional and present.isdisjoint(column.names)
    }


def _examples(path: Path, sheet: str, extract_map: ExtractMap, dataset: str) -> tuple[Mapping[str, Any], ...]:
    """Return the first rows as they stand and as they are taken; none where the map does not go with the file."""
    return tuple(
        {
            "before": {cell.column: cell.before for cell in row if cell.header},
            "after": {cell.column: cell.after for cell in row},
        }
        for row in preview(path, sheet, extract_map.datasets[dataset], MAPPED[dataset], hides_incomes=False)
    )


def _texts(series: pl.Series) -> list[str]:
    texts = plain(series).cast(pl.String, strict=False).fill_null("").str.slice(0, _TEXT_MAX).to_list()
    return [str(text) for text in texts]


def _notes(map_text: str) -> tuple[str, ...]:
    """Return the comments above a map's first table, but for the one that names the file."""
    notes = []
    for line in map_text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# Proposed for "):
            notes.append(line.removeprefix("#").strip())
    return tuple(notes)
