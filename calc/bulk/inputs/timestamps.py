"""Columns of dates that come as timestamps: what is said where their values are no midnights, and so no dates.

A timestamp with a zone is the date on which it is midnight there: 17:00 in Denver is no day, though it is one in UTC.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from calc.bulk.inputs.mapping import MappedFile
from calc.bulk.inputs.source import Source
from calc.columns.contract import Holds
from calc.errors import Reason


def timestamp_notes(source: Source, by_column: Iterable[Mapping[str, Any]]) -> list[str]:
    """What to know of a dataset's timestamps among which some are no midnights; counts as the manifest has them."""
    zones: dict[str, str | None] = {}
    for file in source.files:
        given = {to: name for name, to in file.map.names.items()} if isinstance(file, MappedFile) else {}
        for column in source.dataset.columns:
            dtype = file.columns.get(column.name)
            if column.holds is Holds.DATE and isinstance(dtype, pl.Datetime):
                zones[given.get(column.name, column.name)] = dtype.time_zone
    return [
        _note(source.dataset.name, each["column"], each["rows"], zones[each["column"]])
        for each in by_column
        if each["reason"] == Reason.bad_date.name and each["column"] in zones
    ]


def _note(dataset: str, column: str, rows: int, zone: str | None) -> str:
    in_zone = f"with the zone {zone}" if zone else "without a zone"
    to_do = "write dates"
    if zone:
        to_do += ", or name the zone in which they are midnight in a map (time_zone)"
    return f"{dataset}: {column} is a timestamp {in_zone}, and {rows:,} of its values are not midnight there: {to_do}"
