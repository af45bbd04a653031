"""Describe the contract of columns as plain values, tables and Markdown: `puccalc columns`, `docs/columns.md`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from calc.columns.contract import EVERY, Column, Dataset, Holds, Result
from calc.columns.lazy_polars import pl
from calc.errors import REASON_TEXTS
from calc.units import CENTS_MAX, FIRST_DATE, LAST_DATE

_PLAIN: Final = {
    Holds.TEXT: "text", Holds.WORD: "word", Holds.MONEY: "cents", Holds.COUNT: "whole number", Holds.DATE: "date",
    Holds.MOMENT: "date and time", Holds.FLAG: "true or false", Holds.BILLS: "list of amounts",
    Holds.RECORDS: "list of records",
}  # fmt: skip
_NOTES: Final = (
    "Money in a column named `_cents` is a whole number of cents; the same column without `_cents` holds decimal",
    "dollars instead (one of the two, not both). Use of electricity or gas, named `_thousandths`, likewise comes in",
    "decimal units (kWh, therms) without the suffix. Dates are Parquet dates, in CSV and JSON text written YYYY-MM-DD,",
    f"from {FIRST_DATE} through {LAST_DATE}. An optional column may be absent; a blank in one is its default. Other",
    "columns are passed through with `--keep-columns`.",
)
_WRITTEN: Final = "Written by `puccalc columns --markdown`; a test holds it equal to what the software reads."


class Table(NamedTuple):
    """A table with a title; the first cell of each row is a name."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def contract_of(datasets: Mapping[str, Dataset] = EVERY) -> dict[str, Any]:
    """Describe datasets with their columns and results, and the reasons for which rows are refused.

    Args:
        names: Names of datasets, of `calc.columns.contract.EVERY`.

    Returns:
        `datasets` by name, each with `meaning`, `key`, `columns` and `results`; `reasons`: text by code.
    """
    return {
        "datasets": {name: _dataset(each) for name, each in datasets.items()},
        "reasons": {str(reason.name): text for reason, text in REASON_TEXTS.items()},
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "meaning": dataset.meaning,
        "key": list(dataset.key),
        "columns": [_column(each) for each in dataset.columns],
        "results": [_result(each) for each in dataset.declared_results],
    }


def _column(column: Column) -> dict[str, Any]:
    bounded = column.holds in {Holds.MONEY, Holds.COUNT, Holds.BILLS}
    return {
        "name": column.name,
        "type": _plain_type(column),
        "optional": column.optional,
        "nullable": column.nullable,
        "default": column.default_value,
        "lowest": column.lowest if bounded else None,
        "highest": column.highest if bounded else None,
        "words": list(column.words),
        "dollars": column.decimal_name if column.unit and column.unit.whole == "dollars" else None,
        "units": column.decimal_name if column.unit and column.unit.whole == "units" else None,
        "months": list(column.months),
        "meaning": column.meaning,
    }


def _plain_type(column: Column) -> str:
    return f"list of {column.unit.smallest}" if column.holds is Holds.BILLS and column.unit else _PLAIN[column.holds]


def _result(result: Result) -> dict[str, Any]:
    words = result.dtype.categories.to_list() if isinstance(result.dtype, pl.Enum) else []
    meanings = dict(result.words)
    return {
        "name": result.name,
        "type": _type(result),
        "nullable": result.nullable,
        "words": {word: meanings.get(word, "") for word in words},
        "meaning": result.meaning,
    }


def _type(result: Result) -> str:
    """Name the type of a result in the words used for the columns' types."""
    if isinstance(result.dtype, pl.Enum):
        return _PLAIN[Holds.WORD]
    number = "cents" if result.name.endswith("_cents") else "whole number"
    named = {
        pl.String: "text", pl.Date: "date", pl.Datetime: "date and time", pl.Boolean: "true or false",
        pl.Int64: number, pl.Int32: number,
    }  # fmt: skip
    if result.type.of and result.type.of.fields:
        return _PLAIN[Holds.RECORDS]
    if isinstance(result.dtype, pl.List):
        return f"list of {'words' if result.dtype.inner == pl.String else number}"
    return named[result.dtype]


def _column_notes(column: Mapping[str, Any]) -> str:
    """Say briefly whether a column may be left out, and list its words and bounds."""
    notes = ["optional" if column["optional"] else "may be blank" if column["nullable"] else "required"]
    if column["default"] is not None:
        notes.append(f"default {str(column['default']).lower()}")
    if column["words"]:
        notes.append("one of " + ", ".join(column["words"]))
    if column["lowest"] is not None and (column["lowest"], column["highest"]) != (0, CENTS_MAX):
        notes.append(f"{column['lowest']:,} through {column['highest']:,}")
    if column["months"]:
        notes.append(f"or columns {column['months'][0]} … {column['months'][-1]}")
    return "; ".join(notes)


def _result_notes(result: Mapping[str, Any]) -> str:
    words = ", ".join(result["words"])
    return "; ".join([*(["may be null"] if result["nullable"] else []), *([words] if words else [])])


_NOTED: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {"columns": _column_notes, "results": _result_notes}


def tables_of(contract: Mapping[str, Any]) -> list[Table]:
    """Arrange the contract as tables; empty ones are omitted.

    Args:
        contract: Result of `contract_of`, with `map_keys` (meaning by key) added.
    """
    tables = []
    for name, dataset in contract["datasets"].items():
        for key, notes in _NOTED.items():
            rows = [(each["name"], each["type"], notes(each), each["meaning"]) for each in dataset[key]]
            heads = (key.removesuffix("s"), "type", "may be", "meaning")
            tables.append(Table(f"{key.capitalize()} of {name}", heads, rows))
        tables += [
            Table(f"Words of {each['name']}", ("word", "meaning"), list(each["words"].items()))
            for each in dataset["results"]
            if any(each["words"].values())
        ]
    tables.append(Table("Reasons for which a row is refused", ("reason", "when"), list(contract["reasons"].items())))
    title = "Keys of a map: what --map FILE.toml may say of a dataset"
    tables.append(Table(title, ("key", "meaning"), list(contract["map_keys"].items())))
    return [table for table in tables if table.rows]


def markdown(contract: Mapping[str, Any]) -> str:
    """Write the contract as a page of Markdown; `contract` as for `tables_of`."""
    lines = ["# Columns", "", _WRITTEN, "", *_NOTES, "", "| dataset | row | key |", "|---|---|---|"]
    for name, dataset in contract["datasets"].items():
        lines.append(f"| {name} | {dataset['meaning']} | {', '.join(f'`{each}`' for each in dataset['key'])} |")
    for title, heads, rows in tables_of(contract):
        lines += ["", f"## {title}", "", f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
        lines += [f"| {' | '.join((f'`{first}`', *rest))} |" for first, *rest in rows]
    return "\n".join(lines) + "\n"


def docstring(dataset: Dataset, more: Iterable[Column] = ()) -> str:
    """Columns and results of a dataset as sections of a docstring.

    Args:
        dataset: the dataset.
        more: columns that a frame may have beside the dataset's.
    """
    columns = [_column(each) for each in (*dataset.columns, *more)]
    lines = ["Columns of the frame (money also in dollars, under its name without _cents):"]
    lines += [f"    {each['name']} ({each['type']}; {_column_notes(each)}): {each['meaning']}" for each in columns]
    lines += ["", "Results:"]
    for each in map(_result, dataset.declared_results):
        notes = "; ".join(filter(None, (each["type"], _result_notes(each))))
        lines.append(f"    {each['name']} ({notes}): {each['meaning']}")
    return "\n".join(lines)
