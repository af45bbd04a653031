"""Recalculate an uploaded file as a night of its own: results, totals and lists in a folder to take them away from."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import polars as pl

from calc.bulk.inputs.xlsx_file import SHEET
from calc.bulk.publish.results import read_results
from calc.bulk.run.bounds import BAD, label_of
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.errors import InputError, UsageError
from calc.export.formats import write_folder, write_workbook
from calc.export.lists import lists_of
from calc.uploads.refusals import UploadRefusedError

WORKBOOK: Final = "results.xlsx"
"""Name of the workbook with every list."""
_ALL: Final = Fraction(1)
"""An upload shows what is wrong with its rows whatever their share: nothing rests on what it publishes."""
_MAP: Final = "map.toml"
_FORMS: Final = ("csv", "parquet")


@dataclass(frozen=True, slots=True)
class Recalculation:
    """What is asked of an uploaded file.

    Attributes:
        file: The file, by a name relative to the working folder, which the quarantine shows.
        sheets: Sheet by dataset; "" for CSV.
        map_text: The map of all datasets, as TOML.
        as_of: The day that is recalculated.
        jurisdiction: Whose rules.
        tariff: A shipped tariff's name.
        switches: Readings of the rules.
    """

    file: Path
    sheets: Mapping[str, str]
    map_text: str
    as_of: date
    jurisdiction: str
    tariff: str
    switches: Mapping[str, str]


def recalculate(task: Recalculation, folder: Path) -> dict[str, Any]:
    """Run a file's datasets and write lists and results.

    Args:
        task: The file and how it is read.
        folder: Where lists and results are written: `WORKBOOK`, and each as CSV and Parquet.

    Returns:
        What the results rest on, `rows` by dataset, `totals` (whole cents) and `refused` (rows by reason and column) as
        lists, `findings` and `notes`, and `downloads`: rows by list, with its files.

    Raises:
        UploadRefusedError: A dataset lacks another, a required column is missing, or the map does not go with the file.
    """
    mapping = Path(_MAP)
    mapping.write_text(task.map_text, "utf-8")
    names = {name: f"{task.file}{SHEET}{sheet}" if sheet else str(task.file) for name, sheet in task.sheets.items()}
    out = Path("run")
    more: dict[str, Any] = {name: names[name] for name in ("transactions", "accounts", "participants") if name in names}
    job = NightlyJob(
        task.as_of, names.get("deposits"), out, **more,
        max_bad_share=_ALL, max_unmatched_share=_ALL, max_repeated_share=_ALL, max_gone_share=_ALL,
        jurisdiction=task.jurisdiction, tariff=task.tariff, switches=task.switches, mapping=mapping,
    )  # fmt: skip
    try:
        manifest = run_nightly(job)
    except UsageError:
        raise UploadRefusedError("dataset_missing") from None
    except InputError:
        raise UploadRefusedError("not_readable") from None
    downloads = _write(out, folder, manifest)
    shutil.rmtree(out)
    return {
        "as_of_date": manifest["as_of"],
        "jurisdiction": manifest["jurisdiction"],
        "tariff": manifest["tariff"],
        "switches": manifest["switches"],
        "rules_version": manifest["checksums"]["rules"],
        "checksums": manifest["checksums"],
        "provisional": manifest["provisional"],
        "rows": manifest["rows"],
        "dropped_rows": manifest["dropped_rows"],
        "totals": [
            {"dataset": name, "of": list(of), "figures": figures}
            for name, totals in manifest["control_totals"].items()
            for of, figures in _leaves(totals)
        ],
        "refused": [
            {"dataset": name, **each, "first": {key: each["first"][key] for key in ("row", "line")}}
            for name, quarantine in manifest["quarantine"].items()
            for each in quarantine["by_column"]
        ],
        "findings": [
            {"text": label_of(name, entry), "count": entry["found"], "of": entry["of"]}
            for name, entry in manifest["bounds"].items()
            if name != BAD and "why_not" not in entry and entry["found"]
        ],
        "notes": manifest["notes"],
        "downloads": downloads,
    }


def _leaves(totals: Mapping[str, Any], of: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, int]]]:
    """Yield the figures of every group of rows: of a service, a status, all."""
    if figures := {name: value for name, value in totals.items() if not isinstance(value, Mapping)}:
        yield of, figures
    for name, value in totals.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*of, name))


def _write(out: Path, folder: Path, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write lists and results; return name, rows and files of each, the workbook of all lists first."""
    lists = {name: frame.collect() for name, frame in lists_of(out).items()}
    write_workbook(folder / WORKBOOK, lists)
    results = {f"{name} results": read_results(out, name).collect() for name in manifest["datasets"]}
    places: dict[str, list[str]] = {}
    for form in _FORMS:
        frames = {**lists, **results} if form == "parquet" else {**lists, **_flat(results)}
        for name, path in write_folder(folder, frames, form).items():
            places.setdefault(name, []).append(path.name)
    rows = {name: frame.height for name, frame in (*lists.items(), *results.items())}
    return [
        {"name": "all lists", "rows": sum(frame.height for frame in lists.values()), "files": [WORKBOOK]},
        *({"name": name, "rows": rows[name], "files": files} for name, files in places.items()),
    ]


def _flat(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Frames as CSV holds them: a list is text with semicolons, and its amounts stay whole cents under their name."""
    return {name: frame.select(_as_text(frame, column) for column in frame.columns) for name, frame in frames.items()}


def _as_text(frame: pl.DataFrame, column: str) -> pl.Expr:
    if not isinstance(frame.schema[column], pl.List):
        return pl.col(column)
    return pl.col(column).cast(pl.List(pl.String)).list.join(";").alias(f"{column}_list")
