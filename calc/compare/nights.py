"""Compare two published nights, dataset by dataset: rows that are new, gone or changed, by cause, in cents.

Each differing row has one cause, so that the sums by cause lead from the first night's control totals to the second's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from calc.bulk.publish.output import MANIFEST, RUNS, read_manifest
from calc.bulk.publish.results import read_results
from calc.bulk.reconcile.totals import FIGURES, OF_ACCOUNT, OF_CUSTOMERS
from calc.columns.dataset import Dataset
from calc.errors import InputError, PublishRefusedError
from calc.topics.nightly_datasets import results

NEW: Final = "new"
GONE: Final = "gone"
CHANGED: Final = "changed"
AS_OF: Final = "as_of"
"""Cause of what changes only because the second night is of another day."""
RULES: Final = "rules_rates_or_switches"
"""Cause of figures that differ between nights of one day although nothing else in the row does."""
FIRST_CAUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "deposits": (
        "account_id", "service", "principal_cents", "posted_cents", "amounts_owed_cents", "status",
        "deemed_unclaimed_date", "surcharge_from_date",
    ),
    "accounts": ("held_cents", "estimate_source", "limit_cents", "return_due"),
    "participants": ("share_ppm", "affordable_annual_cents", "fixed_credit_annual_cents", "eligible_basis"),
}  # fmt: skip
"""Results that name the cause where they differ, in this order; by default all of them."""
BASIS: Final = ("as_of", "known_on", "tariff", "switches", "jurisdiction", "rates_basis", "checksums", "versions")
"""Entries of a manifest that figures rest on beside the rows."""


@dataclass(frozen=True, slots=True)
class Night:
    """A published run: its output folder, the folder of its manifest, and the manifest."""

    folder: Path
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DatasetDiff:
    """How a dataset differs.

    Attributes:
        rows: The differing rows: key, change, cause, and each figure before and after and its difference, in cents.
        causes: change, cause, rows and the difference of each figure, in cents.
        before: Control totals of the first night, with the count of rows.
        after: Those of the second.
    """

    rows: pl.DataFrame
    causes: pl.DataFrame
    before: Mapping[str, int]
    after: Mapping[str, int]


def night(path: Path) -> Night:
    """Open a published run: an output folder, or a run's own folder in its `runs`.

    Raises:
        InputError: No run has published its results there.
    """
    manifest = read_manifest(path)
    if manifest is None:
        raise InputError(f"{path}: no {MANIFEST}: no run has published its results here")
    absolute = path.resolve()
    return Night(absolute.parent.parent if absolute.parent.name == RUNS else path, manifest)


def basis_changes(before: Night, after: Night) -> dict[str, tuple[Any, Any]]:
    """Return what the figures rest on beside the rows, where it differs: name -> (before, after)."""
    pairs = {name: (before.manifest.get(name), after.manifest.get(name)) for name in BASIS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def compare(before: Night, after: Night) -> dict[str, DatasetDiff]:
    """Compare the datasets that both nights have.

    Raises:
        PublishRefusedError: Files do not hold the control totals of their manifest, or causes do not add up.
    """
    both = [name for name in before.manifest["datasets"] if name in after.manifest["datasets"]]
    same_day = before.manifest["as_of"] == after.manifest["as_of"]
    return {name: _compare(results()[name], before, after, same_day=same_day) for name in both}


def _compare(dataset: Dataset, before: Night, after: Night, *, same_day: bool) -> DatasetDiff:
    columns = [name for name in dataset.results if all(name in _written(each, dataset) for each in (before, after))]
    figures = [name for name in FIGURES[dataset.name] if name in columns]
    causes_of_change = [name for name in _causes(dataset) if name in columns]
    frames = [_rows(dataset, each, columns, figures, causes_of_change) for each in (before, after)]
    rows = (
        frames[0]
        .join(frames[1], on=list(dataset.key), how="full", coalesce=True, suffix=_AFTER)
        .with_columns(_change())
        .filter(pl.col("change").is_not_null())
        .with_columns(_cause(causes_of_change, same_day=same_day))
        .select(*dataset.key, "change", "cause", *(each for name in figures for each in _amounts(name)))
        .collect(engine="streaming")
    )
    sums = [pl.col(f"difference_{name}").cast(pl.Int128).sum().alias(name) for name in figures]
    causes = rows.group_by("change", "cause").agg(pl.len().cast(pl.Int64).alias("rows"), *sums).sort("change", "cause")
    totals = [each.manifest["control_totals"][dataset.name]["all"] for each in (before, after)]
    _check(dataset.name, figures, causes, *totals)
    return DatasetDiff(rows, causes, *totals)


_AFTER: Final = "_after"
_HASH: Final = "digest"
_THERE: Final = "there"


def _written(of: Night, dataset: Dataset) -> Collection[str]:
    """Return the columns that the night's files have: an earlier version wrote fewer."""
    parts = of.manifest["datasets"][dataset.name]["parts"]
    return pl.read_parquet_schema(of.folder / parts[0]["path"]) if parts else dataset.results


