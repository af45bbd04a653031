"""Do what is asked of one uploaded file: check it, propose its tables, and recalculate it where the map is complete.

Comes in: plain values, and the file in the working folder. Goes out: plain values, and files in the folder `lists`. It
runs in a process of its own, which the service bounds in memory and time.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from calc.errors import PuccalcError
from calc.uploads.map_text import map_text, with_blank_columns
from calc.uploads.recalculation import Recalculation, recalculate
from calc.uploads.refusals import UploadRefusedError
from calc.uploads.tables import Table, propose_tables, table_of
from calc.uploads.workbook import check_workbook

LISTS: Final = Path("lists")
"""Folder for lists and results, below the working folder."""


def work(task: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what is asked of a file.

    Args:
        task: `file` (its name in the working folder), `dataset` (or None), `map` (TOML, or None for what is proposed),
            `sheets` (sheet by dataset, or None), `blank` (columns that are blank throughout), `recalculate` (false:
            propose alone), `as_of_date`, `jurisdiction`, `tariff`, `switches`, `rows_max`, `unpacked_bytes_max`.

    Returns:
        `tables`, `map` and, where it is complete and was asked for, `results`; or `refused`: a code and columns.
    """
    try:
        return _work(task)
    except UploadRefusedError as error:
        return {"refused": {"code": error.code, "columns": list(error.columns)}}
    except MemoryError:
        return {"refused": {"code": "too_much_memory", "columns": []}}
    except PuccalcError:
        return {"refused": {"code": "not_readable", "columns": []}}


def _work(task: Mapping[str, Any]) -> dict[str, Any]:
    file = Path(task["file"])
    if file.suffix == ".xlsx":
        check_workbook(file, task["unpacked_bytes_max"])
    tables = _tables(file, task)
    content = {table.dataset: tomllib.loads(table.map_text)[table.dataset] for table in tables}
    if sum(table.rows for table in tables) > task["rows_max"]:
        raise UploadRefusedError("too_many_rows")
    blank = {table.dataset: tuple(name for name in task["blank"] if table.missing.get(name)) for table in tables}
    content = with_blank_columns(content, blank)
    tables = [
        replace(table_of(file, table.sheet, map_text({table.dataset: content[table.dataset]})), notes=table.notes)
        if blank[table.dataset]
        else table
        for table in tables
    ]
    text = "\n".join(table.map_text for table in tables)
    answer: dict[str, Any] = {"tables": [asdict(table) for table in tables], "map": text}
    if not task["recalculate"] or any(table.missing for table in tables):
        return answer
    LISTS.mkdir(exist_ok=True)
    sheets = {table.dataset: table.sheet for table in tables}
    answer["results"] = recalculate(
        Recalculation(
            file, sheets, text, date.fromisoformat(task["as_of_date"]), task["jurisdiction"], task["tariff"],
            task["switches"],
        ),
        LISTS,
    )  # fmt: skip
    return answer


def _tables(file: Path, task: Mapping[str, Any]) -> list[Table]:
    """Tables as proposed, or under the map that was given, each in the sheet that was named or proposed for it."""
    if task["map"] is None:
        return propose_tables(file, task["dataset"])
    try:
        content = tomllib.loads(task["map"])
    except tomllib.TOMLDecodeError:
        raise UploadRefusedError("bad_map") from None
    sheets: dict[str, str] = dict(task["sheets"] or {})
    if not content.keys() <= sheets.keys():
        sheets = {table.dataset: table.sheet for table in propose_tables(file)} | sheets
    is_map = content and all(isinstance(each, dict) for each in content.values())
    if not is_map or not content.keys() <= sheets.keys():
        raise UploadRefusedError("bad_map")
    return [table_of(file, sheets[name], map_text({name: table})) for name, table in content.items()]
