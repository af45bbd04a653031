"""Check the columns of an Arrow stream against a dataset and report each bad column by name, with what it may hold.

Input: a stream's schema, then its frame without rows. Output: a Problem, or nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import polars as pl
import pyarrow as pa

from api.http.problems import Item, Problem
from calc.columns.allowed import allowed
from calc.columns.contract import Dataset, Holds
from calc.columns.gate import gate
from calc.errors import ColumnError
from calc.topics.topic import Topic

ROW_ID: Final = "id"
"""Column with the caller's own ids of rows, which come back with the results."""


def check_schema(schema: Any, topic: Topic) -> None:  # noqa: ANN401 - pyarrow ships no types
    """Refuse columns that the dataset does not know, that occur twice, or that have a type it cannot take.

    A name that the dataset does not know is the client's own text, so the error gives the column's number instead.

    Args:
        schema: The `pyarrow.Schema` of the stream.
        dataset: The dataset that the columns belong to; accounts may also have `held_cents`.

    Raises:
        Problem: "invalid-values", with one item per column.
    """
    dataset, known = topic.dataset, (*topic.columns, ROW_ID)
    plain = (
        pa.types.is_integer, pa.types.is_boolean, pa.types.is_date32, pa.types.is_string, pa.types.is_large_string,
        pa.types.is_string_view, pa.types.is_null, pa.types.is_binary, pa.types.is_large_binary, _is_whole_decimal,
    )  # fmt: skip
    lists = {column.name for column in dataset.columns if column.holds is Holds.BILLS}
    records = {column.name for column in topic.more_columns if column.holds is Holds.RECORDS}
    times = {column.name for column in dataset.columns if column.holds is Holds.MOMENT}
    unknown, wrong = [], {}
    for number, field in enumerate(schema, 1):
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if field.name in lists and (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
            kind = kind.value_type
        of_records = field.name in records and (pa.types.is_list(kind) or pa.types.is_large_list(kind))
        if of_records and pa.types.is_struct(kind.value_type):
            parts = [part.type for part in kind.value_type]
            kind = pa.null() if all(any(is_one(part) for is_one in plain) for part in parts) else kind
        if field.name not in known:
            detail = f"column {number} of the stream is unknown; allowed: {', '.join(known)}"
            unknown.append(Item("", "not_a_column", detail))
        elif schema.names.count(field.name) > 1:
            wrong[field.name] = "stands in the stream more than once"
        elif not any(is_one(kind) for is_one in plain) and not (field.name in times and pa.types.is_timestamp(kind)):
            wrong[field.name] = "is of a type that cannot hold its values exactly"
    if unknown or wrong:
        raise Problem("invalid-values", [*unknown, *wrong_columns(dataset, wrong)])


def check_columns(frame: pl.DataFrame, dataset: Dataset) -> None:
    """Refuse a frame with columns that are missing or of a type that cannot hold their values.

    Args:
        frame: The stream as a frame; its rows are not looked at.
        dataset: The dataset that the columns belong to.

    Raises:
        Problem: "invalid-values", with one item per column.
    """
    wrong: dict[str, str] = {}
    for column in dataset.columns:
        try:
            gate(replace(dataset, columns=(column,)), frame.clear())
        except ColumnError as error:
            wrong |= error.columns
    if wrong:
        raise Problem("invalid-values", wrong_columns(dataset, wrong))


def wrong_columns(dataset: Dataset, wrong: Mapping[str, str]) -> list[Item]:
    """Build the error items for columns.

    Args:
        dataset: The dataset that the columns belong to.
        wrong: What is wrong with each column, by name.

    Returns:
        One "not_a_column" item per column, each with what the column may hold.
    """
    takes = {column.name: f"; allowed: {allowed(column, column.name)}" for column in dataset.columns}
    return [
        Item(f"/{name}", "not_a_column", f"the column {name} {why}{takes.get(name, '')}") for name, why in wrong.items()
    ]


def _is_whole_decimal(kind: Any) -> bool:  # noqa: ANN401 - as above
    return bool(pa.types.is_decimal128(kind)) and kind.scale == 0