def _rows(
    dataset: Dataset, of: Night, columns: list[str], figures: list[str], causes: list[str]
) -> pl.LazyFrame:  # fmt: skip
    """Return key, figures, causes' columns and a digest of the whole row."""
    digested = [_comparable(dataset, name) for name in columns if name not in dataset.key]
    return read_results(of.folder, dataset.name, of.manifest).select(
        *(pl.col(name).cast(pl.String) for name in dataset.key),
        *(_figure(dataset, name) for name in figures),
        *(_comparable(dataset, name) for name in causes if name not in figures),
        pl.struct(digested).hash().alias(_HASH),
        pl.lit(value=True).alias(_THERE),
    )


def _comparable(dataset: Dataset, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String) if isinstance(dataset.results[name], pl.Enum) else pl.col(name)


def _figure(dataset: Dataset, name: str) -> pl.Expr:
    """A figure as control totals count it: a list by its sum, what stands for a customer once."""
    if isinstance(dataset.results[name], pl.List):
        return pl.col(name).list.sum()
    if name in OF_CUSTOMERS and "limit_of" in dataset.results:
        return pl.when(pl.col("limit_of").cast(pl.String) == OF_ACCOUNT).then(pl.col(name)).otherwise(0).alias(name)
    return pl.col(name)


def _causes(dataset: Dataset) -> list[str]:
    """Return names of the results that name a cause, in order; lists have no part in it."""
    named = FIRST_CAUSES.get(dataset.name, tuple(dataset.results))
    return [
        name for name in named
        if name in dataset.results and name not in dataset.key and not isinstance(dataset.results[name], pl.List)
    ]  # fmt: skip


def _change() -> pl.Expr:
    was, now = pl.col(_THERE), pl.col(f"{_THERE}{_AFTER}")
    return (
        pl.when(was.is_null()).then(pl.lit(NEW))
        .when(now.is_null()).then(pl.lit(GONE))
        .when(pl.col(_HASH) != pl.col(f"{_HASH}{_AFTER}")).then(pl.lit(CHANGED))
        .alias("change")
    )  # fmt: skip


def _cause(causes: list[str], *, same_day: bool) -> pl.Expr:
    """The change itself for new and gone rows; else the first cause's column that differs, else what is left."""
    differing = [
        pl.when(pl.col(name).ne_missing(pl.col(f"{name}{_AFTER}"))).then(pl.lit(name)) for name in causes
    ]  # fmt: skip
    itself = pl.when(pl.col("change") != CHANGED).then(pl.col("change"))
    return pl.coalesce(itself, *differing, pl.lit(RULES if same_day else AS_OF)).alias("cause")


def _amounts(name: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    was, now = pl.col(name).fill_null(0), pl.col(f"{name}{_AFTER}").fill_null(0)
    return was.alias(f"before_{name}"), now.alias(f"after_{name}"), (now - was).alias(f"difference_{name}")


def _check(
    dataset: str, figures: list[str], causes: pl.DataFrame, before: Mapping[str, int], after: Mapping[str, int]
) -> None:
    """Hold before + differences = after, in rows and in every figure."""
    moved = {name: sum(causes[name].to_list()) for name in figures}
    counts = {row["change"]: row["rows"] for row in causes.group_by("change").agg(pl.col("rows").sum()).to_dicts()}
    moved["rows"] = counts.get(NEW, 0) - counts.get(GONE, 0)
    for name, difference in moved.items():
        was, now = before.get(name, 0), after.get(name, 0)
        if was + difference != now:
            raise PublishRefusedError(
                f"{dataset}: {name} was {was}, differs by {difference} row by row, and is {now} by the control totals: "
                "run puccalc check on both folders"
            )
