"""Describe what is answered of an uploaded file, for the OpenAPI document."""

from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

_BINARY: Final = {"type": "string", "format": "binary"}


class _Closed(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class FileColumn(_Closed):
    """A column of the file."""

    name: Annotated[str, Field(description="Its heading in the file.")]
    maps_to: Annotated[str, Field(description="The column of the contract that it is taken for; empty: not used.")]
    samples: Annotated[list[str], Field(description="Its first texts.")]


class FileExample(_Closed):
    """A row of the file, by columns of the contract."""

    before: Annotated[dict[str, str], Field(description="Texts as they stand in the file.")]
    after: Annotated[dict[str, str], Field(description="Texts as they are taken.")]


class FileTable(_Closed):
    """A CSV file, or a sheet of a workbook, and the map under which it is read."""

    sheet: Annotated[str, Field(description="The sheet's name; empty for CSV.")]
    dataset: Annotated[str, Field(description="The dataset that it is taken for.")]
    rows: Annotated[int, Field(description="About how many rows it has.")]
    map_text: Annotated[str, Field(description="The map, as TOML: docs/spreadsheets.md.")]
    notes: Annotated[list[str], Field(description="What a person has to look at in the proposed map.")]
    columns: Annotated[list[FileColumn], Field(description="The file's columns in their order.")]
    words: Annotated[
        dict[str, list[str]], Field(description="Words of the file, by column, that the contract does not have.")
    ]
    missing: Annotated[
        dict[str, bool],
        Field(description="Required columns that were not found; true: it may be named in `blank`, if it always is."),
    ]
    examples: Annotated[list[FileExample], Field(description="The first rows before and after.")]


class FileRows(_Closed):
    """What became of a dataset's rows."""

    in_: Annotated[int, Field(alias="in", description="Rows that were read.")]
    out: Annotated[int, Field(description="Rows with results.")]
    quarantined: Annotated[int, Field(description="Rows that were refused.")]


class FileTotal(_Closed):
    """Totals of a group of rows."""

    dataset: Annotated[str, Field(description="The dataset.")]
    of: Annotated[list[str], Field(description="The group: service and status, or all.")]
    figures: Annotated[dict[str, int], Field(description="Rows, and sums in whole cents by the result's name.")]


class FilePlace(_Closed):
    """Where a row stands."""

    row: Annotated[int | None, Field(description="The data row, from 1.")]
    line: Annotated[int | None, Field(description="The line of a CSV file, or the sheet's row.")]


class FileRefusal(_Closed):
    """Rows that were refused for a reason in a column."""

    dataset: Annotated[str, Field(description="The dataset.")]
    reason: Annotated[str, Field(description="The reason's code.")]
    column: Annotated[str, Field(description="The column, as the file names it; empty: the row as a whole.")]
    allowed: Annotated[str, Field(description="What the column may hold.")]
    rows: Annotated[int, Field(description="How many rows.")]
    first: Annotated[FilePlace, Field(description="The first of them.")]


class FileFinding(_Closed):
    """What was found beside the rows."""

    text: Annotated[str, Field(description="What is counted.")]
    count: Annotated[int, Field(description="How many.")]
    of: Annotated[int, Field(description="Of how many.")]


class FileDownload(_Closed):
    """A list or results to take away."""

    name: Annotated[str, Field(description="What it holds.")]
    rows: Annotated[int, Field(description="How many rows.")]
    links: Annotated[dict[str, str], Field(description="Where it is, by form: xlsx, csv or parquet.")]


class FileResults(_Closed):
    """What came of a file, and what it rests on."""

    as_of_date: Annotated[str, Field(description="The day that was recalculated.")]
    jurisdiction: Annotated[str, Field(description="Whose rules.")]
    tariff: Annotated[str, Field(description="The utility's tariff.")]
    switches: Annotated[dict[str, str], Field(description="Readings of the rules that were set.")]
    rules_version: Annotated[str, Field(description="SHA-256 of the rules in force.")]
    checksums: Annotated[dict[str, str], Field(description="SHA-256 of rules, tariff, rates and guidelines.")]
    provisional: Annotated[bool, Field(description="Whether it rests on a rate that may still change.")]
    rows: Annotated[dict[str, FileRows], Field(description="Rows by dataset.")]
    dropped_rows: Annotated[dict[str, int], Field(description="Rows that the map left out, such as totals.")]
    totals: Annotated[list[FileTotal], Field(description="Totals by group of rows.")]
    refused: Annotated[list[FileRefusal], Field(description="Refused rows by reason and column, the most first.")]
    findings: Annotated[list[FileFinding], Field(description="What was found beside the rows.")]
    notes: Annotated[list[str], Field(description="What a reader of the results has to know.")]
    downloads: Annotated[list[FileDownload], Field(description="Lists and results to take away.")]


class FileAnswer(_Closed):
    """A file that is held: its map, and what came of it."""

    id: Annotated[str, Field(description="Its id in paths.")]
    expires_at: Annotated[str, Field(description="When it is deleted, in UTC.")]
    state: Annotated[
        Literal["done", "map_proposed", "map_incomplete"],
        Field(description="Recalculated; a map proposed alone; required columns missing, so that a map is needed."),
    ]
    map: Annotated[str, Field(description="The map of all datasets, as TOML: correct it and send it as `map`.")]
    tables: Annotated[list[FileTable], Field(description="The tables of the file.")]
    results: Annotated[FileResults | None, Field(description="What came of it; null until it is recalculated.")]


_OPTIONS: Final[dict[str, Any]] = {
    "as_of_date": {"type": "string", "format": "date", "description": "The day that is recalculated; else today."},
    "dataset": {"type": "string", "description": "What the file holds; else what its columns are most like."},
    "sheet": {"type": "string", "description": "DATASET=SHEET of a workbook; may be repeated."},
    "blank": {"type": "string", "description": "A required column that is blank throughout; may be repeated."},
    "jurisdiction": {"type": "string", "description": "Whose rules: an id of /v1/jurisdictions."},
    "tariff": {"type": "string", "description": "The utility's tariff by its shipped name."},
    "set": {"type": "string", "description": "SWITCH=VALUE; may be repeated."},
    "recalculate": {"type": "boolean", "description": "false: propose a map alone."},
}
FILE_REQUEST: Final[dict[str, Any]] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "description": schema["description"], "schema": schema}
        for name, schema in _OPTIONS.items()
    ],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {**_BINARY, "description": "A CSV file or a workbook (.xlsx), at most 16 MiB."},
                        "map": {"type": "string", "description": "The map, as TOML; else the one that is proposed."},
                        **_OPTIONS,
                    },
                }
            },
            "text/csv": {"schema": {"type": "string", "description": "A CSV file, its options in the query."}},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"schema": _BINARY},
        },
    },
}
"""What a request with a file holds."""
FILE_CONTENT: Final[dict[str, Any]] = {
    "text/csv": {"schema": {"type": "string"}},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"schema": _BINARY},
    "application/vnd.apache.parquet": {"schema": _BINARY},
}
"""What a download holds."""
